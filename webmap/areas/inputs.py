"""What may be sent about places."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

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
