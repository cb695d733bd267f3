"""What people send about accounts, checked."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from webmap.accounts.rules import Role

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")
]

AreaId = Annotated[int, Field(ge=1, lt=2**31)]


class SignIn(BaseModel):
    """A try to sign in. Nothing is refused here: a strange name is a wrong one."""

    username: str = Field(default="", max_length=10_000)
    password: str = Field(default="", max_length=10_000)


class PasswordChange(BaseModel):
    """One's own new password, with the old one."""

    old_password: str = Field(default="", max_length=10_000)
    new_password: str = Field(default="", max_length=10_000)
    again: str = Field(default="", max_length=10_000)


class LanguageChoice(BaseModel):
    """The language an account is spoken to in."""

    language: Literal["vi", "en"]


class AccountForm(BaseModel):
    """What an administrator says of an account. A tick that is not set is not sent."""

    full_name: Text
    role: Role
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 .()-]{0,30}$")] = ""
    area_ids: list[AreaId] = Field(min_length=1, max_length=200)
    sees_persons: bool = False
    language: Literal["vi", "en"] = "vi"


class NewAccount(AccountForm):
    """An account to add."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9._-]{3,40}$")]


class AccountChange(AccountForm):
    """What an account shall be from now on."""

    is_active: bool = False


def page_number(text: str) -> int:
    """The number of a page of a list, as an address says it; the first when it says nothing usable."""
    return min(max(int(text), 1), 100_000) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def day_or_none(text: str) -> date | None:
    """A day as an address says it: 2026-05-31."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
