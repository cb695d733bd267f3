"""The command line: `webmap COMMAND`. Capabilities bring their own commands in their `cli.py`."""

import logging
from importlib import import_module, util

import click

from webmap import __version__
from webmap.app import JOURNEY, create_app
from webmap.database import migrate as migrations
from webmap.database.engine import connect
from webmap.settings import settings


def database_url() -> str:
    """The address given by DATABASE_URL."""
    url = settings().database_url
    if url is None:
        raise click.ClickException("No database is given: set DATABASE_URL.")
    return url


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="webmap")
def main() -> None:
    """Từng Ngõ: every alley, every door, every person."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


@main.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    migrations.upgrade(database_url())
    click.echo(f"The database stands at {migrations.newest()}.")


@main.command()
def serve() -> None:
    """Serve the pages (production web server)."""
    from waitress import serve as listen  # noqa: PLC0415 - only this command needs it

    chosen = settings()
    app = create_app(chosen, database_url=database_url())
    listen(app, host=chosen.host, port=chosen.port, threads=chosen.threads, asyncore_use_poll=True, ident=None)


@main.command()
@click.option("--once", is_flag=True, help="Stop when nothing waits.")
def worker(*, once: bool) -> None:
    """Run background jobs."""
    from webmap.worker import work  # noqa: PLC0415 - only this command needs it

    url = database_url()
    connect(url, pool_size=4)
    work(url, once=once)


@main.command()
@click.option("--check", is_flag=True, help="Only say what is missing or wrong; exit 1 when anything is.")
def i18n(*, check: bool) -> None:
    """Collect sentences, update and compile the Vietnamese catalogue."""
    from webmap import translate  # noqa: PLC0415 - only this command needs it

    if not check:
        translate.update()
        translate.compile_all()
    lines = translate.problems()
    click.echo("\n".join(lines) or "The Vietnamese catalogue is complete.")
    if check and lines:
        raise SystemExit(1)


for step in JOURNEY:
    if util.find_spec(f"webmap.{step}.cli"):
        import_module(f"webmap.{step}.cli").register(main)
