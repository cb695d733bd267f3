"""The first page of each role, and the sign of life."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from webmap.assets import has_page
from webmap.database.engine import connect, sessions


@pytest.mark.parametrize(
    ("member", "first"),
    [("admin", "/map"), ("supervisor", "/map"), ("leader", "/map"), ("canvasser", "/walk"), ("counter", "/map")],
)
def test_everybody_lands_where_her_day_begins(
    client: PageClient, session: Session, village: Village, member: str, first: str
) -> None:
    sign_in(session, client, village.members[member].id)
    with client.application.test_request_context():
        expected = first if has_page(first) else "/account"

    assert client.get("/").headers["Location"] == expected


def test_the_house_is_well_when_database_and_version_are(client: PageClient, session: Session) -> None:
    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json == {"status": "no worker", "database": True, "migrated": True, "worker": False}

    session.execute(text("insert into jobs.procrastinate_workers (last_heartbeat) values (now())"))
    assert client.get("/health").json["status"] == "ok"


def test_a_database_of_another_version_is_told(client: PageClient, session: Session) -> None:
    session.execute(text("set local role none"))
    session.execute(text("update alembic_version set version_num = '0001'"))
    session.execute(text("set local role web_app"))

    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json["migrated"] is False


def test_a_database_that_does_not_answer_is_told_and_nothing_else(app: Flask, client: PageClient) -> None:
    before = dict(sessions.kw)
    gone = connect("postgresql:///nowhere?host=/nonexistent", 1)
    try:
        answer = client.get("/health")
    finally:
        sessions.configure(**before)
        gone.dispose()

    assert answer.status_code == 503
    assert answer.json == {"status": "down", "database": False, "migrated": False, "worker": False}
    assert "nonexistent" not in answer.text
