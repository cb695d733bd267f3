"""`webmap import streets FILE`: alleys, buildings and water from .osm, .osm.pbf, GeoPackage or GeoJSON."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from webmap.accounts.scope import SYSTEM
from webmap.areas.cli import closing_pool, import_group
from webmap.areas.errors import UNREADABLE
from webmap.areas.models import Area
from webmap.database.address import database_address
from webmap.database.engine import patient_transaction
from webmap.errors import AppError
from webmap.streets.inputs import OSM_ATTRIBUTION, OSM_LICENCE, StreetsOrder
from webmap.streets.loading import Counts
from webmap.streets.service import import_streets


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    import_group(main).add_command(streets)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", "codes", multiple=True, metavar="CODE", help="Cut to the area of this code; may be repeated.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Day of the data.")
@click.option("--complete", is_flag=True, help="What the file does not hold within its bounds is gone: remove it.")
@click.option("--epsg", type=int, help="Coordinate system, when the file does not say it or says it wrongly.")
@click.option("--licence", default=OSM_LICENCE, show_default=True)
@click.option("--attribution", default=OSM_ATTRIBUTION, show_default=True)
def streets(
    *,
    file: Path,
    codes: tuple[str, ...],
    dated: datetime | None,
    complete: bool,
    epsg: int | None,
    licence: str,
    attribution: str,
) -> None:
    """Bring alleys, buildings and water in from a map FILE."""
    try:
        with database_address() as url, closing_pool(url), patient_transaction(SYSTEM) as session:
            found = session.execute(select(Area.code, Area.id).where(Area.code.in_(codes), Area.valid_to.is_(None)))
            ids: dict[str, int] = {code: area_id for code, area_id in found}  # noqa: C416 - rows are no pairs to mypy
            if missing := [code for code in codes if code not in ids]:
                raise click.ClickException(f"There is no open area with the code {', '.join(missing)}.")
            order = StreetsOrder(
                source_name=file.name,
                area_ids=tuple(ids.values()),
                is_complete=complete,
                licence=licence,
                attribution=attribution,
                dated_on=dated.date() if dated else None,
                epsg=epsg,
            )
            counts = import_streets(session, SYSTEM, file, order, lambda _: None)
    except AppError as error:
        reason = UNREADABLE.get(str(error.facts.get("reason")), "")
        raise click.ClickException(error.text % {**error.facts, "reason": reason}) from error
    _say(counts)


def _say(counts: Counts) -> None:
    for table in counts.same:
        added, changed, removed = counts.added[table], counts.changed[table], counts.removed[table]
        click.echo(f"{table}: {added} new, {changed} changed, {removed} gone, {counts.same[table]} as they were.")
    for reason, many in counts.skipped.items():
        click.echo(f"skipped, {reason}: {many}")
