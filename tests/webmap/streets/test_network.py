"""Parts of an area's alleys that do not join, and what a person says about them."""

import pytest
from geoalchemy2.shape import from_shape
from shapely import Polygon
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.streets.drawn import an_alley, places, stroke
from webmap.areas.errors import NoBoundaryError
from webmap.errors import NotFoundError
from webmap.streets import editing
from webmap.streets.editing_inputs import NotAGap
from webmap.streets.models import Alley, Building, Terrain
from webmap.streets.models import NotAGap as Told
from webmap.streets.network import ask_again, network_parts, tell_not_a_gap


@pytest.fixture
def apart(session: Session, village: Village) -> list[Alley]:
    """A road, and an alley that begins 12 metres from it, with two houses."""
    road = an_alley(session, (0, 0), (200, 0), name="Đường làng", kind="road")
    alley = an_alley(session, (50, 12), (50, 90), name="Ngõ 3")
    for door, (lon, lat) in zip(village.households, places((55, 40), (45, 60), (150, 5)), strict=True):
        door.point = func.st_setsrid(func.st_makepoint(lon, lat), 4326)
    session.flush()
    return [road, alley]


def test_a_part_is_told_with_its_houses_and_its_missing_link(
    session: Session, village: Village, apart: list[Alley]
) -> None:
    main, part = network_parts(session, village.leader.scope, village.id)

    assert (main.link, main.alleys, round(main.metres), main.households) == (None, 1, 200, 1)
    assert (part.alleys, round(part.metres), part.households, part.names) == (1, 78, 2, ("Ngõ 3",))
    assert part.link is not None
    assert (part.link.name, part.link.to_name, round(part.link.metres)) == ("Ngõ 3", "Đường làng", 12)
    assert not part.link.crosses_water
    assert not part.link.crosses_building


def test_water_and_houses_in_the_way_are_told(session: Session, village: Village, apart: list[Alley]) -> None:
    across = Polygon(places((40, 4), (60, 4), (60, 8), (40, 8)))
    source = apart[0].source_id
    session.add(Terrain(kind="canal", source_id=source, shape=from_shape(across, srid=4326)))
    session.add(Building(source_id=source, outline=from_shape(across, srid=4326)))
    session.flush()

    link = network_parts(session, village.leader.scope, village.id)[1].link

    assert link is not None
    assert link.crosses_water
    assert link.crosses_building


def test_the_link_added_joins_the_part(session: Session, village: Village, apart: list[Alley]) -> None:
    link = network_parts(session, village.leader.scope, village.id)[1].link
    assert link is not None

    ends = tuple((lon, lat) for lon, lat in link.coordinates)
    editing.add_alley(
        session, village.leader.scope, village.id, stroke((0, 0), (1, 1)).model_copy(update={"coordinates": ends})
    )

    assert len(network_parts(session, village.leader.scope, village.id)) == 1


def test_not_a_gap_is_remembered_once_and_can_be_asked_again(
    session: Session, village: Village, apart: list[Alley]
) -> None:
    scope = village.leader.scope
    link = network_parts(session, scope, village.id)[1].link
    assert link is not None
    told = NotAGap(coordinates=tuple((lon, lat) for lon, lat in link.coordinates))

    tell_not_a_gap(session, scope, village.id, told)
    tell_not_a_gap(session, scope, village.id, told)

    assert session.scalar(select(func.count()).select_from(Told)) == 1
    remembered = network_parts(session, scope, village.id)[1].link
    assert remembered is not None
    assert remembered.not_a_gap_id is not None
    ask_again(session, scope, village.id, remembered.not_a_gap_id)
    ask_again(session, scope, village.id, remembered.not_a_gap_id)
    again = network_parts(session, scope, village.id)[1].link
    assert again is not None
    assert again.not_a_gap_id is None


def test_nobody_speaks_about_the_neighbours_gaps(session: Session, village: Village, apart: list[Alley]) -> None:
    with pytest.raises(NotFoundError):
        tell_not_a_gap(session, village.stranger.scope, village.id, NotAGap(coordinates=places((50, 12), (50, 0))))
    with pytest.raises(NotFoundError):
        network_parts(session, village.stranger.scope, village.id)


def test_who_may_not_see_persons_is_told_no_number_of_households(
    session: Session, village: Village, apart: list[Alley]
) -> None:
    assert [part.households for part in network_parts(session, village.counter.scope, village.id)] == [None, None]


def test_an_area_without_a_boundary_has_no_alleys_of_its_own(session: Session, village: Village) -> None:
    session.execute(text("update area set boundary = null, boundary_kind = 'none' where id = :id"), {"id": village.id})
    session.expire_all()

    with pytest.raises(NoBoundaryError):
        network_parts(session, village.leader.scope, village.id)


def test_an_area_without_alleys_has_no_parts(session: Session, village: Village) -> None:
    assert network_parts(session, village.leader.scope, village.id) == []


def test_each_row_of_a_commune_of_5000_alleys_is_a_part(session: Session, village: Village) -> None:
    an_alley(session, (0, -50), (2000, -50), name="Đường làng")
    session.execute(
        text(
            "insert into alley (kind, source_id, line) select 'alley', (select min(id) from source), st_setsrid("
            " st_makeline(st_point(106.605 + x * 0.0003, 17.205 + y * 0.0009),"
            " st_point(106.605 + x * 0.0003 + case when x % 50 = 49 then 0.0002 else 0.0003 end, 17.205 + y * 0.0009)),"
            " 4326) from generate_series(0, 99) x, generate_series(0, 49) y"
        )
    )
    session.execute(text("analyze alley"))

    assert len(network_parts(session, village.leader.scope, village.commune_id)) == 101
