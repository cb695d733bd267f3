"""Zip and gzip of strangers: look in without trusting a name or a size, take out no more than is bounded."""

import gzip
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from gis_layers.errors import UnreadableFileError

MOST_MEMBERS = 500
MOST_UNPACKED_BYTES = 4 * 1024**3
FREE_BYTES = 64 * 1024**2  # up to here nobody counts how well it was compressed
MOST_RATIO = 150  # empty columns of a real .dbf reach some 60
CHUNK = 1024 * 1024
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def members(path: Path) -> tuple[zipfile.ZipInfo, ...]:
    """List the files in a zip, without folders and what file managers leave.

    UnreadableFileError(reason) with "damaged", "too_many_members", "unsafe_path" (name), "encrypted",
    "several_files" (names, two of one name: nobody can say which is meant), "too_large".
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [one for one in archive.infolist() if not _is_folder(one) and not _is_litter(one.filename)]
    except BROKEN as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
    if len(found) > MOST_MEMBERS:
        raise UnreadableFileError(reason="too_many_members", members=len(found), most=MOST_MEMBERS)
    for one in found:
        _require_harmless(one)
    names = Counter(one.filename.lower() for one in found)
    if twice := [name for name, times in names.items() if times > 1]:
        raise UnreadableFileError(reason="several_files", names=", ".join(twice)[:200])
    if sum(one.file_size for one in found) > MOST_UNPACKED_BYTES:
        raise UnreadableFileError(reason="too_large", most_bytes=MOST_UNPACKED_BYTES)
    return tuple(found)


def beginning(path: Path, member: zipfile.ZipInfo, count: int) -> bytes:
    """Return the first bytes of a file in a zip."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return file.read(count)
    except BROKEN as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error


def beginning_of_gzip(path: Path, count: int) -> bytes:
    """Return the first bytes inside a gzip."""
    try:
        with gzip.open(path) as file:
            return file.read(count)
    except BROKEN as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error


@contextmanager
def unpacked(path: Path, chosen: Sequence[tuple[zipfile.ZipInfo, str]]) -> Iterator[Path]:
    """Unpack files of a zip under names of ours into a folder that is gone afterwards; yields the folder."""
    with TemporaryDirectory(prefix="map-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                for member, name in chosen:
                    target = Path(folder, name)
                    target.parent.mkdir(exist_ok=True)
                    with archive.open(member) as packed:
                        _copy(packed, target, member.compress_size)
        except BROKEN as error:
            raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
        yield Path(folder)


@contextmanager
def unpacked_gzip(path: Path) -> Iterator[Path]:
    """Unpack a gzip into a file that is gone afterwards; yields the file."""
    with TemporaryDirectory(prefix="map-") as folder:
        target = Path(folder, "map")
        try:
            with gzip.open(path) as packed:
                _copy(packed, target, path.stat().st_size)
        except BROKEN as error:
            raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
        yield target


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int) -> None:
    most = min(MOST_UNPACKED_BYTES, max(FREE_BYTES, packed_bytes * MOST_RATIO))
    written = 0
    with target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            written += len(chunk)
            if written > most:
                raise UnreadableFileError(reason="bomb", bytes=written, packed_bytes=packed_bytes)
            file.write(chunk)


def _is_folder(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith("/")


def _is_litter(name: str) -> bool:
    return any(part in LITTER or part.startswith("._") for part in PurePosixPath(name).parts)


def _require_harmless(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    is_link = (member.external_attr >> 28) == 0xA
    if not parts or is_link or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
        raise UnreadableFileError(reason="unsafe_path", name=name[:100])
    if member.flag_bits & 1:
        raise UnreadableFileError(reason="encrypted")
