"""What may be sent when the map is edited by hand: as JSON by the editor, as a form by a page without scripts."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from webmap.areas.drawn_inputs import Corners, Lat, Lon, Ring, Sent, Version
from webmap.text import nfc

AlleyKind = Literal["main", "road", "alley", "path", "steps", "track", "footway", "bridge", "ferry"]
Access = Literal["public", "private", "forbidden"]
Words = Annotated[str, BeforeValidator(lambda value: nfc(value) if isinstance(value, str) else value)]
Name = Annotated[Words, Field(max_length=200)]
Number = Annotated[Words, Field(min_length=1, max_length=40)]


class NewAlley(Sent):
    """An alley as drawn, WGS 84 lon, lat. `uuid` is made by the browser: sent again it is not drawn again."""

    uuid: UUID
    coordinates: Corners
    name: Name = ""
    kind: AlleyKind = "alley"
    access: Access = "public"
    has_gate: bool = False


class Details(Sent):
    """What an alley is. `version` is that of the alley as the person saw it.

    `is_whole_street`: the name is for all pieces in the area that bear the name it had.
    """

    version: Version
    name: Name = ""
    kind: AlleyKind
    access: Access = "public"
    has_gate: bool = False
    is_whole_street: bool = False


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


class Meeting(Sent):
    """Two alleys that cross without a common corner, and meet there."""

    uuid: UUID
    other: UUID


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


class NewOutline(Sent):
    """A drawn house with its corners moved."""

    version: Version
    coordinates: Ring


class NewPlace(Sent):
    """Where a house number hangs now."""

    version: Version
    lon: Lon
    lat: Lat


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
