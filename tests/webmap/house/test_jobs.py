"""The page of a job: how far it is, what became of it, and that it is nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village, a_job
from tests.clients import PageClient, sign_in
from webmap import clock


@pytest.fixture
def leader(client: PageClient, session: Session, village: Village) -> PageClient:
    sign_in(session, client, village.leader.id)
    return client


def a_worker(session: Session, seconds_ago: int) -> None:
    session.execute(
        text("insert into jobs.procrastinate_workers (last_heartbeat) values (:at)"),
        {"at": clock.now() - timedelta(seconds=seconds_ago)},
    )


def test_a_running_job_says_how_far_it_is_and_can_be_stopped(
    leader: PageClient, session: Session, village: Village
) -> None:
    job = a_job(session, village.leader, state="running", done=1234, total=4000, step="At work")
    page = leader.get(f"/jobs/{job.id}").text

    assert "1.234 trên 4.000" in page
    assert "(30%)" in page
    assert 'value="30"' in page
    assert "Đang chạy" in page
    assert f'action="/jobs/{job.id}/cancel"' in page


def test_the_page_asks_again_every_second_only_while_there_is_something_to_wait_for(
    leader: PageClient, session: Session, village: Village
) -> None:
    job = a_job(session, village.leader, state="running")
    assert 'hx-trigger="every 1s"' in leader.get(f"/jobs/{job.id}/fragment").text

    job.state = "done"
    session.flush()
    fragment = leader.get(f"/jobs/{job.id}/fragment").text
    assert "hx-" not in fragment
    assert "<html" not in fragment


def test_without_javascript_a_link_looks_again(leader: PageClient, session: Session, village: Village) -> None:
    job = a_job(session, village.leader)

    assert f'href="/jobs/{job.id}"' in leader.get(f"/jobs/{job.id}").text


def test_a_waiting_job_is_stopped_at_once_and_only_once(leader: PageClient, session: Session, village: Village) -> None:
    job = a_job(session, village.leader)

    assert leader.post(f"/jobs/{job.id}/cancel").status_code == 302
    session.refresh(job)
    assert job.state == "cancelled"
    assert leader.post(f"/jobs/{job.id}/cancel").status_code == 409


def test_a_running_job_is_asked_to_stop(leader: PageClient, session: Session, village: Village) -> None:
    job = a_job(session, village.leader, state="running")
    answer = leader.post(f"/jobs/{job.id}/cancel", headers={"HX-Request": "true"})

    assert "Đang dừng" in answer.text
    session.refresh(job)
    assert job.is_cancel_wanted
    assert job.state == "running"


def test_a_done_job_leads_on(leader: PageClient, session: Session, village: Village) -> None:
    job = a_job(session, village.leader, state="done", result={"next": "/households?status=uncovered"})

    assert 'href="/households?status=uncovered"' in leader.get(f"/jobs/{job.id}").text


def test_whoever_waited_for_a_job_is_led_on_without_a_click(
    leader: PageClient, session: Session, village: Village
) -> None:
    job = a_job(session, village.leader, state="done", result={"next": "/plans"}, ended_at=clock.now())

    assert leader.get(f"/jobs/{job.id}/fragment").headers["HX-Redirect"] == "/plans"
    assert leader.get(f"/jobs/{job.id}").location == "/plans"

    job.ended_at = clock.now() - timedelta(minutes=1)
    session.flush()
    assert leader.get(f"/jobs/{job.id}").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "javascript:alert(1)", None])
def test_a_job_leads_nowhere_else(
    leader: PageClient, session: Session, village: Village, elsewhere: str | None
) -> None:
    job = a_job(session, village.leader, state="done", result={"next": elsewhere})
    page = leader.get(f"/jobs/{job.id}").text

    assert "evil" not in page
    assert "javascript:" not in page


def test_why_a_job_failed_is_told_in_the_readers_language(
    leader: PageClient, session: Session, village: Village
) -> None:
    error: dict[str, Any] = {"code": "x", "text": "This may have at most %(max_length)s characters."}
    job = a_job(session, village.leader, state="failed", error=error | {"facts": {"max_length": "<b>7</b>"}})

    assert "Nhiều nhất &lt;b&gt;7&lt;/b&gt; ký tự." in leader.get(f"/jobs/{job.id}").text
    assert "at most &lt;b&gt;7" in leader.get(f"/jobs/{job.id}?lang=en").text
    assert leader.get(f"/api/jobs/{job.id}").json["error"]["text"] == "Nhiều nhất <b>7</b> ký tự."


def test_a_job_that_waits_for_a_worker_who_is_not_there_says_so(
    leader: PageClient, session: Session, village: Village
) -> None:
    job = a_job(session, village.leader)
    missing = "Chương trình chạy nền đang tắt"

    assert missing in leader.get(f"/jobs/{job.id}").text
    a_worker(session, 300)
    assert missing in leader.get(f"/jobs/{job.id}").text
    a_worker(session, 5)
    assert missing not in leader.get(f"/jobs/{job.id}").text


def test_programs_read_the_same(leader: PageClient, session: Session, village: Village) -> None:
    job = a_job(session, village.leader, state="running", done=2, total=5)

    assert leader.get(f"/api/jobs/{job.id}").json == {
        "id": str(job.id),
        "name": "count doors",
        "state": "running",
        "done": 2,
        "total": 5,
        "step": None,
        "result": None,
        "error": None,
    }


@pytest.mark.parametrize("path", ["/jobs/{}", "/jobs/{}/fragment", "/api/jobs/{}"])
def test_a_colleagues_job_does_not_exist(leader: PageClient, session: Session, village: Village, path: str) -> None:
    """Not even an administrator's above her, and not hers for him."""
    his = a_job(session, village.admin)

    assert leader.get(path.format(his.id)).status_code == 404
    assert leader.post(f"/jobs/{his.id}/cancel").status_code == 404
