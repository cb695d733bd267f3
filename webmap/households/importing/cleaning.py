"""Names, numbers and codes as people write them -> one way of writing. Nothing is guessed silently.

Each function takes a cell and returns a Found value, a Trouble, or None for an empty cell.
"""

import re
from datetime import date

from webmap.households.importing.cells import Cell, Spoiled
from webmap.households.importing.results import Found, Trouble

NOTHING = frozenset(
    {
        "-",
        "--",
        "—",
        "–",
        "n/a",
        "na",
        "null",
        "none",
        "không có",
        "ko có",
        "không",
        "0",
        "trống",
        "x",
        "?",
        "...",
    }
)
"""What people write where there is nothing to write."""

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
NAME_SIGNS = frozenset(" '’-.`")
LONGEST_NAME = 100
LONGEST_TEXT = 500
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")

PROVINCES = frozenset(f"{code:03d}" for code in range(1, 97))
"""The first three digits of a citizen id: provinces as coded by the statistics office, 001 to 096."""


def text_of(cell: Cell) -> str | Trouble | None:
    """Return the text of a cell with single spaces; a whole number loses its '.0'; None when empty."""
    if cell is None:
        return None
    if isinstance(cell, Spoiled):
        return Trouble("cell_error", {"error": cell.what}) if cell.what else Trouble("formula_without_value")
    text = " ".join((cell if type(cell) is str else _written(cell)).split())
    if not text.isascii():
        text = text.translate(INVISIBLE)
    if CONTROL.search(text):
        return Trouble("garbled", {"text": CONTROL.sub("·", text)[:60]})
    return text.removeprefix("'").strip() or None


def _written(cell: str | float | date) -> str:
    """Return a cell as a person would type it: no '.0', a day as dd/mm/yyyy, a tick as 1."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def word_of(cell: Cell) -> str | Trouble | None:
    """Return the text of a cell, or None also for what people write where there is nothing to write."""
    text = text_of(cell)
    return None if isinstance(text, str) and text.casefold() in NOTHING else text


def clean_text(cell: Cell, longest: int = LONGEST_TEXT) -> Found[str] | Trouble | None:
    """Read free text: an address, a note."""
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if len(text) > longest:
        return Trouble("too_long", {"length": len(text), "most": longest})
    return None if text.casefold() in {"-", "--", "—", "–", "n/a", "null", "none"} else Found(text)


def clean_name(cell: Cell) -> Found[str] | Trouble | None:
    """Read a person's name. Names written all in capitals or all small get a capital to each word; others stay."""
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if isinstance(cell, date):
        return Trouble("name_is_date", {"text": text})
    if trouble := _trouble_with_name(text):
        return trouble
    is_plain = text.isupper() or text.islower() or _is_upper_but_for_marks(text)
    return Found(" ".join(_capital(word) for word in text.split()) if is_plain else text)


def _is_upper_but_for_marks(text: str) -> bool:
    """'NGUYễN THị HOA': capitals of the old encodings were a matter of the font, so marked letters come out small."""
    letters = [sign for sign in text if sign.isalpha()]
    plain = [sign for sign in letters if sign.isascii()]
    return len(plain) > 1 and all(sign.isupper() for sign in plain) and len(plain) * 2 > len(letters)


def _trouble_with_name(text: str) -> Trouble | None:
    if bracket := re.search(r"[(\[].*", text):
        return Trouble("name_has_note", {"note": bracket[0]})
    if strange := next((sign for sign in text if not (sign.isalpha() or sign in NAME_SIGNS)), None):
        return Trouble("name_has_digit" if strange.isdigit() else "name_has_sign", {"text": text[:60], "sign": strange})
    if sum(sign.isalpha() for sign in text) < 2:
        return Trouble("name_too_short", {"text": text})
    return Trouble("name_too_long", {"text": text[:60]}) if len(text) > LONGEST_NAME else None


