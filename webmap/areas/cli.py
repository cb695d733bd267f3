"""What the commands of several capabilities share: the group `webmap import`, and the pool."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from webmap.database.engine import connect


def import_group(main: click.Group) -> click.Group:
    """The group `webmap import`, which several capabilities bring commands to."""
    group = main.commands.get("import")
    if isinstance(group, click.Group):
        return group
    made = click.Group("import", help="Bring files in.")
    main.add_command(made)
    return made


@contextmanager
def closing_pool(url: str) -> Iterator[None]:
    """Open the pool that `transaction()` uses, for as long as a command needs it."""
    engine = connect(url, 2)
    try:
        yield
    finally:
        engine.dispose()


def register(main: click.Group) -> None:
    """Add the group, for the steps after this one to fill."""
    import_group(main)
