"""The ledger over HTTP: the sheet of an area between two days, and the people behind each of its numbers."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import require_area
from webmap.areas import queries as areas
from webmap.areas.by_date import way_up_to
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.pages import download, file_of, headings, scope_with_persons
from webmap.ledger import queries, rules
from webmap.ledger.queries import Period, Sheet
from webmap.words import word

blueprint = Blueprint("ledger", __name__)

PARTS_SIDE_BY_SIDE = 8
BLOCKS = (
    (N_("The register"), rules.REGISTER),
    (N_("Those with a card"), rules.CARDS),
    (N_("On the register on both days"), rules.STAYING),
)
PEOPLE_TITLES = (
    N_("Village"), N_("Code"), N_("Head of household"), N_("Name"), N_("Born"), N_("Residency"), N_("In the ledger"),
    N_("Why without a card"), N_("Card ends"), N_("Reported on"),
)  # fmt: skip
ROLL_TITLES = (
    N_("Village"), N_("Line of the roll"), N_("Name"), N_("Born"), N_("Code"), N_("Address"),
    N_("Drawn by the agency on"),
)  # fmt: skip


@blueprint.app_template_filter("ledger_word")
def ledger_word(code: str) -> str:
    """What a line of the ledger is called: "Uncovered: working away"."""
    kind, _, reason = code.partition("-")
    if reason:
        return str(gettext("Uncovered: %(reason)s", reason=word("reason", reason)))
    return word("ledger", kind)


@blueprint.get("/areas/<int:area_id>/ledger")
@allow(*STAFF)
def sheet(area_id: int) -> ResponseReturnValue:
    """What became of everybody between two days, in figures."""
    scope = scope_with_persons()
    with reading(scope) as session:
        require_area(session, scope, area_id)
        period = _period(session, area_id)
        found = queries.sheet(session, scope, area_id, period)
        above = way_up_to(session, scope, found.place)
    return render_template(
        "ledger/sheet.html",
        sheet=found,
        place=found.place,
        period=period,
        above=above,
        blocks=[(gettext(title), lines) for title, lines in BLOCKS],
        side_by_side=found.parts if len(found.parts) <= PARTS_SIDE_BY_SIDE else [],
        today=clock.today(),
    )


@blueprint.get("/areas/<int:area_id>/ledger.xlsx")
@allow(*STAFF)
def sheet_file(area_id: int) -> ResponseReturnValue:
    """The sheet as a workbook. That it left the system is written down in the same transaction."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        require_area(session, scope, area_id)
        period = _period(session, area_id)
        found = queries.sheet(session, scope, area_id, period)
        titles = [*headings(N_("Line")), gettext("Total"), *(part.full_name for part in found.parts)]
        content = file_of("xlsx", titles, _sheet_rows(found), gettext("Ledger"))
        audit.record(session, scope, "export ledger", "area", area_id, area_id=area_id, **_facts(period))
    return download(content, f"so-ra-soat-{found.place.code}-{period.last}", "xlsx")


@blueprint.get("/areas/<int:area_id>/ledger/<line>")
@allow(*STAFF)
def people(area_id: int, line: str) -> ResponseReturnValue:
    """The people on a line of the sheet."""
    scope = scope_with_persons()
    below, number = request.args.get("below", type=int), max(1, request.args.get("page", 1, type=int))
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        part = areas.place(session, scope, below) if below else None
        period = _period(session, area_id)
        if line in rules.ROLL_LINES:
            page = queries.roll_rows(session, area_id, period, line, below=below, number=number)
        else:
            page = queries.people(session, area_id, period, _line(line), below=below, number=number)
    template = "ledger/roll_rows.html" if line in rules.ROLL_LINES else "ledger/people.html"
    return render_template(template, place=place, part=part, period=period, line=line, page=page)


@blueprint.get("/areas/<int:area_id>/ledger/<line>/people.xlsx")
@allow(*STAFF)
def people_file(area_id: int, line: str) -> ResponseReturnValue:
    """The people on a line as a workbook. That they left the system is written down in the same transaction."""
    scope = scope_with_persons()
    below = request.args.get("below", type=int)
    with transaction(scope) as session:
        place = areas.place(session, scope, area_id)
        if below:
            require_area(session, scope, below)
        period = _period(session, area_id)
        if line in rules.ROLL_LINES:
            titles: Sequence[str] = ROLL_TITLES
            rows = list(_roll_rows(queries.all_roll_rows(session, area_id, period, line, below)))
        else:
            titles = PEOPLE_TITLES
            rows = list(_people_rows(queries.all_people(session, area_id, period, _line(line), below)))
        content = file_of("xlsx", headings(*titles), rows, gettext("Ledger"))
        facts = {**_facts(period), "line": line, "below": below, "rows": len(rows)}
        audit.record(session, scope, "export ledger", "person", area_id=area_id, **facts)
    return download(content, f"so-ra-soat-{place.code}-{line}-{period.last}", "xlsx")


def _line(code: str) -> rules.Line:
    if code not in rules.LINES:
        abort(404)
    return rules.LINES[code]


def _period(session: Session, area_id: int) -> Period:
    return queries.period_of(session, area_id, request.args.get("from"), request.args.get("to"))


def _facts(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _sheet_rows(found: Sheet) -> Iterator[list[object]]:
    first, last = format_date(found.period.first, "dd/MM/yyyy"), format_date(found.period.last, "dd/MM/yyyy")
    yield [gettext("From %(first)s to %(last)s", first=first, last=last)]
    listed = rules.BESIDE if found.has_roll else ()
    lines = [line.code for _, block in BLOCKS for line in block] + [line.code for line in listed] + [*rules.ROLL_LINES]
    for code in lines:
        yield [ledger_word(code), found.number(code), *(found.number(code, part.id) for part in found.parts)]


def _people_rows(rows: Sequence[Any]) -> Iterator[list[object]]:
    for row in rows:
        yield [
            row.village, row.code, row.head_name, row.full_name, row.birth_year, word("residency", row.residency),
            word("ledger", row.bucket), word("reason", row.reason_group) if row.reason_group else "",
            row.covered_until, row.reported_on,
        ]  # fmt: skip


def _roll_rows(rows: Sequence[Any]) -> Iterator[list[object]]:
    for row in rows:
        code = row.household_code or row.code
        yield [row.village, row.row_number, row.full_name, row.birth_year, code, row.address, row.listed_on]
