from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import osmium
import pytest
import shapely

from gis_layers.errors import UnreadableFileError
from gis_layers.sources import osm_near
from gis_layers.sources.clip import clipped
from gis_layers.sources.osm import bounds, features, features_within, summary
from gis_layers.sources.osm_features import Alley, Building, Feature, Skipped, Water
from gis_layers.types import BBox

BOX = BBox(105.0, 21.0, 105.01, 21.01)
HEAD = "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm_near, "READ_WHOLE_BYTES", 0)


def node(number: int, lon: float, lat: float, tags: str = "") -> str:
    return f"<node id='{number}' lon='{lon}' lat='{lat}'>{tags}</node>"


def way(number: int, nodes: tuple[int, ...], **tags: str) -> str:
    said = "".join(f"<tag k='{key}' v='{value}'/>" for key, value in tags.items())
    refs = "".join(f"<nd ref='{one}'/>" for one in nodes)
    return f"<way id='{number}'>{refs}{said}</way>"


def as_pbf(folder: Path, *things: str) -> Path:
    source, target = folder / "map.osm", folder / "map.osm.pbf"
    source.write_text(HEAD + "".join(things) + "</osm>", "utf-8")
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(source):
            writer.add(item)
    return target


def found_in(path: Path, box: BBox = BOX) -> list[Feature]:
    return list(clipped(features_within(path, box), shapely.box(*box)))


def boxes_of(whole: BBox) -> Iterator[BBox]:
    """Yield all of it, a middle, a corner and hardly anything."""
    wide, high = whole.east - whole.west, whole.north - whole.south
    for west, south, east, north in ((0, 0, 1, 1), (0.4, 0.4, 0.6, 0.6), (0.8, 0, 1, 0.2), (0.5, 0.5, 0.505, 0.505)):
        yield BBox(
            whole.west + west * wide, whole.south + south * high, whole.west + east * wide, whole.south + north * high
        )


@pytest.mark.parametrize(("name", "boxes"), [("hanoi_cat_linh_2023", [1, 3]), ("hanoi_dong_da_streets_2023", [2])])
def test_what_lies_in_a_box_is_the_same_as_when_the_whole_file_is_read(
    shared_data: Path, name: str, boxes: list[int]
) -> None:
    path = shared_data / "osm" / f"{name}.osm.pbf"
    about = summary(path)
    assert about.bbox is not None

    for box in [list(boxes_of(about.bbox))[number] for number in boxes]:
        whole = clipped(features(about, box), shapely.box(*box))

        assert Counter(map(repr, found_in(path, box))) == Counter(map(repr, whole))


def test_an_alley_keeps_its_pieces_though_it_meets_others_far_away(tmp_path: Path) -> None:
    nodes = [node(n, 105.005, 20.985 + 0.02 * (n - 5)) for n in range(1, 7)]
    street = way(10, (1, 2, 3, 4, 5, 6), highway="residential")
    side = way(11, (9, 2), highway="service")
    path = as_pbf(tmp_path, *nodes, node(9, 105.1, 20.9), street, side)

    (alley,) = [one for one in found_in(path) if isinstance(one, Alley)]

    assert (alley.osm_id, alley.piece, alley.from_node, alley.to_node) == (10, 1, 2, 6)


def test_water_that_reaches_across_or_around_the_box_is_found_without_a_corner_near(tmp_path: Path) -> None:
    far = ((104.5, 20.5), (105.5, 20.5), (105.5, 21.5), (104.5, 21.5))
    path = as_pbf(
        tmp_path,
        *(node(n, *lonlat) for n, lonlat in enumerate(far, 1)),
        way(10, (1, 3), waterway="canal"),
        way(11, (1, 2, 3, 4, 1), natural="water"),
        way(12, (1, 2, 3, 4, 1)),
        "<relation id='20'><member type='way' ref='12' role='outer'/><tag k='type' v='multipolygon'/>"
        "<tag k='natural' v='water'/></relation>",
        way(13, (1, 2), waterway="canal"),
    )

    found = found_in(path)

    assert sorted(one.osm_ref for one in found if isinstance(one, Water)) == ["r20", "w10", "w11"]


def test_gates_addresses_and_what_is_missing_near_are_told_as_from_the_whole_file(tmp_path: Path) -> None:
    ids = [n * 150_000_000 + 7 for n in range(1, 80)]  # spread as widely as OpenStreetMap's
    nodes = [node(number, 105.001 + n * 1e-4, 21.005) for n, number in enumerate(ids)]
    nodes[3] = node(ids[3], 105.0013, 21.005, "<tag k='barrier' v='gate'/>")
    nodes[5] = node(ids[5], 105.0015, 21.005, "<tag k='addr:housenumber' v='158/25'/>")
    street = way(10, tuple(ids[:60]), highway="residential", name="Ngõ 46")
    broken = way(11, (ids[60], 5, ids[61], ids[62]), highway="path")
    gone = way(12, (7, 8), highway="path")
    path = as_pbf(tmp_path, *nodes, street, broken, gone)

    near, whole = found_in(path), list(features(summary(path), BOX))

    assert Skipped("w12", "missing_nodes") in whole  # it is nowhere, so not near either
    assert Counter(map(repr, near)) == Counter(repr(one) for one in whole if one != Skipped("w12", "missing_nodes"))
    assert [one.is_gated for one in near if isinstance(one, Alley)] == [True, False]


def test_where_nothing_lies_nothing_is_found_and_what_it_covers_is_told(tmp_path: Path) -> None:
    house = way(10, (1, 2, 3, 1), building="yes")
    path = as_pbf(tmp_path, node(1, 106, 21), node(2, 106.001, 21), node(3, 106, 21.001), house)

    assert found_in(path) == []
    assert [type(one) for one in found_in(path, BBox(106, 21, 106.1, 21.1))] == [Building]
    assert bounds(path) is None


def test_what_an_editor_has_added_and_not_yet_numbered_is_found(tmp_path: Path) -> None:
    corners = [node(1, 105.001, 21.001), node(2, 105.002, 21.001), node(3, 105.002, 21.002), node(-1, 105.003, 21.002)]
    path = as_pbf(tmp_path, *corners, way(-7, (1, 2, 3, -1), highway="path"), way(8, (1, 2, 3, 1), building="yes"))

    assert Counter(map(repr, found_in(path))) == Counter(map(repr, clipped(features(summary(path)), shapely.box(*BOX))))
    assert {type(one) for one in found_in(path)} == {Alley, Building, Skipped}


@pytest.mark.parametrize("name", ["hanoi_cat_linh_2023", "hanoi_dong_da_streets_2023"])
def test_a_large_file_is_summed_up_as_a_small_one(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = shared_data / "osm" / f"{name}.osm.pbf"
    large = summary(path)
    monkeypatch.setattr(osm_near, "READ_WHOLE_BYTES", 1024**3)
    small = summary(path)

    for part in ("counts", "bbox", "bounds", "dated_on", "objects", "gates", "relations"):
        assert getattr(large, part) == getattr(small, part)
    assert large.junctions.tolist() == small.junctions.tolist()


def test_half_a_file_is_refused(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UnreadableFileError):
        found_in(path)
