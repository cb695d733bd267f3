"""A world of any size: communes side by side, in districts and provinces, with rivers and roads that go on.

`plan` decides borders, names and numbers for all of it (seconds for millions of people). Each commune is then built
alone, from its own seed: what it becomes depends on nobody else, and only a few are in memory at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from webmap.demo import borders, grid, landscape, people, placenames, tan_ninh
from webmap.demo.frame import Floats, Frame
from webmap.demo.landscape import Landscape
from webmap.demo.people import Population
from webmap.demo.plans import CommunePlan, DistrictPlan, Outline, ProvincePlan, RoadPlan, VillagePlan

FRAME = Frame(lon=105.95, lat=20.6)  # the delta, so that an invented province does not lie in the sea
CELL_METRES = 260.0
PEOPLE_PER_COMMUNE = 6_050
PEOPLE_PER_VILLAGE = 1_150
COMMUNES_PER_DISTRICT = 25
DISTRICTS_PER_PROVINCE = 8


@dataclass(frozen=True, slots=True)
class World:
    """All that is decided before anything is built."""

    frame: Frame
    seed: int
    provinces: tuple[ProvincePlan, ...]
    districts: tuple[DistrictPlan, ...]
    communes: tuple[CommunePlan, ...]

    @property
    def people(self) -> int:
        return sum(commune.people for commune in self.communes)


@dataclass(frozen=True, slots=True)
class Built:
    """One commune, ready to be loaded."""

    plan: CommunePlan
    land: Landscape
    population: Population


def plan(people: int | None, seed: int) -> World:
    """Plan the default commune and its neighbour, or a world of exactly `people` people."""
    if people is None:
        return World(tan_ninh.FRAME, seed, (tan_ninh.PROVINCE,), (tan_ninh.DISTRICT,), tan_ninh.plans(seed))
    dice = np.random.default_rng([seed, 2])
    count = max(1, round(people / PEOPLE_PER_COMMUNE))
    registers = shared_out(people, dice.lognormal(0, 0.28, count))
    communes = _communes(registers, seed, dice)
    districts = -(-count // COMMUNES_PER_DISTRICT)
    provinces = -(-districts // DISTRICTS_PER_PROVINCE)
    district_names = placenames.names(districts, dice)
    return World(
        FRAME,
        seed,
        tuple(ProvincePlan(f"Mẫu {n + 1}", f"DEMO-P{n + 1:02}") for n in range(provinces)),
        tuple(
            DistrictPlan(name, f"DEMO-D{n + 1:03}", n // DISTRICTS_PER_PROVINCE)
            for n, name in enumerate(district_names)
        ),
        communes,
    )


def build(world: World, number: int, today: date) -> Built:
    """Build one commune of a world."""
    commune = world.communes[number]
    land = landscape.build(commune, world.seed)
    return Built(commune, land, people.settle(commune, land, today, world.seed))


def build_all(world: World, today: date) -> Iterator[Built]:
    """Build the communes one after another."""
    for number in range(len(world.communes)):
        yield build(world, number, today)


def shared_out(whole: int, shares: Floats) -> list[int]:
    """Divide a whole number by shares, so that the parts sum to it exactly (largest remainders)."""
    exact = shares / shares.sum() * whole
    parts = np.floor(exact).astype(np.int64)
    parts[np.argsort(parts - exact, kind="stable")[: whole - int(parts.sum())]] += 1
    return [int(part) for part in parts]


@dataclass(frozen=True, slots=True)
class _Ground:
    """The land of a world before it has villages: small cells, and the commune that owns each (-1: nobody)."""

    squares: list[grid.Square]
    points: Floats
    cells: NDArray[np.object_]
    owner: borders.Labels
    outlines: dict[int, Outline]


def _communes(registers: list[int], seed: int, dice: np.random.Generator) -> tuple[CommunePlan, ...]:
    ground = _ground(len(registers), seed)
    numbers = range(len(registers))
    roads = [_roads(ground, number, seed) for number in numbers]
    rivers = [grid.river_of(square, ground.outlines[n], seed) for n, square in enumerate(ground.squares)]
    cores = [
        grid.village_centres(
            ground.points[ground.owner == n],
            min(9, max(1, round(registers[n] / PEOPLE_PER_VILLAGE))),
            [road.line for road in roads[n]],
            rivers[n],
            dice,
        )
        for n in numbers
    ]
    villages = _villages(ground, registers, cores, dice)
    commune_names = placenames.names(len(registers), dice)
    before = np.concatenate([[0], np.cumsum(registers)])
    missing = [round(register * (1 - float(dice.beta(34, 3.2)))) for register in registers]
    return tuple(
        CommunePlan(
            number=n,
            name=commune_names[n],
            code=f"DEMO-{n + 1:04}",
            district=n // COMMUNES_PER_DISTRICT,
            centre=grid.centre_of(ground.squares[n], seed),
            villages=villages[n],
            roads=roads[n],
            river_name=placenames.river(grid.river_row(ground.squares[n])),
            river=rivers[n],
            covered=registers[n] - missing[n],
            uncovered_living=round(missing[n] * float(dice.uniform(0.25, 0.5))),
            people_before=int(before[n]),
        )
        for n in numbers
    )


def _ground(count: int, seed: int) -> _Ground:
    squares = grid.squares_in_order(count)
    centres = np.array([grid.centre_of(square, seed) for square in grid.with_ring(squares)])
    low, high = centres.min(axis=0) - grid.SQUARE_METRES, centres.max(axis=0) + grid.SQUARE_METRES
    points = borders.cell_centres(low, high, CELL_METRES, seed)
    cells = borders.cells_around(points)
    owner = borders.nearest_centre(points, centres)
    owner = borders.gather_strays(np.where(owner < count, owner, -1), cells, centres)
    return _Ground(squares, points, cells, owner, borders.melt(cells, owner))


def _villages(
    ground: _Ground, registers: list[int], cores: list[Floats], dice: np.random.Generator
) -> list[tuple[VillagePlan, ...]]:
    labels, all_cores = grid.labels_by_village(ground.points, ground.owner, cores)
    outlines = borders.melt(ground.cells, borders.gather_strays(labels, ground.cells, all_cores))
    names = placenames.names(len(all_cores), dice)
    planned, first = [], 0
    for commune, register in enumerate(registers):
        count = len(cores[commune])
        parts = shared_out(register, dice.dirichlet(np.full(count, 18.0)))
        planned.append(
            tuple(
                VillagePlan(
                    names[first + n],
                    f"DEMO-{commune + 1:04}-{n + 1:02}",
                    (float(cores[commune][n, 0]), float(cores[commune][n, 1])),
                    outlines[first + n],
                    parts[n],
                )
                for n in range(count)
            )
        )
        first += count
    return planned


def _roads(ground: _Ground, number: int, seed: int) -> tuple[RoadPlan, ...]:
    """Roads from a commune's centre to its neighbours; both sides work out the same gate."""
    square = ground.squares[number]
    roads = []
    for other in grid.neighbours(square):
        known = ground.squares.index(other) if other in ground.squares else number
        start, end = (grid.centre_of(place, seed) for place in sorted([square, other]))
        gate = grid.gate(start, end, ground.outlines[min(number, known)])
        east_west = other[1] == square[1]
        name = f"Đường tỉnh {501 + square[1]}" if east_west else f"Đường huyện {11 + square[0]}"
        dice = np.random.default_rng([seed, 6, *(n + 1 for n in (*square, *other))])
        roads.append(RoadPlan(name, grid.road(grid.centre_of(square, seed), gate, dice)))
    return tuple(roads)
