"""What there is to do: doors, the walk between them, the time at each, and where a walk begins and ends."""

from dataclasses import dataclass

import numpy as np

from gis_layers.routing.arrays import Deciseconds, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """n doors. All times are whole deciseconds.

    `times`: from door to door, shape (n, n), 0 on the diagonal. `service`: at each door, (n,). `start` and `end`: from
    the meeting place to each door and from each door to where the walk ends, (n,); all 0 when it may begin or end
    anywhere. `street`: a number for the street of each door, (n,); doors of one street are kept together where that
    costs little (see `share.STREET_CHANGE`).
    """

    times: Deciseconds
    service: Ints
    start: Ints
    end: Ints
    street: Ints

    def __len__(self) -> int:
        return len(self.service)


def the_work(
    times: Deciseconds,
    service: Ints,
    *,
    start: Ints | Deciseconds | None = None,
    end: Ints | Deciseconds | None = None,
    street: Ints | None = None,
) -> Work:
    """Put together a Work; what is left out is 0, and without `street` every door is a street of its own."""
    count = len(service)
    if times.shape != (count, count):
        raise ValueError(f"times have shape {times.shape}, there are {count} doors")
    zero = np.zeros(count, dtype=np.int64)
    return Work(
        times=times,
        service=np.asarray(service, dtype=np.int64),
        start=zero if start is None else np.asarray(start, dtype=np.int64),
        end=zero if end is None else np.asarray(end, dtype=np.int64),
        street=np.arange(count) if street is None else np.asarray(street, dtype=np.int64),
    )


def part_of(work: Work, doors: Ints) -> Work:
    """Return the work of some doors only, renumbered in the order given."""
    return Work(
        times=work.times[np.ix_(doors, doors)],
        service=work.service[doors],
        start=work.start[doors],
        end=work.end[doors],
        street=work.street[doors],
    )


def walking_time(work: Work, order: Ints) -> int:
    """Return the walking deciseconds of one walk through `order`, with the ways from the start and to the end."""
    if not len(order):
        return 0
    between = int(work.times[order[:-1], order[1:]].sum())
    return int(work.start[order[0]]) + between + int(work.end[order[-1]])


def route_time(work: Work, order: Ints) -> int:
    """Return the whole deciseconds of one walk: walking and the time at the doors."""
    return walking_time(work, order) + int(work.service[order].sum())
