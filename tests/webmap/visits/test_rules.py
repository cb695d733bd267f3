"""What follows from a visit: the examples that the phone's twin reads too, and what only the server decides."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from webmap.visits.rules import (
    HouseholdOutcome,
    PersonFacts,
    PersonOutcome,
    door_after,
    effective_at,
    is_far,
    person_after,
)

EXAMPLES = json.loads((Path(__file__).parents[2] / "shared" / "visit_examples.json").read_text("utf-8"))["examples"]
DAYS = ("reported_on", "pledged_until", "next_step_on")


def facts(person: dict[str, Any]) -> PersonFacts:
    values = {key: value for key, value in person.items() if key != "id"}
    return PersonFacts(**{key: date.fromisoformat(value) if key in DAYS else value for key, value in values.items()})


def day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_the_shared_examples(example: dict[str, Any]) -> None:
    day = date.fromisoformat(example["day"])
    people = {person["id"]: facts(person) for person in example["people"]}
    entries = {one["person_id"]: one for one in example["entry"].get("people", [])}
    for person_id, one in entries.items():
        people[person_id] = person_after(
            people[person_id],
            PersonOutcome(one["outcome"]),
            day,
            reason_group=one.get("reason_group"),
            pledged_until=day_or_none(one.get("pledged_until")),
        )
    refused = [entries.get(person_id, {}).get("outcome") == "refused" for person_id in people]

    door = door_after(
        HouseholdOutcome(example["entry"]["outcome"]),
        day,
        list(people.values()),
        refused,
        day_or_none(example["entry"].get("revisit_on")),
    )

    assert people == {person["id"]: facts(person) for person in example["people_after"]}
    assert (door.door_mark, door.due_on) == (example["door_mark"], day_or_none(example["due_on"]))


def test_the_less_sure_the_position_the_further_it_may_lie() -> None:
    assert not is_far(59, 5)
    assert is_far(80, 10)
    assert not is_far(80, 40)
    assert not is_far(None, None)


def test_a_phone_whose_clock_runs_ahead_is_not_believed() -> None:
    received = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)

    assert effective_at(received + timedelta(days=400), received) == received
    assert effective_at(received - timedelta(days=9), received) == received - timedelta(days=9)
