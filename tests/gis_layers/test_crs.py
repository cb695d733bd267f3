import csv
import json
from pathlib import Path

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.crs import KNOWN, WGS84, crs_of, declared, from_wgs84, to_wgs84
from gis_layers.crs_guess import agrees, candidates
from gis_layers.errors import BadGeometryError, UnknownCrsError
from gis_layers.measure import metres_between
from gis_layers.types import BBox, LonLat

# The box in which PROJ prefers a regional shift of its own, EPSG "VN-2000 to WGS 84 (1)", 0.8 m from the national one.
MEKONG = BBox(104.24, 9.35, 107.11, 11.04)
TM3_QUANG_BINH = 9211
SEVEN_PARAMETERS = "-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278"


def survey_points(folder: Path) -> list[tuple[int, tuple[float, float], tuple[float, float], LonLat]]:
    with (folder / "survey" / "vn2000_points.csv").open(encoding="utf-8") as file:
        return [
            (
                int(row["epsg_tm3"]),
                (float(row["Y_dong"]), float(row["X_bac"])),
                (float(row["utm48_E"]), float(row["utm48_N"])),
                LonLat(float(row["wgs84_lon"]), float(row["wgs84_lat"])),
            )
            for row in csv.DictReader(file)
        ]


def test_surveyed_points_land_where_they_are_known_to_be(shared_data: Path) -> None:
    far = []
    for epsg, tm3, utm48, answer in survey_points(shared_data):
        if MEKONG.west < answer.lon < MEKONG.east and MEKONG.south < answer.lat < MEKONG.north:
            continue
        for crs, east_north in ((crs_of(epsg), tm3), (crs_of(3405), utm48)):
            far.append(np.abs(to_wgs84(crs, [east_north])[0] - answer).max())

    assert len(far) == 2 * 57
    assert max(far) < 1e-7


def test_in_the_mekong_delta_the_national_shift_is_kept_a_metre_from_the_regional_one(shared_data: Path) -> None:
    metres = [
        metres_between(LonLat(*to_wgs84(crs_of(epsg), [tm3])[0]), answer)
        for epsg, tm3, _, answer in survey_points(shared_data)
        if MEKONG.south < answer.lat < MEKONG.north
    ]

    assert len(metres) == 31
    assert 0.7 < min(metres) <= max(metres) < 0.9


def test_without_the_shift_every_point_would_be_some_220_metres_off(shared_data: Path) -> None:
    off = []
    for epsg, tm3, _, answer in survey_points(shared_data):
        naive = pyproj.Transformer.from_pipeline(
            f"proj=pipeline step inv {crs_of(epsg).projection} step proj=unitconvert xy_in=rad xy_out=deg"
        )
        off.append(metres_between(LonLat(*naive.transform(*tm3)), answer))

    expected = json.loads((shared_data / "survey" / "expected.json").read_text("utf-8"))["vn2000"]
    said = expected["error_m_if_datum_shift_skipped"]
    assert min(off) <= said <= max(off)
    assert (round(min(off), 1), round(float(np.mean(off)), 1), round(max(off), 1)) == (222.8, 224.5, 226.1)


