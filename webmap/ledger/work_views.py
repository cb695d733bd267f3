"""Work lists over HTTP: a page, a sheet of paper, a workbook."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas import queries as areas
from webmap.areas.by_date import way_up_to
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.pages import download, file_of, headings, scope_with_persons
from webmap.ledger import work
from webmap.words import word

blueprint = Blueprint("work", __name__)

TITLES = (
    N_("By"), N_("What next"), N_("Name"), N_("Born"), N_("Why without a card"), N_("Village"), N_("Code"),
    N_("Head of household"), N_("Address"), N_("Phone"), N_("Team"), N_("Organisation"), N_("Walked by"),
)  # fmt: skip


@blueprint.get("/areas/<int:area_id>/work")
@allow(*STAFF)
def page(area_id: int) -> ResponseReturnValue:
    """Who is next in an area, by whom and until when."""
    scope = scope_with_persons()
    wanted = work.parse(request.args)
    number = max(1, request.args.get("page", 1, type=int))
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        found = work.page(session, area_id, wanted, number=number)
        villages, teams = work.shares(session, area_id, wanted)
        shown = {
            "place": place,
            "above": way_up_to(session, scope, place),
            "page": found,
            "villages": villages,
            "teams": teams,
            "radar": work.radar(session, area_id),
            "choices": work.shares(session, area_id, work.WorkFilter()),
        }
    return render_template("ledger/work.html", **shown, wanted=wanted, query=wanted.to_query())


@blueprint.get("/areas/<int:area_id>/work/sheet")
@allow(*STAFF)
def sheet(area_id: int) -> ResponseReturnValue:
    """The same as a sheet to be printed: by village, without paging."""
    scope = scope_with_persons()
    wanted = work.parse(request.args)
    with transaction(scope) as session:
        place = areas.place(session, scope, area_id)
        rows = work.everything(session, area_id, wanted)
        _record_export(session, scope, area_id, wanted, kind="paper", rows=len(rows))
    by_village: dict[str, list[Any]] = {}
    for row in rows:
        by_village.setdefault(row.village, []).append(row)
    return render_template(
        "ledger/work_sheet.html", place=place, villages=by_village, wanted=wanted, today=clock.today()
    )


@blueprint.get("/areas/<int:area_id>/work.xlsx")
@allow(*STAFF)
def file(area_id: int) -> ResponseReturnValue:
    """The same as a workbook. That it left the system is written down in the same transaction."""
    scope = scope_with_persons()
    wanted = work.parse(request.args)
    with transaction(scope) as session:
        place = areas.place(session, scope, area_id)
        rows = work.everything(session, area_id, wanted)
        content = file_of("xlsx", headings(*TITLES), _file_rows(rows), gettext("Who is next"))
        _record_export(session, scope, area_id, wanted, kind="xlsx", rows=len(rows))
    return download(content, f"viec-{place.code}-{clock.today():%Y-%m-%d}", "xlsx")


def _record_export(
    session: Session, scope: Scope, area_id: int, wanted: work.WorkFilter, *, kind: str, rows: int
) -> None:
    query = wanted.to_query()
    audit.record(session, scope, "export work list", "person", area_id=area_id, filter=query, kind=kind, rows=rows)


def _file_rows(rows: Sequence[Any]) -> Iterator[list[object]]:
    for row in rows:
        yield [
            row.due_on, word("work", row.task), row.full_name, row.birth_year or (row.birth_on and row.birth_on.year),
            word("reason", row.reason_group) if row.reason_group else "", row.village, row.code, row.head_name,
            ", ".join(filter(None, (row.house_number, row.alley_name))) or row.address, row.phone, row.team,
            row.organisation, row.walkers,
        ]  # fmt: skip