def _capital(word: str) -> str:
    """'H'HEN' is H'Hen: the letter after an apostrophe or hyphen begins a word of its own."""
    return "".join(part.capitalize() for part in re.split(r"(['’-])", word))


def _digits(cell: Cell) -> str | Trouble | None:
    """Return the digits of a number however it is grouped, or why it is none."""
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if SCIENTIFIC.fullmatch(text):
        return Trouble("rounded_by_excel", {"text": text})
    bare = re.sub(r"[\s.\-]", "", text)
    if not bare.isascii() or not bare.isdigit():
        return Trouble("not_a_number", {"text": text[:60]})
    return bare


def clean_citizen_id(cell: Cell) -> Found[str] | Trouble | None:
    """Read a citizen id of 12 digits or an old identity card of 9. Zeros that Excel dropped are put back."""
    digits = _digits(cell)
    if digits is None or isinstance(digits, Trouble):
        return digits
    if len(digits) in {10, 11} and not _trouble_with_citizen_id(digits.zfill(12)):
        return Found(digits.zfill(12), "zeros_restored")
    if len(digits) in {8, 9}:
        return Found(digits.zfill(9), "zeros_restored" if len(digits) == 8 else "")
    return _trouble_with_citizen_id(digits) or Found(digits)


def _trouble_with_citizen_id(digits: str) -> Trouble | None:
    if len(digits) != 12:
        return Trouble("citizen_id_length", {"digits": len(digits), "text": digits})
    if digits[:3] not in PROVINCES:
        return Trouble("citizen_id_province", {"text": digits, "province": digits[:3]})
    return None if digits[3] in "0123" else Trouble("citizen_id_century", {"text": digits, "digit": digits[3]})


def born_of_citizen_id(citizen_id: str) -> tuple[int, str] | None:
    """Return birth year and sex that a 12-digit citizen id states (Circular 59/2021/TT-BCA, article 4): digit 4 tells
    century and sex, digits 5-6 the year. None for an old 9-digit number, which states nothing.
    """
    if len(citizen_id) != 12:
        return None
    century, sex = divmod(int(citizen_id[3]), 2)
    return 1900 + century * 100 + int(citizen_id[4:6]), "female" if sex else "male"


def clean_insurance_code(cell: Cell) -> Found[str] | Trouble | None:
    """Read a social-insurance code of 10 digits."""
    digits = _digits(cell)
    if digits is None or isinstance(digits, Trouble):
        return digits
    if len(digits) == 9:
        return Found(digits.zfill(10), "zeros_restored")
    if len(digits) != 10:
        return Trouble("insurance_code_length", {"digits": len(digits), "text": digits})
    return Found(digits)


CARD = re.compile(r"([A-Z]{2})([1-5])(\d{2})(\d{10})")


def clean_card_number(cell: Cell) -> Found[str] | Trouble | None:
    """Read a card number: 15 characters (category, benefit level, province, insurance code) or the code alone."""
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if SCIENTIFIC.fullmatch(text):
        return Trouble("rounded_by_excel", {"text": text})
    bare = re.sub(r"[\s.\-]", "", text).upper()
    if bare.isascii() and bare.isdigit() and len(bare) in {9, 10}:
        return Found(bare.zfill(10), "zeros_restored" if len(bare) == 9 else "")
    if CARD.fullmatch(bare):
        return Found(bare)
    if len(bare) != 15:
        return Trouble("card_number_length", {"characters": len(bare), "text": text[:60]})
    return Trouble("card_number_form", {"text": text[:60]})


def code_of_card(card_number: str) -> str:
    """Return the insurance code within a card number: its last ten characters."""
    return card_number[-10:]


def category_of_card(card_number: str) -> str | None:
    """Return the two letters of the category that a 15-character card number begins with."""
    return card_number[:2] if len(card_number) == 15 else None


def clean_household_code(cell: Cell) -> Found[str] | Trouble | None:
    """Read the code of a household: any short text, as written but for spaces."""
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if len(text) > 40:
        return Trouble("too_long", {"length": len(text), "most": 40})
    return Found(text)
