"""`webmap import areas FILE` and `webmap import streets FILE`."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from webmap.accounts.scope import SYSTEM
from webmap.areas.cli import closing_pool, import_group
from webmap.areas.errors import REFUSALS, UNREADABLE
from webmap.areas.models import Area
from webmap.database.address import database_address
from webmap.database.engine import patient_transaction
from webmap.errors import AppError
from webmap.mapfiles.area_merge import AreasPreview, import_areas, preview_areas
from webmap.mapfiles.area_rows import guess_fields, map_layers
from webmap.mapfiles.inputs import OSM_ATTRIBUTION, OSM_LICENCE, AreaFields, AreasOrder, StreetsOrder
from webmap.mapfiles.streets import import_streets
from webmap.streets.loading import Counts

REFORM = datetime(2025, 7, 1)  # noqa: DTZ001 - a day, as click hands days over


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    import_group(main).add_command(streets)
    import_group(main).add_command(areas)


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
    _say_streets(counts)


def _say_streets(counts: Counts) -> None:
    for table in counts.same:
        added, changed, removed = counts.added[table], counts.changed[table], counts.removed[table]
        click.echo(f"{table}: {added} new, {changed} changed, {removed} gone, {counts.same[table]} as they were.")
    for reason, many in counts.skipped.items():
        click.echo(f"skipped, {reason}: {many}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", type=click.Choice(["province", "district", "commune", "village"]), required=True)
@click.option("--layer", help="Layer of the file. Default: its first.")
@click.option("--under", metavar="CODE", help="Code of the area that all of them belong to.")
@click.option("--top", is_flag=True, help="They belong to no area: the top of the tree.")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), default=REFORM, show_default="2025-07-01")
@click.option(
    "--field", "fields", multiple=True, metavar="ROLE=FIELD", help="code, name, kind, parent_code, population."
)
@click.option("--epsg", type=int, help="Coordinate system, when the file does not say it or says it wrongly.")
@click.option("--licence", default="")
@click.option("--attribution", default="")
@click.option("--check", is_flag=True, help="Only say what would change.")
def areas(
    *,
    file: Path,
    level: str,
    layer: str | None,
    under: str | None,
    valid_from: datetime,
    fields: tuple[str, ...],
    epsg: int | None,
    licence: str,
    attribution: str,
    top: bool,
    check: bool,
) -> None:
    """Bring areas in from a GeoJSON or GeoPackage FILE."""
    try:
        with database_address() as url, closing_pool(url):
            order = AreasOrder(
                layer=layer or map_layers(file)[0].name,
                level=level,
                fields=_fields(file, layer, fields),
                parent_id=_id_of(under),
                is_top=top,
                valid_from=valid_from.date(),
                epsg=epsg,
                source_name=file.name,
                licence=licence,
                attribution=attribution,
            )
            with patient_transaction(SYSTEM) as session:
                found = preview_areas(session, SYSTEM, file, order, lambda _: None)
                _say(found)
                if not check and not found.refused:
                    import_areas(session, SYSTEM, file, order, lambda _: None)
    except AppError as error:
        reason = UNREADABLE.get(str(error.facts.get("reason")), "")
        raise click.ClickException(error.text % {**error.facts, "reason": reason}) from error
    if found.refused:
        raise click.ClickException("Nothing was changed.")


def _fields(file: Path, layer: str | None, given: tuple[str, ...]) -> AreaFields:
    found = map_layers(file)
    chosen = next((one for one in found if one.name == layer), found[0])
    said = dict(one.split("=", 1) for one in given if "=" in one)
    return AreaFields.model_validate({**guess_fields(chosen).model_dump(), **said})


def _id_of(code: str | None) -> int | None:
    if code is None:
        return None
    with patient_transaction(SYSTEM) as session:
        found = session.scalar(select(Area.id).where(Area.code == code, Area.valid_to.is_(None)).limit(1))
    if found is None:
        raise click.ClickException(f"There is no open area with the code {code}.")
    return found


def _say(found: AreasPreview) -> None:
    for one in found.refused:
        click.echo(REFUSALS[one.reason] % {"number": one.number, "about": one.about}, err=True)
    for mended in found.mended:
        click.echo(f"Feature {mended.number}, {mended.name}: the boundary was repaired ({mended.problem}).")
    for first, second, size in found.overlaps:
        click.echo(f"{first} and {second} both cover {size / 1e6:.2f} km².")
    click.echo(f"{found.added} new, {found.changed} changed, {found.same} as they were, {len(found.refused)} refused.")
