"""`webmap import roll FILE --area CODE --listed-on DAY`: the dry run of a roll, and with --apply the rest."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from webmap.accounts.scope import SYSTEM
from webmap.areas.cli import import_group
from webmap.areas.models import Area
from webmap.database.address import database_address
from webmap.database.engine import connect, patient_transaction, transaction
from webmap.errors import AppError
from webmap.households.cli import closing_pool
from webmap.households.importing.reasons import ROW_REASONS
from webmap.roll import applying, checking, queries, runs
from webmap.roll.models import RollImport, RollRow
from webmap.roll.rules import VERDICTS

SHOWN = 50
FIGURES = {
    "add": "people get a card",
    "change": "cards or numbers change",
    "same": "people as they are",
    "doubtful": "rows wait for a choice",
    "stranger": "rows are in no known household",
    "twice": "rows are listed twice",
    "refuse": "rows refused",
}


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    import_group(main).add_command(roll)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", "code", required=True, metavar="CODE", help="Code of the commune or village of the roll.")
@click.option(
    "--listed-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which the agency drew the list."
)
@click.option("--complete", "is_complete", is_flag=True, help="It lists everybody of the area who holds a card.")
@click.option("--apply", "is_wanted", is_flag=True, help="Apply what the dry run shows.")
@click.option("--purpose", default="campaign", show_default=True, help="What the roll is for.")
@click.option("--legal-basis", default="task", show_default=True, help="The legal basis of the import.")
def roll(
    *, file: Path, code: str, listed_on: datetime, is_complete: bool, is_wanted: bool, purpose: str, legal_basis: str
) -> None:
    """Bring a roll of the insurance agency in from an Excel, OpenDocument or CSV FILE. Without --apply: only look."""
    given = {"purpose": purpose, "legal_basis": legal_basis, "is_complete": is_complete}
    try:
        with database_address() as url, closing_pool(connect(url, 2)):
            _import(file, code, listed_on, given, is_wanted=is_wanted)
    except AppError as error:
        raise click.ClickException(error.text % {key: str(value) for key, value in error.facts.items()}) from error


def _import(file: Path, code: str, listed_on: datetime, given: dict[str, Any], *, is_wanted: bool) -> None:
    with patient_transaction(SYSTEM) as session:
        area_id = session.scalar(select(Area.id).where(Area.code == code, Area.valid_to.is_(None)))
        if area_id is None:
            raise click.ClickException(f"There is no open area with the code {code}.")
        new = runs.begin_with(session, SYSTEM, area_id, file, listed_on=listed_on.date(), **given)
        checking.check(session, SYSTEM, new.id, file)
        _say(new, queries.verdict_counts(session, new.id), queries.rows_with_reasons(session, new.id, most=SHOWN))
        roll_id = new.id
        if not is_wanted:
            runs.let_go(session, SYSTEM, roll_id)
    if not is_wanted:
        click.echo("Nothing was changed. Add --apply to apply it.")
        return
    applying.apply(SYSTEM, roll_id)
    with transaction(SYSTEM) as session:
        waiting = queries.verdict_counts(session, roll_id).get("doubtful", 0)
    click.echo("Applied." + (f" {waiting} rows wait for a choice at /rolls/{roll_id}/review." if waiting else ""))


def _say(new: RollImport, counts: dict[str, int], refused: list[RollRow]) -> None:
    for row in refused:
        for one in row.reasons:
            text = ROW_REASONS[one["code"]] % {key: str(value) for key, value in one["facts"].items()}
            click.echo(f"row {row.row_number}, {one['field']}: {text}")
    for verdict in VERDICTS:
        click.echo(f"{counts.get(verdict, 0):>8} {FIGURES[verdict]}")
    if new.is_complete:
        click.echo(f"{new.counts['ended']:>8} people are not on it: their cards end")
