"""Spellings of one name in Latin and Cyrillic letters, folded to skeletons that they share.

Жанбота, Zhanbota and Janbota have one; Хасенов, Khassenov and Hasenov; Юлия, Yuliya and Julia. Letters that are
written in several ways (Ө as О or У, Ә as А or Е, J for Ж or Й, W for В or У) give a skeleton for each.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import Final

CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэғқңұүһіїєґў", "abvgdeziiklmnoprstufyegknuuhiiegu", strict=True))
    | {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
        "ъ": "",
        "ь": "",
    }
)
LATIN: Final = str.maketrans(
    {"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ı": "y", "ŋ": "n", "ß": "ss", "ø": "o"}
)
# What one letter may stand for, each a reading of its own.
READINGS: Final = {
    "ё": ("yo", "e"), "ө": ("o", "u"), "ә": ("a", "e"), "ə": ("a", "e"), "j": ("j", "zh"),
    "w": ("v", "u"), "x": ("x", "ks"),
}  # fmt: skip
MOST_READINGS: Final = 16
# What spellings of one sound become, in this order; capitals are signs of the skeleton.
SOUNDS: Final = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"['’ʼʹ-]", ""), ("shch|sch", "S"), ("sh", "S"), ("dzh|dj", "zh"), ("zh", "Z"), ("tch|ch", "C"),
        ("c(?![eiyhz])", "k"),
        ("t[sz]", "c"), ("kh|x", "h"), ("gh", "g"), ("ph", "f"), ("q", "k"), ("ou", "u"), ("[yij]u", "U"),
        ("[yij]a", "A"), ("[yij]o", "o"), ("[yj]e", "e"), ("[yj]", "i"), ("i+", "i"), ("iA", "A"), ("iU", "U"),
    )
)  # fmt: skip
_ADJACENT: Final = ((re.compile("ng"), "n"), (re.compile("ou"), "u"), (re.compile(r"(.)\1+"), r"\1"))


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """Return the skeletons of a word: several where a letter has several readings."""
    return frozenset(settled(skeleton) for skeleton in exact_skeletons(word))


@lru_cache(maxsize=50_000)
def exact_skeletons(word: str) -> frozenset[str]:
    """Return the skeletons of a word with its double letters, by which short names are told from longer ones."""
    word = unicodedata.normalize("NFC", word.casefold())
    choices = [READINGS.get(letter, (letter,)) for letter in word]
    ways = ["".join(letters) for letters, _ in zip(product(*choices), range(MOST_READINGS), strict=False)]
    result: set[str] = set()
    for way in ways:
        latin = unicodedata.normalize("NFKD", way.translate(CYRILLIC).translate(LATIN))
        reading = "".join(sign for sign in latin if not unicodedata.combining(sign))
        for pattern, sign in SOUNDS:
            reading = pattern.sub(sign, reading)
        result.add(reading)
    return frozenset(result)


@lru_cache(maxsize=200_000)
def settled(skeleton: str) -> str:
    """Return the skeleton as it stands once signs have come together, as of a name and its ending."""
    for pattern, sign in _ADJACENT:
        skeleton = pattern.sub(sign, skeleton)
    return skeleton
