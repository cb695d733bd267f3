"""How long the ledger of a province takes: its sheet, a page of people behind a number, the same of one village, and
the work list; beside the plainest question there is, how many people are on the register.

    python -m benchmarks.ledger FOLDER [--people 1000000] [--explain]

makes a private cluster in FOLDER with households of four in villages of 500 people, 1.1 cards each, all known for ten
days; then a week passes: 8 % of the people and of the cards change, some come, some go, and a complete roll is applied
that lists nine of ten. Nothing in it is of any person.
"""

import argparse
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from benchmarks.world import address_in, timed
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.app import load_models
from webmap.database import migrate, private_server
from webmap.database.engine import connect, reading
from webmap.ledger import queries, rules, work
from webmap.ledger.queries import Period

AREAS = """
insert into area (level_id, code, name, valid_from) values (2, 'P', 'Tỉnh thử', '2020-01-01');
insert into area (level_id, code, name, valid_from)
  select 4, 'C' || n, 'Xã ' || n, '2020-01-01' from generate_series(0, {villages} / 10) n;
insert into area (level_id, code, name, valid_from)
  select 5, 'V' || n, 'Thôn ' || n, '2020-01-01' from generate_series(0, {villages} - 1) n;
insert into area_parent (area_id, parent_id, valid_from)
  select below.id, above.id, '2020-01-01' from area below, area above where above.code = case below.level_id
    when 4 then 'P' when 5 then 'C' || (substr(below.code, 2)::int / 10) end;
select area_tree_rebuild();
"""
PEOPLE = """
insert into household (area_id, code, head_name)
  select area.id, area.code || '-' || n, 'Nguyễn Văn ' || n from area, generate_series(1, 125) n where level_id = 5;
insert into person (household_id, area_id, full_name, birth_year, residency, insurance_code, known_from)
  select id, area_id, head_name || ' ' || n, 1950 + n * 15, case when random() < 0.07 then 'away' else 'living' end,
         lpad((number * 4 + n)::text, 10, '0'), now() - interval '10 days'
    from household, generate_series(1, 4) n;
insert into card (person_id, category, valid_from, valid_to, origin, known_from)
  select id, (array['GD', 'HN', 'HS', 'DN'])[1 + floor(random() * 4)::int], current_date - 300,
         current_date + floor(random() * 300)::int, 'roll', now() - interval '10 days'
    from person, generate_series(1, 1 + (random() < 0.2)::int) where random() < 0.92;
"""
A_WEEK = """
update person set residency = (array['moved_out', 'deceased', 'away', 'living'])[1 + floor(random() * 4)::int]
  where random() < 0.03;
update person set reported_on = current_date - floor(random() * 40)::int where random() < 0.03;
update person set reason_group = (array['hardship', 'student', 'other'])[1 + floor(random() * 3)::int]
  where random() < 0.02;
update card set valid_to = current_date - 1 where random() < 0.04;
insert into card (person_id, category, valid_from, valid_to, origin)
  select id, 'GD', current_date, current_date + 365, 'roll' from person where random() < 0.04;
delete from card where person_id in (select id from person where insurance_code like '%77');
delete from person where insurance_code like '%77';
insert into person (household_id, area_id, full_name, birth_on)
  select id, area_id, 'Bé ' || code, current_date - 3 from household where random() < 0.04;
insert into roll_import (id, area_id, account_id, file_name, sha256, purpose, legal_basis, listed_on, is_complete,
    state, applied_at)
  select uuid7(), id, uuid7(), 'ds.xlsx', '0', 'coverage', 'task', current_date, true, 'applied',
         now() - interval '1 hour'
    from area where code = 'P';
insert into roll_row (import_id, row_number, area_id, full_name, birth_year, verdict, person_id)
  select roll_import.id, row_number() over (), person.area_id, full_name, birth_year,
         case when random() < 0.01 then 'stranger' else 'same' end, person.id
    from person, roll_import where random() < 0.9;
update roll_row set person_id = null where verdict = 'stranger';
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--explain", action="store_true", help="print the plan of the sheet as well")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    given.folder.chmod(0o755)
    url = made(private_server.start(given.folder), max(10, given.people // 500))
    measure(url, explain=given.explain)


def made(server: str, villages: int) -> str:
    """A database of that many villages after a week, and its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database ledger")
    url = address_in(server, "ledger")
    migrate.upgrade(url)
    with psycopg.connect(url) as connection:
        for statements in (AREAS.replace("{villages}", str(villages)), PEOPLE):
            timed(connection, statements)
            connection.commit()
        timed(connection, A_WEEK)
        connection.commit()
        connection.autocommit = True
        timed(connection, "vacuum analyze")
        # statuses and what is due are those of this moment; nothing is drawn, so figures of cells are left out
        timed(connection, "select coverage_rebuild(current_date)")
        timed(connection, "vacuum analyze")
    return url


def measure(url: str, *, explain: bool) -> None:
    load_models()
    connect(url)
    period = Period(clock.today() - timedelta(days=7), clock.today())
    with reading(SYSTEM) as session:
        session.execute(text("set local statement_timeout = 0"))
        rows = session.execute(text("select code, id from area where code in ('P', 'C0', 'V0')"))
        ids: dict[str, int] = {row.code: row.id for row in rows}
        asked = text("select count(*) from person where residency in ('living', 'away')")
        people = took("people on the register, plainly", lambda: session.scalar(asked) or 0)
        begun = time.perf_counter()
        sheet = took("sheet of the province", lambda: queries.sheet(session, SYSTEM, ids["P"], period))
        seconds = time.perf_counter() - begun
        print(f"    {people / seconds:,.0f} people/s")
        check(sheet)
        for code, name in (("P", "the province"), ("C0", "a commune"), ("V0", "a village")):
            took(f"sheet of {name}", lambda code=code: queries.sheet(session, SYSTEM, ids[code], period))
            line = rules.LINES["newly_covered"]
            took(
                f"people newly covered in {name}",
                lambda code=code, line=line: queries.people(session, ids[code], period, line, below=None, number=1),
            )
            took(f"work list of {name}", lambda code=code: work.page(session, ids[code], work.WorkFilter()).total)
            took(f"shares and radar of {name}", lambda code=code: shares(session, ids[code]))
        if explain:
            print_plan(session, ids["P"], period)
    print(f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def shares(session: Any, area_id: int) -> int:
    work.radar(session, area_id)
    return len(work.shares(session, area_id, work.WorkFilter())[0])


def check(sheet: queries.Sheet) -> None:
    """The sums hold on the large one too."""
    number = sheet.number
    came, left = sum(map(number, rules.CAME)), sum(map(number, rules.LEFT))
    assert number("opening") + came - left == number("closing")
    print("    " + ", ".join(f"{line} {number(line):,}" for line in ("opening", "closing", "covered", "not_on_roll")))


def took(name: str, doing: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = doing()
    print(f"{name}: {time.perf_counter() - begun:.2f} s", flush=True)
    return result


def print_plan(session: Any, area_id: int, period: Period) -> None:
    ground = "array(select ledger_ground(:area_id, :last))"
    rows = session.execute(
        text(
            "explain (analyze, buffers) select bucket, count(*) from ledger_rows("
            f"(select {ground}), (select array(select ledger_sources({ground}, :last))), :first, :last, 14) group by 1"
        ),
        {"area_id": area_id, "first": period.first, "last": period.last},
    )
    print("\n".join(row[0] for row in rows))


if __name__ == "__main__":
    main()
