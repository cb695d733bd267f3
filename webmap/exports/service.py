"""Layers of an area written into one file: every feature with its own id, so that it can come back edited."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_layers.sinks.vector_files import OutBatch, OutKind, write
from webmap import audit, clock
from webmap.accounts.scope import Scope, require_area
from webmap.coverage.queries import Figures, area_figures
from webmap.exports import queries
from webmap.exports.errors import TooManyFeaturesError
from webmap.exports.inputs import ExportOrder
from webmap.exports.layers import COLUMNS, PERSONAL, out_layer

HELD_IN_MEMORY = (OutKind.GEOJSON, OutKind.KML)
MOST_IN_MEMORY = 300_000
FOLDER = "exports"
KEPT_FOR = timedelta(days=1)  # a list of people should not lie about
Tell = Callable[[int, int | None], None]


def export(
    session: Session, scope: Scope, area_id: int, order: ExportOrder, folder: Path, *, tell: Tell
) -> tuple[Path, dict[str, int]]:
    """Write the layers into `folder` and return the file with the number of features of each layer.

    One GeoPackage holds all; of other kinds there is a file for each layer, together in a zip. That it leaves the
    system is written into the audit. NotFoundError for an area outside the scope, TooManyFeaturesError for kinds
    that are held in memory.
    """
    require_area(session, scope, area_id)
    kind = OutKind(order.kind)
    total = {name: queries.count(session, scope, name, area_id) for name in order.layers}
    largest = max(total.values())
    if kind in HELD_IN_MEMORY and largest > MOST_IN_MEMORY:
        raise TooManyFeaturesError(count=largest)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    paths: list[Path] = []
    written: dict[str, int] = {}
    for name in order.layers:
        path = folder / (f"map.{kind}" if kind is OutKind.GEOPACKAGE else f"{name}.{kind}")
        before = sum(written.values())
        batches = _batches(session, scope, area_id, name, order)
        told = _telling(batches, before, sum(total.values()), tell)
        written[name] = write(path, kind, out_layer(name, order.labels, with_persons=order.with_persons), told)
        paths.append(path)
    _record(session, scope, area_id, order, written)
    return _one_file(folder, paths), written


def _telling(batches: Iterator[OutBatch], done: int, total: int, tell: Tell) -> Iterator[OutBatch]:
    for batch in batches:
        done += len(batch.shapes)
        tell(min(done, total), total)
        yield batch


def _batches(session: Session, scope: Scope, area_id: int, name: str, order: ExportOrder) -> Iterator[OutBatch]:
    wanted = len(COLUMNS[name]) - (len(PERSONAL) if name == "households" and not order.with_persons else 0)
    for rows in queries.features(session, scope, name, area_id):
        shapes = [None if row[-1] is None else bytes(row[-1]) for row in rows]
        if name == "areas":
            figures = area_figures(session, scope, [row[-2] for row in rows])
            plain = [[*map(_plain, row[:-2]), *_counts(figures.get(row[-2]))] for row in rows]
        else:
            plain = [[_plain(value) for value in row[:wanted]] for row in rows]
        yield OutBatch(shapes, plain)


def _counts(figures: Figures | None) -> tuple[int | None, ...]:
    if figures is None or figures.is_withheld:
        return (None, None, None)
    return (figures.households, figures.registered, figures.covered)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.VIETNAM).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _one_file(folder: Path, paths: list[Path]) -> Path:
    if len(set(paths)) == 1:
        return paths[0]
    packed = folder / "map.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
            path.unlink()
    return packed


def _record(session: Session, scope: Scope, area_id: int, order: ExportOrder, written: dict[str, int]) -> None:
    facts: dict[str, Any] = {"kind": order.kind, "rows": sum(written.values()), "layers": written}
    if "households" in order.layers:
        facts |= {"purpose": order.purpose, "with_persons": order.with_persons}
    audit.record(session, scope, "export map", "area", area_id, area_id=area_id, **facts)


def remove_old(data_dir: Path) -> int:
    """Take away the files whose time is over; returns how many."""
    oldest = (clock.now() - KEPT_FOR).timestamp()
    old = [place for place in (data_dir / FOLDER).glob("*/") if place.stat().st_mtime < oldest]
    for place in old:
        shutil.rmtree(place, ignore_errors=True)
    return len(old)
