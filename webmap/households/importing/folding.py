"""Words compared as people compare them: without marks, capitals, signs or doubled spaces."""

import re
import unicodedata
from functools import lru_cache

NOT_A_WORD = re.compile(r"[^a-z0-9]+")
STROKED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d"})


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return 'Thôn Hữu  Tân' as 'thon huu tan'."""
    plain = unicodedata.normalize("NFD", text.translate(STROKED)).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return NOT_A_WORD.sub(" ", bare).strip()
