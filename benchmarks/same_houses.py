"""On what the thresholds for "one house" and "a shed" rest: real outlines against moved copies of themselves.

    python benchmarks/same_houses.py [--data ../shared/data]

A copy is what another maker would have drawn: the whole map shifted by so many metres, each outline up to 15 % larger
or smaller. Found: the copy is taken for its own original. Wrong: it is taken for a neighbour, and would be lost if only
that neighbour were on the map. Sheds are compared with a municipality that says of each building whether it is the main
one.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree, affinity

sys.path.insert(0, str(Path(__file__).parents[1]))

from gis_layers.sources.osm import features, summary
from gis_layers.sources.osm_features import Building
from webmap.streets.same_houses import SHED_METRES, SHED_RATIO, SHED_SQUARE_METRES

Shapes = NDArray[np.object_]
THRESHOLDS = ((0.15, 2.0), (0.25, 2.0), (0.25, 0.5), (0.25, 0.7), (0.3, 0.7), (0.5, 0.7))


def in_metres(shapes: list[shapely.Geometry]) -> Shapes:
    lonlat = np.array(shapes, dtype=object)
    lat = np.radians(shapely.get_y(shapely.centroid(lonlat)).mean())
    scale = [111_320 * np.cos(lat), 110_574]
    return np.asarray(shapely.transform(lonlat, lambda at: at * scale)[shapely.is_valid(lonlat)], dtype=object)


def read_geojson(path: Path) -> tuple[list[shapely.Geometry], list[dict[str, object]]]:
    found = json.loads(path.read_text("utf-8"))["features"]
    houses = [one for one in found if one["geometry"]["type"] == "Polygon"]
    return [shapely.geometry.shape(one["geometry"]) for one in houses], [one["properties"] for one in houses]


def read_osm(path: Path) -> list[shapely.Geometry]:
    return [part for one in features(summary(path)) if isinstance(one, Building) for part in one.geometry.geoms]


def moved(houses: Shapes, metres: float, dice: np.random.Generator) -> Shapes:
    angle = dice.uniform(0, 2 * np.pi)
    east, north = metres * np.cos(angle), metres * np.sin(angle)
    factors = dice.uniform(0.85, 1.15, len(houses))
    copies = [
        affinity.translate(affinity.scale(house, size, size), east, north)
        for house, size in zip(houses, factors, strict=True)
    ]
    return np.array(copies, dtype=object)


def compare(name: str, houses: Shapes) -> None:
    dice = np.random.default_rng(1)
    tree = STRtree(houses)
    print(f"{name}: {len(houses)} outlines, half of them under {np.median(shapely.area(houses)):.0f} m²")
    print("  shift   " + "   ".join(f"{overlap:.2f}/{cover:.1f}".rjust(13) for overlap, cover in THRESHOLDS))
    for metres in (1, 2, 3, 4, 6):
        copies = moved(houses, metres, dice)
        copy, original = tree.query(copies, predicate="intersects")
        common = shapely.area(shapely.intersection(copies[copy], houses[original]))
        own = shapely.area(copies)[copy]
        iou, part = common / (own + shapely.area(houses)[original] - common), common / own
        cells = []
        for overlap, cover in THRESHOLDS:
            hit = (iou >= overlap) | (part >= cover)
            found = np.unique(copy[hit & (copy == original)])
            wrong = np.unique(copy[hit & (copy != original)])
            cells.append(f"{len(found) / len(houses):6.1%} {len(wrong) / len(houses):6.1%}")
        print(f"  {metres} m     " + "   ".join(cells))


def sheds(houses: Shapes, facts: list[dict[str, object]]) -> None:
    is_beside = np.array([one["role"] != "Main" for one in facts])
    area = shapely.area(houses)
    one, other = STRtree(houses).query(houses, predicate="dwithin", distance=SHED_METRES)
    near_large = np.zeros(len(houses), dtype=bool)
    near_large[one[area[other] >= SHED_RATIO * area[one]]] = True
    marked = near_large & (area < SHED_SQUARE_METRES)
    right = int((marked & is_beside).sum())
    print(
        f"sheds: {marked.sum()} marked, precision {right / marked.sum():.2f}, recall {right / is_beside.sum():.2f} "
        f"of {is_beside.sum()}; half of these are over {np.median(area[is_beside]):.0f} m²"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    osm = parser.parse_args().data / "osm"
    print("found and wrong by thresholds overlap/cover (2.0: never)")
    compare("Kathmandu", in_metres(read_geojson(osm / "kathmandu_hot_extract.geojson")[0]))
    compare("Hà Nội", in_metres(read_osm(osm / "hanoi_cat_linh_2023.osm.pbf")))
    compare("Vulamba", in_metres(read_geojson(osm / "vulamba_drc_buildings.geojson")[0]))
    janakpur, facts = read_geojson(osm / "janakpur_ward2_buildings.geojson")
    sheds(in_metres(janakpur), facts)


if __name__ == "__main__":
    main()
