"""Vietnamese text as people type it, in one form: to show (`nfc`), to match (`fold`), to sort."""

import re
import unicodedata
from functools import lru_cache

# đ is a letter of its own to Unicode, not d with a mark; the others are what keyboards give in its place.
LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D", "ı": "i", "ø": "o", "Ø": "O"})
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
LOOKALIKES = str.maketrans("‘’`´“”–—‐‑−", "''''\"\"-----")  # web pages and scanned forms write these
WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"(\d+)")
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries


def nfc(text: str) -> str:
    """Return the text as it is kept and shown: composed letters, no invisible signs, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text.translate(INVISIBLE)).split())


def plain(text: str) -> str:
    """Return the text in lower case without marks, punctuation kept: "Ngõ 12/3, Đê" is "ngo 12/3, de"."""
    letters = text.translate(INVISIBLE).translate(LOOKALIKES).translate(LETTERS)
    apart = unicodedata.normalize("NFKD", letters)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def fold(text: str) -> str:
    """Return what two spellings of one name have in common: "Nguyễn  Đình-Hoà" is "nguyen dinh hoa".

    Without marks, case, punctuation and spacing; the same for composed and decomposed letters and for
    either place of the tone mark (hoà, hòa).
    """
    return " ".join(WORD.findall(plain(text)))


def search_words(text: str) -> tuple[str, ...]:
    """Return the folded words of what someone typed into a search box."""
    return tuple(fold(text).split())


def same_tone_place(text: str) -> str:
    """Return the text with tone marks where the older spelling has them: hoà, thuý become hòa, thúy.

    For comparing with marks. Both spellings are correct and the state's own registers mix them.
    """
    parts = re.split(r"(\W+)", unicodedata.normalize("NFC", text))
    return "".join(_retoned(part) for part in parts)


@lru_cache(maxsize=8192)
def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Order as a Vietnamese dictionary does: by letters first (a ă â b c d đ e ê …), then by tones.

    Numbers count as numbers: "Ngõ 9" comes before "Ngõ 12".
    """
    letters: list[int] = []
    tones: list[int] = []
    for piece in DIGITS.split(nfc(text).lower()):
        if piece.isdecimal():
            letters += [1, int(piece)]
            continue
        for letter in piece:
            bare, tone = _tone_taken_off(letter)
            letters.append(0 if bare == " " else 100 + ALPHABET.find(bare) if bare in ALPHABET else 2 + ord(bare))
            tones.append(tone)
    return tuple(letters), tuple(tones)


def _tone_taken_off(letter: str) -> tuple[str, int]:
    """Split "ấ" into "â" and the rank of its tone, 0 for none."""
    apart = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in apart if mark in TONES), "")
    bare = unicodedata.normalize("NFC", apart.replace(tone, "")) if tone else letter
    return bare, TONES.find(tone) + 1 if tone else 0


def _retoned(word: str) -> str:
    """Move the tone of oà, oè, uỳ at the end of a word to the first vowel; "quý" is no such word."""
    last, tone = _tone_taken_off(word[-1:])
    ending = (word[-2:-1] + last).lower()
    after_q = ending == "uy" and word[-3:-2].lower() == "q"
    if not tone or after_q or ending not in {"oa", "oe", "uy"}:
        return word
    return word[:-2] + unicodedata.normalize("NFC", word[-2] + TONES[tone - 1]) + last
