"""`webmap demo`: an invented commune, or a world of any size, in an empty database."""

import sys
import time
from typing import TYPE_CHECKING

import click

from webmap import clock
from webmap.database import migrate
from webmap.database.address import database_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webmap.demo.load import Loaded

REFUSED = (
    "This database holds data that nobody marked as invented. Nothing was changed. The demo needs a database"
    " of its own: set WEBMAP_DATA_DIR to another folder, or DATABASE_URL to another database."
)


def fill(url: str, people: int | None = None, seed: int = 1) -> "Loaded":
    """Fill the database unless the demo is there, and say so on the terminal."""
    from webmap.demo import load  # noqa: PLC0415 - heavy, and every command reads this file

    began = time.monotonic()
    try:
        loaded = load.fill(url, people, seed, clock.today(), _show)
    except load.NotEmptyError as error:
        raise click.ClickException(REFUSED) from error
    if loaded.is_new:
        click.echo(summary(loaded, time.monotonic() - began))
    elif people is not None:
        click.echo(f"The demo is here already and stays as it is: {loaded.name}.")
    return loaded


def say_logins(known: "Sequence[str]") -> None:
    """Print who of these may sign in to the demo, and as what."""
    from webmap.demo import logins  # noqa: PLC0415 - heavy, and every command reads this file

    click.echo(f"Demo accounts, each with the password {logins.PASSWORD}:")
    for login in (one for one in logins.LOGINS if one.username in known):
        click.echo(f"  {login.username:<12}{login.role}, {login.place}")


def summary(loaded: "Loaded", seconds: float) -> str:
    """One paragraph of figures about a load."""
    rows = sum(loaded.rows.values())
    parts = ", ".join(f"{count:,} {table}" for table, count in loaded.rows.items())
    spent = loaded.seconds
    return (
        f"{loaded.name}\n{rows:,} rows in {seconds:.1f} s: {parts}.\n"
        f"Writing alone {spent['write']:.1f} s ({rows / max(spent['write'], 1e-9):,.0f} rows a second); "
        f"inventing and writing {spent['copy']:.1f} s; status and figures {spent['derive']:.1f} s; "
        f"indexes and references {spent['index']:.1f} s."
    )


def register(main: click.Group) -> None:
    """Bring the command to `webmap`."""
    main.add_command(demo)


@click.command()
@click.option(
    "--people", type=click.IntRange(100, 30_000_000), help="How many people to invent. Unset: the default commune."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another world.")
def demo(people: int | None, seed: int) -> None:
    """Fill an empty database with invented people in an invented commune, or in a world of any size."""
    with database_address() as url:
        migrate.upgrade(url)
        loaded = fill(url, people, seed)
    say_logins(loaded.logins)


def _show(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty() or done == total:
        end = "\n" if done == total else ""
        click.echo(f"\r{done:>12,} of {total:,} people, {name:<24}{end}", nl=False, err=True)
