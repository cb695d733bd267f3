"""What may be sent to planning."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from webmap.planning.rules import MOST_TEAMS

Status = Literal["covered", "partly", "uncovered", "expiring", "reported", "pledged", "unknown"]
Mark = Literal["not_visited", "not_home", "refused", "revisit", "done", "not_found"]
Name = Annotated[str, Field(max_length=120), AfterValidator(lambda name: " ".join(name.replace("\0", "").split()))]


class NewPlan(BaseModel):
    """Which doors, for how many teams, with how many minutes each, and where they meet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    areas: list[int] = Field(min_length=1, max_length=100)
    teams: int = Field(ge=1, le=MOST_TEAMS)
    minutes: int = Field(default=180, ge=30, le=600)
    status: list[Status] = ["uncovered", "partly", "expiring", "unknown"]
    mark: list[Mark] = []
    name: Name = ""
    start_lon: float | None = Field(default=None, ge=-180, le=180)
    start_lat: float | None = Field(default=None, ge=-90, le=90)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, values: object) -> object:
        if isinstance(values, dict):
            return {key: value for key, value in values.items() if value != ""}
        return values

    @model_validator(mode="after")
    def _place_is_whole(self) -> "NewPlan":
        if (self.start_lon is None) != (self.start_lat is None):
            raise ValueError("the meeting place needs both coordinates")
        return self


class Walkers(BaseModel):
    """Who walks a route; none takes everybody off it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: list[UUID] = Field(default=[], max_length=20)
