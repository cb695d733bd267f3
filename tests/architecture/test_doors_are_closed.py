"""Every address of the app, asked by nobody, by each role, and by each role of the neighbour commune.

A NEW VIEW FAILS HERE UNTIL IT IS IN THE TABLE. Add a line to DOORS in tests/architecture/doors.py, whose head says how.
The tests do the rest: for every method they send the request as everybody who exists, and undo it.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.architecture.doors import DOORS
from tests.architecture.records import OTHER_PARAMETERS, RECORDS
from tests.builders import Member, Village, an_account
from tests.clients import PageClient, sign_in
from webmap.accounts.rules import EVERYBODY, Role

NO_SUCH_ID = UUID("018f0000-0000-7000-8000-00000000dead")
NO_SUCH_NUMBER = 2_000_000_000
WRITING = ("POST", "PUT", "PATCH", "DELETE")


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Every address with every method it takes."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@dataclass
class Street:
    """Everything that is needed to ring at any door."""

    app: Flask
    session: Session
    village: Village
    strangers: dict[str, Member]

    def ring(self, rule: Rule, method: str, asking: Member | None, *, absent: bool = False) -> TestResponse:
        """Send one request as somebody; whatever it changes is undone."""
        door = DOORS[rule.endpoint]
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        with undone(self.session):
            if asking is not None:
                sign_in(self.session, client, asking.id)
            values = {name: self.value(rule, name, asking, absent=absent) for name in rule.arguments}
            with self.app.test_request_context():
                built = self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            sent: dict[str, Any] = {"query_string": door.query}
            if method in WRITING:
                sent |= {"json": door.json} if door.json is not None else {"data": door.form}
            answer = client.open(built, method=method, **sent)
            answer.get_data()
            answer.close()
            return answer

    def value(self, rule: Rule, name: str, asking: Member | None, *, absent: bool) -> object:
        if name in OTHER_PARAMETERS:
            return OTHER_PARAMETERS[name]
        assert name in RECORDS, f"<{name}> of {rule.rule}: add a line to RECORDS or OTHER_PARAMETERS in this file"
        record = RECORDS[name](self.session, self.village, asking or self.village.leader)
        return (NO_SUCH_NUMBER if isinstance(record, int) else NO_SUCH_ID) if absent else record


@contextmanager
def undone(session: Session) -> Iterator[None]:
    point = session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        session.expire_all()


@pytest.fixture
def street(app: Flask, session: Session, village: Village) -> Street:
    strangers = {
        role: an_account(session, f"neighbour-{role}", role, village.neighbour_commune_id) for role in EVERYBODY
    }
    return Street(app, session, village, strangers)


def told(rule: Rule, method: str, who: str, answer: TestResponse) -> str:
    return f"{method} {rule.rule} ({rule.endpoint}) as {who}: {answer.status_code}"


def is_asked_to_sign_in(method: str, answer: TestResponse) -> bool:
    """A page leads to the sign-in; a program, and whoever sends something, is told."""
    return answer.status_code == 401 or (
        method == "GET" and answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
    )


def test_every_view_is_in_the_table_and_the_table_has_no_others(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert endpoints - set(DOORS) == set(), "say in tests/architecture/doors.py who may enter"
    assert set(DOORS) - endpoints == set()


def test_every_view_is_marked_as_the_table_says(app: Flask) -> None:
    marks = {
        endpoint: getattr(app.view_functions[endpoint], "allowed_roles", frozenset())
        for endpoint in DOORS
        if endpoint != "static"
    }

    assert {endpoint: as_set(mark) for endpoint, mark in marks.items()} == {
        endpoint: as_set(DOORS[endpoint].roles) for endpoint in marks
    }


def as_set(roles: Collection[Role] | None) -> set[Role] | None:
    return None if roles is None else set(roles)


def test_nobody_gets_further_than_the_sign_in(street: Street) -> None:
    wrong = []
    for rule, method in rules(street.app):
        answer = street.ring(rule, method, None)
        is_open = DOORS[rule.endpoint].roles is None
        if answer.status_code >= 500 or is_asked_to_sign_in(method, answer) == is_open:
            wrong.append(told(rule, method, "nobody", answer))

    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_enters_its_doors_and_no_others(street: Street, role: Role) -> None:
    wrong = []
    for rule, method in rules(street.app):
        roles = DOORS[rule.endpoint].roles
        answer = street.ring(rule, method, street.village.members[role])
        may_enter = roles is None or role in roles
        if (
            answer.status_code >= 500
            or (answer.status_code == 403) == may_enter
            or (is_asked_to_sign_in(method, answer) and roles)
        ):
            wrong.append(told(rule, method, role, answer))

    assert wrong == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR, Role.LEADER])
def test_the_records_of_this_test_are_real(street: Street, role: Role) -> None:
    """Else "not found" below would prove nothing."""
    wrong = []
    for rule, method in rules(street.app):
        roles = DOORS[rule.endpoint].roles
        if method == "GET" and DOORS[rule.endpoint].is_about_a_record and (roles is None or role in roles):
            answer = street.ring(rule, method, street.village.members[role])
            if answer.status_code not in (200, 204, 302, 303, 422):
                wrong.append(told(rule, method, role, answer))

    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_neighbours_records_do_not_exist(street: Street, role: Role) -> None:
    """Neither to read nor to write, and the answer does not tell a neighbour's record from none at all."""
    stranger, wrong = street.strangers[role], []
    for rule, method in rules(street.app):
        door = DOORS[rule.endpoint]
        if not (rule.arguments & set(RECORDS)) or not door.is_about_a_record:
            continue
        if door.roles is not None and role not in door.roles:
            continue
        foreign = street.ring(rule, method, stranger)
        absent = street.ring(rule, method, stranger, absent=True)
        if foreign.status_code != 404 or plain(foreign) != plain(absent):
            wrong.append(f"{told(rule, method, f'strange {role}', foreign)}, absent: {absent.status_code}")

    assert wrong == []


