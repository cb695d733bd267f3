import shutil
from datetime import date
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from tests.builders import Village, an_area
from webmap.accounts.scope import SYSTEM
from webmap.areas.errors import NoBoundaryError, UnusableMapError
from webmap.areas.models import Area, Source
from webmap.errors import NotFoundError
from webmap.mapfiles.errors import NothingToImportError
from webmap.mapfiles.inputs import StreetsOrder
from webmap.mapfiles.streets import import_streets
from webmap.streets.loading import Counts
from webmap.streets.models import AddressPoint, Alley, Building, Terrain

QUARTER = (105.815, 21.015, 105.845, 21.040)
MIDDLE = (105.830, 21.024, 105.835, 21.028)


@pytest.fixture
def ward(session: Session) -> int:
    """A ward that holds the whole quarter of the test files."""
    province = an_area(session, "01", "Hà Nội", "province", None, box=(105.2, 20.5, 106.0, 21.4))
    made = an_area(session, "00199", "Văn Miếu", "commune", province, box=QUARTER)
    session.execute(select(func.area_tree_rebuild()))
    return made


def many(session: Session, table: type[Alley | Building | Terrain | AddressPoint]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def bring(session: Session, path: Path, *area_ids: int, complete: bool = False) -> Counts:
    order = StreetsOrder(source_name=path.name, area_ids=area_ids, is_complete=complete)
    return import_streets(session, SYSTEM, path, order, lambda _: None)


def test_a_quarter_of_ha_noi_becomes_the_basemap(session: Session, ward: int, shared_data: Path) -> None:
    bring(session, shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf", ward)

    assert many(session, Alley) == 1058
    assert many(session, Building) == 497
    assert many(session, Terrain) == 7
    numbers = select(func.count()).select_from(Building).where(Building.house_number.is_not(None))
    assert many(session, AddressPoint) + (session.scalar(numbers) or 0) == 253
    source = session.scalars(select(Source).where(Source.kind == "streets")).one()
    assert (source.attribution, source.licence) == ("© OpenStreetMap contributors", "ODbL 1.0")


def test_the_same_file_twice_changes_nothing(session: Session, ward: int, shared_data: Path) -> None:
    path = shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf"
    bring(session, path, ward)
    before = session.scalars(select(Alley.id).order_by(Alley.id)).all()

    counts = bring(session, path, ward)

    assert counts.is_unchanged
    assert counts.same["alley"] == 1058
    assert session.scalars(select(Alley.id).order_by(Alley.id)).all() == before
    assert session.scalar(select(func.count()).select_from(Source).where(Source.kind == "streets")) == 1


def test_streets_are_cut_to_the_chosen_area(session: Session, ward: int, shared_data: Path) -> None:
    small = an_area(session, "00200", "Quốc Tử Giám", "commune", None, box=MIDDLE)
    session.execute(select(func.area_tree_rebuild()))

    bring(session, shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf", small)

    assert 100 < many(session, Alley) < 700
    outside = session.scalar(
        text(
            "select count(*) from alley, area where area.id = :id"
            " and st_distance(alley.line::geography, area.boundary::geography) > 105"
        ),
        {"id": small},
    )
    assert outside == 0


def test_a_way_that_the_map_no_longer_has_goes_and_drawn_ones_stay(session: Session, ward: int, tmp_path: Path) -> None:
    nodes = "<node id='1' lat='21.020' lon='105.820'/><node id='2' lat='21.021' lon='105.820'/>"
    first = "<way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='path'/></way>"
    second = "<way id='11'><nd ref='1'/><nd ref='2'/><tag k='highway' v='steps'/></way>"
    head = "<osm version='0.6'><bounds minlat='21.01' minlon='105.81' maxlat='21.03' maxlon='105.83'/>"
    path = tmp_path / "map.osm"
    path.write_text(f"{head}{nodes}{first}{second}</osm>")
    bring(session, path, ward)
    drawn = Source(name="drawn", kind="hand")
    session.add(drawn)
    session.flush()
    line = to_wkb(shapely.LineString([(105.82, 21.02), (105.82, 21.0205)])).hex()
    session.execute(
        text("insert into alley (kind, source_id, line) values ('alley', :source, cast(:line as geometry))"),
        {"source": drawn.id, "line": line},
    )
    path.write_text(f"{head}{nodes}{first.replace('path', 'residential')}</osm>")

    counts = bring(session, path, ward, complete=True)

    assert (counts.removed["alley"], counts.changed["alley"], counts.added["alley"]) == (1, 1, 0)
    assert sorted(session.scalars(select(Alley.kind))) == ["alley", "road"]


@pytest.mark.parametrize("name", ["hanoi_small_export.osm", "hanoi_dong_da_streets_2023.osm.pbf"])
def test_an_extract_of_less_takes_no_house_away(session: Session, ward: int, shared_data: Path, name: str) -> None:
    bring(session, shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf", ward)

    counts = bring(session, shared_data / "osm" / name, ward)

    assert (counts.removed["building"], counts.removed["terrain"], counts.removed["address_point"]) == (0, 0, 0)
    assert many(session, Building) == 497


def test_a_vn2000_geopackage_lies_where_openstreetmap_lies(session: Session, ward: int, shared_data: Path) -> None:
    bring(session, shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf", ward)
    osm = {
        row[0]: row[1:]
        for row in session.execute(
            select(
                Building.osm_id,
                func.st_x(func.st_centroid(Building.outline)),
                func.st_y(func.st_centroid(Building.outline)),
            )
        )
    }
    session.execute(text("delete from building"))

    bring(session, shared_data / "osm" / "hanoi_cat_linh_vn2000.gpkg", ward)

    found = session.execute(
        select(
            Building.osm_id,
            func.st_x(func.st_centroid(Building.outline)),
            func.st_y(func.st_centroid(Building.outline)),
        )
    ).all()
    assert len(found) == 497
    assert all(abs(lon - osm[key][0]) < 5e-7 and abs(lat - osm[key][1]) < 5e-7 for key, lon, lat in found)


def test_an_area_without_a_boundary_cannot_be_cut_to(session: Session, shared_data: Path) -> None:
    bare = an_area(session, "x1", "Thế Lộc", "village", None)
    session.execute(select(func.area_tree_rebuild()))

    with pytest.raises(NoBoundaryError):
        bring(session, shared_data / "osm" / "hanoi_small_export.osm", bare)


def test_a_file_of_somewhere_else_is_told_and_leaves_nothing(session: Session, shared_data: Path) -> None:
    village = Village.built(session)

    with pytest.raises(NothingToImportError):
        bring(session, shared_data / "osm" / "hanoi_small_export.osm", village.commune_id)

    assert many(session, Alley) == 0


def test_an_area_of_others_does_not_exist_for_me(session: Session, shared_data: Path) -> None:
    village = Village.built(session)
    order = StreetsOrder(source_name="x", area_ids=(village.neighbour_commune_id,))

    with pytest.raises(NotFoundError):
        import_streets(
            session, village.leader.scope, shared_data / "osm" / "hanoi_small_export.osm", order, lambda _: None
        )


def test_an_empty_file_and_a_half_one_change_nothing(
    session: Session, ward: int, shared_data: Path, tmp_path: Path
) -> None:
    empty, half = tmp_path / "empty.osm", tmp_path / "half.pbf"
    empty.write_bytes(b"")
    shutil.copy(shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf", half)
    half.chmod(0o600)
    half.write_bytes(half.read_bytes()[:50_000])

    for path in (empty, half):
        with pytest.raises(UnusableMapError), session.begin_nested():
            bring(session, path, ward)

    assert many(session, Alley) == 0
    assert session.scalar(select(func.count()).select_from(Area)) == 2


GATED = """<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>
<node id='1' lat='21.025' lon='105.831'/><node id='2' lat='21.025' lon='105.832'/>
<node id='3' lat='21.026' lon='105.832'><tag k='barrier' v='gate'/></node><node id='4' lat='21.027' lon='105.832'/>
<way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='service'/><tag k='access' v='no'/></way>
<way id='11'><nd ref='2'/><nd ref='3'/><nd ref='4'/><tag k='highway' v='service'/><tag k='access' v='private'/></way>
</osm>"""


def test_who_may_walk_an_alley_and_its_gate_are_kept(session: Session, ward: int, tmp_path: Path) -> None:
    path = tmp_path / "gated.osm"
    path.write_text(GATED, "utf-8")

    bring(session, path, ward)

    found = session.execute(select(Alley.access, Alley.has_gate, Alley.is_walkable).order_by(Alley.osm_id)).all()
    assert [tuple(row) for row in found] == [("forbidden", False, False), ("private", True, True)]


def test_what_a_person_edited_stays_and_is_not_laid_down_a_second_time(
    session: Session, ward: int, shared_data: Path
) -> None:
    path = shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf"
    bring(session, path, ward)
    renamed, closed, moved = session.scalars(select(Alley).order_by(func.st_length(Alley.line).desc()).limit(3)).all()
    renamed.name, closed.closed_on = "Ngõ của tôi", date(2025, 1, 1)
    moved.stands_for = session.scalar(select(func.st_asbinary(Alley.line)).where(Alley.id == moved.id))
    moved.line = func.st_linesubstring(Alley.line, 0, 0.5)
    for one in (renamed, closed, moved):
        one.edited_at = func.now()
    session.flush()
    shape = session.scalar(select(func.st_astext(Alley.line)).where(Alley.id == moved.id))

    counts = bring(session, path, ward, complete=True)

    assert counts.is_unchanged
    assert many(session, Alley) == 1058
    assert session.scalar(select(Alley.name).where(Alley.id == renamed.id)) == "Ngõ của tôi"
    assert session.scalar(select(Alley.closed_on).where(Alley.id == closed.id)) == date(2025, 1, 1)
    assert session.scalar(select(func.st_astext(Alley.line)).where(Alley.id == moved.id)) == shape


FILES = ("hanoi_cat_linh_2023.osm.pbf", "hanoi_small_export.osm", "hanoi_cat_linh_vn2000.gpkg")


def test_a_second_and_third_file_of_a_quarter_change_nothing(session: Session, ward: int, shared_data: Path) -> None:
    whole, corner, drawn = (shared_data / "osm" / name for name in FILES)
    bring(session, whole, ward)

    of_corner = bring(session, corner, ward)
    of_drawn = bring(session, drawn, ward)

    assert of_corner.is_unchanged
    # four paths around surfaces, which only OpenStreetMap tells from ways, and the pieces they cut of others
    assert (of_drawn.added["building"], of_drawn.changed["building"], of_drawn.removed["building"]) == (0, 0, 0)
    assert of_drawn.added["alley"] < 20
    assert bring(session, whole, ward).added["alley"] == 0


def test_a_file_that_cuts_ways_finer_keeps_the_network_joined(session: Session, ward: int, shared_data: Path) -> None:
    whole, _, drawn = (shared_data / "osm" / name for name in FILES)
    bring(session, drawn, ward)

    counts = bring(session, whole, ward)

    apart = text("""
        select count(*) from alley one join alley other on one.id < other.id
           and st_dwithin(st_startpoint(one.line), st_startpoint(other.line), 1e-6) and one.from_node <> other.from_node
    """)
    assert session.scalar(apart) == 0
    assert counts.added["alley"] + counts.removed["alley"] < 40
