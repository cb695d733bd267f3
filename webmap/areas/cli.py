"""What the commands of several capabilities share: the group `webmap import`, and the pool."""

import click

from webmap.areas.list_cli import closing_pool, crosswalk
from webmap.areas.reform_cli import areas

__all__ = ["closing_pool", "import_group", "register"]


def import_group(main: click.Group) -> click.Group:
    """The group `webmap import`, which several capabilities bring commands to."""
    group = main.commands.get("import")
    if isinstance(group, click.Group):
        return group
    made = click.Group("import", help="Bring files in.")
    main.add_command(made)
    return made


def register(main: click.Group) -> None:
    """Add the group, for the steps after this one to fill, and the commands of this step."""
    import_group(main).add_command(crosswalk)
    main.add_command(areas)
