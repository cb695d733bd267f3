"""Several people write at once while the folder adds up: nobody waits in a circle, nothing drifts."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from tests.builders import a_card, a_household, a_person, the_areas
from webmap.accounts.scope import SYSTEM
from webmap.areas.models import AreaParent
from webmap.coverage.jobs import begin_day, day, fold
from webmap.coverage.models import CoverageDelta
from webmap.coverage.publishing import is_published
from webmap.coverage.queries import area_figures, drift
from webmap.coverage.service import refresh_households
from webmap.database.engine import reading, transaction
from webmap.households.models import Household, Person
from webmap.jobs import Job, Watch
from webmap.worker import RETRY_STALLED, retry_stalled, work

SECONDS = 4
DAY = date(2026, 5, 20)


def write(seed: int, ids: list[UUID], villages: list[int], until: float) -> int:
    """Change doors at random until it is time: always several at once, in any order."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    written = 0
    while time.monotonic() < until:
        chosen = chance.sample(ids, 3)
        with transaction(SYSTEM) as session:
            deed = chance.randrange(6)
            rows = session.scalars(
                select(Household).where(Household.id.in_(chosen)).order_by(Household.id).with_for_update()
            ).all()
            for one in rows:
                if deed == 0:
                    one.area_id = chance.choice(villages)
                elif deed == 1:
                    one.point, one.place_source = None, None
                elif deed == 2:
                    one.point = func.st_setsrid(
                        func.st_makepoint(106.6 + chance.random() / 10, 17.2 + chance.random() / 10), 4326
                    )
                    one.place_source = "by_hand"
                elif deed == 3:
                    one.ended_on = None if one.ended_on else DAY
            if deed == 4:
                session.execute(
                    update(Person)
                    .where(Person.household_id.in_(chosen))
                    .values(residency=chance.choice(["living", "away"]))
                )
            if deed == 5:
                a_card(session, a_person(session, rows[0], "Lê Thị Mới"), valid_from=DAY, valid_to=None)
            refresh_households(session, chosen, DAY)
        written += 1
    return written


def keep_folding(until: float) -> None:
    while time.monotonic() < until:
        fold()


def move_villages(village_id: int, parents: list[int], until: float) -> None:
    turn = 0
    while time.monotonic() < until:
        turn += 1
        with transaction(SYSTEM) as session:
            session.execute(
                update(AreaParent).where(AreaParent.area_id == village_id).values(parent_id=parents[turn % 2])
            )
            session.execute(select(func.area_tree_rebuild()))
        time.sleep(0.2)


def test_nothing_drifts_while_four_write_one_adds_up_and_one_moves_villages(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        province, commune, first, second, neighbour, third, fourth = the_areas(session)
        villages = [first, second, third, fourth]
        ids = []
        for number in range(60):
            home = a_household(session, villages[number % 4], f"H{number}", lonlat=(106.6 + number / 1000, 17.25))
            a_person(session, home, "Trần Văn Ba")
            ids.append(home.id)

    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(6) as pool:
        folder = pool.submit(keep_folding, until)
        mover = pool.submit(move_villages, first, [neighbour, commune], until)
        writers = [pool.submit(write, seed, ids, villages, until) for seed in range(4)]
        written = sum(one.result() for one in writers)
        folder.result()
        mover.result()

    assert written > 20
    with reading(SYSTEM) as session:
        assert drift(session) == []
    fold()
    with reading(SYSTEM) as session:
        assert drift(session) == []
        assert session.scalar(select(func.count()).select_from(CoverageDelta)) == 0
        counted = session.execute(
            text("select count(*), sum(registered_count), sum(covered_count) from household where ended_on is null")
        ).one()
        told = area_figures(session, SYSTEM, [province])[province]
        assert (told.households, told.registered, told.covered) == tuple(counted)


def test_the_day_s_work_is_put_in_line_once_a_day_and_twice_changes_nothing(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        _, _, first, *_ = the_areas(session)
        for number in range(12):
            a_person(session, a_household(session, first, f"H{number}"), "Trần Văn Ba")
    begin_day()
    begin_day()

    work(fresh_database, once=True)

    with reading(SYSTEM) as session:
        (job,) = session.scalars(select(Job).where(Job.name == "coverage day"))
        assert (job.state, job.result) == ("done", {"areas": 1, "households": 12, "differing": 0})
        assert is_published(session)
        again = Watch(job.id, dict(job.facts), SYSTEM)
    assert day(again) == {"areas": 1, "households": 0, "differing": 0}


@pytest.mark.parametrize("heartbeat_age", [31, None])
def test_the_job_of_a_worker_that_was_killed_runs_again(fresh_database: str, heartbeat_age: int | None) -> None:
    begin_day()
    with transaction(SYSTEM) as session:
        lost_by_a_killed_worker(session, heartbeat_age)

    retry_stalled()
    work(fresh_database, once=True)

    with reading(SYSTEM) as session:
        (job,) = session.scalars(select(Job).where(Job.name == "coverage day"))
        assert job.state == "done"


def test_the_job_of_a_worker_that_lives_is_left_to_it(fresh_database: str) -> None:
    begin_day()
    with transaction(SYSTEM) as session:
        lost_by_a_killed_worker(session, 5)

        assert session.execute(RETRY_STALLED, {"seconds": 30}).all() == []


def lost_by_a_killed_worker(session: Session, heartbeat_age: int | None) -> None:
    """As kill -9 leaves it: the job `doing`, its worker's heartbeat old, or the worker forgotten."""
    worker_id = None
    if heartbeat_age is not None:
        worker_id = session.scalar(
            text(
                "insert into jobs.procrastinate_workers (last_heartbeat)"
                " values (now() - make_interval(secs => :age)) returning id"
            ),
            {"age": heartbeat_age},
        )
    session.execute(
        text("update jobs.procrastinate_jobs set status = 'doing', worker_id = :worker"), {"worker": worker_id}
    )
    session.execute(update(Job).values(state="running"))
