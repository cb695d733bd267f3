"""Houses are placed by the file's coordinates or by a surveyed address; villages are known by many writings."""

from pathlib import Path

import pytest
from geoalchemy2 import WKTElement
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.households.importing.planted import COLUMN, good_rows, write_list
from tests.webmap.households.importing.worlds import VILLAGES, applied, checked
from webmap.areas.models import Area, Source
from webmap.households.importing import runs
from webmap.households.importing.new_villages import add_unknown_villages
from webmap.households.importing.results import Trouble
from webmap.households.importing.villages import name_and_kind, names_of
from webmap.households.models import Household
from webmap.streets.models import AddressPoint

NAMES = names_of([
    (1, "1920701", "Hữu Tân", "Thôn"), (2, "1920702", "Quảng Xá", None), (3, "V3", "Khóm 5", None),
    (4, "V4", "Tổ 5", None),
    (5, "V5", "Thôn Đông", None), (6, "V6", "Đồng", None),
])  # fmt: skip


@pytest.mark.parametrize(
    ("written", "area_id"),
    [
        ("Thôn Hữu Tân", 1), ("hữu tân", 1), ("HUU TAN", 1), ("Ấp Hữu Tân", 1), ("1920701", 1), ("Bản Quảng Xá", 2),
        ("Khóm 5", 3), ("Tổ 5", 4), ("khom 5", 3), ("5", None), ("Không Có", None),
        ("Đông", 5), ("đồng", 6), ("dong", None), ("thon dong", 5),
    ],
)  # fmt: skip
def test_a_village_is_known_by_the_ways_people_write_it(written: str, area_id: int | None) -> None:
    found = NAMES.find(written)

    assert (None if isinstance(found, Trouble) else found) == area_id


def test_a_kind_is_no_part_of_a_name_unless_the_name_is_a_number() -> None:
    assert name_and_kind("Thôn Hữu Tân") == ("Hữu Tân", "Thôn")
    assert name_and_kind("Tổ dân phố Đông") == ("Đông", "Tổ dân phố")
    assert name_and_kind("Khóm 5") == ("Khóm 5", "")
    assert name_and_kind("Hữu Tân") == ("Hữu Tân", "")


def unplaced_rows() -> list[list[object]]:
    rows = good_rows(8, villages=VILLAGES)
    for row in rows:
        row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = None, None
    return rows


def test_a_house_is_placed_by_the_address_that_somebody_surveyed(
    session: Session, village: Village, tmp_path: Path
) -> None:
    source = Source(name="surveyed", kind="streets")
    session.add(source)
    session.flush()
    place = WKTElement("POINT(106.615 17.265)", srid=4326)
    session.add(AddressPoint(house_number="1", street="Ngõ 1 Đường Lê Lợi", source_id=source.id, point=place))
    session.flush()
    rows = unplaced_rows()
    rows[0][COLUMN["Ngõ"]] = "Ngõ 1 Đường Lê Lợi"
    path = write_list(tmp_path / "a.xlsx", rows)

    counts = applied(session, village.leader.scope, village.commune_id, path)

    assert counts["households_placed"] == 1
    found = session.execute(
        select(Household.code, Household.place_source, func.st_x(Household.point)).where(Household.code.like("TN-%"))
    ).all()
    assert {(code, source, lon) for code, source, lon in found} == {
        ("TN-0000", "building", 106.615),
        ("TN-0001", None, None),
    }
    again = applied(session, village.leader.scope, village.commune_id, path)
    assert (again["households_changed"], again["people_changed"]) == (0, 0)


def test_villages_that_only_the_file_knows_are_added_when_somebody_says_so(
    session: Session, village: Village, tmp_path: Path
) -> None:
    rows = unplaced_rows()
    for row in rows[4:]:
        row[COLUMN["Thôn"]] = "Thôn Thế Lộc"
    path = write_list(tmp_path / "a.xlsx", rows)
    import_id, counts = checked(session, village.leader.scope, village.commune_id, path)
    assert (counts["refused"], counts["unknown_villages"]) == (4, {"Thôn Thế Lộc": 4})

    add_unknown_villages(session, village.leader.scope, import_id)

    added = session.scalars(select(Area).where(Area.name == "Thế Lộc")).one()
    assert (added.kind, added.parent_id) == ("Thôn", village.commune_id)
    assert applied(session, village.leader.scope, village.commune_id, path)["refused"] == 0
    with pytest.raises(runs.ImportNotFoundError):
        add_unknown_villages(session, village.stranger.scope, import_id)
    assert session.scalar(text("select count(*) from area where name = 'Thế Lộc'")) == 1
