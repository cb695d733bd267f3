"""What may be sent about places."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class NewArea(BaseModel):
    """A place to be added below another. Without a code one is made from the code above."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    kind: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    code: Code = ""
    valid_from: date | None = None


class Rename(BaseModel):
    """A new name for a place; the old one stays in the audit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name


class Closing(BaseModel):
    """The first day on which a place is no more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_to: date


class AreaFields(BaseModel):
    """Which field of a layer holds what. Empty: the file does not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = ""
    name: str = ""
    kind: str = ""
    parent_code: str = ""
    population: str = ""


class AreasOrder(BaseModel):
    """How a layer of a file is to become areas.

    `parent_id`: all belong to this area; None: each to the area its parent code names, else to the one it
    lies in. `epsg` overrides what the file declares. `is_new_map`: from `valid_from` on these are the areas of
    this level here; those before end on that day. A code may be another area's then than it was before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    level: str
    fields: AreaFields = Field(default_factory=AreaFields)
    parent_id: int | None = None
    is_top: bool = False
    is_new_map: bool = False
    valid_from: date
    epsg: int | None = None
    is_north_first: bool = False
    source_name: str
    licence: str = ""
    attribution: str = ""
    dated_on: date | None = None
