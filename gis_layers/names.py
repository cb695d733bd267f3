"""Two spellings of one name or heading, brought to the same plain letters for comparing. Never for showing."""

import re
from unicodedata import combining, normalize

WORD = re.compile(r"[^\W_]+")
STROKED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def folded(text: str) -> str:
    """Return lower case words without marks, punctuation or wide gaps: "Hoà-Bình_2 " is "hoa binh 2"."""
    apart = normalize("NFKD", text.translate(STROKED))
    return " ".join(WORD.findall("".join(sign for sign in apart if not combining(sign)).casefold()))
