"""Background jobs: kept or lost with the change they belong to, watched and stopped by who asked."""

import pytest
from sqlalchemy import func, select, text

from tests.builders import Village
from webmap import jobs
from webmap.accounts.scope import SYSTEM, Scope
from webmap.database.engine import reading, transaction
from webmap.errors import ConflictError, NotFoundError
from webmap.worker import work


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, jobs.JobFunction]:
    """A register of the test's own, so that nothing stays behind."""
    monkeypatch.setattr(jobs, "REGISTER", dict(jobs.REGISTER))
    return jobs.REGISTER


@pytest.fixture
def leader(fresh_database: str) -> Scope:
    assert fresh_database
    with transaction(SYSTEM) as session:
        return Village.built(session).leader.scope


def waiting() -> int:
    with reading(SYSTEM) as session:
        return session.scalar(text("select count(*) from jobs.procrastinate_jobs where status = 'todo'")) or 0


def test_a_change_that_is_rolled_back_leaves_no_job(leader: Scope) -> None:
    def change_of_mind() -> None:
        with transaction(leader) as session:
            jobs.enqueue(session, leader, "count doors")
            raise NotFoundError

    with pytest.raises(NotFoundError):
        change_of_mind()

    assert waiting() == 0
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(jobs.Job)) == 0


def test_a_job_runs_with_the_scope_of_who_asked_and_keeps_its_result(
    fresh_database: str, leader: Scope, registered: dict[str, jobs.JobFunction]
) -> None:
    def count_doors(run: jobs.Watch) -> dict[str, object]:
        run.progress(1, 2, "counting")
        with reading(run.scope) as session:
            return {"doors": session.scalar(text("select count(*) from household")), "asked": run.facts["asked"]}

    registered["count doors"] = count_doors
    with transaction(leader) as session:
        job_id = jobs.enqueue(session, leader, "count doors", asked="all")

    work(fresh_database, once=True)

    with reading(leader) as session:
        found = jobs.find(session, job_id)
        assert (found.state, found.result) == ("done", {"doors": 5, "asked": "all"})
        assert (found.done, found.total, found.step) == (1, 2, "counting")


def test_a_waiting_job_that_is_stopped_never_runs(
    fresh_database: str, leader: Scope, registered: dict[str, jobs.JobFunction]
) -> None:
    ran = []
    registered["never"] = lambda run: ran.append(run.id)
    with transaction(leader) as session:
        job_id = jobs.enqueue(session, leader, "never")
    with transaction(leader) as session:
        jobs.want_cancel(session, job_id)

    work(fresh_database, once=True)

    assert ran == []
    with transaction(leader) as session, pytest.raises(ConflictError):
        jobs.want_cancel(session, job_id)


def test_a_running_job_stops_at_its_next_progress_and_its_work_is_undone(
    fresh_database: str, leader: Scope, registered: dict[str, jobs.JobFunction]
) -> None:
    def rename_all(run: jobs.Watch) -> None:
        with transaction(run.scope) as session:
            session.execute(text("update household set note = 'changed'"))
            with transaction(run.scope) as other:
                jobs.want_cancel(other, run.id)
            run.progress(1, 2)

    registered["rename all"] = rename_all
    with transaction(leader) as session:
        job_id = jobs.enqueue(session, leader, "rename all")

    work(fresh_database, once=True)

    with reading(leader) as session:
        assert jobs.find(session, job_id).state == "cancelled"
        assert session.scalar(text("select count(*) from household where note is not null")) == 0


def test_an_error_that_can_be_said_is_kept_as_words_and_facts(
    fresh_database: str, leader: Scope, registered: dict[str, jobs.JobFunction]
) -> None:
    def refuse(_: jobs.Watch) -> None:
        raise NotFoundError(area="Tân Ninh")

    registered["refuse"] = refuse
    with transaction(leader) as session:
        job_id = jobs.enqueue(session, leader, "refuse")

    work(fresh_database, once=True)

    with reading(leader) as session:
        found = jobs.find(session, job_id)
        assert found.state == "failed"
        assert found.error == {"code": "not_found", "text": NotFoundError.text, "facts": {"area": "Tân Ninh"}}


def test_others_jobs_do_not_exist_for_me(leader: Scope) -> None:
    with transaction(leader) as session:
        job_id = jobs.enqueue(session, leader, "count doors")
    stranger = Scope(account_id=job_id, role="leader", area_ids=leader.area_ids)

    with reading(stranger) as session, pytest.raises(NotFoundError):
        jobs.find(session, job_id)
