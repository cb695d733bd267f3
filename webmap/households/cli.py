"""`webmap import households FILE --area CODE`: the dry run of a list on the terminal, and with --apply the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, select

from webmap.accounts.scope import SYSTEM
from webmap.areas.cli import import_group
from webmap.areas.models import Area
from webmap.database.address import database_address
from webmap.database.engine import connect, patient_transaction
from webmap.errors import AppError
from webmap.households.importing import apply, preview, runs
from webmap.households.importing.reasons import ROW_REASONS
from webmap.households.settling import settle_everything

SHOWN = 50
FIGURES = (
    ("households_added", "households added"),
    ("households_changed", "households changed"),
    ("people_added", "people added"),
    ("people_changed", "people changed"),
    ("people_same", "people as they are"),
    ("cards_added", "cards added"),
    ("cards_changed", "cards changed"),
    ("refused", "rows refused"),
)


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    import_group(main).add_command(households)
    main.add_command(settle)


@click.command()
def settle() -> None:
    """Compare all buildings again, and link households to them: after a setting about buildings has changed."""
    with database_address() as url, closing_pool(connect(url, 2)), patient_transaction(SYSTEM) as session:
        found = settle_everything(session)
    compared = found.compared
    click.echo(f"{compared.compared} buildings: {compared.hidden} hidden, {compared.shown} shown again, now.")
    click.echo(f"{found.moved} households moved, {found.with_building} got a building, {found.with_alley} an alley.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", "code", required=True, metavar="CODE", help="Code of the commune or village of the list.")
@click.option("--apply", "is_wanted", is_flag=True, help="Apply what the dry run shows.")
@click.option("--purpose", default="campaign", show_default=True, help="What the list is for.")
@click.option("--legal-basis", default="task", show_default=True, help="The legal basis of the import.")
def households(*, file: Path, code: str, is_wanted: bool, purpose: str, legal_basis: str) -> None:
    """Bring a list of households, people and cards in from an Excel or CSV FILE. Without --apply: only look."""
    try:
        with database_address() as url, closing_pool(connect(url, 2)):
            _import(file, code, purpose, legal_basis, is_wanted=is_wanted)
    except AppError as error:
        raise click.ClickException(error.text % {key: str(value) for key, value in error.facts.items()}) from error


@contextmanager
def closing_pool(engine: Engine) -> Iterator[None]:
    """Give the connections back, also when something is wrong with the file."""
    try:
        yield
    finally:
        engine.dispose()


def _import(file: Path, code: str, purpose: str, legal_basis: str, *, is_wanted: bool) -> None:
    with patient_transaction(SYSTEM) as session:
        area_id = session.scalar(select(Area.id).where(Area.code == code, Area.valid_to.is_(None)))
        if area_id is None:
            raise click.ClickException(f"There is no open area with the code {code}.")
        run = runs.begin(
            session, SYSTEM, area_id,
            file_name=file.name, content=file.read_bytes(), purpose=purpose, legal_basis=legal_basis,
        )  # fmt: skip
        read = preview.understand(session, SYSTEM, run.id)
        counts = preview.check(session, SYSTEM, run.id, read(lambda _rows: None))
        _say(counts, [(row.row_number, row.reasons) for row in runs.rows_with_reasons(session, run.id, most=SHOWN)])
        if is_wanted:
            apply.apply(session, SYSTEM, run.id)
        else:
            runs.let_go(session, SYSTEM, run.id)
    click.echo("Applied." if is_wanted else "Nothing was changed. Add --apply to apply it.")


def _say(counts: dict[str, Any], reasons: list[tuple[int, list[dict[str, Any]]]]) -> None:
    for row, problems in reasons:
        for one in problems:
            text = ROW_REASONS[one["code"]] % {key: str(value) for key, value in one["facts"].items()}
            click.echo(f"row {row}, {one['field']}: {text}")
    for name, words in FIGURES:
        click.echo(f"{counts[name]:>8} {words}")
