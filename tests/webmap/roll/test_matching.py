"""Whom the rows of a roll are: by number, by name with a stated confidence, by what somebody chose."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, people_of
from tests.webmap.roll.rolls import checked, line, somebody, verdicts
from webmap.roll.models import RollCandidate, RollRow

BORN = date(1985, 3, 7)


def row_of(session: Session, roll_id: object, number: int = 2) -> RollRow:
    return session.scalars(select(RollRow).where(RollRow.import_id == roll_id, RollRow.row_number == number)).one()


def test_a_code_finds_its_person(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN, insurance_code="4412345678")

    roll = checked(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985", code="4412345678")])

    row = row_of(session, roll.id)
    assert (row.verdict, row.person_id, row.matched_by) == ("add", person.id, "insurance_code")


@pytest.mark.parametrize(
    ("name", "birth", "village_name"),
    [
        ("Phạm Thị Lụa", "07/03/1985", "Hữu Tân"),
        ("PHAM THI LUA", "7/3/1985", "Hữu Tân"),  # no marks
        ("Phạm Thị Luạ", "07.03.1985", "Hữu Tân"),  # the tone on the other letter
        ("Phạm Thị Lụa", "03/07/1985", "Hữu Tân"),  # day and month swapped
        ("Phạm Thị Lụa", "1985", "Hữu Tân"),
        ("Phạm Tị Lụa", "07/03/1985", "Hữu Tân"),  # a slip of the keyboard
        ("Phạm Thị Lụa", "07/03/1985", "Quảng Xá"),  # she has moved
    ],
)
def test_a_person_is_known_by_name_birth_and_village(
    session: Session, village: Village, name: str, birth: str, village_name: str
) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN, sex="female")

    roll = checked(session, village.commune_id, [line(name, birth, sex="Nữ", village=village_name)])

    row = row_of(session, roll.id)
    assert (row.person_id, row.matched_by) == (person.id, "name")
    assert row.confidence is not None
    assert row.confidence >= 0.98


def test_people_of_one_name_and_birth_are_left_to_a_person(session: Session, village: Village) -> None:
    for _ in range(2):
        somebody(session, village, "Phạm Thị Lụa", BORN)

    roll = checked(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985")])

    asked = session.scalars(select(RollCandidate.confidence).where(RollCandidate.import_id == roll.id)).all()
    assert verdicts(session, roll) == ["doubtful"]
    assert len(asked) == 2
    assert sum(asked) <= 1


def test_numbers_that_contradict_never_match(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN, insurance_code="4412345678")

    roll = checked(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985", code="4499999999")])

    assert verdicts(session, roll) == ["stranger"]


def test_a_number_with_one_wrong_digit_is_left_to_a_person(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN, insurance_code="4412345678")

    roll = checked(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985", code="4412345679")])

    assert verdicts(session, roll) == ["doubtful"]


def test_a_number_of_somebody_quite_different_is_left_to_a_person(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN, insurance_code="4412345678")

    roll = checked(session, village.commune_id, [line("Đỗ Quang Khải", "01/09/1950", code="4412345678")])

    assert verdicts(session, roll) == ["doubtful"]


def test_two_numbers_of_two_people_are_left_to_a_person(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN, insurance_code="4412345678")
    somebody(session, village, "Phạm Thị Lụa", BORN, citizen_id="044185000001")

    rows = [line("Phạm Thị Lụa", "07/03/1985", sex="Nữ", code="4412345678", id="044185000001")]
    roll = checked(session, village.commune_id, rows)

    assert verdicts(session, roll) == ["doubtful"]


def test_a_person_listed_twice_is_taken_once(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN)

    rows = [
        line("Phạm Thị Lụa", "07/03/1985"),
        line("Phạm Thị Lụa", "07/03/1985"),
        line("Ai Đó", "01/02/1990"),
        line("Ai Đó", "01/02/1990"),
    ]
    roll = checked(session, village.commune_id, rows)

    assert verdicts(session, roll) == ["add", "twice", "stranger", "twice"]
    assert row_of(session, roll.id, 3).reasons[0]["facts"] == {"row": 2}


def test_twins_of_like_names_are_told_apart(session: Session, village: Village) -> None:
    household = village.household
    first = somebody(session, village, "Lê Văn Anh", BORN, sex="male")
    second = somebody(session, village, "Lê Văn Ánh", BORN, sex="male")
    assert household.id not in (first.household_id, second.household_id)

    roll = checked(
        session,
        village.commune_id,
        [line("Lê Văn Ánh", "07/03/1985", sex="Nam"), line("Lê Văn Anh", "07/03/1985", sex="Nam")],
    )

    assert [row_of(session, roll.id, number).person_id for number in (2, 3)] == [second.id, first.id]


def test_people_of_another_commune_are_nobody_here(session: Session, village: Village) -> None:
    there = people_of(session, village.neighbour_households[0])[0]
    there.insurance_code, there.full_name = "4412345678", "Phạm Thị Lụa"
    session.flush()

    roll = checked(session, village.commune_id, [line("Phạm Thị Lụa", "1970", code="4412345678")])

    assert verdicts(session, roll) == ["stranger"]


def test_a_card_that_holds_as_listed_stays_as_it_is(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN)
    year = date.today().year  # noqa: DTZ011 - compared with the year of a builder
    a_card(session, person, valid_from=date(year, 1, 1), valid_to=date(year, 12, 31))

    rows = [line("Phạm Thị Lụa", "07/03/1985"), line("Phạm Thị Lụa", "07/03/1985", until=f"30/06/{year + 1}")]
    same = checked(session, village.commune_id, rows[:1])
    longer = checked(session, village.commune_id, rows[1:])

    assert verdicts(session, same) == ["same"]
    assert row_of(session, longer.id).changes == {"valid_to": [f"{year}-12-31", f"{year + 1}-06-30"]}
