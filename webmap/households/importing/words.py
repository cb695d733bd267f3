"""Cells that hold one word of a short list: sex, relationship, residency, reason, category of card, yes."""

import re
from collections.abc import Mapping

from webmap.households.importing.cells import Cell
from webmap.households.importing.cleaning import NOTHING, text_of, word_of
from webmap.households.importing.folding import fold
from webmap.households.importing.results import Found, Trouble

SEXES = {
    "male": "male", "nam": "male", "m": "male", "trai": "male", "ong": "male", "con trai": "male", "1": "male",
    "female": "female", "nu": "female", "f": "female", "gai": "female", "ba": "female", "con gai": "female",
    "0": "female", "2": "female",
}  # fmt: skip

YES = {"x", "co", "1", "yes", "y", "true", "v", "dung", "roi", "da co"}
NO = {"khong", "0", "no", "n", "false", "sai", "chua", "ko", "k"}

HEAD = "head"
HEAD_WORDS = {"chu ho", "ch", "ch ho", "ban than chu ho", "head", "head of household"}

RESIDENCIES = {
    "living": (
        "living", "thuong tru", "tam tru", "dang o", "co mat", "o tai dia phuong", "dang cu tru", "cu tru", "o nha",
        "tai dia phuong", "kt1", "kt2", "kt3", "thuc te cu tru", "sinh song tai dia phuong", "hien dien",
    ),
    "away": (
        "away", "vang", "tam vang", "di vang", "di lam an xa", "di lam xa", "lam an xa", "di hoc xa", "di hoc",
        "di lam", "vang mat", "di xa", "dang di lam an xa", "ngoai tinh", "lam an o xa", "di nghia vu",
    ),
    "moved_out": (
        "moved out", "chuyen di", "da chuyen di", "chuyen khau", "cat khau", "chuyen noi o", "da chuyen",
        "da chuyen noi o", "da cat khau", "lay chong noi khac",
    ),
    "deceased": ("deceased", "chet", "da chet", "mat", "da mat", "tu vong", "qua doi", "da qua doi", "khai tu"),
}  # fmt: skip

REASONS = {
    "expired": ("het han", "the het han", "het han the", "chua gia han", "het han chua gia han", "expired"),
    "lost_subsidy": (
        "mat ho tro", "thoi ho tro", "het ho tro", "thoi huong", "861", "qd 861", "qd861", "quyet dinh 861",
        "ra khoi vung kho khan", "khong con duoc ho tro", "thoat ngheo", "ra khoi ho ngheo", "lost subsidy",
    ),
    "hardship": (
        "kho khan", "hoan canh kho khan", "kinh te kho khan", "khong co tien", "khong co dieu kien", "hardship",
    ),
    "not_interested": (
        "khong quan tam", "khong muon tham gia", "chua muon tham gia", "khong co nhu cau", "chua co nhu cau",
        "khong muon", "tu choi", "khong tham gia", "not interested",
    ),
    "commercial": (
        "bao hiem thuong mai", "bhtm", "co bao hiem thuong mai", "bao hiem khac", "da co bao hiem khac", "commercial",
    ),
    "student": ("hoc sinh", "sinh vien", "hoc sinh sinh vien", "hssv", "student", "pupil"),
    "under_six": ("tre em duoi 6 tuoi", "tre duoi 6 tuoi", "duoi 6 tuoi", "tre em", "te", "under six", "under 6"),
    "away": ("di lam an xa", "lam an xa", "di lam xa", "di vang", "vang", "tam vang", "di lam", "away"),
    "abroad": (
        "di nuoc ngoai", "o nuoc ngoai", "xuat khau lao dong", "xkld", "chuan bi di nuoc ngoai", "abroad",
    ),
    "other": ("khac", "ly do khac", "other"),
    "unknown": ("chua ro", "khong ro", "unknown"),
}  # fmt: skip

