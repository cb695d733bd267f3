"""Where features of the map came from; which of a file cannot be used; which area a change is about."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.types import LonLat
from webmap import clock
from webmap.areas.models import Source
from webmap.database.sql_files import sql

PACKAGE = "webmap.areas"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a feature of a file cannot be used. `about`: the name, code or place a sentence needs; `at`: where it is."""

    number: int
    reason: str
    about: str = ""
    at: LonLat | None = None


def source_for(session: Session, path: Path, order: Any, kind: str = "areas") -> Source:
    """The row that says where features came from; one file has one."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    known = session.scalar(select(Source).where(Source.sha256 == digest.hexdigest(), Source.kind == kind).limit(1))
    if known is not None:
        return known
    new = Source(
        name=order.source_name,
        kind=kind,
        licence=order.licence or None,
        attribution=order.attribution or None,
        dated_on=order.dated_on,
        file_name=path.name,
        sha256=digest.hexdigest(),
        is_invented=False,
        added_at=clock.now(),
    )
    session.add(new)
    session.flush()
    return new


def common_ancestor(session: Session, area_ids: Sequence[int]) -> int | None:
    """The lowest area that holds all of these; None when there is none, or none is given."""
    found: int | None = session.scalar(sql(PACKAGE, "common_ancestor"), {"area_ids": list(area_ids)})
    return found
