import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import osmium
import pytest

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.osm import features, summary
from gis_layers.sources.osm_features import Access, Address, Alley, Building, Feature, Skipped, Water
from tests.gis_layers.sources.made import gzipped, zipped

Json = dict[str, Any]


def read(path: Path) -> list[Feature]:
    return list(features(summary(path)))


def written(path: Path, elements: list[Json], **more: Any) -> Path:
    head = {"version": 0.6, "generator": "Overpass API"}
    path.write_text(json.dumps({**head, "elements": elements, **more}, ensure_ascii=False), "utf-8")
    return path


def as_elements(path: Path) -> tuple[list[Json], list[Json], list[Json]]:
    """The nodes, ways and relations of an extract, as Overpass writes them; ways with where their nodes are."""
    kinds: tuple[list[Json], list[Json], list[Json]] = ([], [], [])
    for item in osmium.FileProcessor(str(path)).with_locations():
        told: Json = {"type": {"n": "node", "w": "way", "r": "relation"}[item.type_str()], "id": item.id}
        if len(item.tags):
            told["tags"] = dict(item.tags)
        if item.is_node():
            kinds[0].append({**told, "lat": item.lat, "lon": item.lon})
        elif item.is_way():
            places = [{"lat": one.lat, "lon": one.lon} if one.location.valid() else None for one in item.nodes]
            kinds[1].append({**told, "nodes": [one.ref for one in item.nodes], "geometry": places})
        else:
            names = {"n": "node", "w": "way", "r": "relation"}
            members = [{"type": names[one.type], "ref": one.ref, "role": one.role} for one in item.members]
            kinds[2].append({**told, "members": members})
    return kinds


def without(elements: list[Json], key: str) -> list[Json]:
    return [{name: value for name, value in one.items() if name != key} for one in elements]


def body(nodes: list[Json], ways: list[Json], relations: list[Json]) -> list[Json]:
    """out body; >; out skel;"""
    return [*without(ways, "geometry"), *relations, *nodes]


def geom(nodes: list[Json], ways: list[Json], relations: list[Json]) -> list[Json]:
    """out geom;"""
    tagged = [node for node in nodes if "tags" in node]
    return [*tagged, *ways, *relations]


def test_the_sample_holds_the_ways_and_nodes_that_were_counted(shared_data: Path) -> None:
    expected = json.loads((shared_data / "osm" / "expected_counts.json").read_text("utf-8"))["overpass_hanoi_sample"]
    about = summary(shared_data / "osm" / "overpass_hanoi_sample.json")

    found = [one for one in features(about) if isinstance(one, Alley)]

    assert about.counts == Counter(alleys=expected["ways"])
    assert about.dated_on == date(2023, 12, 3)
    assert len({one.osm_id for one in found}) == expected["ways"]
    assert len({corner for one in found for corner in one.geometry.coords}) == expected["nodes"]
    assert "Ngõ Văn Chương" in {one.name for one in found}


@pytest.mark.parametrize("shape", [body, geom])
def test_an_overpass_answer_gives_what_the_extract_gives(
    shared_data: Path, tmp_path: Path, shape: Callable[..., list[Json]]
) -> None:
    extract = shared_data / "osm" / "hanoi_small_export.osm"
    path = written(tmp_path / "x", shape(*as_elements(extract)))

    there, here = read(extract), read(path)

    assert Counter(type(one) for one in here) == Counter(type(one) for one in there)
    assert sorted(map(repr, here)) == sorted(map(repr, there))


def test_without_numbers_of_nodes_ways_meet_where_they_are(tmp_path: Path) -> None:
    cross, along = {"lat": 21.0, "lon": 105.001}, [{"lat": 21.0, "lon": 105.0}, {"lat": 21.0, "lon": 105.002}]
    up = [{"lat": 21.001, "lon": 105.001}, cross, {"lat": 20.999, "lon": 105.001}]
    ways = [
        {"type": "way", "id": 1, "geometry": [along[0], cross, along[1]], "tags": {"highway": "residential"}},
        {"type": "way", "id": 2, "geometry": up, "tags": {"highway": "path", "access": "private"}},
    ]

    found = [one for one in read(written(tmp_path / "x", ways)) if isinstance(one, Alley)]

    assert len(found) == 4
    middle = Counter(node for one in found for node in (one.from_node, one.to_node)).most_common(1)[0]
    assert middle[1] == 4
    assert {one.access for one in found if one.osm_id == 2} == {Access.PRIVATE}


