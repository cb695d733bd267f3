"""Squares of the map at 27 times the households: how much slower a tile becomes.

    python -m benchmarks.world FOLDER            (once; this changes it for good)
    python -m benchmarks.low_zooms URL

Lays 26 copies of the province's squares of zoom 4 to 12 around it, each with areas of its own, as a country of
27,000,000 households and 54,000 villages has them; the doors themselves are not copied, for squares are all that these
zooms read. Prints the processor time of a tile before and after: medians of 30, as somebody of the whole country.
"""

import argparse
import statistics
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.tile_queries import TELL
from benchmarks.tiles import tiles
from gis_layers.layers.catalogue import CELLS
from gis_layers.tiles import mvt
from gis_layers.types import TileAddress
from webmap.database.engine import APP_OPTIONS

ZOOMS = (4, 6, 8, 10, 12)
# A degree is 2,912 squares of zoom 14; the copies lie in three columns and nine rows.
COPY = """
insert into coverage_cell
select z, column_number >> 6, row_number >> 6, column_number & 63, row_number & 63, area_id + copy * 10000,
       households, registered, living, covered, living_covered
  from (select cell.*, copy,
               (tile_x << 6) + i + ((mod(copy, 3) * 2912) >> (14 - z)) as column_number,
               (tile_y << 6) + j + ((copy / 3 * 2912) >> (14 - z)) as row_number
          from coverage_cell cell, generate_series(1, 26) copy where z <= 12 and area_id < 10000) shifted
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    url = parser.parse_args().url
    with (
        psycopg.connect(url, autocommit=True) as owner,
        psycopg.connect(url, options=APP_OPTIONS, autocommit=True) as country,
    ):
        (top,) = owner.execute("select id from area where parent_id is null").fetchone() or (0,)
        country.execute(TELL, [f"{{{top}}}"])
        before = measure(url, country)
        owner.execute("update area_reach set reach = '{[1,1000000)}' where area_id = %s", [top])
        owner.execute(COPY)
        owner.execute("vacuum analyze coverage_cell")
        after = measure(url, country)
    for z in ZOOMS:
        print(
            f"z{z}: {before[z]:.2f} ms at 1 million, {after[z]:.2f} ms at 27 million: {after[z] / before[z]:.1f} times"
        )


def measure(url: str, country: Any) -> dict[int, float]:
    return {z: statistics.median(processor_ms(country, one) for one in tiles(url, {z: 1})[:30]) for z in ZOOMS}


def processor_ms(connection: Any, address: tuple[int, int, int]) -> float:
    used = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    query = mvt.query(CELLS, TileAddress(*address))
    connection.execute(query, binary=True).fetchone()  # reads it from the disk, for nobody's account
    began = int(used.read_text().split()[0])
    connection.execute(query, binary=True).fetchone()
    return (int(used.read_text().split()[0]) - began) / 1e6


if __name__ == "__main__":
    main()
