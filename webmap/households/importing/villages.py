"""Which village of the area a text means: 'Thôn Hữu Tân', 'hữu tân', 'HUU TAN', or its code."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from webmap.households.importing.folding import fold
from webmap.households.importing.results import Trouble

KINDS = (
    "thon", "ban", "khom", "to dan pho", "tdp", "khu pho", "kp", "khu dan cu", "khu", "to", "ap", "xom", "buon", "lang",
    "phum", "soc", "xa", "phuong", "thi tran", "dac khu", "village", "hamlet", "commune", "ward",
)  # fmt: skip


@dataclass(slots=True)
class Names:
    """The areas that can be meant: as written, by folded names with the kind or by code, by folded names without it."""

    exact: dict[str, set[int]] = field(default_factory=dict)
    full: dict[str, set[int]] = field(default_factory=dict)
    bare: dict[str, set[int]] = field(default_factory=dict)

    def find(self, text: str) -> int | Trouble:
        """Return the id of the one area that is meant, or why none or several are."""
        wanted = fold(text)
        for known, key in ((self.exact, text.casefold()), (self.full, wanted), (self.bare, without_kind(wanted))):
            found = known.get(key, set())
            if len(found) == 1:
                return next(iter(found))
            if found:
                return Trouble("village_ambiguous", {"text": text[:60]})
        return Trouble("unknown_village", {"text": text[:60]})


def names_of(areas: Iterable[tuple[int, str, str, str | None]]) -> Names:
    """Index areas given as id, code, name and kind."""
    names = Names()
    for area_id, code, name, kind in areas:
        folded = fold(name)
        for written in {name, name_and_kind(name)[0], f"{kind or ''} {name}".strip()}:
            names.exact.setdefault(written.casefold(), set()).add(area_id)
        for key in {folded, fold(code), fold(f"{kind or ''} {name}")}:
            if key != without_kind(key) or key == fold(code):  # a bare name may be many a kind's
                names.full.setdefault(key, set()).add(area_id)
        names.bare.setdefault(without_kind(folded), set()).add(area_id)
    return names


def without_kind(folded: str) -> str:
    """Return 'huu tan' for 'thon huu tan'; 'khom 5' stays what it is without its kind, '5'."""
    for kind in KINDS:
        if folded.startswith(f"{kind} "):
            return folded[len(kind) + 1 :].lstrip("0") or folded
    return folded.lstrip("0") or folded


def name_and_kind(text: str) -> tuple[str, str]:
    """Part 'Thôn Hữu Tân' into 'Hữu Tân' and 'Thôn'; 'Khóm 5' stays whole, for a number alone is no name."""
    for kind in KINDS:
        words = kind.count(" ") + 1
        parts = text.split()
        if fold(" ".join(parts[:words])) == kind and len(parts) > words:
            name = " ".join(parts[words:])
            return (text, "") if name.isdigit() else (name, " ".join(parts[:words]))
    return text, ""
