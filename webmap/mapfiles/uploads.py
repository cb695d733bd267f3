"""Uploaded map files, kept in the data folder until they are imported or a week old."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from webmap import clock
from webmap.ids import uuid7
from webmap.mapfiles.errors import MapFileGoneError
from webmap.text import nfc

KEPT_FOR = timedelta(days=7)
LONGEST_NAME = 120


class Upload(Protocol):
    """A file as the web framework hands it over."""

    filename: str | None

    def save(self, dst: Path) -> None: ...


def keep(data_dir: Path, upload: Upload) -> UUID:
    """Write an upload to the data folder and return its id; forgotten ones go."""
    folder = data_dir / "maps"
    _remove_old(folder)
    file_id = uuid7()
    place = folder / str(file_id)
    place.mkdir(parents=True, mode=0o700)
    name = nfc(Path((upload.filename or "").replace("\\", "/")).name)[-LONGEST_NAME:]
    (place / "name").write_text(name or "?", "utf-8")
    upload.save(place / "content")
    return file_id


def find(data_dir: Path, file_id: UUID) -> tuple[Path, str]:
    """Where an upload lies, and what it was called."""
    place = data_dir / "maps" / str(file_id)
    if not (place / "content").is_file():
        raise MapFileGoneError
    return place / "content", (place / "name").read_text("utf-8")


def remove(data_dir: Path, file_id: UUID) -> None:
    """Take an upload away. One that is gone already is no error."""
    shutil.rmtree(data_dir / "maps" / str(file_id), ignore_errors=True)


def _remove_old(folder: Path) -> None:
    oldest = (clock.now() - KEPT_FOR).timestamp()
    for place in folder.glob("*/"):
        if place.stat().st_mtime < oldest:
            shutil.rmtree(place, ignore_errors=True)
