"""The list of households: whose, by which filter, in which order, as a file; and what has no place yet."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, an_account, an_area, people_of
from tests.webmap.households.conftest import As, page
from webmap import clock


def test_the_list_shows_the_households_of_my_areas_only(village: Village, as_: As) -> None:
    html = page(as_(village.leader), "/households")

    assert "Nguyễn Văn Đào HT-1" in html
    assert "Nguyễn Văn Đào QX-2" in html
    assert "TX-1" not in html


@pytest.mark.parametrize("path", ["/households", "/households/unplaced", "/households/import", "/households/new"])
def test_a_canvasser_and_an_account_without_persons_get_no_lists(village: Village, as_: As, path: str) -> None:
    page(as_(village.canvasser), path, 403)
    page(as_(village.counter), path, 403)


def test_an_empty_register_says_so(session: Session, village: Village, as_: As) -> None:
    area_id = an_area(session, "19999", "Xã Mới", "commune", village.province_id)
    session.execute(text("select area_tree_rebuild()"))
    newcomer = an_account(session, "newcomer", "leader", area_id)

    assert 'class="empty"' in page(as_(newcomer), "/households?lang=en")
    assert 'class="empty"' in page(as_(newcomer), "/households/unplaced")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=nguyen+van+dao+ht-2", {"HT-2"}),
        ("q=tran thi hoa quang xa", {"QX-1", "QX-2"}),
        ("q=0912", {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}),
        ("q=100%25", set()),
        ("status=covered", {"HT-1", "QX-1"}),
        ("status=partly&status=uncovered", {"HT-2", "HT-3", "QX-2"}),
        ("reason=expired&status=uncovered", {"HT-3"}),
        ("placed=no", set()),
        ("age=eldest", set()),
        ("category=GD", {"HT-1", "HT-2", "QX-1", "QX-2"}),
        ("category=HN", set()),
        ("mark=refused", set()),
        ("not_visited_since=2020-01-01", {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}),
    ],
)
def test_a_filter_finds_what_it_says(village: Village, as_: As, query: str, codes: set[str]) -> None:
    html = page(as_(village.leader), f"/households?{query}")

    assert {code for code in ("HT-1", "HT-2", "HT-3", "QX-1", "QX-2") if f">{code}<" in html} == codes


def test_an_area_filter_holds_within_the_area_and_a_foreign_one_finds_nothing(village: Village, as_: As) -> None:
    client = as_(village.leader)

    assert "QX-1" not in page(client, f"/households?area={village.id}")
    assert "TX-1" not in page(client, f"/households?area={village.neighbour_id}")


@pytest.mark.parametrize(
    "query", ["status=x", "area=abc", "expiring=-1", "age=old", "placed=maybe", "not_visited_since=1/1/2020"]
)
def test_a_filter_that_is_none_is_refused_with_a_word(village: Village, as_: As, query: str) -> None:
    page(as_(village.leader), f"/households?{query}", 422)


def test_expiring_cards_are_found_by_their_day(session: Session, village: Village, as_: As) -> None:
    village.household.next_expiry_on = clock.today()
    session.flush()

    html = page(as_(village.leader), "/households?expiring=30")

    assert "HT-1" in html
    assert "HT-2" not in html


def test_names_sort_by_the_given_name_in_vietnamese_order(session: Session, village: Village, as_: As) -> None:
    for code, name in (("Z1", "Lê Văn Ước"), ("Z2", "Trần Thị Ánh"), ("Z3", "Bùi Văn Đặng"), ("Z4", "Vũ Thị Dung")):
        a_household(session, village.id, code, head_name=name)

    html = page(as_(village.leader), f"/households?sort=name&area={village.id}")

    places = [html.index(f">{code}<") for code in ("Z2", "Z4", "Z3", "Z1")]
    assert places == sorted(places)


def test_htmx_gets_only_the_rows(village: Village, as_: As) -> None:
    answer = as_(village.leader).get("/households?q=HT-1", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert "HT-1" in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_leaves_as_a_file_without_formulas_and_is_written_down(
    session: Session, village: Village, as_: As, kind: str
) -> None:
    a_household(session, village.id, "HT-9", head_name='=HYPERLINK("http://x")', phone="+84912")

    answer = as_(village.leader).get(f"/households/export.{kind}?area={village.id}")

    assert answer.status_code == 200
    content = answer.data
    answer.close()
    if kind == "csv":
        rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
        assert any("'=HYPERLINK" in cell for row in rows for cell in row)
        assert len(rows) == 5
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == '=HYPERLINK("http://x")' and cell.data_type == "s" for cell in cells)
        assert not any(cell.data_type == "f" for cell in cells)
    facts = session.scalar(text("select facts from audit_event where action = 'export households'"))
    assert facts == {"filter": [["area", str(village.id)]], "kind": kind, "rows": 4}


def test_villages_are_listed_with_what_has_no_place(session: Session, village: Village, as_: As) -> None:
    a_household(session, village.id, "HT-9", head_name="Nguyễn Không Chỗ", lonlat=None)

    html = page(as_(village.leader), f"/households/unplaced?area={village.id}")

    assert "Nguyễn Không Chỗ" in html
    assert "Nguyễn Văn Đào HT-1" not in html
    assert "Trần Xá" not in html


def test_a_family_found_by_a_member_says_which(village: Village, session: Session, as_: As) -> None:
    home = village.household
    son = people_of(session, home)[-1]
    son.full_name = "Nguyễn Thành Đạt"
    session.flush()
    session.refresh(son)
    client = as_(village.leader)

    by_member = client.get("/households", query_string={"q": "thanh dat", "lang": "en"}).get_data(as_text=True)
    by_head = client.get("/households", query_string={"q": home.head_name, "lang": "en"}).get_data(as_text=True)
    on_map = client.get("/map", query_string={"q": "thanh dat", "lang": "en"}).get_data(as_text=True)

    assert "Member: Nguyễn Thành Đạt" in by_member
    assert "Member: Nguyễn Thành Đạt" in on_map
    assert f"Member: {home.head_name}" not in by_head
