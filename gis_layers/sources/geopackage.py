"""GeoPackages: SQLite's own list of what they hold is read first, so that GDAL only ever sees plain tables."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from gis_layers.errors import UnreadableFileError

INDEX_OF_SHAPES = re.compile(r'create virtual table\s+"?rtree_[^"]*"?\s+using\s+rtree\s*\(', re.IGNORECASE)
COMPUTED = (2, 3)  # what SQLite's table_xinfo says of a generated column


def require_plain_tables(path: Path) -> None:
    """Refuse a GeoPackage in which anything is computed, UnreadableFileError(reason="computed_layer", name).

    Views, virtual tables and generated columns can run for ever, fill the memory or read other files. Its own list of
    tables is looked at before any of them.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as database:
            made = database.execute("select name, type, coalesce(sql, '') from sqlite_master").fetchall()
            _require_plain(made)
            listed = {str(name).lower() for (name,) in database.execute("select table_name from gpkg_contents")}
            for name in (name for name, kind, _ in made if kind == "table"):
                columns = database.execute("select name, hidden from pragma_table_xinfo(?)", (name,)).fetchall()
                if any(hidden in COMPUTED for _, hidden in columns):
                    raise UnreadableFileError(reason="computed_layer", name=str(name)[:100])
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
    for name, kind, _ in made:
        if kind == "view" and str(name).lower() in listed:
            raise UnreadableFileError(reason="computed_layer", name=str(name)[:100])


def _require_plain(made: Iterable[tuple[Any, Any, Any]]) -> None:
    """Refuse computed tables of the format itself, and virtual tables but for the index that every GeoPackage has."""
    for name, kind, sql in made:
        is_virtual = "virtual" in str(sql).lower() and not INDEX_OF_SHAPES.match(str(sql))
        is_ours = str(name).lower().startswith("gpkg_")
        if (kind == "table" and is_virtual) or (kind == "view" and is_ours):
            raise UnreadableFileError(reason="computed_layer", name=str(name)[:100])


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
