"""Features and findings of a preview, said in the reader's language."""

from typing import Any

from flask_babel import format_decimal, gettext

from webmap.areas.errors import REFUSALS, ROW_REFUSALS
from webmap.errors import N_
from webmap.exports.errors import REFUSED as RETURN_REFUSALS
from webmap.mapfiles.features import Feature
from webmap.words import word

FIELDS_OF_ROWS = ("name", "kind", "house_number", "street", "is_walkable", "access", "has_gate", "levels", "confidence")
SKIPPED = {
    "missing_nodes": N_("A way whose nodes are partly missing from the file; the rest is used."),
    "not_closed": N_("An outline that is not closed."),
    "broken_ring": N_("An outline that crosses itself."),
    "incomplete_relation": N_("A relation whose parts are missing from the file."),
    "no_geometry": N_("A feature without a shape."),
    "unreadable_geometry": N_("A feature whose shape is broken."),
    "not_on_earth": N_("A feature that lies nowhere on earth."),
    "too_many_vertices": N_("A shape with too many corners."),
    "not_there": N_("A way that is not built yet, or is no more."),
    "a_square": N_("The edge of a square, not a way."),
    "not_water": N_("Water is a line or a surface, and this is neither."),
}
REPAIRED = {
    "unclosed": N_("Its ring was open; it was closed by a straight line."),
    "crosses_itself": N_("Its boundary crosses itself; it was cut at the crossing."),
    "open_or_spiky": N_("Its boundary has spikes or holes that touch; they were taken off."),
    "not_only_surfaces": N_("Lines and points were dropped from its shape."),
    "by_request": N_("Its boundary is repaired as you asked."),
}
FINDINGS = {
    "duplicate": N_("%(names)s are the same ground (%(size)s)."),
    "nested": N_("%(names)s: one lies inside the other (%(size)s)."),
    "overlap": N_("%(names)s all claim the same ground (%(size)s)."),
    "sliver_overlap": N_("%(names)s overlap in a thin strip (%(size)s)."),
    "gap": N_("Between %(names)s lies ground that none of them covers (%(size)s)."),
    "sliver_gap": N_("Between %(names)s lies a thin strip that none of them covers (%(size)s)."),
    "far_part": N_("A part of %(names)s lies far from the rest (%(size)s): an island?"),
    "outside_parent": N_("%(names)s reaches beyond the area it belongs to (%(size)s)."),
    "sliver_outside": N_("%(names)s reaches a little beyond the area it belongs to (%(size)s)."),
}
# Of ground within the outline of the area they belong to that nobody covers.
FINDINGS_IN_PARENT = {
    "gap": N_("In %(parent)s lies ground that no area covers, beside %(names)s (%(size)s)."),
    "sliver_gap": N_("In %(parent)s lies a thin strip that no area covers, beside %(names)s (%(size)s)."),
}
REMEDIES = {
    "give": N_("Give it to the smaller of them"),
    "fill": N_("Give it to the neighbour with the longest border"),
    "clip": N_("Cut it off"),
    "yield": N_("Take it off the new one; what is on the map stays as it is"),
}
NAMES_SAID = 4


def of_feature(feature: Feature) -> list[str]:
    """Why a feature is refused, or what of it changes and is remarkable."""
    facts = feature.facts
    if feature.state == "refused":
        return [_refusal(feature)]
    if feature.what == "area":
        return [*_changes_of_area(facts, feature), *_remarks(facts)]
    if feature.what == "returned":
        fields = [word("returned_field", one) for one in facts.get("fields", ())]
        return [gettext("Edited: %(fields)s", fields=", ".join(fields))] if fields else []
    before = facts.get("before")
    if not before:
        return []
    return [gettext("Was: %(before)s", before=_row(before))] if _row(before) else []


def of_finding(finding: dict[str, Any]) -> str:
    """What is wrong, with names and size."""
    names = [name for name in finding["names"] if name]
    names += [gettext("%(name)s (on the map)", name=name) for name in finding["known"]]
    if len(names) > NAMES_SAID:
        more = len(names) - NAMES_SAID
        names = [*names[:NAMES_SAID], gettext("and %(count)s more", count=more)]
    text = finding_text(finding)
    given = {"names": ", ".join(names) or "–", "parent": finding["parent"], "size": size(finding["square_metres"])}
    return "" if text is None else str(gettext(text, **given))


def finding_text(finding: dict[str, Any]) -> str | None:
    """The sentence of a finding before its names and size are put in."""
    texts = FINDINGS_IN_PARENT if finding["parent"] and finding["kind"] in FINDINGS_IN_PARENT else FINDINGS
    return texts.get(finding["kind"])


def size(square_metres: float) -> str:
    """Ground in hectares, or square metres when it is little."""
    if square_metres >= 10_000:
        return str(gettext("%(size)s ha", size=format_decimal(round(square_metres / 10_000, 1))))
    return str(gettext("%(size)s m²", size=format_decimal(round(square_metres))))


def _refusal(feature: Feature) -> str:
    reason, about = feature.facts.get("reason", ""), feature.facts.get("about", "")
    if feature.what == "area" and reason in REFUSALS:
        return str(gettext(REFUSALS[reason], number=feature.number, about=about))
    if feature.what == "list" and reason in ROW_REFUSALS:
        return str(gettext(ROW_REFUSALS[reason], number=feature.number, about=about))
    if feature.what == "returned" and reason in RETURN_REFUSALS:
        return str(gettext(RETURN_REFUSALS[reason], number=feature.number, name=feature.name))
    return str(gettext(SKIPPED[reason])) if reason in SKIPPED else reason


def _changes_of_area(facts: dict[str, Any], feature: Feature) -> list[str]:
    said = []
    if "name_before" in facts:
        said.append(gettext("Name: %(before)s → %(after)s", before=facts["name_before"], after=feature.name))
    if "parent_before" in facts:
        said.append(
            gettext("Belongs to: %(before)s → %(after)s", before=facts["parent_before"], after=facts.get("parent", "–"))
        )
    if facts.get("is_first_boundary"):
        said.append(gettext("Gets its first boundary."))
    elif "boundary_share" in facts:
        percent = facts["boundary_share"] * 100
        said.append(
            gettext("Boundary: %(percent)s %% of its ground changes.", percent=format_decimal(round(percent, 1)))
            if percent >= 0.05
            else gettext("Boundary: redrawn without a visible change.")
        )
    if "population_before" in facts:
        before, after = format_decimal(facts["population_before"]), format_decimal(facts["population"])
        said.append(gettext("Population: %(before)s → %(after)s", before=before, after=after))
    return said


def _remarks(facts: dict[str, Any]) -> list[str]:
    said = []
    if facts.get("matched_by") == "name":
        said.append(gettext("Known by its name, for the file gives no code."))
    if (facts.get("choice") or {}).get("chosen"):
        said.append(gettext("As you chose."))
    if facts.get("problem") in REPAIRED:
        said.append(gettext(REPAIRED[facts["problem"]]))
    people = format_decimal(facts["population"]) if facts.get("population") else ""
    if facts.get("doubt") == "few":
        said.append(gettext("%(people)s people are implausibly few for its size.", people=people))
    elif facts.get("doubt") == "many":
        said.append(gettext("%(people)s people are implausibly many for its size.", people=people))
    return said


def _row(before: dict[str, Any]) -> str:
    return ", ".join(str(before[key]) for key in FIELDS_OF_ROWS if before.get(key) not in {None, "", True, False})
