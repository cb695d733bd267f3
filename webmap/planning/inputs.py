"""What may be sent to planning."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from webmap.households.filters import LONGEST_TEXT, MOST_DAYS, HouseholdFilter
from webmap.households.rules import ReasonGroup
from webmap.planning.rules import MOST_TEAMS

Status = Literal["covered", "partly", "uncovered", "expiring", "reported", "pledged", "unknown"]
Mark = Literal["not_visited", "not_home", "refused", "revisit", "done", "not_found"]
Age = Literal["under_six", "pupil", "student", "working", "elderly", "eldest"]
Category = Annotated[str, Field(pattern="^[A-Z]{2}$")]
USUAL_STATUSES = ("uncovered", "partly", "expiring", "unknown")
"""Whom a plan asks for when nobody says otherwise: everybody who still needs a card, or soon does."""

Name = Annotated[str, Field(max_length=120), AfterValidator(lambda name: " ".join(name.replace("\0", "").split()))]


def without_empty(values: object) -> object:
    """A form without the fields that were left empty."""
    return {key: value for key, value in values.items() if value != ""} if isinstance(values, dict) else values


class NewPlan(BaseModel):
    """Which doors, for how many teams, with how many minutes each, and where they meet.

    The doors are asked for in the words of households.filters, so that the query of a map or list makes a plan.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    areas: list[int] = Field(min_length=1, max_length=100)
    teams: int = Field(ge=1, le=MOST_TEAMS)
    minutes: int = Field(default=180, ge=30, le=600)
    status: list[Status] = []
    mark: list[Mark] = []
    reason: list[ReasonGroup] = []
    age: list[Age] = []
    category: list[Category] = []
    expiring: int | None = Field(default=None, ge=0, le=MOST_DAYS)
    not_visited_since: date | None = None
    placed: Literal["yes", "no"] | None = None
    q: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    name: Name = ""
    start_lon: float | None = Field(default=None, ge=-180, le=180)
    start_lat: float | None = Field(default=None, ge=-90, le=90)

    _empty_is_none = model_validator(mode="before")(without_empty)

    @model_validator(mode="after")
    def _place_is_whole(self) -> "NewPlan":
        if (self.start_lon is None) != (self.start_lat is None):
            raise ValueError("the meeting place needs both coordinates")
        return self

    @property
    def asked(self) -> HouseholdFilter:
        """Which households of the chosen areas; nothing said means the usual ones."""
        wanted = HouseholdFilter(
            status=tuple(self.status),
            mark=tuple(self.mark),
            reason=tuple(self.reason),
            age=tuple(self.age),
            category=tuple(self.category),
            expiring=self.expiring,
            not_visited_since=self.not_visited_since,
            placed=None if self.placed is None else self.placed == "yes",
            q=self.q,
        )
        return replace(wanted, status=USUAL_STATUSES) if wanted.is_empty else wanted


class Walkers(BaseModel):
    """Who walks a route; none takes everybody off it. A team alone means all its members."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: list[UUID] = Field(default=[], max_length=20)
    team: int | None = None

    _no_team = model_validator(mode="before")(without_empty)


class NewTeam(BaseModel):
    """People of an area who walk together, and for whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area_id: int
    name: Annotated[Name, Field(min_length=1)]
    organisation: Name = ""
    members: list[UUID] = Field(default=[], max_length=50)
