"""Which letters do these bytes stand for? Texts of Vietnam come in UTF-8, UTF-16, TCVN3 (ABC), VNI and Windows-1258."""

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from gis_layers.errors import UnreadableFileError
from gis_layers.letter_tables import from_tcvn3, from_vni
from gis_layers.syllables import share_of_syllables

LEAST_SHARE = 0.5  # of the words must be Vietnamese; the right reading of a real list has 0.8 and more
SAMPLE_SIGNS = 400_000


class Letters(StrEnum):
    """An encoding. The value is the name people know it by."""

    UTF8 = "utf-8"
    UTF16_LE = "utf-16-le"
    UTF16_BE = "utf-16-be"
    TCVN3 = "tcvn3"
    VNI = "vni"
    CP1258 = "windows-1258"
    WINDOWS = "windows-1252"


@dataclass(frozen=True, slots=True)
class LettersFound:
    """An encoding and how sure the finding is: 1 leaves no doubt, 0 is a mere default."""

    letters: Letters
    certainty: float


EIGHT_BIT = (Letters.CP1258, Letters.TCVN3, Letters.VNI)
MARKS = (
    (codecs.BOM_UTF8, Letters.UTF8),
    (codecs.BOM_UTF16_LE, Letters.UTF16_LE),
    (codecs.BOM_UTF16_BE, Letters.UTF16_BE),
)
# What each byte becomes where it was read as Windows-1252, as most programs do; five bytes mean nothing there.
WINDOWS_SIGNS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
WINDOWS_BYTES = {ord(sign): chr(byte) for byte, sign in enumerate(WINDOWS_SIGNS)}


def letters_of(sample: bytes) -> LettersFound:
    """Find the encoding of a piece of a file.

    By its byte order mark, by zeros in every other byte, by being UTF-8, and else by which 8-bit alphabet gives
    the most Vietnamese syllables. A piece may end in the middle of a letter. Windows-1252 with certainty 0 when
    nothing speaks for any. A person may know better: every reader takes another answer.
    """
    for mark, letters in MARKS:
        if sample.startswith(mark):
            return LettersFound(letters, 1.0)
    if b"\0" in sample:
        return LettersFound(_utf16(sample), 0.9)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return _best(sample.decode("latin-1"))
    return LettersFound(Letters.UTF8, 1.0)


def decoded(raw: bytes, letters: Letters) -> str:
    """Return a text, composed (NFC) and without byte order mark.

    Give whole lines or cells. UnreadableFileError(reason="letters") for bytes that the encoding does not have.
    """
    try:
        return READERS[letters](raw)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(reason="letters", letters=letters.value, at=error.start) from error


def letters_of_texts(texts: Iterable[str]) -> LettersFound:
    """Find out whether texts were once decoded as Windows-1252 and are something else ("Th¸i B×nh", "Thá»‹ tráº¥n").

    UTF8 says that they are right as they are.
    """
    joined = "\n".join(dict.fromkeys(text for text in texts if not text.isascii()))[:SAMPLE_SIGNS]
    signs = [_as_bytes(line) for line in joined.split("\n")]
    once = "\n".join(line for line in signs if line is not None)
    share = share_of_syllables(joined)
    if once.isascii() or share >= LEAST_SHARE:
        return LettersFound(Letters.UTF8, 1.0 if once.isascii() else share)
    try:
        if share_of_syllables(once.encode("latin-1").decode("utf-8")) >= LEAST_SHARE:
            return LettersFound(Letters.WINDOWS, 1.0)  # UTF-8 that was read as Windows-1252
    except UnicodeDecodeError:
        pass
    found = _best(once)
    return found if found.letters is not Letters.WINDOWS else LettersFound(Letters.UTF8, 0.5)


def reread(text: str, letters: Letters) -> str:
    """Mend a text that was decoded as Windows-1252, by what `letters_of_texts` found; composed (NFC)."""
    signs = None if letters is Letters.UTF8 or text.isascii() else _as_bytes(text)
    if signs is None:
        return normalize("NFC", text)
    if letters is not Letters.WINDOWS:
        return decoded(signs.encode("latin-1"), letters)
    try:
        return normalize("NFC", signs.encode("latin-1").decode("utf-8"))
    except UnicodeDecodeError:
        return normalize("NFC", text)


def _best(latin: str) -> LettersFound:
    """Compare the 8-bit alphabets over a text that was read as Latin-1."""
    lines = [line for line in latin[:SAMPLE_SIGNS].splitlines() if not line.isascii()]
    shares = sorted(
        ((share_of_syllables("\n".join(_read(line, letters) for line in lines)), letters) for letters in EIGHT_BIT),
        reverse=True,
    )
    (best, letters), (second, _) = shares[:2]
    if best < LEAST_SHARE:
        return LettersFound(Letters.WINDOWS, 0.0)
    return LettersFound(letters, max(0.0, best - second))


def _read(line: str, letters: Letters) -> str:
    try:
        return READERS[letters](line.encode("latin-1"))
    except UnicodeDecodeError:
        return line


def _as_bytes(text: str) -> str | None:
    """Return the text's bytes, each as the sign of its number; None when it was never Windows-1252."""
    signs = text.translate(WINDOWS_BYTES)
    return signs if all(ord(sign) < 256 for sign in signs) else None


def _utf16(sample: bytes) -> Letters:
    """Tell the byte order by where the zeros are: text in the Latin script has one in every other byte."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return Letters.UTF16_LE
    if even > half * 0.3 and odd < half * 0.05:
        return Letters.UTF16_BE
    raise UnreadableFileError(reason="not_text")


def _by_codec(codec: str) -> Callable[[bytes], str]:
    return lambda raw: normalize("NFC", raw.decode(codec).removeprefix("\ufeff"))


def _windows(raw: bytes) -> str:
    return "".join(WINDOWS_SIGNS[byte] for byte in raw)


READERS: dict[Letters, Callable[[bytes], str]] = {
    Letters.UTF8: _by_codec("utf-8"),
    Letters.UTF16_LE: _by_codec("utf-16-le"),
    Letters.UTF16_BE: _by_codec("utf-16-be"),
    Letters.CP1258: _by_codec("cp1258"),
    Letters.TCVN3: lambda raw: from_tcvn3(raw.decode("latin-1")),
    Letters.VNI: lambda raw: normalize("NFC", from_vni(raw.decode("latin-1"))),
    Letters.WINDOWS: lambda raw: normalize("NFC", _windows(raw)),
}