def test_a_lake_whose_rings_come_with_the_relation_keeps_its_island(tmp_path: Path) -> None:
    def ring(size: float) -> list[Json]:
        corners = [(-size, -size), (-size, size), (size, size), (size, -size), (-size, -size)]
        return [{"lat": 21 + y / 1000, "lon": 105 + x / 1000} for x, y in corners]

    members = [
        {"type": "way", "ref": 1, "role": "outer", "geometry": ring(2)},
        {"type": "way", "ref": 2, "role": "inner", "geometry": ring(1)},
    ]
    tags = {"type": "multipolygon", "natural": "water", "name": "Hồ Văn"}

    (lake,) = read(written(tmp_path / "x", [{"type": "relation", "id": 9, "members": members, "tags": tags}]))

    assert isinstance(lake, Water)
    assert (lake.osm_ref, lake.name) == ("r9", "Hồ Văn")
    assert len(lake.geometry.geoms[0].interiors) == 1


def test_missing_nodes_and_broken_relations_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    nodes = [{"type": "node", "id": n, "lat": 21 + n / 1000, "lon": 105.0} for n in (1, 2)]
    house = {"type": "node", "id": 7, "lat": 21, "lon": 105, "tags": {"addr:housenumber": "158/25"}}
    way = {"type": "way", "id": 1, "nodes": [1, 2, 3], "tags": {"highway": "steps", "name": "Ngách 58 Ngõ 46"}}
    center = {"type": "way", "id": 2, "center": {"lat": 21, "lon": 105}, "tags": {"highway": "path"}}
    broken = {
        "type": "relation",
        "id": 3,
        "members": [{"type": "way", "ref": 77, "role": "outer"}],
        "tags": {"type": "multipolygon", "building": "yes"},
    }

    found = read(written(tmp_path / "x", [*nodes, house, way, center, broken]))

    assert [type(one) for one in found] == [Address, Skipped, Alley, Skipped, Skipped]
    assert {(one.osm_ref, one.reason) for one in found if isinstance(one, Skipped)} == {
        ("w1", "missing_nodes"),
        ("w2", "missing_nodes"),
        ("r3", "incomplete_relation"),
    }


def test_wrapped_extracts_are_read_too(shared_data: Path, tmp_path: Path) -> None:
    extract = shared_data / "osm" / "hanoi_small_export.osm"
    packed = gzipped(tmp_path / "x", extract.read_bytes())
    archive = zipped(tmp_path / "y", **{"map.osm": extract.read_bytes()})

    assert sum(isinstance(one, Building) for one in read(packed)) == 80
    assert read(packed) == read(archive) == read(extract)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"osm3s":{},"elements":[{"type":"node","id":1', "damaged"),
        ('{"osm3s":{},"elements":[{"type":"node","id":"x","lat":1,"lon":2}]}', "damaged"),
        ('{"osm3s":{},"elements":[{"type":"way","id":1,"nodes":7}]}', "damaged"),
        ('{"osm3s":{},"elements":[3]}', "damaged"),
        ('{"osm3s":{},"elements":[]}', "no_content"),
        ('{"osm3s":{}}', "damaged"),
        ('{"osm3s":{},"elements":[' + "[" * 100_000, "too_deep"),
        ('{"osm3s":{},"elements":[],"remark":"runtime error: Query timed out in \\"query\\""}', "query_broke_off"),
    ],
)
def test_a_broken_answer_is_refused_with_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "x"
    path.write_text(content)

    with pytest.raises(UnreadableFileError) as told:
        read(path)

    assert told.value.facts["reason"] == reason
