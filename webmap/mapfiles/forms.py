"""The form of a map file's page, and the choices it makes."""

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from webmap.errors import InvalidError
from webmap.http import problems_of
from webmap.mapfiles.inputs import AreaFields, Choices
from webmap.mapfiles.name_choices import A_NEW_ONE
from webmap.streets.rules import Maker

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

LONGEST = 200
MAKERS = tuple(one.value for one in Maker if one is not Maker.OSM)
ROLES = tuple(AreaFields.model_fields)


def matches_of(
    form: "MultiDict[str, str]", before: dict[str, dict[int, int | None]]
) -> dict[str, dict[int, int | None]]:
    """What was said of features, over what was said before: fields "match:NUMBER:LAYER", an area's id, "new" or ""."""
    said = {layer: dict(ones) for layer, ones in before.items()}
    for name, value in form.items():
        mark, _, rest = name.partition(":")
        number, _, layer = rest.partition(":")
        if mark != "match" or not number.isdecimal():
            continue
        if value == A_NEW_ONE or value.isdecimal():
            said.setdefault(layer, {})[int(number)] = None if value == A_NEW_ONE else int(value)
        else:
            said.get(layer, {}).pop(int(number), None)
    return said


def choices_of(form: "MultiDict[str, str]", look: dict[str, Any]) -> Choices:
    """What was chosen for each layer of a look (fields end with the layer's place) and for the file.

    InvalidError naming the fields.
    """

    def said(name: str) -> str:
        return form.get(name, "").strip()[:LONGEST]

    layers = []
    for at, one in enumerate(look["layers"]):
        epsg, _, order = said(f"crs-{at}").partition(" ")
        layers.append(
            {
                "layer": one["name"],
                "becomes": said(f"becomes-{at}") or "nothing",
                "level": said(f"level-{at}") or "village",
                "fields": {role: said(f"{role}-{at}") for role in ROLES if said(f"{role}-{at}") in one["fields"]},
                "under": said(f"under-{at}"),
                "is_new_map": bool(said(f"is_new_map-{at}")),
                "only_name": said(f"only_name-{at}"),
                "epsg": epsg or None,
                "is_north_first": order == "north",
                "letters": said(f"letters-{at}"),
                "maker": said(f"maker-{at}") if said(f"maker-{at}") in MAKERS else "",
            }
        )
    try:
        return Choices.model_validate(
            {
                "layers": layers,
                "area_ids": form.getlist("area_ids"),
                "is_complete": bool(said("is_complete")),
                "valid_from": said("valid_from"),
                "licence": said("licence"),
                "attribution": said("attribution"),
                "dated_on": said("dated_on") or None,
            }
        )
    except ValidationError as error:
        raise InvalidError(problems_of(error)) from error
