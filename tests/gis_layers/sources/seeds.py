"""A small sound file of every kind, for fuzzing: every byte of it counts."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyarrow as pa
import pyogrio
import shapely
from pyarrow import parquet

from tests.gis_layers.sources.made import GPX, kml, shapefile_parts

SHAPES = (
    shapely.box(105.80, 21.00, 105.81, 21.01),
    shapely.MultiPolygon([shapely.box(105.82, 21.0, 105.83, 21.01), shapely.box(105.84, 21.0, 105.85, 21.01)]),
    shapely.Polygon(
        [(105.86, 21), (105.9, 21), (105.9, 21.05), (105.86, 21)],
        [[(105.88, 21.01), (105.89, 21.01), (105.89, 21.02), (105.88, 21.01)]],
    ),
)
FIELDS = ("code", "ten", "dan_so")
ROWS = (("30292", "Phường Bình Đức", 72822), ("30295", "Xã Mỹ Long", 16984), ("30298", "Thôn Hữu Tân", 1209))
OSM = (
    "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6' generator='JOSM'>"
    "<bounds minlat='20.9' minlon='104.9' maxlat='21.1' maxlon='105.1'/>"
    "<node id='1' lat='21.000' lon='105.000'/><node id='2' lat='21.000' lon='105.001'/>"
    "<node id='3' lat='21.001' lon='105.001'><tag k='barrier' v='gate'/></node><node id='4' lat='21.001' lon='105.0'/>"
    "<node id='5' lat='21.002' lon='105.002'><tag k='place' v='hamlet'/><tag k='name' v='Hữu Tân'/></node>"
    "<way id='10'><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='residential'/>"
    "<tag k='name' v='Ngõ 46 Phố Hào Nam'/></way>"
    "<way id='11'><nd ref='4'/><nd ref='2'/><tag k='highway' v='service'/></way>"
    "<way id='12'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/><nd ref='1'/><tag k='building' v='yes'/>"
    "<tag k='addr:housenumber' v='158/25'/><tag k='building:levels' v='3'/></way>"
    "<relation id='20'><member type='way' ref='12' role='outer'/><tag k='type' v='multipolygon'/>"
    "<tag k='natural' v='water'/></relation></osm>"
)


def of_every_kind(folder: Path) -> dict[str, bytes]:
    """Return one file's content by the name of its kind."""
    return {name: make(folder) for name, make in MAKERS.items()}


def _collection() -> dict[str, Any]:
    rows = [
        {
            "type": "Feature",
            "properties": dict(zip(FIELDS, row, strict=True)),
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in zip(ROWS, SHAPES, strict=True)
    ]
    return {"type": "FeatureCollection", "features": rows}


def _geojson(_: Path) -> bytes:
    return json.dumps(_collection(), ensure_ascii=False).encode()


def _geojson_lines(_: Path) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in _collection()["features"]).encode()


def _overpass(_: Path) -> bytes:
    nodes = [{"type": "node", "id": number, "lat": 21.0, "lon": 105 + number / 1000} for number in range(1, 4)]
    way = {"type": "way", "id": 10, "nodes": [1, 2, 3], "tags": {"highway": "residential", "name": "Ngõ 46"}}
    geometry = [{"lat": 21.0, "lon": 105.0}, {"lat": 21.0, "lon": 105.1}, {"lat": 21.1, "lon": 105.1}]
    house = {
        "type": "way",
        "id": 11,
        "nodes": [1, 2, 3, 1],
        "geometry": [*geometry, geometry[0]],
        "tags": {"building": "yes"},
    }
    elements = [*nodes, way, house]
    return json.dumps({"version": 0.6, "generator": "Overpass API", "osm3s": {}, "elements": elements}).encode()


def _geopackage(folder: Path) -> bytes:
    path = folder / "seed.gpkg"
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        layer="xa",
        geometry=np.array([shapely.to_wkb(shape) for shape in SHAPES], dtype=object),
        field_data=[
            np.array(column, dtype=object if number < 2 else np.int64)
            for number, column in enumerate(zip(*ROWS, strict=True))
        ],
        fields=list(FIELDS),
        geometry_type="Unknown",
        crs="EPSG:4326",
    )
    return path.read_bytes()


def _shapefile(folder: Path) -> bytes:
    columns = {name: [str(row[at]) for row in ROWS] for at, name in enumerate(FIELDS)}
    parts = shapefile_parts(folder / "shp", "xa", [SHAPES[0], SHAPES[2], SHAPES[0]], **columns)
    return _zip(parts)


def _csv(_: Path) -> bytes:
    lines = [f"{code};{name};{people};105.8{at};21.0{at}" for at, (code, name, people) in enumerate(ROWS)]
    return "\r\n".join(["code;ten;dan_so;lon;lat", *lines, ""]).encode()


def _csv_of_shapes(_: Path) -> bytes:
    lines = [f'"{shape.wkt}",{row[0]},"{row[1]}",0.75' for row, shape in zip(ROWS, SHAPES, strict=True)]
    return "\n".join(["geometry,full_plus_code,ten,confidence", *lines, ""]).encode()


def _parquet(_: Path) -> bytes:
    columns: dict[str, Any] = {name: [row[at] for row in ROWS] for at, name in enumerate(FIELDS)}
    columns["geometry"] = [shapely.to_wkb(shape) for shape in SHAPES]
    columns["names"] = [{"primary": row[1], "common": None} for row in ROWS]
    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon", "MultiPolygon"]}},
    }
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(about)})
    held = io.BytesIO()
    parquet.write_table(table, held, compression="none")
    return held.getvalue()


def _pbf(folder: Path) -> bytes:
    source, target = folder / "seed.osm", folder / "seed.osm.pbf"
    source.write_text(OSM, "utf-8")
    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,pbf_compression=none")) as writer:
        for item in osmium.FileProcessor(source):
            writer.add(item)
    return target.read_bytes()


def _zip(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


MAKERS: dict[str, Callable[[Path], bytes]] = {
    "geojson": _geojson,
    "geojson_lines": _geojson_lines,
    "geopackage": _geopackage,
    "shapefile": _shapefile,
    "kml": lambda _: kml("Thôn Hữu Tân", "Thôn Quảng Xá").encode(),
    "kmz": lambda _: _zip({"doc.kml": kml("Thôn Hữu Tân").encode()}),
    "gpx": lambda _: GPX.encode(),
    "csv": _csv,
    "csv_utf16": lambda folder: _csv(folder).decode().encode("utf-16"),
    "csv_of_shapes": _csv_of_shapes,
    "csv_gz": lambda folder: gzip.compress(_csv_of_shapes(folder)),
    "parquet": _parquet,
    "osm_xml": lambda _: OSM.encode(),
    "osm_pbf": _pbf,
    "overpass": _overpass,
}
