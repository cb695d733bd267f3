"""A preview over HTTP: what a file would change, on a map and as a list; repairs; applying it."""

import csv
import io
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gis_layers.errors import TileOutOfRangeError
from gis_layers.tiles import address
from webmap import clock
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.database.engine import reading, transaction
from webmap.errors import NotFoundError
from webmap.mapfiles import drawing, features, forms, sentences, uploads
from webmap.mapfiles.errors import NotPreviewedError
from webmap.mapfiles.inputs import Choices
from webmap.mapfiles.marks import MARKS
from webmap.mapfiles.views import data_dir, job_for, total_of
from webmap.words import word

blueprint = Blueprint("map_preview", __name__, url_prefix="/import/map/<uuid:file_id>")
MOST_DRAWN = 3_000
MOST_FINDINGS = 100


@blueprint.get("/preview")
@allow(Role.ADMIN, Role.SUPERVISOR)
def show(file_id: UUID) -> ResponseReturnValue:
    """Show what a file would change."""
    with reading(current_scope()) as session:
        file, _ = uploads.find(session, data_dir(), file_id)
        if file.preview is None:
            return redirect(url_for("mapfiles.look", file_id=file_id))
        totals = features.totals(file.preview["counts"])
        state = request.args.get("state", "")
        if state not in features.STATES:
            state = next((one for one in features.STATES if totals[one]), "new")
        number = max(1, request.args.get("page", 1, type=int))
        found = features.page(session, file_id, state, number)
        pages = max(1, -(-totals[state] // features.A_PAGE))
        first = (number - 1) * features.A_PAGE + 1
        return render_template(
            "mapfiles/preview.html",
            file=file,
            preview=file.preview,
            chosen=Choices.model_validate(file.choices),
            totals=totals,
            unknown_above=features.unknown_above(session, file_id),
            state=state,
            has_choices=any("choice" in one.facts for one in found),
            features=[(one, sentences.of_feature(one)) for one in found],
            findings=[(one, sentences.of_finding(one)) for one in file.preview["findings"]][:MOST_FINDINGS],
            remedies={code: gettext(text) for code, text in sentences.REMEDIES.items()},
            marks=MARKS,
            mark_colours=_for_the_map(),
            picked=request.args.get("feature", type=int),
            page={
                "number": number,
                "pages": pages,
                "total": totals[state],
                "first": first,
                "last": first + len(found) - 1,
            },
        )


@blueprint.get("/preview/<int:z>/<int:x>/<int:y>.mvt")
@allow(Role.ADMIN, Role.SUPERVISOR)
def tile(file_id: UUID, z: int, x: int, y: int) -> ResponseReturnValue:
    """One tile of the features of a preview."""
    try:
        square = address.checked(z, x, y)
    except TileOutOfRangeError as error:
        raise NotFoundError from error
    with reading(current_scope()) as session:
        uploads.find(session, data_dir(), file_id)
        content = features.tile(session, file_id, square)
    answer = make_response(content, 200 if content else 204)
    answer.mimetype = "application/vnd.mapbox-vector-tile"
    return answer


@blueprint.get("/preview.svg")
@allow(Role.ADMIN, Role.SUPERVISOR)
def picture(file_id: UUID) -> ResponseReturnValue:
    """The features of a preview as a picture."""
    with reading(current_scope()) as session:
        uploads.find(session, data_dir(), file_id)
        shapes = features.shapes_for_drawing(session, file_id, MOST_DRAWN)
    chosen = request.args.get("feature", type=int)
    return Response(drawing.picture(shapes, chosen), mimetype="image/svg+xml")


@blueprint.get("/refused.csv")
@allow(Role.ADMIN, Role.SUPERVISOR)
def refused(file_id: UUID) -> ResponseReturnValue:
    """What cannot be used of a file, with number, reason and place, as a table."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([gettext("Layer"), gettext("Number"), gettext("Name"), gettext("Why"), "lon", "lat"])
    with reading(current_scope()) as session:
        uploads.find(session, data_dir(), file_id)
        for one in features.all_of(session, file_id, "refused"):
            lon, lat = one.facts.get("at") or ("", "")
            why = " ".join(sentences.of_feature(one))
            table.writerow([_harmless(one.layer), one.number or "", _harmless(one.name), _harmless(why), lon, lat])
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=refused.csv"
    return answer


@blueprint.post("/repairs")
@allow(Role.ADMIN, Role.SUPERVISOR)
def repair(file_id: UUID) -> ResponseReturnValue:
    """Look at the file again with the repairs that were ticked, and with or without what is refused."""
    return _in_line(file_id, "preview map file", {"repairs": tuple(request.form.getlist("repairs"))}, is_seen=False)


@blueprint.post("/matches")
@allow(Role.ADMIN, Role.SUPERVISOR)
def match(file_id: UUID) -> ResponseReturnValue:
    """Look at the file again with what was said of features whose name fits several areas."""
    with reading(current_scope()) as session:
        file, _ = uploads.find(session, data_dir(), file_id)
        before = Choices.model_validate(file.choices or {"layers": [], "valid_from": clock.today()}).matches
    return _in_line(file_id, "preview map file", {"matches": forms.matches_of(request.form, before)}, is_seen=True)


@blueprint.post("/apply")
@allow(Role.ADMIN, Role.SUPERVISOR)
def apply(file_id: UUID) -> ResponseReturnValue:
    """Put in line what was shown. What is refused stops it, unless it is to be left out."""
    return _in_line(file_id, "apply map file", {"leaves_out": bool(request.form.get("leaves_out"))}, is_seen=True)


def _in_line(file_id: UUID, name: str, said: dict[str, Any], *, is_seen: bool) -> ResponseReturnValue:
    """Add what was said to the choices of a file, and put a job on it in line; not before it was chosen, and seen."""
    with transaction(current_scope()) as session:
        file, _ = uploads.find(session, data_dir(), file_id)
        if file.choices is None or file.look is None or (is_seen and file.preview is None):
            raise NotPreviewedError
        chosen = Choices.model_validate(file.choices).model_copy(update=said)
        file.choices = chosen.model_dump(mode="json")
        return job_for(session, name, file, total_of(file.look, chosen))


def _for_the_map() -> dict[str, dict[str, object]]:
    return {
        state: {
            "colour": mark.colour,
            "dash": [int(part) for part in mark.dash.split()],
            "stripe": mark.stripe,
            "turn": mark.turn,
            "word": word("map_state", state),
        }
        for state, mark in MARKS.items()
    }


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
