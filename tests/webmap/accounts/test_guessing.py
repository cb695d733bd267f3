"""Guessing passwords is made slow, and honest people are not kept waiting for it."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.accounts.browser import is_signed_in, knock
from tests.webmap.accounts.conftest import Later
from webmap import clock
from webmap.accounts import rules
from webmap.accounts.errors import TooManyTriesError
from webmap.accounts.models import LoginAttempt
from webmap.accounts.throttle import begin_try


def test_guessing_is_slowed_down_and_says_how_long(client: PageClient, village: Village, app: Flask) -> None:
    free = app.config["WEBMAP"].login_attempts
    for _ in range(free):
        assert knock(client, "leader", "wrong password").status_code == 422

    answer = knock(client, "leader")  # the right one, but too early

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "1 phút" in answer.text
    assert not is_signed_in(client)


def test_an_account_that_does_not_exist_has_to_wait_the_same(client: PageClient, village: Village, app: Flask) -> None:
    for _ in range(app.config["WEBMAP"].login_attempts):
        knock(client, "no-such-person", "wrong password")

    assert knock(client, "no-such-person").status_code == 429


def test_nobody_is_locked_out_for_good(client: PageClient, village: Village, app: Flask, later: Later) -> None:
    for _ in range(app.config["WEBMAP"].login_attempts):
        knock(client, "leader", "wrong password")
    assert knock(client, "leader").status_code == 429
    later(seconds=31)

    assert knock(client, "leader").status_code == 302


def test_waits_grow_and_a_thief_has_under_a_hundred_tries_a_day(
    session: Session, client: PageClient, later: Later
) -> None:

    tries, gone = 0, 0
    while gone < 86_400:
        try:
            begin_try(session, "leader", f"203.0.113.{tries % 250}", 8)
            tries += 1
        except TooManyTriesError as wait:
            seconds = int(str(wait.facts["seconds"]))
            later(seconds=seconds)
            gone += seconds

    assert 40 < tries <= 100


def test_a_guesser_elsewhere_does_not_keep_her_waiting_where_she_is_known(
    client: PageClient, village: Village, app: Flask
) -> None:
    knock(client, "leader", address="192.0.2.10")
    thief = app.test_client()
    for _ in range(app.config["WEBMAP"].login_attempts + 1):
        answer = knock(thief, "leader", "wrong password", address="198.51.100.66")
    assert answer.status_code == 429

    assert knock(client, "leader", address="192.0.2.10").status_code == 302


def test_trying_many_names_from_one_address_is_slowed_down_too(
    client: PageClient, session: Session, village: Village, app: Flask
) -> None:
    many = app.config["WEBMAP"].login_attempts * rules.ADDRESS_FACTOR
    session.add_all(
        LoginAttempt(username=f"name-{n}", address="198.51.100.7", at=clock.now(), has_succeeded=False)
        for n in range(many)
    )
    session.flush()

    assert knock(client, "leader").status_code == 429
    assert knock(client, "leader", address="198.51.100.8").status_code == 302


def test_a_password_typed_into_the_name_field_is_not_kept(
    client: PageClient, session: Session, village: Village
) -> None:
    knock(client, "Mật khẩu của tôi!", "")

    kept = session.scalars(select(LoginAttempt.username)).all()
    assert kept
    assert all("mật" not in name for name in kept)


def test_old_tries_are_forgotten(client: PageClient, session: Session, village: Village) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    session.add(LoginAttempt(username="somebody", address="203.0.113.1", at=long_ago, has_succeeded=False))
    session.flush()

    knock(client, "leader")

    assert session.scalar(select(func.count()).where(LoginAttempt.username == "somebody")) == 0


def test_changing_a_password_needs_the_old_one_and_cannot_be_guessed_either(
    client: PageClient, session: Session, village: Village, app: Flask
) -> None:
    sign_in(session, client, village.leader.id)
    typed = {"old_password": "not the old one", "new_password": "bốn con vịt xiêm", "again": "bốn con vịt xiêm"}

    answers = [
        client.post("/account/password", data=typed).status_code for _ in range(app.config["WEBMAP"].login_attempts + 1)
    ]

    assert answers[0] == 422
    assert answers[-1] == 429
