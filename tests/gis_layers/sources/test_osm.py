import json
from collections import Counter
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_layers.errors import UnreadableFileError
from gis_layers.measure import length_metres
from gis_layers.sources.clip import clipped, region_around
from gis_layers.sources.osm import features, summary
from gis_layers.sources.osm_features import (
    Access,
    Address,
    Alley,
    AlleyKind,
    Building,
    Feature,
    Skipped,
    Water,
    alley_kind,
)
from gis_layers.types import BBox

HEAD = "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
CROSS = """
<node id='1' lat='21.000' lon='105.000'/><node id='2' lat='21.000' lon='105.001'/>
<node id='3' lat='21.000' lon='105.002'/>
<node id='4' lat='21.001' lon='105.001'><tag k='barrier' v='gate'/></node><node id='5' lat='20.999' lon='105.001'/>
"""
STREETS = """
<way id='10'><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='residential'/>
<tag k='name' v='Phố Hào Nam'/></way>
<way id='11'><nd ref='4'/><nd ref='2'/><nd ref='5'/><tag k='highway' v='service'/>
<tag k='name' v='Ngõ 46 Phố Hào Nam'/></way>
"""

ENTITY_BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>"
    b"<osm version='0.6'><node id='1' lat='21' lon='105'><tag k='name' v='&b;'/></node></osm>"
)


def written(folder: Path, inside: str) -> Path:
    path = folder / "map.osm"
    path.write_text(f"{HEAD}{inside}</osm>", "utf-8")
    return path


def read(path: Path) -> list[Feature]:
    return list(features(summary(path)))


def alleys(found: list[Feature]) -> list[Alley]:
    return [feature for feature in found if isinstance(feature, Alley)]


@pytest.mark.parametrize(
    "name", ["hanoi_cat_linh_2023.osm.pbf", "hanoi_dong_da_streets_2023.osm.pbf", "hanoi_small_export.osm"]
)
def test_a_quarter_of_ha_noi_holds_what_was_counted(shared_data: Path, name: str) -> None:
    expected = json.loads((shared_data / "osm" / "expected_counts.json").read_text("utf-8"))[name]
    found = read(shared_data / "osm" / name)

    kinds = Counter(type(feature) for feature in found)

    assert kinds[Building] == expected["buildings"]
    assert kinds[Address] == expected["address_nodes"] + expected["address_ways"]
    assert kinds[Skipped] == 0


@pytest.mark.parametrize("name", ["hanoi_cat_linh_2023", "hanoi_dong_da_streets_2023"])
def test_alleys_join_into_the_network_that_is_known(shared_data: Path, name: str) -> None:
    expected = json.loads((shared_data / "osm" / "expected_network.json").read_text("utf-8"))[name]
    found = alleys(read(shared_data / "osm" / f"{name}.osm.pbf"))

    ends = np.array([(alley.from_node, alley.to_node) for alley in found])
    metres = np.array([length_metres(alley.geometry) for alley in found])
    ids, places = np.unique(ends, return_inverse=True)
    from_place, to_place = places.reshape(-1, 2).T
    links = coo_array((np.ones(len(found)), (from_place, to_place)), shape=(len(ids), len(ids)))
    count, component = connected_components(links, directed=False)

    assert len({alley.osm_id for alley in found}) == expected["highway_ways_walkable"]
    assert len({corner for alley in found for corner in alley.geometry.coords}) == expected["nodes"]
    assert sum(len(alley.geometry.coords) - 1 for alley in found) == expected["edges"]
    assert count == expected["components"]
    assert metres.sum() == pytest.approx(expected["total_metres"], abs=0.1)
    largest = np.bincount(component[from_place], metres).max()
    assert largest == pytest.approx(expected["largest_component_metres"], abs=0.1)


def test_two_streets_that_cross_at_a_node_are_cut_there_and_joined_by_it(tmp_path: Path) -> None:
    found = alleys(read(written(tmp_path, CROSS + STREETS)))

    assert [(one.osm_id, one.piece, one.from_node, one.to_node) for one in found] == [
        (10, 0, 1, 2),
        (10, 1, 2, 3),
        (11, 0, 4, 2),
        (11, 1, 2, 5),
    ]
    assert {one.kind for one in found} == {AlleyKind.ROAD, AlleyKind.ALLEY}
    assert [one.is_gated for one in found] == [False, False, True, False]


