"""Coordinates as they are sent when something is drawn: as JSON by the editor, in a hidden field by a form."""

import json
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

MOST_CORNERS = 2_000


def _from_text(value: object) -> object:
    """A field of a form carries coordinates as JSON."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


Lon = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Lat = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Place = tuple[Lon, Lat]
Corners = Annotated[tuple[Place, ...], BeforeValidator(_from_text), Field(min_length=2, max_length=MOST_CORNERS)]
Ring = Annotated[tuple[Place, ...], BeforeValidator(_from_text), Field(min_length=3, max_length=MOST_CORNERS)]
Version = Annotated[str, Field(min_length=1, max_length=40)]


class Sent(BaseModel):
    """Frozen, and nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewBoundary(Sent):
    """The outline of an area, WGS 84 lon, lat. `version` is that of the area as the person saw it."""

    version: Version
    coordinates: Ring
