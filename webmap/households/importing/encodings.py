"""Which encoding a text file is in. A wrong guess would spoil every name, so whatever is doubtful is refused."""

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from webmap.households.importing.errors import FileRefusedError

CHUNK = 1024 * 1024

VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)
ORDINARY_SIGNS = frozenset("–—‘’“”…•·°₫«»×½²³\u00a0")


class Candidate(NamedTuple):
    """One encoding with the test that its bytes make sense. Tried in order; the first that passes is taken."""

    codec: str
    makes_sense: Callable[[str], bool]


def _is_vietnamese(text: str) -> bool:
    """Every letter beyond ASCII is one that Vietnamese has: others read as this one soon fail."""
    beyond = {sign for sign in unicodedata.normalize("NFC", text) if ord(sign) > 127}
    return bool(beyond) and beyond <= VIETNAMESE | ORDINARY_SIGNS


EIGHT_BIT = (Candidate("cp1258", _is_vietnamese),)
"""Eight-bit encodings. TCVN3 and VNI belong here as soon as they have a codec."""


def encoding_of(path: Path) -> str:
    """Return a codec name that reads the whole file. Raises FileRefusedError when none is certain."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(path, "utf-16")
    if b"\0" in head:
        return _checked(path, _utf16_without_mark(head))
    if _reads(path, "utf-8-sig"):
        return "utf-8-sig"
    for candidate in EIGHT_BIT:
        if _reads(path, candidate.codec, candidate.makes_sense):
            return candidate.codec
    raise FileRefusedError("unknown_encoding")


def _utf16_without_mark(head: bytes) -> str:
    """Text in the Latin script has a zero in every other byte; anything else with zeros is no text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    raise FileRefusedError("no_table")


def _checked(path: Path, codec: str) -> str:
    if not _reads(path, codec):
        raise FileRefusedError("unknown_encoding")
    return codec


def _reads(path: Path, codec: str, makes_sense: Callable[[str], bool] = lambda _text: True) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK):
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise FileRefusedError("no_table")
                if any(ord(sign) > 127 for sign in text) and not makes_sense(text):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
