"""What may be sent about money. Amounts are whole đồng; 12.345.678 is read as people write it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from webmap.errors import N_

SEPARATORS = re.compile(r"[.,\s ](?=\d{3}(?:\D|$))")
NOT_DONG = N_("This must be an amount in whole đồng, such as 2.340.000.")
NOT_PERCENT = N_("This must be a percentage from 0 to 100.")


def read_dong(given: object) -> object:
    """Read 2.340.000 đ, 2,340,000 or 2 340 000; anything else that is no whole number is refused."""
    if not isinstance(given, str):
        return given
    bare = SEPARATORS.sub("", given.strip().removesuffix("đ").removesuffix("đồng").strip())
    if not re.fullmatch(r"\d{1,13}", bare):
        raise ValueError(NOT_DONG)
    return int(bare)


def read_percent(given: object) -> object:
    """Read 70, 12,5 or 70 %."""
    if not isinstance(given, str):
        return given
    bare = given.replace(",", ".").rstrip(" %")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", bare) or Decimal(bare) > 100:
        raise ValueError(NOT_PERCENT)
    return Decimal(bare)


def empty_is_none(given: object) -> object:
    """A field of a form that was left empty."""
    return None if isinstance(given, str) and not given.strip() else given


Dong = Annotated[int, BeforeValidator(read_dong)]
Percent = Annotated[Decimal, BeforeValidator(read_percent)]
MaybeDay = Annotated[date | None, BeforeValidator(empty_is_none)]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
AreaId = Annotated[int, Field(ge=1, lt=2**31)]


class NewBaseSalary(BaseModel):
    """A base salary as the administrator enters it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_on: date
    amount_dong: Dong = Field(ge=100_000, le=100_000_000)
    decision: Words


class NewShare(BaseModel):
    """A share of the premium that the state or an area pays. Without an area: the state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Words
    area_id: Annotated[AreaId | None, BeforeValidator(empty_is_none)] = None
    from_on: date
    to_on: MaybeDay = None
    percent: Percent
    decision: Words