GEOGCS = (
    'GEOGCS["{name}",DATUM["{datum}",SPHEROID["WGS_1984",6378137,298.257223563]{shift}],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.0174532925199433]]'
)
PROJCS = (
    'PROJCS["{name}",{base},PROJECTION["{method}"],PARAMETER["False_Easting",500000],PARAMETER["False_Northing",0],'
    'PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0],'
    'UNIT["Meter",1]]'
)
SHIFT_2001 = ",TOWGS84[-192.873,-39.382,-111.202,0.00205,0.0005,-0.00335,0.0188]"
SHIFT_OF_MAPINFO = (
    f",TOWGS84[{SEVEN_PARAMETERS.replace('-0.00928836,0.01975479,-0.00427372', '0.00928836,-0.01975479,0.00427372')}]"
)
FLAVOURS = {
    "ArcGIS": ("VN_2000_TM_3_106-00", "GCS_VN_2000", "D_Vietnam_2000", "", "Transverse_Mercator"),
    "ArcGIS, Gauss": ("VN_2000_Quang_Binh", "GCS_VN_2000", "D_Vietnam_2000", "", "Gauss_Kruger"),
    "no shift": ("VN_2000_106", "VN_2000", "VN_2000", ",TOWGS84[0,0,0,0,0,0,0]", "Transverse_Mercator"),
    "shift of 2001": ("VN2000 / Quang Binh", "VN2000", "VN2000", SHIFT_2001, "Transverse_Mercator"),
    "MapInfo": ("unnamed", "unnamed", "MIF 9999,28,-191.904,-39.303,-111.45", SHIFT_OF_MAPINFO, "Transverse_Mercator"),
    "WGS by mistake": ("KTT_106_mui_3", "GCS_WGS_1984", "D_WGS_1984", "", "Transverse_Mercator"),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_prj_of_vn2000_is_shifted_whatever_program_wrote_it(shared_data: Path, flavour: str) -> None:
    name, base, datum, shift, method = FLAVOURS[flavour]
    geographic = GEOGCS.format(name=base, datum=datum, shift=shift)

    crs = declared(PROJCS.format(name=name, base=geographic, method=method, meridian=106, scale=0.9999))

    assert crs == crs_of(TM3_QUANG_BINH)
    points = [one for one in survey_points(shared_data) if one[0] == TM3_QUANG_BINH]
    for _, tm3, _, answer in points:
        assert metres_between(LonLat(*to_wgs84(crs, [tm3])[0]), answer) < 0.02


@pytest.mark.parametrize(("meridian", "epsg"), [(105, 3405), (111, 3406)])
def test_a_utm_prj_on_vn2000_is_not_one_on_wgs84(meridian: int, epsg: int) -> None:
    vn2000 = GEOGCS.format(name="GCS_VN_2000", datum="D_Vietnam_2000", shift="")
    wgs84 = GEOGCS.format(name="GCS_WGS_1984", datum="D_WGS_1984", shift="")
    utm = {"name": "UTM", "method": "Transverse_Mercator", "meridian": meridian, "scale": 0.9996}

    assert declared(PROJCS.format(base=vn2000, **utm)).epsg == epsg
    assert not declared(PROJCS.format(base=wgs84, **utm)).is_vn2000


def test_the_zone_of_a_file_in_bare_metres_is_that_of_its_province(shared_data: Path) -> None:
    with (shared_data / "survey" / "vn2000_points.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for province in {row["ten_tinh"] for row in rows}:
        mine = [row for row in rows if row["ten_tinh"] == province]
        north_first = [(float(row["X_bac"]), float(row["Y_dong"])) for row in mine]

        best = candidates(north_first, province=province)[0]

        assert best.crs.epsg == int(mine[0]["epsg_tm3"])
        assert best.is_north_first


@given(
    crs=st.sampled_from(KNOWN),
    across=st.floats(0, 1),
    along=st.floats(0, 1),
)
def test_there_and_back_is_the_same_place(crs: object, across: float, along: float) -> None:
    assert isinstance(crs, type(WGS84))
    box = crs.used_in if crs.is_vn2000 else BBox(103, 8, 109, 23)
    place = [(box.west + across * (box.east - box.west), box.south + along * (box.north - box.south))]

    there = from_wgs84(crs, place)

    assert np.abs(to_wgs84(crs, there) - place).max() < 3e-8  # the height a shift adds is dropped


@pytest.mark.parametrize(
    ("said", "epsg"),
    [
        ("EPSG:5897", 5897),
        (9218, 9218),
        ("OGC:CRS84", 4326),
        ("EPSG:32648", 32648),
        (pyproj.CRS(9212).to_wkt("WKT1_ESRI"), 9212),
        (pyproj.CRS(3406).to_wkt("WKT1_GDAL"), 3406),
        ("+proj=tmerc +lat_0=0 +lon_0=106.25 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m", 9212),
        (f"+proj=utm +zone=48 +ellps=WGS84 +units=m +no_defs +towgs84={SEVEN_PARAMETERS}", 3405),
    ],
)
def test_a_system_is_recognised_however_it_is_written(said: object, epsg: int) -> None:
    assert declared(said).epsg == epsg


def test_a_file_that_says_vn2000_by_name_and_wgs84_by_datum_is_vn2000() -> None:
    prj = (
        'PROJCS["VN_2000_TM3_105d30",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,'
        '298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000],PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",105.5],'
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]'
    )

    assert declared(prj).is_vn2000
    assert declared(prj).epsg == 9209


def test_nonsense_is_no_coordinate_system() -> None:
    with pytest.raises(UnknownCrsError):
        declared("somewhere in the delta")
    with pytest.raises(UnknownCrsError):
        crs_of(1)


@pytest.mark.parametrize("coordinates", [[(float("nan"), 21.0)], [(105.0, float("inf"))], [(999.0, 21.0)]])
def test_a_place_that_is_nowhere_is_refused(coordinates: list[tuple[float, float]]) -> None:
    with pytest.raises(BadGeometryError):
        to_wgs84(WGS84, coordinates)


def test_surveyors_columns_are_recognised_north_first(shared_data: Path) -> None:
    points = [one for one in survey_points(shared_data) if one[0] == TM3_QUANG_BINH]
    north_first = [(tm3[1], tm3[0]) for _, tm3, _, _ in points]

    found = candidates(north_first, near=BBox(106.3, 17.0, 106.8, 17.6))

    assert TM3_QUANG_BINH in {one.crs.epsg for one in found}
    assert all(one.is_north_first for one in found)


def test_without_knowing_where_every_zone_is_offered(shared_data: Path) -> None:
    points = [tm3 for epsg, tm3, _, _ in survey_points(shared_data) if epsg == TM3_QUANG_BINH]

    numbers = {one.crs.epsg for one in candidates(points)}

    assert {TM3_QUANG_BINH, 9210, 9209, 3405, 32648} <= numbers


def test_degrees_are_told_from_metres_and_swapped_degrees_from_both() -> None:
    assert candidates([(105.83, 21.02)])[0].crs == WGS84
    assert not candidates([(105.83, 21.02)])[0].is_north_first
    assert candidates([(21.02, 105.83)])[0].is_north_first
    assert [one.crs.epsg for one in candidates([(11_781_000, 2_394_000)])] == [3857]
    assert candidates([(5.0, 52.0)]) == ()
    assert candidates([]) == ()


def test_metres_in_a_file_that_says_degrees_are_noticed() -> None:
    assert not agrees(WGS84, [(585_728.0, 2_325_712.0)])
    assert agrees(crs_of(5897), [(585_728.0, 2_325_712.0)])
    assert not agrees(crs_of(5897), [(105.83, 21.02)])
