"""One house, one outline: whoever drew it, and whatever was loaded first."""

from itertools import permutations

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.webmap.streets.outlines import bring, shown, square
from webmap import clock
from webmap.streets.models import Building
from webmap.streets.rules import Maker
from webmap.streets.same_houses import Compared, compare_touched, touch_everything


def one(session: Session, external_id: str) -> Building:
    return session.scalars(select(Building).where(Building.external_id == external_id)).one()


@pytest.mark.parametrize("order", list(permutations((Maker.OFFICIAL, Maker.OSM, Maker.GOOGLE))))
def test_the_better_drawing_is_shown_whatever_came_first(session: Session, order: tuple[Maker, ...]) -> None:
    for maker in order:
        bring(session, maker, [square({"official": 0, "osm": 2, "google": 3}[maker], 0)])
        compare_touched(session)
        session.expire_all()

    official = one(session, "official-0")
    assert shown(session) == ["official-0"]
    assert {one(session, name).same_as_id for name in ("osm-0", "google-0")} == {official.id}


def test_neighbours_wall_to_wall_stay_two_houses(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0, 4, 15), square(4, 0, 4, 15)])
    bring(session, Maker.GOOGLE, [square(0.5, 0, 4, 15), square(8.5, 0, 4, 15)])

    compare_touched(session)

    assert shown(session) == ["google-1", "osm-0", "osm-1"]


def test_a_block_over_a_row_of_houses_takes_them_in_when_it_is_the_better_drawing(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0, 20, 15)])
    bring(session, Maker.GOOGLE, [square(5 * n, 0, 5, 15) for n in range(4)])

    compare_touched(session)

    assert shown(session) == ["osm-0"]


def test_a_lesser_block_gives_way_only_when_better_houses_cover_it(session: Session) -> None:
    bring(session, Maker.GOOGLE, [square(0, 0, 20, 15), square(50, 0, 20, 15)])
    bring(session, Maker.OSM, [*(square(5 * n, 0, 4.5, 15) for n in range(4)), square(50, 0, 4.5, 15)])

    compare_touched(session)

    assert shown(session) == ["google-1", *(f"osm-{n}" for n in range(5))]
    assert one(session, "google-0").same_as_id in [one(session, f"osm-{n}").id for n in range(4)]


def test_between_detectors_the_surer_one_wins_within_a_maker_nobody_does(session: Session) -> None:
    bring(session, Maker.GOOGLE, [square(0, 0), square(1, 0)], confidence=[0.8, 0.9])

    compare_touched(session)

    assert shown(session) == ["google-0", "google-1"]


def test_an_edited_outline_has_the_last_word(session: Session) -> None:
    bring(session, Maker.OFFICIAL, [square(0, 0)])
    bring(session, Maker.GOOGLE, [square(1, 0)])
    compare_touched(session)
    edited = one(session, "google-0")
    edited.edited_at = clock.now()
    session.flush()

    touch_everything(session)
    compare_touched(session)
    session.expire_all()

    assert shown(session) == ["google-0"]


def test_what_a_building_hid_shows_again_when_it_is_gone(session: Session) -> None:
    bring(session, Maker.OFFICIAL, [square(0, 0), square(50, 0)])
    bring(session, Maker.OSM, [square(1, 0)])
    bring(session, Maker.GOOGLE, [square(2, 0)])
    compare_touched(session)

    bring(session, Maker.OFFICIAL, [square(50, 0)], id=["official-1"], covered=square(-50, -50, 300))
    compare_touched(session)

    assert shown(session) == ["official-1", "osm-0"]


def test_an_outline_that_moves_away_frees_the_other(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0)])
    bring(session, Maker.GOOGLE, [square(1, 0)])
    compare_touched(session)

    bring(session, Maker.OSM, [square(40, 0)])
    compare_touched(session)

    assert shown(session) == ["google-0", "osm-0"]


def test_a_hut_beside_a_house_is_a_shed_a_numbered_one_and_a_lonely_one_are_not(session: Session) -> None:
    bring(
        session, Maker.OSM,
        [square(0, 0), square(12, 0, 3), square(0, 12, 3), square(200, 0, 3)],
        house_number=[None, None, "5", None],
    )  # fmt: skip

    assert compare_touched(session).sheds == 1

    session.expire_all()
    assert [one(session, f"osm-{n}").is_shed for n in range(4)] == [False, True, False, False]


outlines = st.lists(
    st.tuples(st.sampled_from(list(Maker)), st.integers(0, 30), st.integers(0, 12), st.integers(3, 14)),
    min_size=1,
    max_size=9,
    unique_by=lambda given: given[:3],
)


@example([  # two outlines take the whole of a third in
    (Maker.OVERTURE, 15, 12, 3), (Maker.DRAWN, 15, 11, 13), (Maker.DRAWN, 13, 2, 14),
])  # fmt: skip
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=outlines)
def test_comparing_is_idempotent_and_does_not_depend_on_the_order_of_loading(
    session: Session, drawn: list[tuple[Maker, int, int, int]]
) -> None:
    pictures = []
    for order in (drawn, drawn[::-1]):
        for maker, east, north, wide in order:
            name = f"{maker}-{east}-{north}-{wide}"
            confidence = 0.7 + wide / 50
            bring(session, maker, [square(east, north, wide)], id=[name], confidence=[confidence])
            compare_touched(session)
        again = compare_touched(session)
        assert (again.hidden, again.shown) == (0, 0)
        touch_everything(session)
        whole = compare_touched(session)
        assert (whole.hidden, whole.shown) == (0, 0)
        pictures.append(session.execute(text(PICTURE)).all())
        session.execute(text("delete from building"))
    assert pictures[0] == pictures[1]


PICTURE = """
    select one.external_id, better.external_id from building one left join building better on better.id = one.same_as_id
     order by 1
"""


def test_no_hidden_outline_stands_for_another(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0)])
    bring(session, Maker.OVERTURE, [square(3, 0)])
    bring(session, Maker.GOOGLE, [square(7, 0)])

    compared = compare_touched(session)

    assert isinstance(compared, Compared)
    chains = "select count(*) from building a join building b on b.id = a.same_as_id where b.same_as_id is not null"
    assert session.scalar(text(chains)) == 0
    assert shown(session) == ["google-0", "osm-0"]


def test_a_real_quarter_and_a_shifted_copy_of_it_are_one_quarter(session: Session) -> None:
    houses = [square(14 * (n % 12), 18 * (n // 12), 9 + n % 4, 11 + n % 5) for n in range(60)]
    bring(session, Maker.OSM, houses)
    moved = [shapely.affinity.translate(house, 2 / 111_000, -1.5 / 111_000) for house in houses]
    bring(session, Maker.GOOGLE, moved, confidence=[0.8] * 60)

    compared = compare_touched(session)

    assert (compared.hidden, len(shown(session))) == (60, 60)
