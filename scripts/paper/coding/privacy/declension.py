"""The forms that a name takes in a sentence: Russian and Kazakh cases, the English genitive.

Russian words in Cyrillic letters are declined by ``pymorphy3``, which knows vowels that come and go (Павел, Павла);
all names get the endings of both languages, as skeletons, since names from elsewhere are in no dictionary and
transliterated ones take endings, too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from paper.coding.privacy.spelling import settled, skeletons

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

VOWELS: Final = "aeiouAU"
# The signs of a name without its ending that are enough to be looked for whatever the capitals.
ENOUGH: Final = 4
SHORT: Final = 3  # letters of a name that may be part of any word
_ENGLISH: Final = ("s", "es")
_RUSSIAN: Final = (
    *"aeiouAUs", "oi", "ei", "ou", "oU", "eU", "iei", "ieU", "om", "em", "im", "iem", "ov", "ev", "am", "Am", "ami",
    "Ami", "ah", "Ah", "ih", "imi", "ogo", "ego", "omu", "emu", "aA", "uU", "oe", "ie", "es",
)  # fmt: skip
_CASES: Final = (
    "nin", "din", "tin", "ga", "ge", "ka", "ke", "na", "ne", "ni", "di", "ti", "da", "de", "ta", "te", "nda", "nde",
    "dan", "den", "tan", "ten", "nan", "nen", "ndan", "nden", "men", "ben", "pen", "menen", "diki", "tiki", "niki",
    "Sa", "Se", "dai", "dei", "tai", "tei",
)  # fmt: skip
_PLURALS: Final = ("lar", "ler", "dar", "der", "tar", "ter")
_POSSESSIVE: Final = (
    "i",
    "in",
    "ine",
    "ina",
    "inin",
    "inda",
    "inde",
    "inan",
    "inen",
    "im",
    "imiz",
    "si",
    "sin",
)
_OTHERS: Final = ("uli", "kizi", "Zan", "eke", "imen")
ENDINGS: Final = (
    *_RUSSIAN, *_CASES, *_PLURALS, *(plural + case for plural in _PLURALS for case in _CASES), *_POSSESSIVE, *_OTHERS,
    *(other + case for other in ("uli", "kizi", "Zan") for case in _CASES),
)  # fmt: skip
# After a name of two or three letters; more would make other words of it.
_SHORT_ENDINGS: Final = (
    "a", "u", "om", "e", "oi", "s", "nin", "din", "tin", "ga", "ge", "ka", "ke", "di", "ti", "dan", "den", "men",
)  # fmt: skip
_RUSSIAN_WORD: Final = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.I)


class Form(NamedTuple):
    """How a form of a name is looked for.

    capital: as a capitalised word that stands as a name, since other words are spelled like it. latin: in Latin
    letters, too. inflected: it isn't the name as the list has it. short: its double letters count.
    """

    capital: bool
    latin: bool
    inflected: bool
    short: bool

    def joined(self, other: Form | None) -> Form:
        """Return what two ways to one form allow together."""
        if other is None:
            return self
        return Form(
            self.capital and other.capital,
            self.latin or other.latin,
            self.inflected and other.inflected,
            self.short and other.short,
        )


def forms(word: str) -> dict[str, Form]:
    """Return the skeletons that a word of a name can take, each with how it is looked for."""
    short = len(word) <= SHORT
    parses = _parses(word)
    ordinary = short or any(parse.is_known and not _is_name(parse) for parse in parses)
    results: dict[str, Form] = {}

    def add(skeleton: str, form: Form) -> None:
        results[skeleton] = form.joined(results.get(skeleton))

    for skeleton in skeletons(word):
        add(skeleton, Form(ordinary, True, False, short))
        for stem in _stems(skeleton, word):
            weak = ordinary or len(stem) < ENOUGH
            for ending in _SHORT_ENDINGS if short else ENDINGS:
                english = ending in _ENGLISH and stem == skeleton
                latin = english or (ending not in _ENGLISH and len(stem) > ENOUGH)
                add(settled(stem + ending), Form(weak, latin, True, short))
    for parse in parses:
        for form in parse.lexeme if _is_name(parse) and "nomn" in parse.tag else ():
            if "sing" in form.tag:
                for skeleton in skeletons(form.word):
                    add(skeleton, Form(ordinary or len(skeleton) < ENOUGH, False, True, short))
    return results


def _stems(skeleton: str, word: str) -> set[str]:
    stems = {skeleton}
    if len(word) <= SHORT:
        return stems
    stems |= {skeleton[:-1] if skeleton[-1] in VOWELS else skeleton, skeleton.rstrip(VOWELS)}
    if skeleton.endswith(("ec", "el")) and len(skeleton) > 4:  # Кравец, Павел
        stems.add(skeleton[:-2] + skeleton[-1])
    if skeleton[-1] in "kp":  # Сұлтанбек, Сұлтанбегі
        stems.add(skeleton[:-1] + {"k": "g", "p": "b"}[skeleton[-1]])
    return {stem for stem in stems if len(stem) >= 2}


def _parses(word: str) -> list[Parse]:
    """Return what Russian grammar takes a word for; nothing of a word that isn't Russian."""
    return _analyzer().parse(word.lower()) if _RUSSIAN_WORD.fullmatch(word) else []


def _is_name(parse: Parse) -> bool:
    return bool({"Name", "Surn", "Patr"} & parse.tag.grammemes)


@cache
def _analyzer() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()