CATEGORIES = {
    "GD": ("ho gia dinh", "bhyt ho gia dinh", "theo ho gia dinh", "tu dong", "tu nguyen", "bhyt tu nguyen", "hgd"),
    "HN": ("ho ngheo", "ngheo", "nguoi ngheo", "thuoc ho ngheo"),
    "CN": ("can ngheo", "ho can ngheo", "nguoi can ngheo", "thuoc ho can ngheo"),
    "DT": ("dan toc thieu so", "dtts", "nguoi dan toc thieu so", "dan toc", "dong bao dan toc thieu so"),
    "DK": (
        "dac biet kho khan", "vung dac biet kho khan", "dbkk", "vung kho khan", "vung dbkk", "xa dac biet kho khan",
    ),
    "TE": ("tre em duoi 6 tuoi", "tre em", "tre duoi 6 tuoi", "te duoi 6 tuoi", "te 6", "duoi 6 tuoi"),
    "HS": ("hoc sinh", "hs"),
    "SV": ("sinh vien", "sv"),
    "DN": ("doanh nghiep", "nguoi lao dong", "cong nhan", "lao dong", "nld", "nguoi lao dong doanh nghiep"),
    "HC": (
        "can bo", "cong chuc", "vien chuc", "can bo cong chuc", "can bo cong chuc vien chuc", "cbcc", "cbccvc",
        "hanh chinh su nghiep", "giao vien",
    ),
    "HT": ("huu tri", "huu", "luong huu", "nghi huu", "can bo huu", "huu tri mat suc"),
    "BT": ("bao tro", "bao tro xa hoi", "btxh", "tro cap xa hoi", "nguoi cao tuoi", "khuyet tat", "nguoi khuyet tat"),
    "CC": ("nguoi co cong", "co cong", "nguoi co cong cach mang", "thuong binh", "benh binh", "ncc"),
    "CB": ("cuu chien binh", "ccb"),
    "NO": (
        "nong lam ngu", "ho nong lam ngu", "nong lam ngu nghiep", "muc song trung binh", "ho muc song trung binh",
        "nong lam ngu nghiep muc song trung binh", "ho nong lam ngu diem nghiep co muc song trung binh",
    ),
}  # fmt: skip
"""Codes printed on cards -> how people write them. The list of codes itself is data (table card_category)."""


def _turned(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: value for value, words in groups.items() for word in words}


RESIDENCY_WORDS = _turned(RESIDENCIES)
REASON_WORDS = _turned(REASONS)
CATEGORY_WORDS = _turned(CATEGORIES)
CATEGORY_CODE = re.compile(r"([A-Za-z]{2})\d?(?:\s*[-–.:]\s*.+)?")


def _word(cell: Cell, words: Mapping[str, str], trouble: str) -> Found[str] | Trouble | None:
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if (value := words.get(fold(text))) is not None:
        return Found(value)
    return None if text.casefold() in NOTHING else Trouble(trouble, {"text": text[:60]})


def clean_sex(cell: Cell) -> Found[str] | Trouble | None:
    """Read 'male' or 'female'."""
    return _word(cell, SEXES, "unknown_sex")


def clean_residency(cell: Cell) -> Found[str] | Trouble | None:
    """Read one of the four residencies."""
    return _word(cell, RESIDENCY_WORDS, "unknown_residency")


def clean_reason(cell: Cell) -> Found[str] | Trouble | None:
    """Read one of the reason groups; the words of the codes themselves are understood too."""
    return _word(cell, REASON_WORDS, "unknown_reason_group")


def clean_relationship(cell: Cell) -> Found[str] | Trouble | None:
    """Return 'head' for the head of the household, else the words as written."""
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if len(text) > 60:
        return Trouble("too_long", {"length": len(text), "most": 60})
    return Found(HEAD if fold(text) in HEAD_WORDS else text)


def clean_category(cell: Cell) -> Found[str] | Trouble | None:
    """Return the two letters of a category, from the letters themselves ('GD4', 'GD - Hộ gia đình') or from words."""
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    if code := CATEGORY_WORDS.get(fold(text)):
        return Found(code)
    if match := CATEGORY_CODE.fullmatch(text):
        return Found(match[1].upper())
    return Trouble("unknown_category", {"text": text[:60]})


def is_yes(cell: Cell) -> bool | Trouble | None:
    """Read a mark: x, có, 1, true -> True; không, 0 -> False; None when empty."""
    text = text_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    word = fold(text) or text
    if word in YES or text in {"✓", "✔", "☑", "√", "+"}:
        return True
    return False if word in NO else Trouble("not_a_mark", {"text": text[:60]})