def test_a_bridge_over_a_street_does_not_meet_it(tmp_path: Path) -> None:
    bridge = "<way id='12'><nd ref='4'/><nd ref='5'/><tag k='highway' v='footway'/><tag k='bridge' v='yes'/></way>"
    street = STREETS.partition("</way>")[0] + "</way>"

    found = alleys(read(written(tmp_path, CROSS + street + bridge)))

    assert len(found) == 2


def test_nodes_that_are_missing_cut_the_way_and_are_told(tmp_path: Path) -> None:
    nodes = "".join(f"<nd ref='{ref}'/>" for ref in (1, 2, 99, 3, 4))
    way = f"<way id='10'>{nodes}<tag k='highway' v='path'/></way>"

    found = read(written(tmp_path, CROSS + way))

    assert Skipped("w10", "missing_nodes") in found
    assert [(one.from_node, one.to_node) for one in alleys(found)] == [(1, 2), (3, 4)]


def test_a_lake_with_an_island_keeps_its_hole_and_a_broken_relation_is_told(tmp_path: Path) -> None:
    corners = [(0, 0), (0, 4), (4, 4), (4, 0), (1, 1), (1, 2), (2, 2), (2, 1)]
    nodes = "".join(
        f"<node id='{n}' lat='{21 + y / 1000}' lon='{105 + x / 1000}'/>" for n, (x, y) in enumerate(corners, 1)
    )
    rings = "".join(
        f"<way id='{way}'>{''.join(f'<nd ref={n!r}/>' for n in refs)}</way>"
        for way, refs in ((20, "12341"), (21, "56785"))
    )
    lake = (
        "<relation id='30'><member type='way' ref='20' role='outer'/><member type='way' ref='21' role='inner'/>"
        "<tag k='type' v='multipolygon'/><tag k='natural' v='water'/><tag k='name' v='Hồ Văn'/></relation>"
    )
    broken = (
        "<relation id='31'><member type='way' ref='77' role='outer'/>"
        "<tag k='type' v='multipolygon'/><tag k='building' v='yes'/></relation>"
    )

    found = read(written(tmp_path, nodes + rings + lake + broken))

    (water,) = [feature for feature in found if isinstance(feature, Water)]
    assert (water.osm_ref, water.name) == ("r30", "Hồ Văn")
    assert len(water.geometry.geoms[0].interiors) == 1
    assert Skipped("r31", "incomplete_relation") in found


def test_overpass_writes_ways_before_nodes_and_is_read_all_the_same(tmp_path: Path) -> None:
    found = alleys(read(written(tmp_path, STREETS + CROSS)))

    assert len(found) == 4


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "footway", "bridge": "yes"}, AlleyKind.BRIDGE),
        ({"highway": "steps", "bridge": "yes"}, AlleyKind.BRIDGE),
        ({"highway": "footway", "footway": "crossing", "bridge": "yes"}, AlleyKind.BRIDGE),
        ({"highway": "footway", "footway": "sidewalk", "bridge": "yes"}, AlleyKind.SIDEWALK),
        ({"highway": "residential", "bridge": "yes"}, AlleyKind.ROAD),
        ({"highway": "footway", "bridge": "no"}, AlleyKind.PATH),
        ({"route": "ferry", "name": "Đò Quảng Xá"}, AlleyKind.FERRY),
        ({"route": "ferry", "foot": "yes"}, AlleyKind.FERRY),
        ({"route": "ferry"}, None),
        ({"route": "bus", "name": "34"}, None),
    ],
)
def test_footbridges_and_ferries_are_ways(tags: dict[str, str], kind: AlleyKind | None) -> None:
    assert alley_kind(tags) == kind


def test_private_and_forbidden_ways_are_marked(tmp_path: Path) -> None:
    way = "<way id='{id}'><nd ref='1'/><nd ref='{to}'/><tag k='highway' v='service'/>{tags}</way>"
    private = way.format(id=10, to=2, tags="<tag k='access' v='private'/>")
    shut = way.format(id=11, to=3, tags="<tag k='foot' v='no'/>")
    walked = way.format(id=12, to=4, tags="<tag k='access' v='no'/><tag k='foot' v='yes'/>")

    found = alleys(read(written(tmp_path, CROSS + private + shut + walked)))

    assert [one.access for one in found] == [Access.PRIVATE, Access.FORBIDDEN, Access.PUBLIC]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"hello", "unknown_kind"),
        (b"PK\x03\x04 a zip", "damaged"),
        (b"<?xml version='1.0'?><osm version='0.6'></osm>", "no_content"),
        (b"<?xml version='1.0'?><osm version='0.6'><node id='1' lat='21' lon='105'>", "damaged"),
        (ENTITY_BOMB, "entities"),
    ],
)
def test_what_is_no_osm_file_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "map.osm"
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError) as told:
        summary(path)

    assert told.value.facts["reason"] == reason


