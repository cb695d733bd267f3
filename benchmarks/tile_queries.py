"""Tile queries alone, without a web server: what row-level security costs, low zooms beside raw rows, and sizes.

    python -m benchmarks.world FOLDER            (once)
    python -m benchmarks.tile_queries URL [--tiles 150]

Each pair is asked in turns on one connection each: as somebody of the whole province, and as the owner, whom no
row-level security holds. Prints medians in milliseconds and ratios.
"""

import argparse
import statistics
import time
from typing import Any

import psycopg

from benchmarks.tiles import tiles
from gis_layers.layers.catalogue import CELLS, HOUSEHOLDS
from gis_layers.tiles import mvt
from gis_layers.types import TileAddress
from webmap.database.engine import APP_OPTIONS

TELL = (
    "select set_config('app.role', 'supervisor', false), set_config('app.sees_persons', 'on', false),"
    " set_config('app.area_ids', %s, false)"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--tiles", type=int, default=150)
    given = parser.parse_args()
    with psycopg.connect(given.url) as owner:
        top = owner.execute("select id from area where parent_id is null").fetchone()
        assert top is not None
        owner.execute("select set_config('app.role', 'system', false), set_config('app.sees_persons', 'on', false)")
        with psycopg.connect(given.url, options=APP_OPTIONS) as province:
            province.execute(TELL, [f"{{{top[0]}}}"])
            for connection in (owner, province):  # a parallel plan would compare the machine's load, not the policies
                connection.execute("set max_parallel_workers_per_gather = 0")
            row_level_security(given.url, owner, province, given.tiles)
            low_zooms(given.url, owner, province)
            sizes(given.url, province, given.tiles)


def row_level_security(url: str, owner: Any, province: Any, many: int) -> None:
    for z in (13, 14, 16):
        waits: dict[str, list[float]] = {"none": [], "province": []}
        asking = [("none", owner), ("province", province)]
        for address in tiles(url, {z: 1})[:many]:
            query = mvt.query(HOUSEHOLDS, TileAddress(*address))
            timed(owner, query)  # reads it from the disk, for neither's account
            for name, connection in asking:
                waits[name].append(timed(connection, query))
            asking.reverse()
        none, held = (statistics.median(waits[name]) for name in ("none", "province"))
        print(f"z{z} doors: without row-level security {none:.2f} ms, with it {held:.2f} ms: {none / held:.0%} kept")


def low_zooms(url: str, owner: Any, province: Any) -> None:
    for z in (6, 8, 10, 12):
        cells, raw = [], []
        addresses = sorted(set(tiles(url, {z: 1})))[:12]
        for address in addresses:
            tile = TileAddress(*address)
            cells.append(timed(province, mvt.query(CELLS, tile)))
            raw.append(timed(owner, raw_query(tile)))
        squares, doors_ms = statistics.median(cells), statistics.median(raw)
        print(f"z{z}: squares {squares:.2f} ms, raw doors {doors_ms:.1f} ms: {doors_ms / squares:.0f} times faster")


def raw_query(tile: TileAddress) -> str:
    """The tile of doors, at a zoom where the product has none."""
    text = mvt.query(HOUSEHOLDS, TileAddress(14, tile.x, tile.y))
    here, there = mvt.address.bounds(TileAddress(14, tile.x, tile.y), mvt.MARGIN), mvt.address.bounds(tile, mvt.MARGIN)
    square, wanted = mvt.address.metres(TileAddress(14, tile.x, tile.y)), mvt.address.metres(tile)
    text = text.replace(", ".join(map(repr, here)), ", ".join(map(repr, there)))
    return text.replace(", ".join(map(repr, square)), ", ".join(map(repr, wanted)))


def sizes(url: str, province: Any, many: int) -> None:
    for z in (13, 14, 15, 16):
        addresses = sorted(set(tiles(url, {z: 1})))[:many]
        ask: mvt.Ask = lambda query, _: province.execute(query, binary=True).fetchone()[0]  # noqa: E731
        found = [len(mvt.tile(ask, HOUSEHOLDS, TileAddress(*one))) for one in addresses]
        print(
            f"z{z}: {len(found)} tiles, median {statistics.median(found):,.0f} bytes, largest {max(found):,} bytes gzip"
        )


def timed(connection: Any, query: str) -> float:
    cursor = connection.cursor(binary=True)
    began = time.perf_counter()
    cursor.execute(query).fetchone()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
