"""One house, one outline: which drawings of several makers show the same building, and which are sheds beside one.

Of two outlines by different makers the better one is shown (edited, drawn, official, OpenStreetMap, Overture, then
detectors by their confidence), the other gets `same_as_id` and stays. They are one house when they share enough of
what both cover (setting building_overlap), or when enough of the lesser one lies under better ones together
(building_cover): so a block drawn over a row of houses takes them in when it is the better drawing, and gives way only
when better houses cover it; one house under it does not hide a whole row. Nothing depends on what was loaded first.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.database.sql_files import sql
from webmap.settings import settings
from webmap.streets.buildings import PACKAGE, run_all
from webmap.streets.rules import SHED_KINDS

SHED_SQUARE_METRES = 15.0
SHED_RATIO = 3.0
SHED_METRES = 5.0
"""A shed is smaller than 15 m², and stands within 5 m of a building of at least three times its size: see
docs/decisions/0020 for what that finds and misses. Where the source says what is a shed, it is believed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many outlines were compared, are hidden behind a better one, show again, and are marked as sheds."""

    compared: int
    hidden: int
    shown: int
    sheds: int


def touch_around_import(session: Session, import_id: UUID) -> None:
    """Write down, before an import is undone, which outlines will have to be compared again."""
    run_all(session, "open_touched")
    session.execute(sql(PACKAGE, "touch_import"), {"import_id": import_id})


def touch(session: Session, building_id: int) -> None:
    """Write down that a building is drawn, changed or about to go, with what is hidden behind it."""
    run_all(session, "open_touched")
    session.execute(sql(PACKAGE, "touch_one"), {"building_id": building_id})


def touch_everything(session: Session) -> None:
    """Have every building compared again: a setting has changed."""
    run_all(session, "open_touched")
    session.execute(text("insert into touched_building select id from building on conflict do nothing"))


def compare_touched(session: Session) -> Compared:
    """Compare what the transaction has touched with its neighbours, as far as overlaps lead. Twice is once."""
    known = {"overlap": settings().building_overlap, "cover": settings().building_cover}
    run_all(session, "open_touched")
    run_all(session, "open_overlaps")
    if not session.execute(sql(PACKAGE, "has_rivals")).scalar_one():
        run_all(session, "compare_nothing")
    while session.execute(sql(PACKAGE, "spread_overlaps")).scalar_one():
        pass
    run_all(session, "sum_overlaps")
    while session.execute(sql(PACKAGE, "hide_overlapped"), known).scalar_one():
        pass
    hidden, shown = session.execute(sql(PACKAGE, "keep_overlapped")).one()
    doubt = {"confidence": settings().building_confidence}
    session.execute(sql(PACKAGE, "mark_doubtful"), doubt)
    session.execute(sql(PACKAGE, "unmark_sheds"), {"shed_kinds": sorted(SHED_KINDS)})
    sheds = session.execute(sql(PACKAGE, "mark_sheds"), SHED).scalar_one()
    compared = session.scalar(text("select count(*) from compared_building")) or 0
    return Compared(compared, hidden, shown, sheds)


SHED = {"square_metres": SHED_SQUARE_METRES, "ratio": SHED_RATIO, "metres": SHED_METRES}
