"""`webmap areas reform CODE`: what a reform would do to a loaded area, and doing it."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.accounts.scope import SYSTEM
from webmap.areas.inputs import ReformOrder
from webmap.areas.list_cli import closing_pool
from webmap.areas.models import Area
from webmap.areas.reform import ReformPreview, apply_reform, preview_reform
from webmap.database.address import database_address
from webmap.database.engine import patient_transaction
from webmap.errors import AppError


@click.group()
def areas() -> None:
    """Work on the tree of areas."""


@areas.command()
@click.argument("code")
@click.option("--choose", "chosen", multiple=True, metavar="VILLAGE=COMMUNE", help="Codes: where a village shall go.")
@click.option("--check", is_flag=True, help="Only say what would happen.")
def reform(*, code: str, chosen: tuple[str, ...], check: bool) -> None:
    """Apply the reform in the crosswalk to the open area CODE and all below it."""
    try:
        with database_address() as url, closing_pool(url), patient_transaction(SYSTEM) as session:
            area_id = _open(session, code)
            pairs = (one.partition("=") for one in chosen)
            choices = {_open(session, village): _open(session, commune) for village, _, commune in pairs}
            found = preview_reform(session, SYSTEM, area_id, choices)
            _say(found)
            if not check:
                apply_reform(session, SYSTEM, area_id, ReformOrder(choices=choices), lambda *_: None)
    except AppError as error:
        raise click.ClickException(error.text % error.facts) from error


def _open(session: Session, code: str) -> int:
    """The newest open area of a code that still holds something, else the newest."""
    holds = select(Area.parent_id).where(Area.valid_to.is_(None), Area.parent_id.is_not(None))
    wanted = select(Area.id).where(Area.code == code, Area.valid_to.is_(None))
    found = session.scalar(wanted.order_by(Area.id.in_(holds).desc(), Area.valid_from.desc()).limit(1))
    if found is None:
        raise click.ClickException(f"There is no open area with the code {code}.")
    return found


def _say(found: ReformPreview) -> None:
    for one in found.endings:
        names = ", ".join(name for _, name in one.becomes)
        click.echo(f"{one.name} -> {names}: {one.villages} villages, {one.households} households.")
    for step in found.villages:
        if step.how != "whole":
            click.echo(f"  {step.name}: {step.to_name or 'to be decided'} ({step.how}), {step.elsewhere} elsewhere.")
    for name in found.without_successor:
        click.echo(f"The crosswalk does not name {name}.")
    click.echo(f"From {found.day}: {len(found.villages)} villages, {len(found.moved)} households go elsewhere.")
