"""What may be sent about campaigns."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from webmap.campaigns.rules import Measure


class CampaignWords(BaseModel):
    """A campaign as the form sends it. `class_bounds`: percentages with spaces between."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    starts_on: date
    ends_on: date
    warning_days: int = Field(ge=1, le=365)
    class_bounds: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class NewMilestone(BaseModel):
    """What shall be reached by a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    due_on: date
    measure: Measure
    value: Decimal = Field(gt=0, lt=10**10, max_digits=12, decimal_places=2)

    @field_validator("value", mode="before")
    @classmethod
    def _with_a_comma(cls, given: object) -> object:
        """Read 97,5 as people in Vietnam write it."""
        return given.replace(",", ".").rstrip(" %") if isinstance(given, str) else given
