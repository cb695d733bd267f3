"""Passwords: the first one, one's own, and the weak ones."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, Village, an_account
from tests.clients import PageClient, sign_in
from tests.webmap.accounts.browser import is_signed_in, knock
from webmap import clock
from webmap.accounts.models import Account


def test_a_first_password_leads_to_choosing_ones_own_and_nowhere_else(
    client: PageClient, session: Session, village: Village
) -> None:
    an_account(session, "new-one", "leader", village.commune_id, must_change_password=True)
    knock(client, "new-one")

    assert client.get("/account").headers["Location"] == "/account/password"
    assert client.get("/").headers["Location"] == "/account/password"
    assert client.get("/api/jobs/018f0000-0000-7000-8000-000000000000").status_code == 403

    new = "bốn con vịt xiêm"
    client.post("/account/password", data={"old_password": PASSWORD, "new_password": new, "again": new})
    assert is_signed_in(client)


def test_a_first_password_that_lay_about_for_weeks_opens_nothing(
    client: PageClient, session: Session, village: Village
) -> None:
    given = clock.now() - timedelta(days=15)
    an_account(session, "new-one", "leader", village.commune_id, must_change_password=True, password_changed_at=given)

    answer = knock(client, "new-one")

    assert answer.status_code == 422
    assert "đã hết hạn" in answer.text


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("ngắn quá", "ngắn quá", "ít nhất 10"),
        ("1234567890", "1234567890", "dễ đoán"),
        ("Password123!", "Password123!", "dễ đoán"),
        ("matkhau2024", "matkhau2024", "dễ đoán"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "dễ đoán"),
        ("abcabcabcabc", "abcabcabcabc", "dễ đoán"),
        ("leader-nguyen-2024", "leader-nguyen-2024", "dễ đoán"),
        ("bốn con vịt xiêm", "năm con vịt xiêm", "không giống nhau"),
        (PASSWORD, PASSWORD, "khác mật khẩu cũ"),
        ("x" * 201, "x" * 201, "nhiều nhất 200"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(
    client: PageClient, village: Village, new: str, again: str, said: str
) -> None:
    knock(client, "leader")

    answer = client.post("/account/password", data={"old_password": PASSWORD, "new_password": new, "again": again})

    assert answer.status_code == 422
    assert said in answer.text


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


def test_an_old_hash_is_made_anew_at_the_next_sign_in(client: PageClient, session: Session, village: Village) -> None:

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.execute(update(Account).where(Account.username == "leader").values(password_hash=weak))
    knock(client, "leader")

    session.expire_all()
    kept = session.scalar(select(Account.password_hash).where(Account.username == "leader"))
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
