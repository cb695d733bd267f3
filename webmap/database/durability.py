"""Does this PostgreSQL keep what it has acknowledged? Asked at every start and by `webmap doctor`."""

from psycopg import Connection

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")

_SWITCHED_OFF = """
    select name from pg_settings where name = any(%(names)s) and setting = 'off'
    union
    select split_part(entry, '=', 1) from pg_db_role_setting, unnest(setconfig) as entry
    where split_part(entry, '=', 1) = any(%(names)s) and split_part(entry, '=', 2) = 'off'
    order by 1
"""


def switched_off(connection: Connection[tuple[str]]) -> list[str]:
    """Name the settings, of the server or of any role or database in it, that let a power cut lose data."""
    return [name for (name,) in connection.execute(_SWITCHED_OFF, {"names": list(MUST_BE_ON)})]
