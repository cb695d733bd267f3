"""A list becomes households, people and cards: once, within one's areas, and without overwriting better facts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.households.importing.planted import COLUMN, PLANTED, good_rows, planted_rows, write_list
from tests.webmap.households.importing.worlds import VILLAGES, applied, checked
from webmap.errors import NotFoundError
from webmap.households.importing import apply, runs
from webmap.households.importing.apply import RegisterChangedError
from webmap.households.importing.models import HouseholdImport
from webmap.households.models import Card, Household, Person

Rows = list[list[object]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Rows], Path]:
    return lambda rows: write_list(tmp_path / "danh sách.xlsx", rows)


def rows_of(people: int) -> Rows:
    rows = good_rows(people, villages=VILLAGES)
    for row in rows:
        row[COLUMN["Kinh độ"]] = 106.611
        row[COLUMN["Vĩ độ"]] = 17.26
    return rows


def people(session: Session) -> dict[str, Person]:
    found = session.scalars(
        select(Person).where(Person.insurance_code.like("44%")).execution_options(populate_existing=True)
    )
    return {person.insurance_code or "": person for person in found}


def figures(counts: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(counts[name] for name in names)


def test_a_list_becomes_households_people_and_cards(session: Session, village: Village, write: Any) -> None:
    counts = applied(session, village.leader.scope, village.commune_id, write(rows_of(40)))

    assert figures(counts, "households_added", "people_added", "cards_added", "refused") == (10, 40, 40, 0)
    first = session.scalar(select(Household).where(Household.code == "TN-0000"))
    assert first is not None
    assert (first.area_id, first.head_name, first.alley_name) == (village.id, "Nguyễn Văn An", "Ngõ 1")
    assert (first.place_source, first.registered_count, first.covered_count) == ("import", 4, 4)
    person = people(session)["4400000001"]
    assert (person.full_name, person.sex, person.relationship) == ("Nguyễn Thị Bình", "female", "Vợ")
    assert person.status in ("covered", "expiring", "uncovered")
    card = session.scalar(select(Card).where(Card.person_id == person.id))
    assert card is not None
    assert (card.number, card.category, card.valid_to) == ("GD4444400000001", "GD", date(2026, 12, 31))


def test_the_same_file_twice_changes_nothing(session: Session, village: Village, write: Any) -> None:
    path = write(rows_of(40))
    applied(session, village.leader.scope, village.commune_id, path)
    before = snapshot(session)

    counts = applied(session, village.leader.scope, village.commune_id, path)

    assert figures(counts, "households_added", "households_changed", "people_added", "people_changed") == (0, 0, 0, 0)
    assert figures(counts, "cards_added", "cards_changed", "people_same") == (0, 0, 40)
    assert snapshot(session) == before


def test_the_same_file_without_codes_or_numbers_twice_changes_nothing(
    session: Session, village: Village, write: Any
) -> None:
    rows = rows_of(40)
    for row in rows:
        for heading in ("Mã hộ", "Số CCCD", "Mã số BHXH", "Số thẻ BHYT"):
            row[COLUMN[heading]] = None
    path = write(rows)
    counts = applied(session, village.leader.scope, village.commune_id, path)
    assert figures(counts, "households_added", "people_added", "refused") == (10, 40, 0)
    before = snapshot(session)

    applied(session, village.leader.scope, village.commune_id, path)

    assert snapshot(session) == before


def snapshot(session: Session) -> list[Any]:
    tables = ("household", "person", "card", "source")
    return [
        session.execute(text(f"select md5(string_agg(t::text, '|' order by t.id)) from {name} t")).scalar()
        for name in tables
    ]


def test_only_what_the_file_says_is_changed_old_beside_new(session: Session, village: Village, write: Any) -> None:
    applied(session, village.leader.scope, village.commune_id, write(rows_of(8)))
    newer = rows_of(8)
    newer[1][COLUMN["Họ và tên"]] = "Nguyễn Thị Bình An"
    newer[1][COLUMN["Điện thoại"]] = None
    newer[2][COLUMN["Đến ngày"]] = "31/12/2027"
    newer[3][COLUMN["Cư trú"]] = "Đi làm ăn xa"

    import_id, counts = checked(session, village.leader.scope, village.commune_id, write(newer))

    assert figures(counts, "people_added", "people_changed", "people_same", "cards_changed") == (0, 3, 5, 1)
    changed = {row.row_number: row.changes for row in runs.rows_of(session, import_id, ["change"], most=9)}
    assert changed == {
        6: {"full_name": ["Nguyễn Thị Bình", "Nguyễn Thị Bình An"]},
        7: {"valid_to": ["2026-12-31", "2027-12-31"]},
        8: {"residency": ["living", "away"]},
    }
    apply.apply(session, village.leader.scope, import_id)
    assert people(session)["4400000001"].full_name == "Nguyễn Thị Bình An"
    assert people(session)["4400000001"].phone == "0900000001"
    assert people(session)["4400000003"].residency == "away"


def test_a_name_without_marks_does_not_overwrite_the_right_one(session: Session, village: Village, write: Any) -> None:
    applied(session, village.leader.scope, village.commune_id, write(rows_of(4)))
    newer = rows_of(4)
    newer[0][COLUMN["Họ và tên"]] = "NGUYEN VAN AN"

    counts = applied(session, village.leader.scope, village.commune_id, write(newer))

    assert counts["people_changed"] == 0
    assert people(session)["4400000000"].full_name == "Nguyễn Văn An"


def test_a_place_taken_at_the_door_stands_against_the_file(session: Session, village: Village, write: Any) -> None:
    applied(session, village.leader.scope, village.commune_id, write(rows_of(4)))
    household = session.scalar(select(Household).where(Household.code == "TN-0000"))
    assert household is not None
    household.place_source = "surveyed"
    session.flush()
    newer = rows_of(4)
    newer[0][COLUMN["Kinh độ"]] = 106.62

    counts = applied(session, village.leader.scope, village.commune_id, write(newer))

    assert counts["households_changed"] == 0


def test_twenty_planted_errors_are_all_refused_with_row_and_column(
    session: Session, village: Village, write: Any
) -> None:
    rows = planted_rows(villages=VILLAGES)
    for row in rows:
        if row[COLUMN["Kinh độ"]] != 17.39:
            row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = 106.611, 17.26

    import_id, counts = checked(session, village.leader.scope, village.commune_id, write(rows))

    told = {
        (row.row_number, reason["code"], reason["is_fatal"])
        for row in runs.rows_with_reasons(session, import_id)
        for reason in row.reasons
    }
    assert {(error.row, error.code, error.is_fatal) for error in PLANTED} <= told
    fatal = {error.row for error in PLANTED if error.is_fatal} | {5}
    assert counts["refused"] == len(fatal)
    assert counts["left_out"] == 2
    apply.apply(session, village.leader.scope, import_id)
    assert len(people(session)) == 40 - len(fatal)


def test_somebody_of_another_area_is_not_touched_and_a_stranger_cannot_import(
    session: Session, village: Village, write: Any
) -> None:
    path = write(rows_of(4))

    with pytest.raises(NotFoundError):
        checked(session, village.stranger.scope, village.commune_id, path)
    import_id, _counts = checked(session, village.leader.scope, village.commune_id, path)
    with pytest.raises(runs.ImportNotFoundError):
        apply.apply(session, village.stranger.scope, import_id)
    assert people(session) == {}


def test_a_number_of_somebody_else_on_the_register_refuses_the_row(
    session: Session, village: Village, write: Any
) -> None:
    applied(session, village.leader.scope, village.commune_id, write(rows_of(4)))
    other = rows_of(5)[4:]
    other[0][COLUMN["Số CCCD"]] = rows_of(1)[0][COLUMN["Số CCCD"]]
    other[0][COLUMN["Ngày sinh"]] = "01/01/1950"

    import_id, counts = checked(session, village.leader.scope, village.commune_id, write(other))

    assert counts["refused"] == 1
    reasons = runs.rows_with_reasons(session, import_id)[0].reasons
    assert [reason["code"] for reason in reasons] == ["number_of_another_person"]


def test_a_person_who_lives_elsewhere_in_my_areas_is_not_doubled(
    session: Session, village: Village, write: Any
) -> None:
    applied(session, village.supervisor.scope, village.commune_id, write(rows_of(4)))
    rows = rows_of(1)
    rows[0][COLUMN["Thôn"]] = "Trần Xá"
    rows[0][COLUMN["Kinh độ"]] = None
    rows[0][COLUMN["Vĩ độ"]] = None

    import_id, counts = checked(session, village.supervisor.scope, village.neighbour_commune_id, write(rows))

    assert counts["refused"] == 1
    assert runs.rows_with_reasons(session, import_id)[0].reasons[0]["code"] == "person_elsewhere"


def test_what_changed_since_the_dry_run_stops_the_applying(session: Session, village: Village, write: Any) -> None:
    applied(session, village.leader.scope, village.commune_id, write(rows_of(4)))
    newer = rows_of(4)
    newer[1][COLUMN["Họ và tên"]] = "Nguyễn Thị Bình An"
    import_id, _counts = checked(session, village.leader.scope, village.commune_id, write(newer))
    people(session)["4400000001"].full_name = "Nguyễn Thị Bích"
    session.flush()

    with pytest.raises(RegisterChangedError), session.begin_nested():
        apply.apply(session, village.leader.scope, import_id)

    assert people(session)["4400000001"].full_name == "Nguyễn Thị Bích"


def test_applied_twice_is_once_and_the_content_is_gone(session: Session, village: Village, write: Any) -> None:
    import_id, _counts = checked(session, village.leader.scope, village.commune_id, write(rows_of(4)))
    apply.apply(session, village.leader.scope, import_id)
    before = snapshot(session)

    apply.apply(session, village.leader.scope, import_id)

    run = session.get_one(HouseholdImport, import_id)
    assert run.state == "applied"
    assert run.content is None
    assert snapshot(session) == before
    actions = session.scalars(
        text("select action from audit_event where subject_id = :id order by id").bindparams(id=str(import_id))
    ).all()
    assert actions == ["upload household file", "apply household file"]


def test_metres_of_vn2000_land_in_the_village(session: Session, village: Village, write: Any) -> None:
    import numpy as np  # noqa: PLC0415

    from gis_layers.crs import crs_of, from_wgs84  # noqa: PLC0415

    east, north = from_wgs84(crs_of(9211), np.array([[106.611, 17.26]]))[0]
    rows = rows_of(4)
    for row in rows:
        row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = None, None
    rows[0][COLUMN["Kinh độ"]], rows[0][COLUMN["Vĩ độ"]] = round(float(north), 2), round(float(east), 2)
    path = write(rows)
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(path)
    sheet = book["Danh sách"]
    sheet.cell(4, COLUMN["Kinh độ"] + 1).value, sheet.cell(4, COLUMN["Vĩ độ"] + 1).value = "X", "Y"
    book.save(path)

    counts = applied(session, village.leader.scope, village.commune_id, path)

    assert "VN-2000" in counts["zone"]
    place = session.execute(
        select(func.st_x(Household.point), func.st_y(Household.point)).where(Household.code == "TN-0000")
    ).one()
    assert place[0] == pytest.approx(106.611, abs=1e-5)
    assert place[1] == pytest.approx(17.26, abs=1e-5)


def test_a_place_far_from_the_area_is_left_out_and_said(session: Session, village: Village, write: Any) -> None:
    rows = rows_of(4)
    rows[0][COLUMN["Kinh độ"]] = 105.8

    import_id, counts = checked(session, village.leader.scope, village.commune_id, write(rows))

    assert figures(counts, "refused", "left_out", "households_placed") == (0, 1, 0)
    assert runs.rows_with_reasons(session, import_id)[0].reasons[0]["code"] == "place_far_from_area"
