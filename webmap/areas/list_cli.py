"""`webmap import crosswalk FILE …`: the national lists of units, and what became of which."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from webmap.accounts.scope import SYSTEM
from webmap.areas.crosswalk import ListPreview, import_list, preview_list
from webmap.areas.errors import ROW_REFUSALS, UNREADABLE
from webmap.areas.inputs import ListOrder
from webmap.database.address import database_address
from webmap.database.engine import connect, patient_transaction
from webmap.errors import AppError


@contextmanager
def closing_pool(url: str) -> Iterator[None]:
    """Open the pool that `transaction()` uses, for as long as a command needs it."""
    engine = connect(url, 2)
    try:
        yield
    finally:
        engine.dispose()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Day of the list. Default: as published.")
@click.option("--licence", default="")
@click.option("--attribution", default="")
@click.option("--check", is_flag=True, help="Only say what would change.")
def crosswalk(
    *, files: tuple[Path, ...], valid_from: datetime | None, licence: str, attribution: str, check: bool
) -> None:
    """Bring national lists in: units of three or two levels, and which commune became which. In this order."""
    bring_lists(files, valid_from.date() if valid_from else None, licence, attribution, check=check)


def bring_lists(files: Sequence[Path], day: date | None, licence: str, attribution: str, *, check: bool) -> None:
    """Import lists one after the other, or say what they would change."""
    for file in files:
        order = ListOrder(valid_from=day, source_name=file.name, licence=licence, attribution=attribution)
        try:
            with database_address() as url, closing_pool(url), patient_transaction(SYSTEM) as session:
                found = preview_list(session, SYSTEM, file, order, lambda _: None)
                if not check and not found.refused:
                    found = import_list(session, SYSTEM, file, order, lambda _: None)
        except AppError as error:
            reason = UNREADABLE.get(str(error.facts.get("reason")), "")
            raise click.ClickException(error.text % {**error.facts, "reason": reason}) from error
        _say(file, found)
        if found.refused:
            raise click.ClickException("Nothing was changed.")


def _say(file: Path, found: ListPreview) -> None:
    for one in found.refused:
        click.echo(ROW_REFUSALS[one.reason] % {"number": one.number, "about": one.about}, err=True)
    for level, added, changed, units in found.levels:
        click.echo(f"{level}: {units} in the list, {added} new, {changed} changed.")
    if found.doubtful:
        click.echo(f"{len(found.doubtful)} populations are missing or not to be believed, and flagged.")
    if found.elsewhere:
        click.echo(f"{found.elsewhere} rows are about communes that are not known here.")
    refused = f", {len(found.refused)} refused" if found.refused else ""
    ended = f", {found.ended} areas ended" if found.ended else ""
    click.echo(f"{file.name}: {found.added} new, {found.changed} changed, {found.same} as they were{refused}{ended}.")
