"""The list of households: filter, sort, page, files; and what has no place yet."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas.by_date import map_days
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households import queries
from webmap.households.filters import HouseholdFilter, parse, to_query
from webmap.households.pages import MIMETYPES, blueprint, download, file_of, headings, is_fragment, scope_with_persons
from webmap.words import word

EXPORTED_AT_MOST = 200_000
TITLES = (
    N_("Code"), N_("Head of household"), N_("Village"), N_("Alley"), N_("House number"), N_("Address"), N_("Phone"),
    N_("On the register"), N_("With a card"), N_("Status"), N_("At the door"), N_("Next card ends"), N_("Last visit"),
    N_("Placed by"),
)  # fmt: skip


@blueprint.get("/households")
@allow(*STAFF)
def households() -> ResponseReturnValue:
    """A page of the list, or only its rows for htmx."""
    scope = scope_with_persons()
    wanted = parse(request.args)
    sort = request.args.get("sort", "code")
    number = request.args.get("page", 1, type=int)
    with reading(scope) as session:
        page = queries.page_of_households(session, scope, wanted, clock.today(), sort=sort, number=number)
        members = queries.members_found(session, page.rows, wanted.q)
        choices = filter_choices(session, scope, wanted)
    template = "households/_rows.html" if is_fragment() else "households/list.html"
    facts = {
        "page": page,
        "sort": sort,
        "wanted": wanted,
        "members": members,
        "asked_query": urlencode(to_query(wanted)),
    }
    return render_template(template, **facts, no_filter=HouseholdFilter(), **choices)


def filter_choices(session: Session, scope: Scope, wanted: HouseholdFilter) -> dict[str, Any]:
    """What the filter's fields offer."""
    return {
        "areas": queries.areas_to_choose(session, scope, "commune", "village", on=wanted.on),
        "map_days": map_days(session),
        "categories": queries.categories(session),
    }


@blueprint.get("/households/export.<kind>")
@allow(*STAFF)
def export(kind: str) -> ResponseReturnValue:
    """The filtered list as a file. That it left the system is written down in the same transaction."""
    if kind not in MIMETYPES:
        abort(404)
    scope = scope_with_persons()
    wanted = parse(request.args)
    with transaction(scope) as session:
        counter = Counter()
        rows = counter.counted(_file_rows(session, scope, wanted, request.args.get("sort", "code")))
        content = file_of(kind, headings(*TITLES), rows, gettext("Households"))
        _record_export(session, scope, wanted, kind, counter.rows)
    return download(content, f"ho-{clock.today():%Y-%m-%d}", kind)


class Counter:
    """How many rows went by."""

    rows = 0

    def counted(self, rows: Iterator[list[object]]) -> Iterator[list[object]]:
        """Pass the rows on."""
        for row in rows:
            self.rows += 1
            yield row


def _record_export(session: Session, scope: Scope, wanted: HouseholdFilter, kind: str, rows: int) -> None:
    query = to_query(wanted)
    audit.record(
        session, scope, "export households", "household", area_id=wanted.area, filter=query, kind=kind, rows=rows
    )


def _file_rows(session: Session, scope: Scope, wanted: HouseholdFilter, sort: str) -> Iterator[list[object]]:
    for number, row in enumerate(queries.stream_households(session, scope, wanted, clock.today(), sort)):
        if number >= EXPORTED_AT_MOST:
            return
        yield [
            row.code, row.head_name, row.village, row.alley_name, row.house_number, row.address, row.phone,
            row.registered_count, row.covered_count, word("status", row.status), word("mark", row.door_mark),
            row.next_expiry_on, row.last_visit_at, word("place_source", row.place_source) if row.place_source else "",
        ]  # fmt: skip


@blueprint.get("/households/unplaced")
@allow(*STAFF)
def unplaced() -> ResponseReturnValue:
    """Villages with households that have no place yet, and how far the placing is."""
    scope = scope_with_persons()
    wanted = parse(request.args)
    with reading(scope) as session:
        villages = queries.unplaced_by_village(session, scope)
        page = None
        if wanted.area is not None:
            without = HouseholdFilter(area=wanted.area, placed=False, q=wanted.q)
            number = request.args.get("page", 1, type=int)
            page = queries.page_of_households(session, scope, without, clock.today(), sort="code", number=number)
    total = sum(one.total for one in villages)
    missing = sum(one.unplaced for one in villages)
    return render_template(
        "households/unplaced.html", villages=villages, page=page, wanted=wanted, total=total, missing=missing
    )
