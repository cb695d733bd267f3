import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.errors import TileOutOfRangeError
from gis_layers.tiles import address
from gis_layers.types import BBox, LonLat, TileAddress

places = st.builds(LonLat, st.floats(-180, 179.999), st.floats(-85.05, 85.05))
tiles = st.integers(0, 22).flatmap(
    lambda z: st.builds(TileAddress, st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))
)


@given(place=places, z=st.integers(0, 22))
def test_a_place_lies_in_the_tile_that_is_said_to_hold_it(place: LonLat, z: int) -> None:
    box = address.bounds(address.tile_at(place, z))

    assert box.west - 1e-9 <= place.lon <= box.east + 1e-9
    assert box.south - 1e-9 <= place.lat <= box.north + 1e-9


@given(tile=tiles)
def test_the_middle_of_a_tile_is_in_that_tile_and_its_parent_holds_it(tile: TileAddress) -> None:
    box = address.bounds(tile)
    middle = LonLat((box.west + box.east) / 2, (box.south + box.north) / 2)

    assert address.tile_at(middle, tile.z) == tile
    assert tile.z == 0 or tile in address.children(address.parent(tile))


@given(tile=tiles)
def test_metres_and_degrees_tell_of_the_same_square(tile: TileAddress) -> None:
    metres, degrees = address.metres(tile), address.bounds(tile)

    assert metres.west == pytest.approx(degrees.west / 180 * address.HALF_EARTH, abs=1e-6)
    assert metres.north == pytest.approx(
        math.asinh(math.tan(math.radians(degrees.north))) / math.pi * address.HALF_EARTH, abs=1e-5
    )
    assert metres.east - metres.west == pytest.approx(metres.north - metres.south)


@given(tile=tiles, margin=st.floats(0.01, 0.5))
def test_a_margin_widens_on_every_side(tile: TileAddress, margin: float) -> None:
    plain, wide = address.bounds(tile), address.bounds(tile, margin)

    assert wide.west < plain.west
    assert wide.east > plain.east
    assert wide.south < plain.south
    assert wide.north > plain.north


def test_the_tiles_over_a_box_cover_it_and_no_more() -> None:
    box = BBox(106.60, 17.20, 106.64, 17.30)

    over = list(address.tiles_over(box, 13))

    assert address.tile_at(LonLat(106.60, 17.30), 13) == over[0]
    assert address.tile_at(LonLat(106.64, 17.20), 13) == over[-1]
    assert len(over) == len(set(over)) == (over[-1].x - over[0].x + 1) * (over[-1].y - over[0].y + 1)


@pytest.mark.parametrize("bad", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_an_address_outside_the_grid_is_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(TileOutOfRangeError):
        address.checked(*bad)
