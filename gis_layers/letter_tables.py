"""The two Vietnamese 8-bit alphabets that no library decodes whole: TCVN3 (ABC) and VNI-Windows.

Python has no codec for either; glibc knows TCVN 5712-1 but not how its fonts write capitals, and nothing of VNI.
"""

import re
from unicodedata import normalize

# TCVN 5712:1993, from 0x80. Below 0xB0 and in the gaps stand capitals that the fonts of the second half (VN3, the
# ones in use) leave out: there a capital with a tone is the small letter, shown large by a font such as .VnTimeH.
TCVN3_FROM_80 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
TCVN3 = {0x80 + place: letter for place, letter in enumerate(TCVN3_FROM_80)}
# The letters whose byte says nothing about their case: all with a tone, in the VN3 half.
TONED_BYTES = frozenset(byte for byte, letter in TCVN3.items() if byte >= 0xB5 and letter.islower())
WORD = re.compile(r"[^\W\d_]+")

VNI_ALONE = {
    "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ñ": "đ", "î": "ỵ", "ô": "ơ", "ö": "ư",
    "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Ñ": "Đ", "Î": "Ỵ", "Ô": "Ơ", "Ö": "Ư",
}  # fmt: skip
VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
VNI_ROOFS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}  # with ^
VNI_BOWLS = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}  # ă


def _vni_pairs() -> dict[str, str]:
    """Return the letters of VNI written as two: vowel and mark, in small, capital and mixed case."""
    pairs: dict[str, str] = {}
    for vowel, letter in (*((v, v) for v in "aeouyAEOUY"), ("ô", "ơ"), ("ö", "ư"), ("Ô", "Ơ"), ("Ö", "Ư")):
        marks = [(mark, tone) for mark, tone in VNI_TONES.items() if (vowel.lower(), mark) != ("y", "ï")]
        if vowel in "aeoAEO":
            marks += [(mark, "\u0302" + tone) for mark, tone in VNI_ROOFS.items()]
        if vowel in "aA":
            marks += [(mark, "\u0306" + tone) for mark, tone in VNI_BOWLS.items()]
        for mark, accents in marks:
            composed = normalize("NFC", letter + accents)
            pairs[vowel + mark] = pairs[vowel + mark.upper()] = composed
    return pairs


VNI_PAIRS = _vni_pairs()
VNI_SIGN = re.compile("|".join(map(re.escape, (*VNI_PAIRS, *VNI_ALONE))))


def from_vni(text: str) -> str:
    """Turn VNI-Windows that was read as Latin-1 into Unicode (NFC)."""
    return VNI_SIGN.sub(lambda sign: VNI_PAIRS.get(sign[0]) or VNI_ALONE[sign[0]], text)


def from_tcvn3(text: str) -> str:
    """Turn TCVN3 that was read as Latin-1, one cell or one line, into Unicode (NFC).

    0xAD, a soft hyphen elsewhere, is ư. Capitals with a tone, which the alphabet does not have, are given back
    where all its other letters leave no doubt: a text in capitals, and a vowel that begins a word of a name.
    """
    letters = normalize("NFC", text.translate(TCVN3))
    if letters.isascii() or len(letters) != len(text):
        return letters
    is_toned = [ord(sign) in TONED_BYTES for sign in text]
    words = [word.span() for word in WORD.finditer(letters)]
    sure = [at for start, stop in words for at in range(start, stop) if not is_toned[at]]
    inside = [at for at in sure if at not in {start for start, _ in words}]
    if inside and all(letters[at].isupper() for at in sure):
        return letters.upper()
    doubtful = [start for start, _ in words if is_toned[start]]
    if doubtful and len(words) > len(doubtful) and all(letters[a].isupper() for a, _ in words if a not in doubtful):
        return "".join(sign.upper() if at in doubtful else sign for at, sign in enumerate(letters))
    return letters
