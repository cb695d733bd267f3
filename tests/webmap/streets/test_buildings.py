import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webmap.streets.outlines import bring, square
from webmap import clock
from webmap.streets.models import Building
from webmap.streets.rules import Maker


def rows(session: Session) -> list[Building]:
    return list(session.scalars(select(Building).order_by(Building.external_id)))


def test_outlines_come_in_with_what_their_source_says(session: Session) -> None:
    counts = bring(
        session, Maker.GOOGLE, [square(0, 0), square(20, 0)],
        full_plus_code=["7P8G+1", "7P8G+2"], confidence=[0.91, 0.66], levels=["2", "?"], building=["house", "shed"],
    )  # fmt: skip

    house, shed = rows(session)
    assert counts.added["building"] == 2
    assert (house.external_id, house.kind, house.levels, house.maker) == ("7P8G+1", "house", 2, "google")
    assert abs((house.confidence or 0) - 0.91) < 1e-6
    assert (house.is_doubtful, house.is_shed) == (False, False)
    assert (shed.is_doubtful, shed.is_shed, shed.levels) == (True, True, None)


def test_the_same_file_twice_changes_nothing(session: Session) -> None:
    shapes = [square(0, 0), square(20, 0), shapely.MultiPolygon([square(40, 0), square(60, 0)])]
    bring(session, Maker.OVERTURE, shapes)
    before = [(one.id, one.source_id) for one in rows(session)]

    counts = bring(session, Maker.OVERTURE, shapes)

    assert counts.is_unchanged
    assert counts.same["building"] == 4
    assert [(one.id, one.source_id) for one in rows(session)] == before


def test_the_same_file_without_ids_twice_changes_nothing(session: Session) -> None:
    bring(session, Maker.OFFICIAL, [square(0, 0), square(20, 0)], id=[None, None])

    counts = bring(session, Maker.OFFICIAL, [square(0, 0), square(20, 0), square(40, 0)], id=[None] * 3)

    assert (counts.added["building"], counts.changed["building"], counts.removed["building"]) == (1, 0, 0)


def test_a_building_that_moves_stays_itself(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0), square(20, 0)])
    before = [one.id for one in rows(session)]

    counts = bring(session, Maker.OSM, [square(3, 0), square(20, 0)], levels=["3", None])

    assert (counts.added["building"], counts.changed["building"], counts.removed["building"]) == (0, 1, 0)
    assert [one.id for one in rows(session)] == before
    assert rows(session)[0].levels == 3


def test_a_shape_that_loses_a_part_loses_that_building_only(session: Session) -> None:
    bring(session, Maker.OSM, [shapely.MultiPolygon([square(0, 0), square(20, 0)]), square(40, 0)])

    counts = bring(session, Maker.OSM, [shapely.MultiPolygon([square(0, 0)]), square(40, 0)])

    assert (counts.removed["building"], counts.same["building"]) == (1, 2)


def test_what_a_whole_file_does_not_hold_is_gone_and_of_other_makers_nothing(session: Session) -> None:
    everywhere = square(-100, -100, 400)
    bring(session, Maker.OSM, [square(0, 0), square(20, 0)])
    bring(session, Maker.GOOGLE, [square(60, 0)])

    counts = bring(session, Maker.OSM, [square(0, 0)], covered=everywhere)

    assert counts.removed["building"] == 1
    assert [one.external_id for one in rows(session)] == ["google-0", "osm-0"]


def test_what_somebody_edited_is_neither_changed_nor_doubled_nor_removed(session: Session) -> None:
    bring(session, Maker.OSM, [square(0, 0), square(20, 0)])
    edited = rows(session)[0]
    edited.kind = "house"
    edited.edited_at = clock.now()
    session.flush()

    counts = bring(session, Maker.OSM, [square(5, 0)], building=["school"], covered=square(-100, -100, 400))

    assert (counts.added["building"], counts.changed["building"], counts.removed["building"]) == (0, 0, 1)
    assert [one.kind for one in rows(session)] == ["house"]


def test_broken_rings_are_mended_and_what_is_no_surface_is_counted(session: Session) -> None:
    bow = shapely.Polygon([(106.6, 17.2), (106.6001, 17.2001), (106.6001, 17.2), (106.6, 17.2001)])

    counts = bring(session, Maker.OFFICIAL, [bow, None, shapely.Point(106.6, 17.2)])

    assert counts.added["building"] == 2
    assert counts.skipped == {"no_geometry": 2}


def test_words_with_tabs_and_backslashes_stay_what_they_are(session: Session) -> None:
    bring(session, Maker.OFFICIAL, [square(0, 0)], house_number=["12\t\\N"], street=["Ngõ 3\n"])

    assert [(one.house_number, one.street) for one in rows(session)] == [("12\t\\N", "Ngõ 3")]
