"""What a phone may send."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from webmap.households.rules import ReasonGroup
from webmap.text import nfc
from webmap.visits.rules import HouseholdOutcome, PersonOutcome

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
STRICT = ConfigDict(extra="forbid", frozen=True)


def _clean(text: str) -> str:
    if "\0" in text:
        raise ValueError("a character that no text may hold")
    return text.strip()


Note = Annotated[str, Field(max_length=1000), AfterValidator(_clean)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_clean), AfterValidator(nfc)]


class Position(BaseModel):
    """Where the phone was."""

    model_config = STRICT

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)


class PersonEntry(BaseModel):
    """What the visit found for one person."""

    model_config = STRICT

    person_id: UUID
    outcome: PersonOutcome
    reason_group: ReasonGroup | None = None
    pledged_until: date | None = None
    pay_how: Literal["cash", "transfer", "forest_fund", "other"] | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _pledge_has_a_day(self) -> "PersonEntry":
        if (self.outcome is PersonOutcome.PLEDGED) != (self.pledged_until is not None):
            raise ValueError("a pledge, and only a pledge, has a day until which it holds")
        return self


class NewPerson(BaseModel):
    """A member of the household whom no list has. The id was made on the phone."""

    model_config = STRICT

    id: UUID
    full_name: Name
    sex: Literal["male", "female"] | None = None
    birth_year: int | None = Field(default=None, ge=1900, le=2100)


class NewVisit(BaseModel):
    """One knock at a door."""

    model_config = STRICT

    household_id: UUID
    route_id: UUID | None = None
    outcome: HouseholdOutcome
    happened_at: AwareDatetime
    position: Position | None = None
    accuracy_metres: float | None = Field(default=None, ge=0, le=1e6, allow_inf_nan=False)
    revisit_on: date | None = None
    note: Note | None = None
    device: Annotated[str, Field(max_length=100), AfterValidator(_clean)] | None = None
    corrects_visit_id: UUID | None = None
    people: list[PersonEntry] = Field(default=[], max_length=50)
    new_people: list[NewPerson] = Field(default=[], max_length=20)

    @model_validator(mode="after")
    def _is_believable(self) -> "NewVisit":
        if self.happened_at < EARLIEST:
            raise ValueError("a visit before this system existed")
        named = [entry.person_id for entry in self.people]
        if len(named) != len(set(named)):
            raise ValueError("somebody is named twice")
        return self

    def fingerprint(self) -> str:
        """SHA-256 of the content, however its JSON was written."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()
