"""Reasons, remarks and codes of households in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from webmap.errors import N_
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Way
from webmap.households.importing.reasons import FILE_REASONS, REMARKS, ROW_REASONS

FIELDS: dict[str, str] = {
    Field.HOUSEHOLD_CODE: N_("Household code"),
    Field.HOUSEHOLD_ORDER: N_("Order of the household in the list"),
    Field.HEAD_NAME: N_("Name of the head"),
    Field.RELATIONSHIP: N_("Relationship to the head"),
    Field.SURNAME: N_("Family and middle name"),
    Field.FULL_NAME: N_("Full name"),
    Field.SEX: N_("Sex"),
    Field.MALE: N_("Man (x, or the birth)"),
    Field.FEMALE: N_("Woman (x, or the birth)"),
    Field.BIRTH: N_("Birth (day or year)"),
    Field.CITIZEN_ID: N_("Citizen id"),
    Field.INSURANCE_CODE: N_("Insurance code"),
    Field.CARD_NUMBER: N_("Card number"),
    Field.CARD_CATEGORY: N_("Card category"),
    Field.VALID_FROM: N_("Card valid from"),
    Field.VALID_TO: N_("Card valid to"),
    Field.PHONE: N_("Phone"),
    Field.COMMUNE: N_("Commune"),
    Field.VILLAGE: N_("Village"),
    Field.ALLEY: N_("Alley or street"),
    Field.HOUSE_NUMBER: N_("House number"),
    Field.ADDRESS: N_("Address"),
    Field.LONGITUDE: N_("Longitude"),
    Field.LATITUDE: N_("Latitude"),
    Field.POSITION: N_("Latitude and longitude in one cell"),
    Field.NORTH: N_("X of VN-2000 (north)"),
    Field.EAST: N_("Y of VN-2000 (east)"),
    Field.RESIDENCY: N_("Residency"),
    Field.REASON_GROUP: N_("Reason group"),
    Field.NOTE: N_("Note"),
}

CHANGED: dict[str, str] = {
    "household_phone": N_("Phone of the household"),
    "is_head": N_("Head of household"),
    "card": N_("New card"),
    "place": N_("Place"),
}

WAYS: dict[str, str] = {
    Way.CODE: N_("Rows with the same household code live together"),
    Way.ORDER: N_("Rows with the same order number live together"),
    Way.HEAD_NAME: N_("Rows with the same head and address live together"),
    Way.HEAD_ROWS: N_("Each row of a head begins a household; the rows below belong to it"),
    Way.ADDRESS: N_("Rows with the same address live together"),
}

RELATED = {"relationship": Field.RELATIONSHIP, "alley_name": Field.ALLEY, "number": Field.CARD_NUMBER}


def reason(code: str, facts: Mapping[str, Any]) -> str:
    """One reason as a sentence; the code itself when a newer version wrote one that this one does not know."""
    text = ROW_REASONS.get(code) or FILE_REASONS.get(code)
    return code if text is None else str(gettext(text, **{key: str(value) for key, value in facts.items()}))


def remark(code: str) -> str:
    """What was restored or read by a rule, as a sentence."""
    return str(gettext(REMARKS[code])) if code in REMARKS else code


def field_name(name: str) -> str:
    """What a field is called on screen."""
    text = FIELDS.get(RELATED.get(name, name)) or CHANGED.get(name)
    return str(gettext(text)) if text else name


def way_name(way: str) -> str:
    """How rows are gathered into households, as a sentence."""
    return str(gettext(WAYS[way]))


def problems_by_field(troubles: Mapping[str, Any]) -> dict[str, str]:
    """Troubles of a form as sentences beside their fields, with a capital."""
    said = {name: reason(trouble.code, trouble.facts) for name, trouble in troubles.items()}
    return {name: text[:1].upper() + text[1:] for name, text in said.items()}
