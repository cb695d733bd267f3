"""Rolls over HTTP: take one in, confirm its headings, look at what it would do, apply it, take it back."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.database.engine import reading, transaction
from webmap.errors import N_, AppError, InvalidError
from webmap.households import queries as households
from webmap.households.import_lines import refusal_cells, refusal_lines
from webmap.households.import_pages import LEGAL_BASES, PURPOSES
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.reading import Layout, layout_from
from webmap.households.importing.samples import samples_of
from webmap.households.pages import download, file_of, headings, scope_with_persons
from webmap.households.sentences import field_name, remark
from webmap.roll import applying, choices, queries, runs
from webmap.roll.errors import RollFormError, RollRowNotFoundError
from webmap.roll.models import RollImport
from webmap.roll.reading import FIELDS
from webmap.roll.rules import VERDICTS
from webmap.roll.sentences import compared, row_line

blueprint = Blueprint("roll", __name__, url_prefix="/rolls")

REFUSALS_SHOWN = 200
WORKING = ("checking", "applying", "undoing")


@blueprint.get("")
@allow(*STAFF)
def index() -> ResponseReturnValue:
    """Earlier rolls, and the form for a new one."""
    return _upload_page()


def _upload_page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    scope = scope_with_persons()
    with reading(scope) as session:
        areas = households.areas_to_choose(session, scope)
        names = {area_id: name for area_id, name, _depth in areas}
        recent = [(roll, names.get(roll.area_id, "")) for roll in queries.recent(session, scope)]
    page = render_template(
        "roll/upload.html",
        areas=areas,
        recent=recent,
        problem=problem,
        today=clock.today(),
        purposes=[(code, gettext(text)) for code, text in PURPOSES.items()],
        legal_bases=[(code, gettext(text)) for code, text in LEGAL_BASES.items()],
        rows=runs.limits().rows,
    )
    return page, status


@blueprint.post("")
@allow(*STAFF)
def upload() -> ResponseReturnValue:
    """Take a roll in."""
    scope = scope_with_persons()
    try:
        file, form = request.files.get("file"), request.form
        area_id, listed_on = form.get("area_id", type=int), _day("listed_on")
        given = {"purpose": form.get("purpose", ""), "legal_basis": form.get("legal_basis", "")}
        is_said = given["purpose"] in PURPOSES and given["legal_basis"] in LEGAL_BASES
        if file is None or not file.filename or area_id is None or listed_on is None or not is_said:
            raise RollFormError
        with transaction(scope) as session:
            roll = runs.begin(
                session, scope, area_id, file_name=file.filename, content=file.read(), listed_on=listed_on,
                is_complete=form.get("is_complete") == "1", **given,
            )  # fmt: skip
            roll_id = roll.id
    except InvalidError as error:
        return _upload_page(_said(error), error.status)
    return redirect(url_for("roll.show", roll_id=roll_id))


def _said(error: AppError) -> str:
    return str(gettext(error.text, **{key: str(value) for key, value in error.facts.items()}))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/<uuid:roll_id>")
@allow(*STAFF)
def show(roll_id: UUID) -> ResponseReturnValue:
    """Where a roll stands: its headings to confirm, its dry run, or what became of it."""
    scope = scope_with_persons()
    with reading(scope) as session:
        roll = queries.find(session, scope, roll_id, with_content=True)
        wants_headings = roll.state == "checked" and request.args.get("step") == "headings"
        if roll.content is not None and (roll.state in ("uploaded", "failed") or wants_headings):
            return _headings_page(session, scope, roll)
        return _roll_page(session, scope, roll)


def _area_name(session: Session, scope: Scope, roll: RollImport) -> str:
    return next((name for id_, name, _d in households.areas_to_choose(session, scope) if id_ == roll.area_id), "")


def _headings_page(session: Session, scope: Scope, roll: RollImport, problem: str = "") -> ResponseReturnValue:
    layout = layout_from(roll.mapping)
    sheets, columns, lines = samples_of(roll.content or b"", layout, runs.limits())
    page = render_template(
        "roll/headings.html",
        roll=roll,
        layout=layout,
        sheets=sheets,
        columns=columns,
        lines=lines,
        area=_area_name(session, scope, roll),
        problem=problem,
        fields=[(one.value, field_name(one)) for one in FIELDS],
        categories=[
            (one.code, f"{one.code} · {households.category_name(one)}") for one in households.categories(session)
        ],
    )
    return page, 422 if problem else 200


def _roll_page(session: Session, scope: Scope, roll: RollImport) -> ResponseReturnValue:
    counts = queries.verdict_counts(session, roll.id)
    ended = applying.facts(session, roll)["ended"] if roll.state == "applied" else roll.counts.get("ended", 0)
    return render_template(
        "roll/roll.html",
        roll=roll,
        area=_area_name(session, scope, roll),
        is_working=roll.state in WORKING,
        counts=counts,
        ended=ended,
        facts=roll.counts,
        remarks=[(remark(code), times) for code, times in roll.counts.get("remarks", {}).items()],
        is_built_upon=roll.state == "applied" and queries.is_built_upon(session, roll),
    )


@blueprint.post("/<uuid:roll_id>/sheet")
@allow(*STAFF)
def point_at(roll_id: UUID) -> ResponseReturnValue:
    """Another sheet, or another line of headings."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        line = request.form.get("header_line", type=int)
        runs.point_at(session, scope, roll_id, request.form.get("sheet", ""), line)
    return redirect(url_for("roll.show", roll_id=roll_id))


