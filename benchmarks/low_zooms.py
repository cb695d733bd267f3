"""Squares of the map at 27 times the households: how much slower a tile becomes.

    python -m benchmarks.world FOLDER            (once; this changes it for good)
    python -m benchmarks.low_zooms URL

Lays 26 copies of the province's squares of zoom 4 to 12 around it, each with areas of its own, as a country of
27,000,000 households and 54,000 villages has them; the doors themselves are not copied, for squares are all that these
zooms read. Prints the processor time of a tile before and after, and how many squares it draws: medians of 30, as
somebody of the whole country. The copies lie beside the province, so that the tiles of zooms 4 to 7 become fuller.
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
OWN = """
insert into coverage_cell
select z, column_number >> 6, row_number >> 6, column_number & 63, row_number & 63, area_id + copy * 10000,
       households, registered, living, covered, living_covered
  from (select cell.*, copy,
               (tile_x << 6) + i + ((mod(copy, 3) * 2912) >> (14 - z)) as column_number,
               (tile_y << 6) + j + ((copy / 3 * 2912) >> (14 - z)) as row_number
          from coverage_cell cell, generate_series(1, 26) copy where z <= 12 and area_id < 10000) shifted
"""
# Of each copy's areas, and of the country: it has the number of the first province.
WIDE = """
insert into coverage_wide_cell as kept
select case when area_id = {country} and is_country then area_id else area_id + copy * 10000 end as area,
       z, column_number >> 6, row_number >> 6, column_number & 63, row_number & 63,
       sum(households), sum(registered), sum(living), sum(covered), sum(living_covered)
  from (select cell.*, copy, is_country,
               (tile_x << 6) + i + ((mod(copy, 3) * 2912) >> (14 - z)) as column_number,
               (tile_y << 6) + j + ((copy / 3 * 2912) >> (14 - z)) as row_number
          from coverage_wide_cell cell, generate_series(1, 26) copy, (values (true), (false)) twice (is_country)
         where area_id < 10000 and (area_id = {country} or not is_country)) shifted
 group by 1, 2, 3, 4, 5, 6
on conflict (area_id, z, tile_x, tile_y, i, j) do update set households = kept.households + excluded.households,
  registered = kept.registered + excluded.registered, living = kept.living + excluded.living,
  covered = kept.covered + excluded.covered, living_covered = kept.living_covered + excluded.living_covered
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
        owner.execute(OWN)
        owner.execute(WIDE.format(country=top))
        owner.execute("vacuum analyze coverage_cell, coverage_wide_cell")
        after = measure(url, country)
    for z in ZOOMS:
        (small, few), (large, many) = before[z], after[z]
        print(
            f"z{z}: {small:.2f} ms and {few:.0f} squares at 1 million,"
            f" {large:.2f} ms and {many:.0f} squares at 27 million: {large / small:.1f} times"
        )


def measure(url: str, country: Any) -> dict[int, tuple[float, float]]:
    found = {}
    for z in ZOOMS:
        addresses = tiles(url, {z: 1})[:30]
        each = statistics.median(processor_ms(country, one) for one in addresses)
        found[z] = each, statistics.median(squares(country, one) for one in addresses)
    return found


def squares(connection: Any, address: tuple[int, int, int]) -> int:
    where = "where z = %s and tile_x = %s and tile_y = %s"
    (many,) = connection.execute(f"select count(distinct (i, j)) from map.cells {where}", address).fetchone()
    return int(many)


def processor_ms(connection: Any, address: tuple[int, int, int]) -> float:
    used = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    query = mvt.query(CELLS, TileAddress(*address))
    connection.execute(query, binary=True).fetchone()  # reads it from the disk, for nobody's account
    began = int(used.read_text().split()[0])
    connection.execute(query, binary=True).fetchone()
    return (int(used.read_text().split()[0]) - began) / 1e6


if __name__ == "__main__":
    main()
