"""Many people sign in within the same moment, as on the morning of a campaign: how long each waits.

    python -m benchmarks.sign_ins [--people 50]

Beside it, the same passwords looked at with nothing around them, two at a time as the product does: what nobody can
avoid. A throw-away server and database are made for it; eight threads ask, as many as the web server has.
"""

import argparse
import shutil
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from tests.builders import PASSWORD, Village, an_account
from webmap.accounts import passwords
from webmap.accounts.scope import SYSTEM
from webmap.app import create_app
from webmap.database import migrate, private_server
from webmap.database.engine import transaction
from webmap.settings import Settings

THREADS = 8
GOAL = 4.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    people = parser.parse_args().people
    folder = Path(tempfile.mkdtemp(prefix="webmap-sign-ins-"))
    folder.chmod(0o755)
    try:
        url = private_server.start(folder)
        migrate.upgrade(url)
        waits = sorted(signed_in(url, people))
        bare = bare_hashing(people)
    finally:
        private_server.stop(folder)
        shutil.rmtree(folder)
    told = statistics.quantiles(waits, n=20)[18]
    print(f"{people} sign-ins at once: median {statistics.median(waits):.2f} s, p95 {told:.2f} s (goal {GOAL} s)")
    print(f"the same passwords alone: {bare:.2f} s; p95 is {told / bare:.2f} x that")


def signed_in(url: str, people: int) -> list[float]:
    """Seconds from the first moment until each person was let in."""
    settings = Settings(data_dir=Path(tempfile.gettempdir()), secret_key="only-for-benchmarks", is_https=False)  # noqa: S106
    app = create_app(settings, database_url=url)
    app.config["WTF_CSRF_ENABLED"] = False
    with transaction(SYSTEM) as session:
        village = Village.built(session)
        for number in range(people):
            an_account(session, f"person-{number}", "canvasser", village.commune_id)
    began = perf_counter()

    def enter(number: int) -> float:
        typed = {"username": f"person-{number}", "password": PASSWORD}
        answer = app.test_client().post("/sign-in", data=typed, environ_base={"REMOTE_ADDR": "192.0.2.10"})
        assert answer.status_code == 302, answer.status
        return perf_counter() - began

    with ThreadPoolExecutor(THREADS) as web_server:
        return list(web_server.map(enter, range(people)))


def bare_hashing(people: int) -> float:
    """Seconds to look at as many passwords, two at a time."""
    kept = passwords.hashed(PASSWORD)
    began = perf_counter()
    with ThreadPoolExecutor(2) as pair:
        list(pair.map(lambda _: passwords.is_right(PASSWORD, kept), range(people)))
    return perf_counter() - began


if __name__ == "__main__":
    main()