@blueprint.post("/<uuid:roll_id>/check")
@allow(*STAFF)
def check(roll_id: UUID) -> ResponseReturnValue:
    """Confirm the headings; the dry run begins."""
    scope = scope_with_persons()
    try:
        with transaction(scope) as session:
            roll = queries.find(session, scope, roll_id)
            job_id = runs.confirm(session, scope, roll_id, _confirmed(layout_from(roll.mapping)))
    except FileRefusedError as error:
        with reading(scope) as session:
            roll = queries.find(session, scope, roll_id, with_content=True)
            return _headings_page(session, scope, roll, _said(error))
    return redirect(f"/jobs/{job_id}")


def _confirmed(layout: Layout) -> Layout:
    """The layout as the form has it."""
    known = {one.value: one for one in FIELDS}
    chosen = {index: request.form.get(f"column-{index}", "") for index in range(len(layout.headings))}
    columns = {index: known[name] for index, name in chosen.items() if name in known}
    category = request.form.get("category") or None
    return replace(layout, columns=columns, valid_from=_day("valid_from"), valid_to=_day("valid_to"), category=category)


@blueprint.post("/<uuid:roll_id>/apply")
@allow(*STAFF)
def apply(roll_id: UUID) -> ResponseReturnValue:
    """Apply what the dry run promised."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        job_id = runs.approve(session, scope, roll_id)
    return redirect(f"/jobs/{job_id}")


@blueprint.post("/<uuid:roll_id>/undo")
@allow(*STAFF)
def undo(roll_id: UUID) -> ResponseReturnValue:
    """Take an applied roll back."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        job_id = runs.want_back(session, scope, roll_id)
    return redirect(f"/jobs/{job_id}")


@blueprint.post("/<uuid:roll_id>/drop")
@allow(*STAFF)
def drop(roll_id: UUID) -> ResponseReturnValue:
    """Forget a roll that is not applied."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        runs.let_go(session, scope, roll_id)
    flash(gettext("The file was deleted. Nothing was changed."), "good")
    return redirect(url_for("roll.index"))


@blueprint.get("/<uuid:roll_id>/rows/<verdict>")
@allow(*STAFF)
def rows(roll_id: UUID, verdict: str) -> ResponseReturnValue:
    """The rows of one verdict, with whom they were taken for; `ended`: who is not listed any more."""
    scope = scope_with_persons()
    after = request.args.get("after", 0, type=int)
    with reading(scope) as session:
        roll = queries.find(session, scope, roll_id)
        if verdict not in (*VERDICTS, "ended"):
            raise RollRowNotFoundError
        layout = layout_from(roll.mapping)
        listed = [] if verdict == "ended" else queries.rows_of(session, roll_id, verdict, after=after)
        values: dict[str, Any] = {
            "lines": [row_line(one) for one in listed],
            "ended": queries.ended(session, roll) if verdict == "ended" else [],
            "refusals": refusal_lines([one.row for one in listed], layout) if verdict in ("refuse", "twice") else [],
            "next_after": listed[-1].row.row_number if len(listed) == queries.PAGE else None,
        }
        area = _area_name(session, scope, roll)
        return render_template("roll/rows.html", roll=roll, verdict=verdict, area=area, **values)


@blueprint.get("/<uuid:roll_id>/refusals.csv")
@allow(*STAFF)
def refusals(roll_id: UUID) -> ResponseReturnValue:
    """All refused rows with row, column and reason; the cells as they were given stand beside."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        roll = queries.find(session, scope, roll_id)
        layout = layout_from(roll.mapping)
        refused = queries.rows_with_reasons(session, roll.id)
        titles = headings(N_("Row"), N_("Column"), N_("Heading"), N_("Reason"), N_("Row refused"), N_("Name"))
        given = [heading for heading in layout.headings if heading]
        content = file_of("csv", [*titles, *given], refusal_cells(refused, layout), gettext("Refused"))
        audit.record(
            session,
            scope,
            "export refusals",
            "roll_import",
            roll.id,
            area_id=roll.area_id,
            rows=len(refused),
            kind="csv",
        )
    return download(content, f"dong-bi-tu-choi-{clock.today():%Y-%m-%d}", "csv")


@blueprint.get("/<uuid:roll_id>/review")
@allow(*STAFF)
def review(roll_id: UUID) -> ResponseReturnValue:
    """A row that waits for a choice, beside those it may be."""
    scope = scope_with_persons()
    with reading(scope) as session:
        roll = queries.find(session, scope, roll_id)
        doubt = queries.doubt(session, roll, request.args.get("row", 0, type=int))
        return render_template(
            "roll/review.html",
            roll=roll,
            doubt=doubt,
            compared=compared(session, doubt) if doubt else None,
            waiting=queries.verdict_counts(session, roll_id).get("doubtful", 0),
            last=choices.last_choice(session, roll),
        )


@blueprint.post("/<uuid:roll_id>/choices")
@allow(*STAFF)
def choose(roll_id: UUID) -> ResponseReturnValue:
    """Say who a doubtful row is, or that nobody we know is meant; on to the next."""
    scope = scope_with_persons()
    row_number = request.form.get("row_number", 0, type=int)
    with transaction(scope) as session:
        choices.choose(session, scope, roll_id, row_number, request.form.get("person_id", None, type=UUID))
    return redirect(url_for("roll.review", roll_id=roll_id, row=row_number + 1))


@blueprint.post("/<uuid:roll_id>/choices/undo")
@allow(*STAFF)
def unchoose(roll_id: UUID) -> ResponseReturnValue:
    """Unsay a choice; back to its row."""
    scope = scope_with_persons()
    row_number = request.form.get("row_number", 0, type=int)
    with transaction(scope) as session:
        choices.take_back(session, scope, roll_id, row_number)
    return redirect(url_for("roll.review", roll_id=roll_id, row=row_number))
