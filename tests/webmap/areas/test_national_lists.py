"""The real national lists: 63 provinces and 10,047 communes before 1 July 2025, 34 and 3,321 since, and what became of
which."""

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, an_account
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM
from webmap.areas.crosswalk import ListPreview, import_list, preview_list
from webmap.areas.errors import RefusedRowsError, UnusableMapError
from webmap.areas.inputs import ListOrder
from webmap.areas.map_imports import lines, undo
from webmap.areas.models import Area, AreaCrosswalk, AreaLevel
from webmap.areas.national_lists import ListKind, list_kind, population_of, read_list, split_name

THREE, TWO, WALK = "units_3level_2025-03-01.csv", "communes_2025.csv", "old_to_new_2025.csv"
UNITS = "province_code,province,district_code,district,commune_code,commune\n"
COMMUNES = "code,full_name,province_code,province,area_km2,population\n"
STEPS = "old_code,old_name,new_code,new_name,new_province,kind\n"


def bring(session: Session, path: Path) -> ListPreview:
    return import_list(session, SYSTEM, path, ListOrder(source_name=path.name), lambda _: None)


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def on(session: Session, day: date) -> dict[str, int]:
    """How many areas of each level stand on a day."""
    rows = session.execute(
        select(AreaLevel.code, func.count())
        .join(Area, Area.level_id == AreaLevel.id)
        .where(Area.valid_from <= day, (Area.valid_to.is_(None)) | (Area.valid_to > day))
        .group_by(AreaLevel.code)
    )
    return {code: many for code, many in rows}  # noqa: C416 - rows are no pairs to mypy


def the_three(folder: Path) -> tuple[Path, Path, Path]:
    """Old Quảng Bình in small, as published; Hải Ninh split for the test."""
    return (
        written(
            folder,
            "cu.csv",
            UNITS
            + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,19207,Xã Tân Ninh\n"
            + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,19225,Xã Gia Ninh\n"
            + "45,Tỉnh Quảng Trị,471,Huyện Cồn Cỏ,,\n",
        ),
        written(
            folder,
            "moi.csv",
            COMMUNES
            + "19225,Xã Ninh Châu,44,Tỉnh Quảng Trị,83.1,30000\n"
            + "19237,Xã Trường Ninh,44,Tỉnh Quảng Trị,90,20000\n"
            + "19742,Đặc khu Cồn Cỏ,44,Tỉnh Quảng Trị,2.3,139\n",
        ),
        written(
            folder,
            "doi.csv",
            STEPS
            + "19207,Xã Tân Ninh,19225,Xã Ninh Châu,44,full\n"
            + "19225,Xã Gia Ninh,19225,Xã Ninh Châu,44,partial\n"
            + "19225,Xã Gia Ninh,19999,Xã Trường Ninh,44,partial\n"
            + "00001,Phường Phúc Xá,00097,Phường Hồng Hà,01,full\n",
        ),
    )


def test_the_whole_country_before_and_after_the_reform(session: Session, shared_data: Path) -> None:
    three, two, walk = (bring(session, shared_data / "admin" / name) for name in (THREE, TWO, WALK))

    assert (three.added, two.added, walk.added) == (63 + 696 + 10_047, 34 + 3_321, 10_599)
    assert on(session, date(2025, 6, 30)) == {"province": 63, "district": 696, "commune": 10_047}
    assert on(session, date(2025, 7, 1)) == {"province": 34, "commune": 3_321}
    split = text(
        "select count(distinct old_area_id) from area_crosswalk join area on area.id = old_area_id"
        " join area_level level on level.id = level_id and level.code = 'commune' where extent = 'part'"
    )
    assert session.scalar(split) == 460
    doubts = session.execute(
        text("select population_doubt, count(*) from area where population_doubt is not null group by 1")
    )
    assert dict(doubts.all()) == {"implausible": 113, "missing": 2, "swapped": 2}
    again = bring(session, shared_data / "admin" / WALK)
    assert (again.added, again.changed, again.same) == (0, 0, 10_599)


