"""The command line: `webmap COMMAND`. Capabilities bring their own commands in their `cli.py`."""

import logging
import os
import signal
import subprocess
from collections.abc import Callable
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any

import click

from webmap import __version__, backup, up
from webmap.database import migrate as migrations
from webmap.database.address import database_address, settle_data_dir
from webmap.database.engine import connect
from webmap.database.postgres_binaries import PrivateServerError
from webmap.settings import settings

FOR_THE_OWNER_ALONE = 0o077  # umask: uploaded files and keys


class Commands(click.Group):
    """Says what people can mend in plain words; fetches the capabilities' commands only when one of them is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        bring_commands()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands:
            bring_commands()
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (PrivateServerError, up.UpError, backup.BackupError) as error:
            raise click.ClickException(str(error)) from error


def _until_closed(_: click.Context, __: click.Parameter, descriptor: int | None) -> None:
    if descriptor is not None:
        up.stop_when_closed(descriptor)


until_closed: Callable[..., Any] = click.option(
    "--until-closed",
    type=int,
    hidden=True,
    expose_value=False,
    callback=_until_closed,
    help="Stop when this file descriptor is closed: `webmap up` has died.",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="webmap")
def main() -> None:
    """Từng Ngõ: every alley, every door, every person."""
    settle_data_dir()
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if settings().log_level == "INFO":
        for name in ("alembic", "procrastinate", "waitress"):  # what they do at every start is no news
            logging.getLogger(name).setLevel(logging.WARNING)


@main.command("up")
@click.option("--demo", "with_demo", is_flag=True, help="Put the demo into an empty database first.")
def run_everything(*, with_demo: bool) -> None:
    """Run everything on this machine: database, web server and one worker, until Ctrl-C."""
    from webmap.demo import cli as demo  # noqa: PLC0415 - heavy, and only this command needs it

    chosen = settings()
    logins: list[str] = []

    def fill(url: str) -> None:
        logins.extend(demo.fill(url).logins)

    def ready() -> None:
        click.echo(f"\nTừng Ngõ is ready: {up.address(chosen)}   (Ctrl-C stops it; data: {chosen.data_dir})")
        if with_demo:
            demo.say_logins(logins)

    try:
        up.run(chosen, ready=ready, fill=fill if with_demo else None)
    except up.AlreadyRunningError as there:
        click.echo(f"It runs already: {there}")


@main.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    with database_address() as url:
        migrations.upgrade(url)
    click.echo(f"The database stands at {migrations.newest()}.")


@main.command()
@until_closed
def serve() -> None:
    """Serve the pages (production web server)."""
    from waitress import serve as listen  # noqa: PLC0415 - only this command needs it

    from webmap.app import create_app  # noqa: PLC0415 - imports every page

    chosen = settings()
    os.umask(FOR_THE_OWNER_ALONE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # waitress ends its requests on Ctrl-C only
    with database_address(chosen) as url:
        app = create_app(chosen, database_url=url)
        listen(
            app,
            host=chosen.host,
            port=chosen.port,
            threads=chosen.threads,
            asyncore_use_poll=True,  # more than 1,024 phones at once
            ident=None,
            # the app itself believes as many proxies as are trusted (create_app), and waitress none
            clear_untrusted_proxy_headers=chosen.trusted_proxies == 0,
        )


@main.command()
@click.option("--once", is_flag=True, help="Stop when nothing waits.")
@until_closed
def worker(*, once: bool) -> None:
    """Run background jobs."""
    from webmap.worker import work  # noqa: PLC0415 - only this command needs it

    os.umask(FOR_THE_OWNER_ALONE)
    with database_address() as url:
        connect(url, 4)
        work(url, once=once)


@main.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def save_backup(target: Path) -> None:
    """Save everything, database and files, into one file. May run while people work."""
    chosen = settings()
    with database_address(chosen) as url:
        rows = backup.save(url, chosen.data_dir, target)
    click.echo(f"{sum(rows.values()):,} rows of {len(rows)} tables, and the files, are in {target}. Keep it secret.")


@main.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore_backup(source: Path) -> None:
    """Bring a backup back. The old data are kept under another name."""
    chosen = settings()
    with database_address(chosen) as url:
        kept = backup.restore(url, chosen.data_dir, source)
    click.echo(f"{source} is back. The database before it is kept as {kept}; when you are sure:")
    click.echo(f"    webmap psql -c 'drop database {kept}'")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open the database in psql, as its owner: row-level security does not hold there."""
    with database_address() as url:
        done = subprocess.run(["psql", url, *arguments], check=False)  # noqa: S607 - the one on PATH is meant
    raise SystemExit(done.returncode)


@main.command()
@click.option("--worker", "of_worker", is_flag=True, help="Ask for a worker instead of the pages.")
def health(*, of_worker: bool) -> None:
    """Exit 0 when the pages answer, or a worker is alive; for whatever watches this process."""
    from webmap.database.health import is_somebody_working  # noqa: PLC0415 - only this command needs it

    chosen = settings()
    if of_worker:
        with database_address(chosen) as url:
            is_well = is_somebody_working(url)
    else:
        is_well = up.answers(chosen)
    raise SystemExit(0 if is_well else 1)


@main.command()
def doctor() -> None:
    """Say in plain words what is wrong with this installation; exit 1 when anything is."""
    from webmap.doctor import examine  # noqa: PLC0415 - only this command needs it

    found = list(examine(settings()))
    for finding in found:
        click.echo(f"{'WRONG' if finding.is_wrong else 'good '}  {finding.sentence}")
        if finding.remedy:
            click.echo(f"           {finding.remedy}")
    wrong = sum(finding.is_wrong for finding in found)
    click.echo(
        "\nNothing is wrong."
        if not wrong
        else "\nOne thing is wrong."
        if wrong == 1
        else f"\n{wrong} things are wrong."
    )
    raise SystemExit(1 if wrong else 0)


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


@cache
def bring_commands() -> None:
    """Let every capability add its commands. They import most of the program: `webmap up` need not wait for that."""
    from webmap.app import JOURNEY  # noqa: PLC0415 - see above

    for step in (*JOURNEY, "demo"):
        if util.find_spec(f"webmap.{step}.cli"):
            import_module(f"webmap.{step}.cli").register(main)