def test_a_file_that_breaks_off_is_told_not_read_halfway(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UnreadableFileError):
        read(path)


def test_what_lies_elsewhere_can_be_left_out_early_without_changing_what_is_kept(shared_data: Path) -> None:
    about = summary(shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf")
    region = region_around(shapely.box(105.830, 21.024, 105.8305, 21.0245), 20)

    early = list(clipped(features(about, BBox(*region.bounds)), region))

    assert early == list(clipped(features(about), region))
    assert 0 < len(early) < 200


def test_clipping_keeps_alleys_whole_that_reach_in_and_leaves_the_rest(shared_data: Path) -> None:
    about = summary(shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf")
    quarter = shapely.box(105.830, 21.024, 105.835, 21.028)
    everything = {(one.osm_id, one.piece): one for one in alleys(list(features(about)))}

    kept = list(clipped(features(about), region_around(quarter, 100)))

    assert 0 < len(alleys(kept)) < len(everything)
    for alley in alleys(kept):
        assert everything[alley.osm_id, alley.piece] == alley
    assert all(
        region_around(quarter, 101).intersects(feature.geometry)
        for feature in kept
        if isinstance(feature, Building | Alley)
    )


@pytest.mark.parametrize(
    ("tags", "kind", "who"),
    [
        ({"highway": "steps"}, AlleyKind.STEPS, Access.PUBLIC),
        ({"highway": "path"}, AlleyKind.PATH, Access.PUBLIC),
        ({"highway": "footway", "foot": "designated"}, AlleyKind.PATH, Access.PUBLIC),
        ({"highway": "footway", "footway": "sidewalk"}, AlleyKind.SIDEWALK, Access.PUBLIC),
        ({"highway": "service", "service": "alley"}, AlleyKind.ALLEY, Access.PUBLIC),
        ({"highway": "service", "service": "driveway", "access": "private"}, AlleyKind.SERVICE, Access.PRIVATE),
        ({"highway": "residential", "access": "residents"}, AlleyKind.ROAD, Access.PRIVATE),
        ({"highway": "track", "access": "no"}, AlleyKind.TRACK, Access.FORBIDDEN),
        ({"highway": "trunk"}, AlleyKind.MAIN, Access.PUBLIC),
        ({"highway": "motorway", "foot": "no"}, AlleyKind.MOTORWAY, Access.FORBIDDEN),
    ],
)
def test_tags_say_what_a_way_is_on_foot(tmp_path: Path, tags: dict[str, str], kind: AlleyKind, who: Access) -> None:
    written_tags = "".join(f"<tag k='{key}' v='{value}'/>" for key, value in tags.items())
    way = f"<way id='10'><nd ref='1'/><nd ref='2'/>{written_tags}</way>"

    (found,) = alleys(read(written(tmp_path, CROSS + way)))

    assert (found.kind, found.access) == (kind, who)


@pytest.mark.parametrize("name", ["Hẻm 14 Ngách 58 Ngõ 46 Phố Hào Nam", "Ngách 12/33 Ngõ 1A Phố Tôn Thất Tùng"])
def test_nested_names_are_kept_whole(tmp_path: Path, name: str) -> None:
    apart = normalize("NFD", name)
    way = (
        "<way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='footway'/>" + f"<tag k='name' v=' {apart} '/></way>"
    )

    (found,) = alleys(read(written(tmp_path, CROSS + way)))

    assert (found.name, found.kind) == (name, AlleyKind.ALLEY)


@pytest.mark.parametrize(
    ("tags", "is_gated"),
    [
        ("<tag k='barrier' v='lift_gate'/>", True),
        ("<tag k='barrier' v='gate'/><tag k='foot' v='yes'/>", False),
        ("<tag k='barrier' v='bollard'/>", False),
    ],
)
def test_a_gate_counts_when_people_on_foot_need_somebody_to_open_it(
    tmp_path: Path, tags: str, is_gated: object
) -> None:
    nodes = f"<node id='1' lat='21' lon='105'/><node id='2' lat='21' lon='105.001'>{tags}</node>"
    way = "<way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='service'/></way>"

    (found,) = alleys(read(written(tmp_path, nodes + way)))

    assert found.is_gated is is_gated
