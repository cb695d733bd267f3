"""The default commune: modelled on Tân Ninh (Quảng Ninh, Quảng Bình) and its campaign of 2024.

Published and used as published: the names of the commune and its five villages, 6,045 people on the
register, 93.39 % covered, about 110 people living there to win over.

No whole number of people is 93.39 % of 6,045 when rounded: 5,645 are 93.38 % and 5,646 are 93.40 %
(93.3995). Cut after two decimals, as the figure was published, 5,646 give 93.39 %; so it is 5,646.

Invented: everything else, from the borders and the river to every person. Not one house is a real house.
"""

import numpy as np
from shapely import LineString

from webmap.demo import borders
from webmap.demo.frame import Frame
from webmap.demo.plans import CommunePlan, DistrictPlan, ProvincePlan, RoadPlan, VillagePlan
from webmap.demo.water import smooth

FRAME = Frame(lon=106.63, lat=17.27)
PEOPLE = 6_045
COVERED = 5_646
UNCOVERED_LIVING = 110

PROVINCE = ProvincePlan("Quảng Bình", "DEMO-QB")
DISTRICT = DistrictPlan("Quảng Ninh", "DEMO-QN", 0)

VILLAGES = (
    ("Thế Lộc", (-1130.0, 300.0), 1_118),
    ("Hữu Tân", (-760.0, -690.0), 1_236),
    ("Quảng Xá", (140.0, 120.0), 1_412),
    ("Nguyệt Áng", (760.0, 1260.0), 1_289),
    ("Hòa Bình", (760.0, -820.0), 990),
)
NEIGHBOURS = (
    ("Phú Hạ", (2380.0, 420.0), 520),
    ("Bàu Sen", (2280.0, -760.0), 380),
)
# Cells nearest to one of these lie outside both communes.
BEYOND = (
    (-2700, 500), (-2500, -900), (-1900, -2100), (-300, -2350), (1100, -2450), (2500, -2150), (3700, -900),
    (3800, 600), (3100, 1900), (1900, 2700), (400, 2750), (-500, 1900), (-1700, 1850), (-2700, 1700),
)  # fmt: skip
RIVER = ((-2600, 560), (-1700, 900), (-950, 560), (-250, 830), (520, 610), (1250, 860), (2000, 1080), (3300, 760))
CROSSROADS = (0.0, 0.0)
WEST = ((0, 0), (-420, -90), (-1020, -130), (-1500, -60), (-1860, -150))
EAST = ((0, 0), (480, 60), (1010, -60), (1560, 60))
ON_EAST = ((1560, 60), (2000, 150), (2420, 60), (3020, 160))
SOUTH = ((0, 0), (-60, -420), (90, -900), (20, -1300), (110, -1760))


def plans(seed: int) -> tuple[CommunePlan, CommunePlan]:
    """Plan the commune, and a small invented neighbour whose people nobody of Tân Ninh may see."""
    villages = (*VILLAGES, *NEIGHBOURS)
    centres = np.array([centre for _, centre, _ in villages] + list(BEYOND), dtype=np.float64)
    points = borders.cell_centres(np.array([-3600, -3200]), np.array([4800, 3600]), 210, seed)
    cells = borders.cells_around(points)
    labels = borders.nearest_centre(points, centres)
    labels = borders.gather_strays(np.where(labels < len(villages), labels, -1), cells, centres)
    outlines = borders.melt(cells, labels)
    built = [
        VillagePlan(name, f"DEMO-{number + 1:02}", centre, outlines[number], people)
        for number, (name, centre, people) in enumerate(villages)
    ]
    river = LineString(smooth(np.array(RIVER, dtype=np.float64)))
    roads = (_road("Đường tỉnh 569", WEST), _road("Đường tỉnh 569", EAST), _road("Đường huyện 12", SOUTH))
    home = CommunePlan(
        number=0,
        name="Tân Ninh",
        code="DEMO-TN",
        district=0,
        centre=CROSSROADS,
        villages=tuple(built[:5]),
        roads=roads,
        river_name="Sông Bàu Sen",
        river=river,
        covered=COVERED,
        uncovered_living=UNCOVERED_LIVING,
        people_before=0,
    )
    next_door = CommunePlan(
        number=1,
        name="Phú Hạ",
        code="DEMO-PH",
        district=0,
        centre=ON_EAST[1],
        villages=tuple(built[5:]),
        roads=(_road("Đường tỉnh 569", ON_EAST),),
        river_name="Sông Bàu Sen",
        river=river,
        covered=round(sum(people for *_, people in NEIGHBOURS) * 0.9),
        uncovered_living=38,
        people_before=PEOPLE,
    )
    return home, next_door


def _road(name: str, corners: tuple[tuple[float, float], ...]) -> RoadPlan:
    return RoadPlan(name, LineString(smooth(np.array(corners, dtype=np.float64))))
