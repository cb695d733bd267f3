"""Accounts of others: an administrator gives what is his to give, inside his areas, and never locks the house."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, Member, Village, an_account
from tests.clients import PageClient, sign_in
from tests.webmap.accounts.browser import is_signed_in, knock
from webmap.accounts.models import Account, AccountArea, AuditEvent


@pytest.fixture
def commune_admin(session: Session, village: Village) -> Member:
    """The administrator of Tân Ninh alone."""
    return an_account(session, "commune-admin", "admin", village.commune_id)


@pytest.fixture
def admin(client: PageClient, session: Session, commune_admin: Member) -> PageClient:
    sign_in(session, client, commune_admin.id)
    return client


def facts(*area_ids: int, **other: object) -> dict[str, object]:
    return {
        "username": "hoa.nguyen",
        "full_name": "Nguyễn Thị Hoa",
        "role": "canvasser",
        "phone": "0912 345 678",
        "language": "vi",
        "sees_persons": "1",
        "is_active": "1",
        "area_ids": [str(one) for one in area_ids],
        **other,
    }


def account(session: Session, username: str) -> Account:
    session.expire_all()
    return session.scalars(select(Account).where(Account.username == username)).one()


def areas_of(session: Session, username: str) -> set[int]:
    theirs = select(AccountArea.area_id).join(Account).where(Account.username == username)
    return set(session.scalars(theirs))


def first_password(page: str) -> str:
    found = re.search(r'class="first-password">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_a_new_account_gets_a_first_password_shown_once_and_must_change_it(
    admin: PageClient, session: Session, village: Village, app: Flask
) -> None:
    page = admin.post("/accounts", data=facts(village.id))
    password = first_password(page.text)
    added = account(session, "hoa.nguyen")

    assert added.must_change_password
    assert added.password_hash.startswith("$argon2id$")
    assert areas_of(session, "hoa.nguyen") == {village.id}
    assert password not in admin.get(f"/accounts/{added.id}").text
    hers = app.test_client()
    assert knock(hers, "hoa.nguyen", password).status_code == 302
    assert hers.get("/account").headers["Location"] == "/account/password"


def test_adding_the_same_account_twice_keeps_the_first(admin: PageClient, session: Session, village: Village) -> None:
    admin.post("/accounts", data=facts(village.id))
    again = admin.post("/accounts", data=facts(village.id, full_name="Người Khác", username="HOA.nguyen"))

    assert again.status_code == 409
    assert "đã có người dùng" in again.text
    assert "Người Khác" in again.text  # what was typed is not lost
    assert account(session, "hoa.nguyen").full_name == "Nguyễn Thị Hoa"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"full_name": ""}, "Hãy điền mục này"),
        ({"username": "có dấu"}, "Không dùng được giá trị này"),
        ({"username": "ab"}, "Không dùng được giá trị này"),
        ({"role": "king"}, "Hãy chọn một mục trong danh sách"),
        ({"area_ids": []}, "Còn thiếu mục này"),
        ({"area_ids": ["99999999999999"]}, "Phải nhỏ hơn"),
        ({"phone": "gọi cho tôi"}, "Không dùng được giá trị này"),
        ({"full_name": "Hoa\x00"}, "Không dùng được giá trị này"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_changes_nothing(
    admin: PageClient, session: Session, village: Village, wrong: dict[str, object], said: str
) -> None:
    before = session.scalar(select(func.count()).select_from(Account))
    answer = admin.post("/accounts", data=facts(village.id) | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_nobody_gives_an_area_that_is_not_his(admin: PageClient, session: Session, village: Village) -> None:
    for foreign in (village.neighbour_id, village.province_id, 2_000_000_000):
        assert admin.post("/accounts", data=facts(foreign)).status_code == 404
        assert admin.post("/accounts", data=facts(village.id, foreign)).status_code == 404
    changed = admin.post(f"/accounts/{village.leader.id}", data=facts(village.commune_id, village.neighbour_id))

    assert changed.status_code == 404
    assert areas_of(session, "leader") == {village.commune_id}


def test_nobody_gives_the_right_to_persons_that_he_does_not_have(
    client: PageClient, session: Session, village: Village
) -> None:
    blind = an_account(session, "blind-admin", "admin", village.commune_id, sees_persons=False)
    sign_in(session, client, blind.id)

    assert client.post("/accounts", data=facts(village.id)).status_code == 403
    assert client.post("/accounts", data=facts(village.id, sees_persons="")).status_code in (200, 422)
    without = {name: value for name, value in facts(village.id, username="x.y.z").items() if name != "sees_persons"}
    assert client.post("/accounts", data=without).status_code == 200


def test_changes_hold_at_once(admin: PageClient, session: Session, village: Village, app: Flask) -> None:
    hers = app.test_client()
    knock(hers, "leader")
    assert is_signed_in(hers)

    given = facts(village.id, full_name="Lê Thị Mới", role="supervisor")
    del given["sees_persons"]
    assert admin.post(f"/accounts/{village.leader.id}", data=given).status_code == 302

    assert areas_of(session, "leader") == {village.id}
    changed = account(session, "leader")
    assert (changed.role, changed.sees_persons, changed.full_name) == ("supervisor", False, "Lê Thị Mới")
    assert hers.get("/accounts").status_code == 200  # a supervisor may look
    assert "chỉ xem số liệu" in hers.get("/account").text


def test_switching_an_account_off_throws_it_out(
    admin: PageClient, session: Session, village: Village, app: Flask
) -> None:
    hers = app.test_client()
    knock(hers, "leader")
    given = facts(village.commune_id, role="leader")
    del given["is_active"]
    admin.post(f"/accounts/{village.leader.id}", data=given)

    assert not is_signed_in(hers)
    assert knock(hers, "leader").status_code == 422


def test_the_last_administrator_cannot_leave(client: PageClient, session: Session, village: Village) -> None:
    sign_in(session, client, village.admin.id)
    own = f"/accounts/{village.admin.id}"
    off = facts(village.province_id, role="admin")
    del off["is_active"]

    for leaving in (off, facts(village.province_id, role="leader"), facts(village.commune_id, role="admin")):
        answer = client.post(own, data=leaving)
        assert answer.status_code == 409
        assert "không còn ai quản trị" in answer.text
    assert account(session, "admin").is_active

    an_account(session, "second-admin", "admin", village.province_id)
    assert client.post(own, data=facts(village.province_id, role="leader")).status_code == 302


def test_one_administrator_above_is_enough(admin: PageClient, commune_admin: Member, village: Village) -> None:
    answer = admin.post(f"/accounts/{commune_admin.id}", data=facts(village.commune_id, role="leader"))

    assert answer.status_code == 302


def test_who_also_works_elsewhere_is_changed_only_by_who_administers_all_of_it(
    admin: PageClient, session: Session, village: Village
) -> None:
    wide = an_account(session, "wide", "supervisor", village.commune_id, village.neighbour_commune_id)

    assert "wide" in admin.get("/accounts").text
    for path in ("", "/password", "/end-sign-ins"):
        assert admin.post(f"/accounts/{wide.id}{path}", data=facts(village.commune_id)).status_code == 403
    assert areas_of(session, "wide") == {village.commune_id, village.neighbour_commune_id}


def test_the_list_holds_accounts_of_ones_areas_and_finds_them_without_marks(
    admin: PageClient, session: Session, village: Village
) -> None:
    an_account(session, "dao", "canvasser", village.id, full_name="Trần Thị Đào")
    everybody = admin.get("/accounts").text

    assert all(f">{name}</span>" in everybody for name in ("leader", "canvasser", "dao", "commune-admin"))
    assert not any(f">{name}</span>" in everybody for name in ("stranger", "admin", "supervisor"))
    found = admin.get("/accounts?q=thi+dao").text
    assert "Trần Thị Đào" in found
    assert ">leader</span>" not in found
    assert admin.get("/accounts?q=%25%5F%27%00&page=999999999999").status_code == 200


def test_a_reset_password_ends_the_old_one_and_its_sign_ins(
    admin: PageClient, session: Session, village: Village, app: Flask
) -> None:
    hers = app.test_client()
    knock(hers, "leader")
    page = admin.post(f"/accounts/{village.leader.id}/password")

    assert not is_signed_in(hers)
    assert knock(hers, "leader", PASSWORD).status_code == 422
    assert knock(hers, "leader", first_password(page.text)).status_code == 302
    assert hers.get("/").headers["Location"] == "/account/password"


def test_a_lost_phone_is_signed_out_by_the_administrator(admin: PageClient, village: Village, app: Flask) -> None:
    phone = app.test_client()
    knock(phone, "canvasser")
    admin.post(f"/accounts/{village.canvasser.id}/end-sign-ins")

    assert not is_signed_in(phone)
    assert knock(phone, "canvasser").status_code == 302  # the password still holds


def test_areas_are_found_by_name_without_losing_what_was_typed(
    client: PageClient, session: Session, village: Village
) -> None:
    sign_in(session, client, village.admin.id)
    before = session.scalar(select(func.count()).select_from(Account))
    page = client.post(
        "/accounts", data=facts(village.neighbour_id, find="1", find_area="quang xa", full_name="Đang Gõ Dở")
    ).text

    assert "Đang Gõ Dở" in page
    assert "Quảng Xá" in page
    assert "Trần Xá" in page  # ticked already
    assert "Hữu Tân" not in page
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_every_deed_is_in_the_audit_with_its_area(
    admin: PageClient, session: Session, village: Village, commune_admin: Member
) -> None:
    admin.post("/accounts", data=facts(village.id))
    added = account(session, "hoa.nguyen")
    admin.post(f"/accounts/{added.id}", data=facts(village.second_id, role="leader"))
    admin.post(f"/accounts/{added.id}/password")
    admin.post(f"/accounts/{added.id}/end-sign-ins")

    deeds = session.execute(
        select(AuditEvent.action, AuditEvent.area_id)
        .where(AuditEvent.account_id == commune_admin.id, AuditEvent.subject_id == str(added.id))
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(deed) for deed in deeds] == [
        ("add account", village.id),
        ("change account", village.second_id),
        ("reset password", village.second_id),
        ("end sign-ins", village.second_id),
    ]
    assert "hoa.nguyen" not in str(session.scalars(select(AuditEvent.facts)).all())


def test_a_refused_change_leaves_no_trace_in_the_audit(admin: PageClient, session: Session, village: Village) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    admin.post(f"/accounts/{uuid4()}", data=facts(village.id))
    admin.post("/accounts", data=facts(village.neighbour_id))

    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
