"""Features whose name fits several known areas: who they could be, and what a person said they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.database.sql_files import sql

PACKAGE = "webmap.mapfiles"
BY_NAME = frozenset(("name_twice", "name_known", "no_parent"))  # refused for these, a person can say who it is
A_NEW_ONE = "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known area that bears a feature's name; `above`: where it lies, from near to far."""

    id: int
    name: str
    code: str
    above: str

    @property
    def said(self) -> str:
        """As a list of choices shows it: "Xã Tân Phú, An Giang (30292)"."""
        return f"{', '.join(part for part in (self.name, self.above) if part)} ({self.code})"


def match_chosen(session: Session, given: Mapping[str, Any], matches: Mapping[int, int | None]) -> None:
    """Let the staged features be what a person said they are."""
    if matches:
        said = {"numbers": list(matches), "area_ids": list(matches.values())}
        session.execute(sql(PACKAGE, "match_chosen"), {**given, **said})


def candidates_of(
    session: Session, given: Mapping[str, Any], numbers: Iterable[int]
) -> dict[int, tuple[Candidate, ...]]:
    """The known areas of the asking person that bear the name of staged features, by the features' numbers."""
    wanted = sorted(set(numbers))
    found: dict[int, list[Candidate]] = {number: [] for number in wanted}
    if wanted:
        for number, *candidate in session.execute(sql(PACKAGE, "candidates"), {**given, "numbers": wanted}):
            found[number].append(Candidate(*candidate))
    return {number: tuple(ones) for number, ones in found.items()}


def facts_of(
    candidates: Iterable[Candidate], *, can_be_new: bool, chosen: int | str | None = ""
) -> dict[str, Any] | None:
    """What a page needs to offer the choice; None when there is nothing to choose."""
    offered: list[list[Any]] = [[one.id, one.said] for one in candidates]
    if not offered and not can_be_new:
        return None
    return {"offered": offered, "can_be_new": can_be_new, "chosen": A_NEW_ONE if chosen is None else chosen}


def keep_choices(session: Session, given: Mapping[str, Any], matches: Mapping[int, int | None]) -> None:
    """Note with the staged features that were chosen what else they could be, so that it can be chosen again."""
    for number, ones in candidates_of(session, given, matches).items():
        facts = facts_of(ones, can_be_new=True, chosen=matches[number])
        session.execute(
            text("update stage_area set facts = facts || cast(:added as jsonb) where number = :number"),
            {"number": number, "added": Jsonb({"choice": facts})},
        )
