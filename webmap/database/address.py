"""Where the database is: the one DATABASE_URL names, else our own, which runs as long as anybody uses it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webmap.database import private_server
from webmap.database.postgres_account import is_closed_to_others
from webmap.settings import Settings, settings

ROOTS_FOLDER = Path("/var/lib/webmap")  # where the user postgres can go too


@contextmanager
def database_address(chosen: Settings | None = None) -> Iterator[str]:
    """The address for `create_app`, `owner_engine` and the like, for as long as it is needed."""
    chosen = chosen or settings()
    if chosen.database_url:
        yield chosen.database_url
    else:
        with private_server.using(chosen.data_dir) as url:
            yield url


def settle_data_dir() -> None:
    """Choose a folder that the database's user can reach when root starts us in a closed folder, as below /root."""
    chosen = settings()
    if os.geteuid() == 0 and "data_dir" not in chosen.model_fields_set and is_closed_to_others(chosen.data_dir):
        os.environ["WEBMAP_DATA_DIR"] = str(ROOTS_FOLDER)  # also for the processes we start
        settings.cache_clear()
