"""Signing in and out, as a browser does it: what is answered, where one lands, what an old cookie is worth."""

import unicodedata
from time import perf_counter
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, Village
from tests.clients import PageClient, sign_in
from tests.webmap.accounts.browser import cookie_of, is_signed_in, knock, put_cookie
from tests.webmap.accounts.conftest import Later
from webmap.accounts import passwords
from webmap.accounts.current import current_scope
from webmap.accounts.models import Account, AuditEvent, LoginSession
from webmap.app import create_app
from webmap.database.engine import sessions
from webmap.settings import Settings


def test_the_right_password_opens_the_house(client: PageClient, village: Village) -> None:
    answer = knock(client, "leader")

    assert answer.status_code == 302
    assert is_signed_in(client)


def test_name_is_understood_with_capitals_and_spaces_around(client: PageClient, village: Village) -> None:
    assert knock(client, " Leader ").status_code == 302


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("leader", "wrong password"),
        ("nobody-of-that-name", PASSWORD),
        ("", ""),
        ("leader", ""),
        ("leader", PASSWORD.upper()),
        ("\x00", "\x00"),
        ("' or 1=1 --", "x"),
        ("leader", "a" * 9_000),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    client: PageClient, village: Village, username: str, password: str
) -> None:
    answer = knock(client, username, password)

    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.text
    assert not is_signed_in(client)


def test_vietnamese_letters_are_the_same_from_every_keyboard(client: PageClient, village: Village) -> None:
    assert knock(client, "leader", unicodedata.normalize("NFD", PASSWORD)).status_code == 302


def test_a_switched_off_account_is_answered_like_one_that_does_not_exist(
    client: PageClient, session: Session, village: Village
) -> None:
    session.execute(update(Account).where(Account.username == "leader").values(is_active=False))

    answer = knock(client, "leader")

    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.text


def test_an_unknown_name_takes_as_long_as_a_wrong_password(village: Village) -> None:
    kept = passwords.hashed(PASSWORD)
    passwords.is_right("x", None)  # the first time makes nobody's hash

    def seconds(known: str | None) -> float:
        best = []
        for _ in range(5):
            began = perf_counter()
            assert not passwords.is_right("a wrong password", known)
            best.append(perf_counter() - began)
        return min(best)

    assert seconds(None) > seconds(kept) * 0.7