def test_the_rule_flags_what_the_published_file_flags(shared_data: Path) -> None:
    with (shared_data / "admin" / TWO).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["pop_flag"].startswith("attributes")]

    ours = [population_of(row["population"], row["area_km2"], row["type"])[1] or "" for row in rows]

    assert ours == [row["pop_flag"] for row in rows]


def test_what_a_population_must_be_to_be_believed() -> None:
    assert population_of("13043", "97.8", "Xã") == (13043, None)
    assert population_of("99", "97.78", "Xã") == (99, "implausible")
    assert population_of("153", "496.3", "Đặc khu") == (153, None)
    assert population_of("67.71", "13043", "Xã") == (13043, "swapped")
    assert population_of("", "350", "Đặc khu") == (None, "missing")


def test_names_are_parted_from_their_kind() -> None:
    assert split_name("Thị trấn Quán Hàu") == ("Thị trấn", "Quán Hàu")
    assert split_name("Phường 1") == ("Phường", "1")
    assert split_name("Xuân Xã") == (None, "Xuân Xã")


def test_a_small_country_changes_its_map(session: Session, tmp_path: Path) -> None:
    for path in the_three(tmp_path):
        bring(session, path)

    assert on(session, date(2025, 6, 30)) == {"province": 2, "district": 2, "commune": 2}
    assert on(session, date(2025, 7, 1)) == {"province": 1, "commune": 3}
    steps = session.execute(
        text(
            "select old.name, new.name, extent from area_crosswalk join area old on old.id = old_area_id"
            " join area new on new.id = new_area_id where old.valid_to = '2025-07-01' order by 1, 2"
        )
    ).all()
    assert ("Tân Ninh", "Ninh Châu", "whole") in steps
    assert ("Gia Ninh", "Trường Ninh", "part") in steps  # found by its name: its code is another now
    assert ("Quảng Bình", "Quảng Trị", "whole") in steps
    assert ("Cồn Cỏ", "Cồn Cỏ", "whole") in steps  # an island district without communes


def test_what_ended_hangs_with_whoever_has_all_of_its_ground(session: Session, tmp_path: Path) -> None:
    for path in the_three(tmp_path):
        bring(session, path)

    hangs = dict(
        session.execute(
            text(
                "select a.kind || ' ' || a.name, b.kind || ' ' || b.name from area a join area b on b.id = a.parent_id"
                " where a.valid_to is not null"
            )
        ).all()
    )
    assert hangs["Xã Tân Ninh"] == "Xã Ninh Châu"
    assert hangs["Xã Gia Ninh"] == "Tỉnh Quảng Trị"
    assert hangs["Huyện Quảng Ninh"] == "Tỉnh Quảng Trị"
    assert hangs["Tỉnh Quảng Bình"] == "Tỉnh Quảng Trị"


def test_each_list_twice_changes_nothing_and_each_is_undone(session: Session, tmp_path: Path) -> None:
    three, two, walk = the_three(tmp_path)
    for path in (three, two, walk):
        bring(session, path)
        again = bring(session, path)
        assert (again.added, again.changed) == (0, 0)
    assert len(lines(session)) == 3
    assert preview_list(session, SYSTEM, walk, ListOrder(source_name="x"), lambda _: None).elsewhere == 1

    for line in lines(session):
        undo(session, SYSTEM, line.id)

    assert session.scalar(select(func.count()).select_from(Area)) == 0
    assert session.scalar(select(func.count()).select_from(AreaCrosswalk)) == 0


def test_the_order_of_the_lists_does_not_matter(session: Session, tmp_path: Path) -> None:
    three, two, walk = the_three(tmp_path)
    for path in (two, three, walk):
        bring(session, path)

    assert on(session, date(2025, 6, 30)) == {"province": 2, "district": 2, "commune": 2}
    assert on(session, date(2025, 7, 1)) == {"province": 1, "commune": 3}


