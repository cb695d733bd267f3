"""GeoPackages: SQLite's own list of what they hold is read first, so that GDAL only ever sees plain tables."""

import sqlite3
from contextlib import closing
from pathlib import Path

from gis_layers.errors import UnreadableFileError

HARMLESS_VIRTUAL_TABLE = "rtree"


def require_plain_tables(path: Path) -> None:
    """Refuse a GeoPackage whose layers are computed, UnreadableFileError(reason="computed_layer", name).

    Views and virtual tables can run for ever or read other files.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as database:
            made = database.execute("select name, type, coalesce(sql, '') from sqlite_master").fetchall()
            listed = {str(name).lower() for (name,) in database.execute("select table_name from gpkg_contents")}
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
    for name, kind, sql in made:
        is_virtual = "virtual table" in sql[:60].lower() and HARMLESS_VIRTUAL_TABLE not in sql.lower()
        if is_virtual or (kind == "view" and str(name).lower() in listed):
            raise UnreadableFileError(reason="computed_layer", name=str(name)[:100])


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
