"""A file of households: take it in, confirm its headings, look at the dry run, apply it or let it go."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from gis_layers.crs import KNOWN
from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.database.engine import reading, transaction
from webmap.errors import N_, AppError, InvalidError
from webmap.households import queries
from webmap.households.import_lines import change_lines, refusal_cells, refusal_lines
from webmap.households.importing import runs
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Way, ways_for
from webmap.households.importing.models import HouseholdImport
from webmap.households.importing.new_villages import add_unknown_villages
from webmap.households.importing.reading import Layout, layout_from
from webmap.households.importing.samples import samples_of
from webmap.households.pages import MIMETYPES, blueprint, download, file_of, headings, scope_with_persons
from webmap.households.sentences import field_name, remark, way_name

SHOWN_AT_MOST = 200
LEGAL_BASES = {
    "task": N_("A task assigned by law or by the competent authority"),
    "consent": N_("Consent of the persons, which can be proved"),
    "contract": N_("An agreement with the insurance agency"),
}
PURPOSES = {
    "campaign": N_("Finding and visiting people without health insurance"),
    "register": N_("Keeping the list of households of the area right"),
}


class MissingBasisError(InvalidError):
    """The law asks for the purpose and the legal basis of every import."""

    code = "purpose_missing"
    text = N_("Say what the list is for and on which legal basis, and choose the area and a file.")


@blueprint.get("/households/import")
@allow(*STAFF)
def imports() -> ResponseReturnValue:
    """Earlier files, and the form for a new one."""
    return _upload_page()


def _upload_page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    scope = scope_with_persons()
    with reading(scope) as session:
        areas = queries.areas_to_choose(session, scope, "commune", "village")
        names = {area_id: name for area_id, name, _depth in areas}
        recent = [(run, names.get(run.area_id, "")) for run in runs.recent(session, scope)]
    page = render_template(
        "households/import_upload.html",
        areas=areas,
        recent=recent,
        problem=problem,
        purposes=[(code, gettext(text)) for code, text in PURPOSES.items()],
        legal_bases=[(code, gettext(text)) for code, text in LEGAL_BASES.items()],
        megabytes=runs.limits().megabytes,
        rows=runs.limits().rows,
    )
    return page, status


@blueprint.post("/households/import")
@allow(*STAFF)
def upload() -> ResponseReturnValue:
    """Take a file in."""
    scope = scope_with_persons()
    try:
        file = request.files.get("file")
        area_id = request.form.get("area_id", type=int)
        purpose, basis = request.form.get("purpose", ""), request.form.get("legal_basis", "")
        if file is None or not file.filename or area_id is None or purpose not in PURPOSES or basis not in LEGAL_BASES:
            raise MissingBasisError
        with transaction(scope) as session:
            run = runs.begin(
                session, scope, area_id,
                file_name=file.filename, content=file.read(), purpose=purpose, legal_basis=basis,
            )  # fmt: skip
            import_id = run.id
    except InvalidError as error:
        return _upload_page(_said(error), error.status)
    return redirect(url_for("households.import_run", import_id=import_id))


def _said(error: AppError) -> str:
    return str(gettext(error.text, **{key: str(value) for key, value in error.facts.items()}))


@blueprint.get("/households/import/<uuid:import_id>")
@allow(*STAFF)
def import_run(import_id: UUID) -> ResponseReturnValue:
    """Where a file stands: its headings to confirm, its dry run, or what became of it."""
    scope = scope_with_persons()
    with reading(scope) as session:
        run = runs.find(session, scope, import_id)
        if run.state in ("uploaded", "failed") or (run.state == "checked" and request.args.get("step") == "headings"):
            return _headings_page(session, scope, run)
        return _dry_run_page(session, scope, run)


def _headings_page(session: Session, scope: Scope, run: HouseholdImport, problem: str = "") -> ResponseReturnValue:
    layout = layout_from(run.mapping)
    sheets, columns, lines = samples_of(run.content or b"", layout, runs.limits())
    area = next((name for id_, name, _d in queries.areas_to_choose(session, scope) if id_ == run.area_id), "")
    page = render_template(
        "households/import_headings.html",
        run=run,
        layout=layout,
        sheets=sheets,
        columns=columns,
        lines=lines,
        area=area,
        problem=problem,
        fields=[(one.value, field_name(one)) for one in Field],
        ways=[(way.value, way_name(way)) for way in (ways_for(layout.columns) or list(Way))],
        categories=[(one.code, f"{one.code} · {queries.category_name(one)}") for one in queries.categories(session)],
        zones=[(crs.epsg, crs.name) for crs in KNOWN if crs.is_vn2000 and not crs.is_geographic],
    )
    return page, 422 if problem else 200


def _dry_run_page(session: Session, scope: Scope, run: HouseholdImport) -> ResponseReturnValue:
    area = next((name for id_, name, _d in queries.areas_to_choose(session, scope) if id_ == run.area_id), "")
    layout = layout_from(run.mapping)
    return render_template(
        "households/import_dry_run.html",
        run=run,
        area=area,
        counts=run.counts,
        refusals=refusal_lines(runs.rows_with_reasons(session, run.id, most=SHOWN_AT_MOST), layout),
        changes=change_lines(runs.rows_of(session, run.id, ["change"], most=SHOWN_AT_MOST)),
        added=[row.given for row in runs.rows_of(session, run.id, ["add"], most=20)],
        remarks=[(remark(code), times) for code, times in run.counts.get("remarks", {}).items()],
        shown_at_most=SHOWN_AT_MOST,
    )


@blueprint.post("/households/import/<uuid:import_id>/sheet")
@allow(*STAFF)
def import_sheet(import_id: UUID) -> ResponseReturnValue:
    """Another sheet, or another line of headings."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        line = request.form.get("header_line", type=int)
        runs.point_at(session, scope, import_id, request.form.get("sheet", ""), line)
    return redirect(url_for("households.import_run", import_id=import_id))