def test_a_commune_that_is_known_gets_its_district_and_keeps_its_villages(session: Session, tmp_path: Path) -> None:
    village = Village.built(session)
    for path in the_three(tmp_path):
        bring(session, path)

    commune = session.get_one(Area, village.commune_id)
    assert (commune.name, commune.kind, commune.valid_to) == ("Tân Ninh", "Xã", None)  # it waits for the reform
    above = session.scalars(select(Area.name).where(Area.id == commune.parent_id)).one()
    assert above == "Quảng Ninh"
    assert session.get_one(Area, village.province_id).valid_to is None


def test_who_worked_in_an_ended_area_works_in_what_became_of_it(session: Session, tmp_path: Path) -> None:
    three, two, walk = the_three(tmp_path)
    bring(session, three)
    old = session.scalars(select(Area.id).where(Area.name == "Gia Ninh")).one()
    leader = an_account(session, "leader-gia-ninh", "leader", old)
    bring(session, two)
    bring(session, walk)

    def works_in() -> set[str]:
        rows = select(Area.name).join(AccountArea, AccountArea.area_id == Area.id)
        return set(session.scalars(rows.where(AccountArea.account_id == leader.id)))

    assert works_in() == {"Gia Ninh", "Ninh Châu", "Trường Ninh"}
    undo(session, SYSTEM, lines(session)[0].id)
    assert works_in() == {"Gia Ninh"}


def test_rows_that_cannot_be_used_are_named_and_nothing_is_changed(session: Session, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "x.csv",
        UNITS
        + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,19207,Xã Tân Ninh\n"
        + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,1920,Xã Ngắn\n"
        + "44,Tỉnh Quảng Bình,456,Huyện Khác,19208,Xã Hàm Ninh\n"
        + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,19209,\n"
        + "44,Tỉnh Quảng Bình,456,Huyện Quảng Ninh,19207,Xã Tân Ninh\n",
    )

    found = preview_list(session, SYSTEM, path, ListOrder(source_name="x"), lambda _: None)

    assert [(one.number, one.reason) for one in found.refused] == [
        (3, "bad_code"), (4, "code_twice"), (5, "no_name"), (6, "code_twice"),
    ]  # fmt: skip
    with pytest.raises(RefusedRowsError):
        bring(session, path)
    assert session.scalar(select(func.count()).select_from(Area)) == 0


def test_a_crosswalk_to_communes_that_are_not_known_is_refused_by_row(session: Session, tmp_path: Path) -> None:
    three, _, walk = the_three(tmp_path)
    bring(session, three)

    found = preview_list(session, SYSTEM, walk, ListOrder(source_name="x"), lambda _: None)

    assert [(one.number, one.reason) for one in found.refused] == [(2, "no_new"), (3, "no_new"), (4, "no_new")]


def test_a_leader_of_elsewhere_cannot_change_my_communes(session: Session, tmp_path: Path) -> None:
    village = Village.built(session)
    three, _, _ = the_three(tmp_path)

    found = preview_list(session, village.stranger.scope, three, ListOrder(source_name="x"), lambda _: None)

    assert {(one.reason, one.about) for one in found.refused} == {
        ("not_yours", "Quảng Bình"),
        ("not_yours", "Tân Ninh"),
    }


def test_only_the_three_lists_are_taken(tmp_path: Path, shared_data: Path) -> None:
    folder = shared_data / "admin"
    assert [list_kind(folder / name) for name in (THREE, TWO, WALK)] == [
        ListKind.THREE_LEVELS, ListKind.TWO_LEVELS, ListKind.CROSSWALK,
    ]  # fmt: skip
    assert list_kind(folder / "provinces_2025.geojson") is None
    for content in ("", "a,b\n1,2\n", UNITS):
        with pytest.raises(UnusableMapError):
            read_list(written(tmp_path, "x.csv", content))
