"""An operator's own ground: `.pmtiles` files in a folder, sent in the pieces that the browser asks for."""

import re
from pathlib import Path

from webmap.errors import NotFoundError

NAME = re.compile(r"[\w-]{1,80}")


def basemaps(folder: Path) -> list[str]:
    """Names of the files in the folder, without their ending; none when there is no folder."""
    if not folder.is_dir():
        return []
    return sorted(file.stem for file in folder.glob("*.pmtiles") if NAME.fullmatch(file.stem))


def basemap_file(folder: Path, name: str) -> Path:
    """The file of a name. Raises NotFoundError; nothing outside the folder can be named."""
    if name not in basemaps(folder):
        raise NotFoundError
    return folder / f"{name}.pmtiles"
