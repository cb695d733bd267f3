"""What may be sent about campaigns."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from webmap.campaigns.rules import Measure, OfficialMeasure

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST = 10**12


def _digits(given: object) -> object:
    """Read 16.984 and 16 984 as people in Vietnam write them."""
    return given.replace(".", "").replace(" ", "") if isinstance(given, str) else given


Count = Annotated[int, BeforeValidator(_digits), Field(ge=0, lt=MOST)]


class CampaignWords(BaseModel):
    """A campaign as the form sends it. `class_bounds`: percentages with spaces between."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    starts_on: date
    ends_on: date
    warning_days: int = Field(ge=1, le=365)
    class_bounds: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class NewMilestone(BaseModel):
    """What shall be reached by a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    starts_on: date | None = None
    due_on: date
    measure: Measure
    value: Decimal = Field(gt=0, lt=10**10, max_digits=12, decimal_places=2)

    @field_validator("starts_on", mode="before")
    @classmethod
    def _not_given(cls, given: object) -> object:
        return given or None

    @field_validator("value", mode="before")
    @classmethod
    def _with_a_comma(cls, given: object) -> object:
        """Read 97,5 as people in Vietnam write it."""
        return given.replace(",", ".").rstrip(" %") if isinstance(given, str) else given


class NewFigure(BaseModel):
    """What an office says of an area, and where it says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: OfficialMeasure
    dated_on: date
    value: Count
    source: Words


class NewMeeting(BaseModel):
    """A meeting that was held."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    held_on: date
    topic: Words
    organisation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    attendances: Count
    leaflets: Count = 0


class NewGift(BaseModel):
    """Gifts of one kind that were given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    given_on: date
    what: Words
    sponsor: Words
    pieces: Annotated[Count, Field(gt=0)]
    value_dong: Count = 0
