"""What a file is proposed to become, for a person to change: layers, areas to cut to, where it comes from."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from webmap.areas.queries import Place
from webmap.mapfiles.inputs import BASEMAP, OSM_ATTRIBUTION, OSM_LICENCE, TOP, AreaFields, Choices, LayerChoice
from webmap.text import fold, nfc

REFORM = date(2025, 7, 1)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
FEW = 3  # communes that a file of streets is cut to unasked
GOOGLE = ("CC BY 4.0", "Google Open Buildings")
OVERTURE = ("ODbL 1.0", "© OpenStreetMap contributors, Overture Maps Foundation")
# Licence and attribution of what people usually have, offered while they type.
USUAL = ((OSM_LICENCE, OSM_ATTRIBUTION), GOOGLE, OVERTURE, ("", "Cục Thống kê"), ("", "Tự vẽ"))


def proposed(look: dict[str, Any], name: str, near: list[Place], *, is_top_free: bool) -> Choices:
    """The likeliest choices. `near`: areas of the asking person where the file lies; `is_top_free`: she may add to the
    top of the tree.
    """
    licence, attribution = _origin(look)
    layers = tuple(_layer(one, look, name, near, is_top_free=is_top_free) for one in look["layers"])
    has_streets = any(one.becomes in BASEMAP for one in layers)
    communes = [one.id for one in near if one.level == "commune"]
    dated_on = look["osm"]["dated_on"] if look["osm"] else None
    return Choices(
        layers=layers,
        area_ids=tuple(communes) if has_streets and len(communes) <= FEW else (),
        valid_from=REFORM,
        licence=licence,
        attribution=attribution,
        dated_on=None if dated_on is None else date.fromisoformat(dated_on),
    )


def earlier_year(look: dict[str, Any], name: str) -> int | None:
    """The year of an earlier map that a file of areas names: in its own name, its layers' or its fields' (dan_so_2009).

    None where nothing of it becomes areas, or it names a year of today's map.
    """
    areas = [one for one in look["layers"] if one["becomes"] == "areas"]
    texts = [Path(name).stem, *(text for one in areas for text in (one["name"], *one["fields"]))]
    years = {int(year) for text in texts for year in YEAR.findall(text)}
    return max(years) if areas and years and max(years) < REFORM.year else None


def _layer(
    one: dict[str, Any], look: dict[str, Any], name: str, near: list[Place], *, is_top_free: bool
) -> LayerChoice:
    if look["osm"]:
        return LayerChoice(layer=one["name"], becomes=one["becomes"])
    fields = AreaFields(**one["guess"])
    is_nowhere = one["becomes"] == "areas" and not fields.parent_code and not near
    level = one["level"]
    is_top = is_top_free and (level == "province" or is_nowhere)
    only = nfc(Path(name).stem)[:60] if one["count"] == 1 and not fields.name else ""
    return LayerChoice(
        layer=one["name"],
        becomes=one["becomes"],
        level="commune" if is_top and level == "village" else level,
        fields=fields,
        under=TOP if is_top else "",
        only_name=only,
        maker=one["maker"],
        epsg=None if one["is_believable"] else one["epsg"],
        is_north_first=one["is_north_first"],
    )


def _origin(look: dict[str, Any]) -> tuple[str, str]:
    if look["osm"]:
        return OSM_LICENCE, OSM_ATTRIBUTION
    fields = {fold(field) for one in look["layers"] for field in one["fields"]}
    if "full plus code" in fields:
        return GOOGLE
    if "sources" in fields and "version" in fields:
        return OVERTURE
    return (OSM_LICENCE, OSM_ATTRIBUTION) if {"osm id", "osm"} & fields else ("", "")
