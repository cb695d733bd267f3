"""Vietnamese telephone numbers as people write them."""

import re

from webmap.households.importing.cells import Cell
from webmap.households.importing.cleaning import word_of
from webmap.households.importing.results import Found, Trouble

OLD_MOBILE = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
"""Prefixes of 11-digit mobile numbers before 15 September 2018 -> today's (Decision 798/QĐ-BTTTT of 2018)."""

MOBILE = re.compile(r"0[35789]\d{8}")
LANDLINE = re.compile(r"02\d{8,9}")


def clean_phone(cell: Cell) -> Found[str] | Trouble | None:
    """Return a number as 0912345678. Of several numbers in one cell the first is kept, with a remark."""
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    first, *others = [part for part in re.split(r"[/;,|]|\s-\s|\shoặc\s", text) if part.strip()] or [text]
    found = _one(first)
    if found is None:
        return Trouble("phone_form", {"text": text[:60]})
    return Found(found.value, "first_of_several_phones") if others else found


def _one(text: str) -> Found[str] | None:
    digits = re.sub(r"[\s.()\-]", "", text)
    digits = re.sub(r"^(?:\+84|0084|84(?=\d{9,10}$))", "0", digits)
    if not digits.isascii() or not digits.isdigit():
        return None
    return _known(digits) or _known(f"0{digits}")


def _known(digits: str) -> Found[str] | None:
    if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits):
        return Found(digits)
    if len(digits) == 11 and digits[:4] in OLD_MOBILE:
        return Found(OLD_MOBILE[digits[:4]] + digits[4:], "old_mobile_prefix")
    return None
