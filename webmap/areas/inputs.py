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


class ListOrder(BaseModel):
    """How a national list is to become areas, or what became of them.

    `valid_from`: the day of the list: of the three levels a day on which it held, else the day of the new map. None:
    as the published lists have it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date | None = None
    source_name: str
    licence: str = ""
    attribution: str = ""
    dated_on: date | None = None


class ReformOrder(BaseModel):
    """What a person decided about a reform: village to new commune, and the preview she saw (None: not asked)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    choices: dict[int, int] = {}
    mark: str | None = None


class DatedName(BaseModel):
    """From a day on a place has another name, or is of another kind: a commune becomes a ward."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    kind: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    on: date


class Move(BaseModel):
    """From a day on a place belongs to another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parent_id: int
    on: date


class Merging(BaseModel):
    """From a day on a village is part of another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    into_id: int
    on: date


class Splitting(BaseModel):
    """From a day on the households on some alleys of a village are a village of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    alleys: list[Annotated[str, StringConstraints(max_length=200)]] = Field(min_length=1, max_length=500)
    on: date
