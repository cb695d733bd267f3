"""Uploaded map files: who uploaded what, kept in the data folder until it is applied or a week old."""

import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.ids import uuid7
from webmap.mapfiles.errors import MapFileGoneError
from webmap.mapfiles.models import MapFile
from webmap.text import nfc

KEPT_FOR = timedelta(days=7)
LONGEST_NAME = 120
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".shp.xml")


class Upload(Protocol):
    """A file as the web framework hands it over."""

    filename: str | None

    def save(self, dst: Path) -> None: ...


def keep(session: Session, scope: Scope, data_dir: Path, uploads: Iterable[Upload]) -> list[MapFile]:
    """Write uploads to the data folder. The parts of a shapefile that come together become one file; old ones go."""
    remove_old(session, data_dir)
    whole: list[Upload] = []
    parts: dict[str, list[Upload]] = defaultdict(list)
    for one in uploads:
        stem, ending = _parted(name_of(one))
        if ending in SHAPEFILE:
            parts[stem].append(one)
        else:
            whole.append(one)
    kept = [_kept(session, scope, data_dir, name_of(one), [one]) for one in whole]
    for stem, ones in parts.items():
        name = f"{stem}.shp" if len(ones) > 1 else name_of(ones[0])
        kept.append(_kept(session, scope, data_dir, name, ones))
    return kept


def name_of(upload: Upload) -> str:
    """The name of an upload without folders, composed."""
    return nfc(Path((upload.filename or "").replace("\\", "/")).name)[-LONGEST_NAME:] or "?"


def find(session: Session, data_dir: Path, file_id: UUID) -> tuple[MapFile, Path]:
    """An upload of the asking person, and where it lies. Others' do not exist for her (row-level security)."""
    found = session.scalar(select(MapFile).where(MapFile.id == file_id))
    path = place_of(data_dir, file_id)
    if found is None or not path.is_file():
        raise MapFileGoneError
    return found, path


def place_of(data_dir: Path, file_id: UUID) -> Path:
    """Where the content of an upload lies."""
    return data_dir / "maps" / str(file_id) / "content"


def waiting(session: Session) -> list[MapFile]:
    """The asking person's uploads that have not been applied, the newest first."""
    return list(session.scalars(select(MapFile).where(MapFile.import_id.is_(None)).order_by(MapFile.id.desc())))


def remove(session: Session, data_dir: Path, file_id: UUID) -> None:
    """Take an upload away, with its preview. One that is gone already is no error."""
    removed = session.scalar(delete(MapFile).where(MapFile.id == file_id).returning(MapFile.id))
    if removed is not None:
        remove_content(data_dir, file_id)


def remove_content(data_dir: Path, file_id: UUID) -> None:
    """Take the content away; what became of it stays known."""
    shutil.rmtree(data_dir / "maps" / str(file_id), ignore_errors=True)


def remove_old(session: Session, data_dir: Path) -> None:
    """Forgotten uploads go: of the asking person all, of others what lies in the folder alone."""
    oldest = clock.now() - KEPT_FOR
    session.execute(delete(MapFile).where(MapFile.uploaded_at < oldest))
    for place in (data_dir / "maps").glob("*/"):
        if place.stat().st_mtime < oldest.timestamp():
            shutil.rmtree(place, ignore_errors=True)


def _kept(session: Session, scope: Scope, data_dir: Path, name: str, uploads: list[Upload]) -> MapFile:
    file_id = uuid7()
    path = place_of(data_dir, file_id)
    path.parent.mkdir(parents=True, mode=0o700)
    if len(uploads) == 1:
        uploads[0].save(path)
    else:
        _zipped(path, uploads)
    new = MapFile(
        id=file_id, account_id=scope.account_id, name=name, bytes=path.stat().st_size, uploaded_at=clock.now()
    )
    session.add(new)
    session.flush()
    return new


def _zipped(path: Path, uploads: list[Upload]) -> None:
    part = path.parent / "part"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in uploads:
            one.save(part)
            stem, ending = _parted(name_of(one))
            archive.write(part, f"{stem}{ending}")
    part.unlink()


def _parted(name: str) -> tuple[str, str]:
    lower = name.lower()
    ending = ".shp.xml" if lower.endswith(".shp.xml") else PurePosixPath(lower).suffix
    return (name[: -len(ending)], ending) if ending else (name, "")
