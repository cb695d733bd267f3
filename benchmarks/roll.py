"""How long a roll takes against a register, and how much memory: read, matched, kept; beside the plain join in SQL.

    python benchmarks/roll.py [PEOPLE] [SHARE_WITH_CODE]

The plain join knows exact insurance codes only: it finds nobody whose row has none, and keeps nothing. The register and
the roll are invented (tests/webmap/roll/generated.py). A throw-away database is made and removed.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.roll_matching import PEOPLE_OF_A_VILLAGE, villages
from tests import cluster
from tests.webmap.roll import generated
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.app import load_models
from webmap.database.engine import connect, patient_transaction
from webmap.roll import applying, checking, runs

PLAIN = """
    select count(*) from plain_row join person on person.insurance_code = plain_row.insurance_code
      left join card on card.person_id = person.id
"""


@contextmanager
def timed(what: str, rows: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    print(f"{what:<44} {seconds:8.1f} s {rows / seconds:10,.0f} rows/s", flush=True)


class Steps:
    """Prints how long each step of a dry run took, as it reports the next."""

    def __init__(self, rows: int) -> None:
        self.rows, self.step, self.since = rows, "", time.perf_counter()

    def __call__(self, _done: int, _total: int, step: str) -> None:
        if step != self.step:
            now = time.perf_counter()
            if self.step:
                print(f"  {self.step:<42} {now - self.since:8.1f} s", flush=True)
            self.step, self.since = step, now


def plain_join(session: Session, rows: int) -> None:
    session.execute(
        text(
            "create temporary table plain_row on commit drop as select insurance_code from roll_row order by row_number"
        )
    )
    session.execute(text("analyze plain_row"))
    with timed("the same join in plain SQL, exact codes only", rows):
        print("  found", session.scalar(text(PLAIN)))


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    coded = float(sys.argv[2]) if len(sys.argv) > 2 else 0.9
    cluster.choose_folder()
    load_models()
    url = cluster.new_database("roll")
    engine = connect(url)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roll.csv"
            with patient_transaction(SYSTEM) as session:
                area_id, village_ids, names = villages(session, max(2, many // PEOPLE_OF_A_VILLAGE))
                register = list(generated.people(7, many, len(names)))
                generated.fill(session, register, village_ids)
                rates = generated.Rates(coded=coded)
                rows = len(generated.write_roll(path, generated.roll_rows(7, register, names, rates)))
                del register
            held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(
                f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, against {many:,} people; {coded:.0%} with a code"
            )
            with patient_transaction(SYSTEM) as session:
                roll = runs.begin_with(
                    session, SYSTEM, area_id, path,
                    listed_on=clock.today(), is_complete=False, purpose="p", legal_basis="l",
                )  # fmt: skip
                with timed("dry run: read, match, keep", rows):
                    told = Steps(rows)
                    checking.check(session, SYSTEM, roll.id, path, told)
                    told(0, 0, "")
                roll_id = roll.id
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
            print(f"memory of this process grew by {max(grown, 0) / 1024:.0f} MiB")
            with patient_transaction(SYSTEM) as session:
                plain_join(session, rows)
            if many <= 50_000:
                with timed("apply", rows):
                    applying.apply(SYSTEM, roll_id)
                with timed("take back", rows):
                    applying.take_back(SYSTEM, roll_id)
    finally:
        engine.dispose()
        cluster.drop_database(url)
        cluster.remove()


if __name__ == "__main__":
    main()
