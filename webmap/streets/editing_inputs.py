"""What may be sent when the map is edited by hand: as JSON by the editor, as a form by a page without scripts."""

import json
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from webmap.text import nfc

AlleyKind = Literal["main", "road", "alley", "path", "steps", "track", "footway", "bridge", "ferry"]
Access = Literal["public", "private", "forbidden"]
MOST_CORNERS = 2_000


def _from_text(value: object) -> object:
    """A hidden field of a form carries coordinates as JSON."""
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
Words = Annotated[str, BeforeValidator(lambda value: nfc(value) if isinstance(value, str) else value)]
Name = Annotated[Words, Field(max_length=200)]
Number = Annotated[Words, Field(min_length=1, max_length=40)]
Version = Annotated[str, Field(min_length=1, max_length=40)]


class Sent(BaseModel):
    """Frozen, and nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewAlley(Sent):
    """An alley as drawn, WGS 84 lon, lat. `uuid` is made by the browser: sent again it is not drawn again."""

    uuid: UUID
    coordinates: Corners
    name: Name = ""
    kind: AlleyKind = "alley"
    access: Access = "public"
    has_gate: bool = False


class Details(Sent):
    """What an alley is. `version` is that of the alley as the person saw it."""

    version: Version
    name: Name = ""
    kind: AlleyKind
    access: Access = "public"
    has_gate: bool = False


class NewShape(Sent):
    """An alley with its corners moved."""

    version: Version
    coordinates: Corners


class Splitting(Sent):
    """Where to cut an alley in two."""

    version: Version
    lon: Lon
    lat: Lat


class Joining(Sent):
    """Which alley becomes part of this one."""

    version: Version
    other: UUID
    other_version: Version


class ClosedOn(Sent):
    """From which day an alley is walked no more."""

    version: Version
    closed_on: date


class Seen(Sent):
    """The version that the person saw; for what needs nothing else."""

    version: Version


class NewBuilding(Sent):
    """The outline of a house. `uuid` as for an alley."""

    uuid: UUID
    coordinates: Ring
    house_number: Name = ""
    street: Name = ""


class NewAddressPoint(Sent):
    """A house number where it hangs. `uuid` as for an alley."""

    uuid: UUID
    lon: Lon
    lat: Lat
    house_number: Number
    street: Name = ""


class NotAGap(Sent):
    """The ends of a link that is none."""

    coordinates: Corners
