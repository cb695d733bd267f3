"""A preview as a picture made by the server: for pages without JavaScript, and browsers that cannot draw maps."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.geojson import from_wkb
from gis_layers.measure import geometry_to_plane, plane_of
from webmap.mapfiles.marks import MARKS

WIDTH = 640.0
TALLEST = 640.0
EDGE = 16.0
POINT_PIXELS = 4.0


def picture(shapes: Sequence[tuple[int, str, bytes]], chosen: int | None = None) -> str:
    """Draw shapes (id, state, WKB) as SVG: colour, line and pattern by state; one of them can be ringed."""
    read = [(key, state, from_wkb(wkb)) for key, state, wkb in shapes]
    read = [one for one in read if not one[2].is_empty]
    if not read:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 80"/>'
    whole = shapely.box(*shapely.total_bounds([shape for _, _, shape in read]))
    plane = plane_of(whole)
    left, bottom, right, top = geometry_to_plane(plane, whole).bounds
    scale = min((WIDTH - 2 * EDGE) / max(right - left, 1.0), (TALLEST - 2 * EDGE) / max(top - bottom, 1.0))
    width, height = (right - left) * scale + 2 * EDGE, (top - bottom) * scale + 2 * EDGE

    def placed(shape: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(
            geometry_to_plane(plane, shape), lambda xy: (xy - (left, top)) * (scale, -scale) + EDGE
        )
        return moved

    drawn = "".join(_drawn(placed(shape), state) for _, state, shape in read)
    ring = "".join(_ring(placed(shape)) for key, _, shape in read if key == chosen)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}">{_patterns()}<rect width="100%" height="100%" fill="#F7F8FA"/>{drawn}{ring}</svg>'
    )


def _patterns() -> str:
    made = "".join(
        f'<pattern id="{state}" width="8" height="8" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate({mark.turn})">'
        f'<rect width="8" height="8" fill="{mark.colour}" fill-opacity="0.18"/>'
        f'<rect width="{mark.stripe}" height="8" fill="{mark.colour}" fill-opacity="0.7"/></pattern>'
        for state, mark in MARKS.items()
    )
    return f"<defs>{made}</defs>"


def _drawn(shape: BaseGeometry, state: str) -> str:
    mark = MARKS[state]
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash else ""
    line = f'stroke="{mark.colour}" stroke-width="1.6"{dash}'
    made = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = "".join(f"M{_corners(ring)}Z" for ring in (part.exterior, *part.interiors))
            made.append(f'<path d="{rings}" fill="url(#{state})" fill-rule="evenodd" {line}/>')
        elif part.geom_type == "LineString":
            made.append(f'<path d="M{_corners(part)}" fill="none" {line}/>')
        elif part.geom_type == "Point":
            made.append(
                f'<circle cx="{part.x:.1f}" cy="{part.y:.1f}" r="{POINT_PIXELS}" fill="{mark.colour}" stroke="#FFF"/>'
            )
    return "".join(made)


def _ring(shape: BaseGeometry) -> str:
    west, north, east, south = shape.bounds
    reach = max(east - west, south - north) / 2 + 10
    middle = f'cx="{(west + east) / 2:.1f}" cy="{(north + south) / 2:.1f}" r="{reach:.1f}"'
    return f'<circle {middle} fill="none" stroke="#14181D" stroke-width="3" stroke-dasharray="2 3"/>'


def _corners(line: BaseGeometry) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in line.coords)