@blueprint.post("/households/import/<uuid:import_id>/check")
@allow(*STAFF)
def import_check(import_id: UUID) -> ResponseReturnValue:
    """Confirm the headings; the dry run begins."""
    scope = scope_with_persons()
    try:
        with transaction(scope) as session:
            run = runs.find(session, scope, import_id)
            job_id = runs.confirm(session, scope, import_id, _confirmed(layout_from(run.mapping)))
    except FileRefusedError as error:
        with reading(scope) as session:
            return _headings_page(session, scope, runs.find(session, scope, import_id), _said(error))
    return redirect(f"/jobs/{job_id}")


def _confirmed(layout: Layout) -> Layout:
    """The layout as the form has it."""
    form = request.form
    columns = {}
    known = {one.value: one for one in Field}
    for index in range(len(layout.headings)):
        chosen = form.get(f"column-{index}", "")
        if chosen in known:
            columns[index] = known[chosen]
    ways = {way.value: way for way in ways_for(columns)}
    way = ways.get(form.get("way", "")) or next(iter(ways.values()), layout.way)
    epsg = form.get("epsg", type=int)
    return Layout(
        layout.sheet,
        layout.header_line,
        layout.first_line,
        layout.headings,
        columns,
        way,
        fills_down=form.get("fills_down") == "1",
        list_on=_day("list_on") or clock.today(),
        valid_from=_day("valid_from"),
        valid_to=_day("valid_to"),
        category=form.get("category") or None,
        epsg=epsg if epsg in {crs.epsg for crs in KNOWN} else None,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


@blueprint.post("/households/import/<uuid:import_id>/villages")
@allow(*STAFF)
def import_villages(import_id: UUID) -> ResponseReturnValue:
    """Add the villages that only the file knows, and check it again."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        job_id = add_unknown_villages(session, scope, import_id)
    return redirect(f"/jobs/{job_id}")


@blueprint.post("/households/import/<uuid:import_id>/apply")
@allow(*STAFF)
def import_apply(import_id: UUID) -> ResponseReturnValue:
    """Apply what the dry run promised."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        job_id = runs.approve(session, scope, import_id)
    return redirect(f"/jobs/{job_id}")


@blueprint.post("/households/import/<uuid:import_id>/drop")
@allow(*STAFF)
def import_drop(import_id: UUID) -> ResponseReturnValue:
    """Forget a file that was not applied."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        runs.let_go(session, scope, import_id)
    flash(gettext("The file was deleted. Nothing was changed."), "good")
    return redirect(url_for("households.imports"))


@blueprint.get("/households/import/<uuid:import_id>/refusals.<kind>")
@allow(*STAFF)
def import_refusals(import_id: UUID, kind: str) -> ResponseReturnValue:
    """All refusals with their reasons, as a file; the cells as they were given stand beside."""
    if kind not in MIMETYPES:
        abort(404)
    scope = scope_with_persons()
    with transaction(scope) as session:
        run = runs.find(session, scope, import_id)
        layout = layout_from(run.mapping)
        rows = runs.rows_with_reasons(session, run.id)
        titles = headings(N_("Row"), N_("Column"), N_("Heading"), N_("Reason"), N_("Row refused"), N_("Name"))
        given = [heading for heading in layout.headings if heading]
        content = file_of(kind, [*titles, *given], refusal_cells(rows, layout), gettext("Refused"))
        audit.record(
            session,
            scope,
            "export refusals",
            "household_import",
            run.id,
            area_id=run.area_id,
            rows=len(rows),
            kind=kind,
        )
    return download(content, f"dong-bi-tu-choi-{clock.today():%Y-%m-%d}", kind)
