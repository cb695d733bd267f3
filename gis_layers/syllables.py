"""Is this word a Vietnamese syllable? By its spelling alone, to tell which letters a stranger's bytes stand for."""

import re
from functools import lru_cache
from unicodedata import normalize

WRITTEN_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
# Every rhyme of the written language without its tone, by first vowel.
WRITTEN_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong "
    "oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uy uya uych uyên uyêt uynh uyt uyu uyp "
    "uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu "
    "y yêm yên yêng yêt yêu ynh yt ych"
)
ONSETS = ("", *WRITTEN_ONSETS.split())
RHYMES = frozenset(WRITTEN_RHYMES.split())
TONES = str.maketrans(dict.fromkeys("\u0300\u0309\u0303\u0301\u0323"))
STOPPED = ("c", "ch", "p", "t", "k")  # such syllables are level-less: only sắc and nặng
LEVEL_TONES = frozenset("\u0300\u0309\u0303")
SPLIT = re.compile(r"[\s\x00-\x40\[-`{-\x7f\u2010-\u201f\u2026\u00a0]+")


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """Say whether a word, in any case and composed or not, is spelled as a Vietnamese syllable.

    Either place of the tone mark is right ("hoà", "hòa"). Names of other peoples of Vietnam ("Krông", "Đắk")
    mostly are not, which is why callers count over many words.
    """
    apart = normalize("NFD", word.lower())
    bare = normalize("NFC", apart.translate(TONES))
    if bare.endswith(STOPPED) and not LEVEL_TONES.isdisjoint(apart):
        return False
    if len(apart) - len(apart.translate(TONES)) > 1:
        return False
    return any(bare.startswith(onset) and bare[len(onset) :] in RHYMES for onset in ONSETS) or bare == "gi"


def share_of_syllables(text: str, most_words: int = 3000) -> float:
    """Return which share of the different words with letters beyond ASCII are syllables: 0 when there are none."""
    words = {word for word in SPLIT.split(text) if not word.isascii()}
    some = sorted(words)[:: max(1, len(words) // most_words)]
    return sum(map(is_syllable, some)) / len(some) if some else 0.0
