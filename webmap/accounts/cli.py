"""`webmap accounts`: the first administrator, and a way back in for somebody who is locked out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from pydantic import ValidationError
from sqlalchemy.orm import Session

from webmap.accounts import passwords, queries, service
from webmap.accounts.inputs import NewAccount
from webmap.accounts.rules import Role
from webmap.accounts.scope import SYSTEM
from webmap.database.address import database_address
from webmap.database.engine import connect, tell, transaction
from webmap.errors import AppError


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    main.add_command(accounts)


@click.group()
def accounts() -> None:
    """Make the first administrator; let somebody in again. All else is on the pages."""


@accounts.command()
@click.argument("username")
@click.option("--name", "full_name", help="Full name. Default: the user name.")
@click.option("--role", type=click.Choice(list(Role)), default=Role.ADMIN, show_default=True)
@click.option("--area", "codes", multiple=True, metavar="CODE", help="Code of an area. Default: the top of the tree.")
@click.option("--counts-only", is_flag=True, help="May not see persons, only counts.")
def add(*, username: str, full_name: str | None, role: str, codes: tuple[str, ...], counts_only: bool) -> None:
    """Add an account, and print its first password."""
    password = passwords.made_up()
    with _writing() as session:
        area_ids = queries.open_areas(session, codes)
        if not area_ids and not codes:
            raise click.ClickException(
                "There are no areas yet. First: webmap import map FILE --as areas --level province --top"
            )
        if len(area_ids) < len(set(codes)):
            raise click.ClickException(f"Not every one of these is the code of an open area: {', '.join(codes)}.")
        new = _checked(username, full_name or username, role, area_ids, sees_persons=not counts_only)
        service.add_account(session, SYSTEM, new, passwords.hashed(password))
    _show(new.username, password)


@accounts.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """Give an account a first password again, end all its sign-ins, and print the password."""
    password = passwords.made_up()
    with _writing() as session:
        found = queries.account_named(session, username)
        if found is None:
            raise click.ClickException(f"There is no account {username} that may sign in.")
        # Whoever commands the machine looks after every area this account works in.
        scope = replace(SYSTEM, area_ids=frozenset(queries.area_ids_of(session, found.id)))
        tell(session, scope)
        service.reset_password(session, scope, found.id, passwords.hashed(password))
    _show(username, password)


@contextmanager
def _writing() -> Iterator[Session]:
    with database_address() as url:
        engine = connect(url, 1)
        try:
            with transaction(SYSTEM) as session:
                yield session
        except AppError as error:
            raise click.ClickException(error.text % error.facts) from error
        finally:
            engine.dispose()


def _checked(username: str, full_name: str, role: str, area_ids: list[int], *, sees_persons: bool) -> NewAccount:
    try:
        return NewAccount(
            username=username.lower(),
            full_name=full_name,
            role=Role(role),
            area_ids=area_ids,
            sees_persons=sees_persons,
        )
    except ValidationError as error:
        told = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
        raise click.ClickException(told) from error


def _show(username: str, password: str) -> None:
    click.echo(f"{username} signs in with {password} and then chooses a password of their own.")
