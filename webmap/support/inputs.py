"""What may be sent about money. Amounts are whole đồng; 12.345.678 is read as people write it."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from webmap.errors import N_
from webmap.support.rules import Receivers

SEPARATORS = re.compile(r"[.,\s ](?=\d{3}(?:\D|$))")
NOT_DONG = N_("This must be an amount in whole đồng, such as 2.340.000.")
NOTHING_GIVEN = N_("Enter an amount, a number of cards, or both.")
AGES_TURNED = N_("The first age cannot be above the last.")
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


MaybeDong = Annotated[
    Annotated[int, Field(gt=0, le=10**13)] | None, BeforeValidator(read_dong), BeforeValidator(empty_is_none)
]
MaybeWords = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None, BeforeValidator(empty_is_none)
]
MaybeAge = Annotated[Annotated[int, Field(ge=0, le=120)] | None, BeforeValidator(empty_is_none)]


class NewDonation(BaseModel):
    """A donation as somebody enters it: from whom, how much, for whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sponsor: Words
    phone: MaybeWords = None
    area_id: AreaId
    received_on: date
    amount_dong: MaybeDong = None
    cards: Annotated[Annotated[int, Field(gt=0, le=100_000)] | None, BeforeValidator(empty_is_none)] = None
    months: Literal[3, 6, 12]
    receivers: Receivers
    age_from: MaybeAge = None
    age_to: MaybeAge = None
    age_is_first: bool = False
    hardship_first: bool = False
    note: MaybeWords = None

    @field_validator("months", mode="before")
    @classmethod
    def _months_of_a_form(cls, given: object) -> object:
        return int(given) if isinstance(given, str) and given.isdigit() else given

    @model_validator(mode="after")
    def _is_something(self) -> "NewDonation":
        if self.amount_dong is None and self.cards is None:
            raise ValueError(NOTHING_GIVEN)
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise ValueError(AGES_TURNED)
        return self


class Confirmation(BaseModel):
    """Who shall receive a card, and from which day it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    persons: list[UUID] = Field(min_length=1, max_length=2000)
    from_on: date


class GivingOut(BaseModel):
    """Which confirmed cards were given out on a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    allocations: list[UUID] = Field(min_length=1, max_length=2000)
    given_on: date


class Withdrawal(BaseModel):
    """Why a card is withdrawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: Words
