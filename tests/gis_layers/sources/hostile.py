"""What tests of files made to harm have in common."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.apart import Limits

LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=20, patience_seconds=40, written_bytes=512 * 1024**2)
READ_ALL = "read"
Answer = tuple[str, int]
Door = Callable[[Path], Answer]


def answered(ask: Callable[[], int]) -> Answer:
    try:
        return READ_ALL, ask()
    except UnreadableFileError as error:
        return str(error.facts["reason"]), 0


def zip_of(path: Path, *parts: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return path


def text_of(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
