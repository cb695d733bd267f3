"""A filter survives the way into an address and back, and means the same in plain SQL as in the list."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.builders import Village
from webmap import clock
from webmap.households.filters import AGES, STATUSES, HouseholdFilter, parse, to_query, where_sql
from webmap.households.queries import page_of_households
from webmap.households.rules import DoorMark, ReasonGroup


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(lambda chosen: tuple(sorted(chosen)))


FILTERS = st.builds(
    HouseholdFilter,
    area=st.none() | st.integers(1, 2**31 - 1),
    status=some(list(STATUSES)),
    mark=some([mark.value for mark in DoorMark]),
    reason=some([group.value for group in ReasonGroup]),
    age=some(list(AGES)),
    category=some(["GD", "HN", "TE"]),
    expiring=st.none() | st.integers(0, 3650),
    not_visited_since=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    placed=st.none() | st.booleans(),
    q=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(lambda text: " ".join(text.split())),
)


@given(FILTERS)
def test_a_filter_written_into_an_address_reads_as_itself(wanted: HouseholdFilter) -> None:
    assert parse(MultiDict(to_query(wanted))) == wanted


def test_an_empty_filter_is_an_empty_address() -> None:
    assert to_query(HouseholdFilter()) == []
    assert HouseholdFilter(area=3).is_empty
    assert not HouseholdFilter(q="đào").is_empty


def test_the_same_filter_in_plain_sql_finds_the_same_households(session: Session, village: Village) -> None:
    today = clock.today()
    for wanted in (
        HouseholdFilter(area=village.commune_id, status=("partly", "uncovered")),
        HouseholdFilter(q="hoa ht-1"),
        HouseholdFilter(reason=("expired",), age=("working",), placed=True),
    ):
        sql, parameters = where_sql(wanted, today)

        cursor = session.connection().connection.driver_connection
        assert cursor is not None
        numbers = {row[0] for row in cursor.execute(sql, parameters).fetchall()}

        page = page_of_households(session, village.admin.scope, wanted, today)
        assert numbers == {row.number for row in page.rows}
        assert numbers