def test_a_switched_off_account_is_out_at_its_next_request(
    client: PageClient, session: Session, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    assert is_signed_in(client)

    session.execute(update(Account).where(Account.id == village.leader.id).values(is_active=False))

    assert not is_signed_in(client)


def test_taking_an_area_away_holds_from_the_next_request_on(
    client: PageClient, session: Session, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    with client:
        client.get("/account")

        assert current_scope().area_ids == {village.commune_id}


def test_the_session_of_before_the_sign_in_is_not_the_one_after(client: PageClient, village: Village) -> None:
    client.get("/sign-in")
    planted = cookie_of(client)  # a thief gave the victim this cookie
    knock(client, "leader")
    after = cookie_of(client)

    assert after != planted
    put_cookie(client, planted)
    assert not is_signed_in(client)


def test_a_stolen_cookie_is_dead_after_sign_out(client: PageClient, village: Village) -> None:
    knock(client, "leader")
    stolen = cookie_of(client)
    client.post("/sign-out")

    put_cookie(client, stolen)

    assert not is_signed_in(client)


def test_a_stolen_cookie_is_dead_after_signing_out_everywhere(client: PageClient, village: Village) -> None:
    knock(client, "leader")
    stolen = cookie_of(client)
    other = client.application.test_client()
    knock(other, "leader")

    other.post("/account/sign-out-everywhere")

    put_cookie(client, stolen)
    assert not is_signed_in(client)
    assert not is_signed_in(other)


def test_a_new_password_ends_all_other_sign_ins_and_renews_this_one(client: PageClient, village: Village) -> None:
    other = client.application.test_client()
    knock(other, "leader")
    knock(client, "leader")
    before = cookie_of(client)

    new = "bốn con vịt xiêm"
    answer = client.post("/account/password", data={"old_password": PASSWORD, "new_password": new, "again": new})

    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    put_cookie(client, before)
    assert not is_signed_in(client)
    assert knock(other, "leader").status_code == 422
    assert knock(other, "leader", new).status_code == 302


def test_an_unused_sign_in_ends_by_itself(client: PageClient, village: Village, later: Later) -> None:
    knock(client, "leader")
    later(days=31)

    assert not is_signed_in(client)


def test_a_sign_in_in_use_is_renewed_but_not_for_ever(client: PageClient, village: Village, later: Later) -> None:
    knock(client, "leader")
    for _ in range(4):
        later(days=20)
        assert is_signed_in(client)
    later(days=11)  # the 91st day

    assert not is_signed_in(client)


def test_looking_at_pages_writes_down_only_now_and_then_that_one_is_there(
    client: PageClient, session: Session, village: Village, later: Later
) -> None:
    knock(client, "leader")
    seen_at = select(LoginSession.seen_at)
    first = session.scalar(seen_at)
    client.get("/account")
    session.expire_all()
    assert session.scalar(seen_at) == first

    later(minutes=6)
    client.get("/account")

    session.expire_all()
    assert session.scalar(seen_at) > first


def test_a_forged_cookie_is_nobodys(client: PageClient, session: Session, village: Village) -> None:
    knock(client, "leader")
    put_cookie(client, cookie_of(client)[:-2] + "AA")

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/account", "/account"),
        ("/households?q=đào&status=uncovered", "/households?q=đào&status=uncovered"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("account", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_only_lands_on_our_own_pages(
    client: PageClient, village: Village, wanted: str, led_to: str
) -> None:

    assert unquote(knock(client, "leader", goal=wanted).headers["Location"]) == led_to
    assert unquote(client.get("/language/vi", query_string={"next": wanted}).headers["Location"]) == led_to


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client: PageClient, village: Village) -> None:
    header = knock(client, "leader").headers.getlist("Set-Cookie")
    flags = next(line for line in header if line.startswith("session="))

    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Domain" not in flags


def test_over_https_the_cookie_is_bound_to_this_host(
    session: Session, village: Village, test_database_app: Flask
) -> None:
    client = test_database_app.test_client()
    client.get("/sign-in", base_url="https://localhost")
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["anything"] = 1
    header = client.get("/sign-in", base_url="https://localhost").headers.getlist("Set-Cookie")

    assert test_database_app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert test_database_app.config["SESSION_COOKIE_SECURE"] is True
    assert all("Secure" in line and "Path=/" in line for line in header if line.startswith("__Host-"))


@pytest.fixture
def test_database_app(database_url: str, app_settings: Settings, session: Session) -> Flask:
    """The app as it runs behind https."""
    bind = session.get_bind()

    made = create_app(app_settings.model_copy(update={"is_https": True}), database_url=database_url, testing=True)
    made.extensions["engine"].dispose()
    sessions.configure(bind=bind, join_transaction_mode="create_savepoint")
    return made


def test_signing_in_and_out_is_in_the_audit(client: PageClient, session: Session, village: Village) -> None:
    knock(client, "leader")
    client.post("/sign-out")

    deeds = session.execute(select(AuditEvent.action, AuditEvent.account_id).order_by(AuditEvent.id)).all()
    assert [tuple(deed) for deed in deeds] == [("sign in", village.leader.id), ("sign out", village.leader.id)]


def test_the_account_page_shows_where_one_is_signed_in(client: PageClient, village: Village) -> None:
    client.post(
        "/sign-in",
        data={"username": "leader", "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile"},
        environ_base={"REMOTE_ADDR": "192.0.2.10"},
    )
    page = client.get("/account").text

    assert "Chrome, Android" in page
    assert "192.0.2.10" in page
    assert "Thiết bị này" in page


def test_the_language_of_the_account_is_spoken_after_signing_in(client: PageClient, village: Village) -> None:
    assert "Đăng nhập" in client.get("/sign-in").text
    assert "Sign in" in client.get("/sign-in?lang=en").text
    knock(client, "leader")
    client.post("/account/language", data={"language": "en"})

    assert "My account" in client.get("/account").text
    client.post("/sign-out")
    assert "Sign in" in client.get("/sign-in").text  # this browser remembers


def test_a_strange_language_is_refused_and_changes_nothing(
    client: PageClient, session: Session, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    assert client.post("/account/language", data={"language": "xx"}).status_code == 422
    assert session.scalar(select(Account.language).where(Account.id == village.leader.id)) == "vi"
    assert client.get("/language/xx").status_code == 404
    client.set_cookie("language", "xx'\"<script>")
    assert "Tài khoản của tôi" in client.get("/account").text
