"""The answer of every cleaning function: a value, nothing, or a precise reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value that was read. `remark` says what was restored or read by a rule; '' is nothing."""

    value: T
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a cell is not understood: a code of `reasons.py` and the facts of its sentence."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
