"""How long a list of households takes: read, compared with the register, applied, and the same again.

    python benchmarks/household_import.py [ROWS]

Beside it the same people written by SQLAlchemy's ORM one by one, as an import without a stage would do it, and the same
file read by openpyxl. A throw-away database is made and removed.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import cluster
from tests.builders import Village
from tests.webmap.households.importing.planted import COLUMN, good_rows, write_list
from tests.webmap.households.importing.worlds import VILLAGES
from webmap.accounts.scope import Scope
from webmap.app import load_models
from webmap.coverage.service import refresh_households
from webmap.database.engine import connect, patient_transaction
from webmap.households import derived
from webmap.households.importing import apply, preview, runs
from webmap.households.models import Card, Household, Person


def said(what: str, seconds: float, rows: int) -> None:
    print(f"{what:<44} {seconds:8.2f} s {rows / seconds:10,.0f} rows/s")


@contextmanager
def timed(what: str, rows: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    said(what, time.perf_counter() - start, rows)


def the_import(scope: Scope, area_id: int, path: Path, rows: int, again: str) -> None:
    with patient_transaction(scope) as session:
        with timed(f"take in, guess headings{again}", rows):
            run = runs.begin(
                session, scope, area_id, file_name=path.name, content=path.read_bytes(), purpose="p", legal_basis="l"
            )
        read = preview.understand(session, scope, run.id)
        with timed(f"read and clean every cell{again}", rows):
            understood = read(lambda _rows: None)
        with timed(f"compare with the register{again}", rows):
            counts = preview.check(session, scope, run.id, understood)
        with timed(f"apply in one transaction{again}", rows):
            apply.apply(session, scope, run.id)
    print({name: counts[name] for name in ("people_added", "people_changed", "people_same", "refused")})


def row_by_row(session: Session, area_id: int, rows: list[list[Any]]) -> None:
    """What an import without a stage does: look each person up, then write her through the ORM."""
    doors: dict[str, Household] = {}
    for row in rows:
        code = f"O-{row[COLUMN['Mã hộ']]}"
        if code not in doors:
            doors[code] = Household(area_id=area_id, code=code)
            session.add(doors[code])
            session.flush()
        door, number = doors[code], f"8{str(row[COLUMN['Mã số BHXH']])[1:]}"
        if session.scalar(select(Person.id).where(Person.insurance_code == number)) is None:
            person = Person(
                household_id=door.id, area_id=area_id, full_name=row[COLUMN["Họ và tên"]], insurance_code=number
            )
            session.add(person)
            session.flush()
            session.add(Card(person_id=person.id, category="GD", valid_from="2026-01-01", valid_to="2026-12-31"))
    session.flush()
    refresh_households(session, [door.id for door in doors.values()])


def measured(what: str, rows: int, act: Callable[[], object]) -> None:
    with timed(what, rows):
        act()


def main(rows: int) -> None:
    load_models()
    derived.use(refresh_households)
    with tempfile.TemporaryDirectory() as folder:
        people = good_rows(rows, villages=VILLAGES)
        for row in people:
            row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = 106.611, 17.26
        path = write_list(Path(folder) / "list.xlsx", people)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.1f} MB")
        measured("openpyxl, read only, for comparison", rows, lambda: drained(path))
        url = cluster.new_database("benchmark_import")
        connect(url, 4)
        with patient_transaction(Scope(None, "system", frozenset())) as session:
            village = Village.built(session)
            scope, area_id, own = village.leader.scope, village.commune_id, village.id
        the_import(scope, area_id, path, rows, "")
        the_import(scope, area_id, path, rows, ", again")
        few = min(rows, 2000)
        with patient_transaction(scope) as session:
            session.execute(text("set local synchronous_commit = off"))
            measured("row by row through the ORM, for comparison", few, lambda: row_by_row(session, own, people[:few]))
        cluster.drop_database(url)


def drained(path: Path) -> None:
    for _row in load_workbook(path, read_only=True)["Danh sách"].iter_rows(values_only=True):
        pass


if __name__ == "__main__":
    cluster.choose_folder()
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    finally:
        cluster.remove()
