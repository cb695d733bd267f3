"""Small map files of every kind, as strangers make them."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

KML_HEAD = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
PLACEMARK = (
    "<Placemark><name>{name}</name><ExtendedData><Data name='so_ho'><value>12</value></Data></ExtendedData>"
    "<Point><coordinates>105.83,21.02,7</coordinates></Point></Placemark>"
)


def kml(*folders: str) -> str:
    """Return a KML with a placemark in each folder."""
    inside = "".join(f"<Folder><name>{one}</name>{PLACEMARK.format(name=one)}</Folder>" for one in folders)
    return f"{KML_HEAD}{inside}</Document></kml>"


GPX = (
    '<?xml version="1.0"?><gpx version="1.1" creator="phone" xmlns="http://www.topografix.com/GPX/1/1">'
    '<wpt lat="21.02" lon="105.83"><ele>8</ele><name>Nhà ông Hòa</name></wpt>'
    '<trk><name>Ngõ 46</name><trkseg><trkpt lat="21.02" lon="105.83"/><trkpt lat="21.03" lon="105.84"/></trkseg></trk>'
    "</gpx>"
)


def geojson(path: Path, *shapes: Any, **more: Any) -> Path:
    """Write a FeatureCollection with a code and a population for each shape."""
    rows = [
        {"type": "Feature", "properties": {"code": f"{number:03}", "dan_so": number}, "geometry": shape}
        for number, shape in enumerate(shapes, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": rows}), "utf-8")
    return path


def zipped(path: Path, **inside: bytes | str) -> Path:
    """Write a zip of what is given by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def gzipped(path: Path, content: bytes) -> Path:
    """Write a gzip."""
    path.write_bytes(gzip.compress(content))
    return path


def shapefile_parts(folder: Path, stem: str, shapes: list[Any], **columns: list[str]) -> dict[str, bytes]:
    """Make a shapefile with GDAL and return its parts by name."""
    folder.mkdir(exist_ok=True)
    pyogrio.raw.write(
        folder / f"{stem}.shp",
        geometry=np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        geometry_type=shapes[0].geom_type,
        crs="EPSG:4326",
        encoding="UTF-8",
    )
    return {part.name: part.read_bytes() for part in sorted(folder.iterdir()) if part.stem == stem}