def plain(answer: TestResponse) -> str:
    """An answer without what differs each time: form tokens, and the address that was asked for."""
    text = re.sub(r'(csrf[_-]token" (content|value)=")[^"]*', "", answer.text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{1,10}\b", "#", text)


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_answer_to_a_stranger_names_a_person_of_the_commune(street: Street, role: Role) -> None:
    names = re.compile(r"(Đào|Hoa|Dao) (HT|QX)-\d|\b(HT|QX)-\d\b")
    wrong = []
    for rule, method in rules(street.app):
        answer = street.ring(rule, method, street.strangers[role])
        if names.search(answer.text):
            wrong.append(told(rule, method, f"strange {role}", answer))

    assert wrong == []


def test_whoever_may_not_see_persons_is_told_no_name(street: Street) -> None:
    names = re.compile(r"(Đào|Hoa|Dao) (HT|QX|TX|HH)-\d|\b(HT|QX)-\d\b")
    wrong = []
    for rule, method in rules(street.app):
        answer = street.ring(rule, method, street.village.counter)
        if answer.status_code >= 500 or names.search(answer.text):
            wrong.append(told(rule, method, "counter", answer))

    assert wrong == []


def test_nothing_is_written_without_the_form_token(street: Street) -> None:
    wrong = []
    for rule, method in rules(street.app):
        if method not in WRITING:
            continue
        for who, asking in (("nobody", None), ("admin", street.village.admin), ("canvasser", street.village.canvasser)):
            client = street.app.test_client()
            assert isinstance(client, PageClient)
            with undone(street.session):
                if asking:
                    sign_in(street.session, client, asking.id)
                values = {name: street.value(rule, name, asking, absent=False) for name in rule.arguments}
                built = street.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
                missing = client.open(built, method=method, data=DOORS[rule.endpoint].form, csrf=False)
                forged = client.open(
                    built, method=method, data=DOORS[rule.endpoint].form, headers={"X-CSRFToken": "forged"}, csrf=False
                )
            wrong += [told(rule, method, who, one) for one in (missing, forged) if one.status_code != 403]

    assert wrong == []


def test_every_answer_carries_the_headers_that_keep_others_out(street: Street) -> None:
    wrong = []
    for rule, method in rules(street.app):
        for asking in (None, street.village.leader):
            headers = street.ring(rule, method, asking).headers
            policy = headers.get("Content-Security-Policy", "")
            if (
                "default-src 'none'" not in policy
                or "frame-ancestors 'none'" not in policy
                or "script-src 'self';" not in policy
                or headers.get("X-Content-Type-Options") != "nosniff"
                or "Referrer-Policy" not in headers
                or (rule.endpoint != "static" and not is_kept_from_others(headers.get("Cache-Control", "")))
            ):
                wrong.append(f"{method} {rule.rule}: {dict(headers)}")

    assert wrong == []


def is_kept_from_others(cache_control: str) -> bool:
    """Not kept at all, or by this browser only and asked for again each time (the next person may sit at it)."""
    return "no-store" in cache_control or {"private", "no-cache"} <= set(re.split(r",\s*", cache_control))


@pytest.mark.parametrize("path", ["/nowhere", "/accounts/not-an-id", "/jobs/018f0000-0000-7000-8000-00000000dead"])
def test_errors_carry_the_same_headers(street: Street, path: str) -> None:
    client = street.app.test_client()
    sign_in(street.session, client, street.village.leader.id)
    answer = client.get(path)

    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_view_that_nobody_marked_lets_nobody_in(street: Street) -> None:
    """The gate itself: not even an administrator enters a view without a mark."""
    health = street.app.view_functions["house.health"]
    street.app.view_functions["house.health"] = lambda: "open by mistake"
    try:
        client = street.app.test_client()
        assert client.get("/health").status_code == 302
        sign_in(street.session, client, street.village.admin.id)
        assert client.get("/health").status_code == 403
    finally:
        street.app.view_functions["house.health"] = health


def test_templates_translate_only_sentences_that_stand_in_them() -> None:
    """`_(variable)` in a template is taken for safe HTML: what somebody typed could be run in another's browser."""
    folder = Path(__file__).parent.parent.parent / "webmap" / "templates"
    careless = [
        f"{path.relative_to(folder)}: {call}"
        for path in folder.rglob("*.html")
        for call in re.findall(r"""\b(?:_|gettext)\((?!\s*["'])[^)]*\)?""", path.read_text("utf-8"))
    ]

    assert careless == []
