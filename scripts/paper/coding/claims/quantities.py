"""Words of quantity in a claim, held against what was counted; what they mean stands in a file of the author's.

``data/quantity-words.yml`` gives each word its limits: a whole number counts interviews, a per cent is a share of
all of them. ``things`` are the nouns before which a number counts interviews ("three respondents").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from paper.coding.claims.files import read_yaml_file
from paper.report import Fault
from paper.settings import line_of

Limits = dict[str, tuple[Fraction, bool]]
FILE: Final = "data/quantity-words.yml"
LIMITS: Final = {
    "at least": lambda counted, limit: counted >= limit,
    "more than": lambda counted, limit: counted > limit,
    "at most": lambda counted, limit: counted <= limit,
    "less than": lambda counted, limit: counted < limit,
}
FORM: Final = "write limits such as {at least: 3} or {more than: 50%, at most: 80%}"
SPELT: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBER: Final = rf"(?:\d+|{'|'.join(SPELT)})"


@dataclass(frozen=True)
class Vocabulary:
    """words: word or phrase → its limits (name of the limit → number, whether it is a share); things: nouns."""

    words: dict[str, Limits]
    things: tuple[str, ...]

    def words_in(self, text: str) -> list[str]:
        """Return the words of quantity in a text, in order, the longest where one is part of another."""
        if not self.words:
            return []
        longest = sorted(self.words, key=len, reverse=True)
        pattern = rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])"
        return [match[0].lower() for match in re.finditer(pattern, re.sub(r"\s+", " ", text), re.I)]

    def check(
        self, text: str, counted: int, total: int, *, word: str = "", people: bool = True
    ) -> Iterator[str]:
        """Yield what is wrong with the words of quantity and the numbers in a text.

        word: the only one to look at; people: whether interviews are counted, so that ``things`` matter.
        """
        words = self.words_in(text)
        for each in dict.fromkeys(words):
            if (not word or each == word) and not self._holds(each, counted, total):
                yield (
                    f"“{each}” means {self.meaning(each)}, and {counted} of {total} are counted"
                    + (f" ({counted / total:.0%})" if total else "")
                )
        if not word:
            yield from self._numbers(text, counted, total, self.things if people else ())

    def meaning(self, word: str) -> str:
        """Return the limits of a word as a phrase."""
        return " and ".join(
            f"{name} {float(value):.0%}" if share else f"{name} {value}"
            for name, (value, share) in self.words[word].items()
        )

    def _holds(self, word: str, counted: int, total: int) -> bool:
        return all(
            LIMITS[name](counted, value * total if share else value)
            for name, (value, share) in self.words[word].items()
        )

    @staticmethod
    def _numbers(text: str, counted: int, total: int, things: tuple[str, ...]) -> Iterator[str]:
        thing = "|".join(map(re.escape, things)) or r"(?!)"
        patterns = (
            rf"\b(?P<n>{NUMBER}) (?:out )?of (?:the |our |these |all )?(?P<m>{NUMBER})\b",
            rf"\b(?P<n>{NUMBER}) (?:of (?:the |our |these )?)?(?:(?!of\b)[\w-]+ )?(?:{thing})\b",
        )
        plain = re.sub(r"\s+", " ", text)
        reserved: list[tuple[int, int]] = []
        for pattern in patterns:
            for match in re.finditer(pattern, plain, re.I):
                if any(match.start() < end and start < match.end() for start, end in reserved):
                    continue
                reserved.append(match.span())
                of = match.groupdict().get("m")
                if _value(match["n"]) != counted or (of and _value(of) != total):
                    yield f"“{match[0]}”, and {counted} of {total} are counted"


def read(root: Path) -> tuple[Vocabulary, list[Fault]]:
    """Return the vocabulary, and what is wrong with its file; without words where the file can't be read."""
    nothing = Vocabulary({}, ())
    _, whole, unreadable = read_yaml_file(root, FILE)
    if whole is None:
        message = "the meaning of the words of quantity is missing"
        return nothing, unreadable or [Fault(FILE, None, "missing", message, "restore it from git")]
    words, things = whole.get("words"), whole.get("things") or []
    if not isinstance(words, dict) or not isinstance(things, list) or set(whole) - {"words", "things"}:
        remedy = "write `words:` with a line for each word, and `things:` with a list of nouns"
        return nothing, [Fault(FILE, 1, "quantity-form", "expected words and things", remedy)]
    results: dict[str, Limits] = {}
    faults: list[Fault] = []
    for word, limits in words.items():
        read_limits = _limits(limits)
        if read_limits:
            results[str(word).lower()] = read_limits
        else:
            line = line_of(root / FILE, "words", str(word))
            faults.append(
                Fault(FILE, line, "quantity-form", f"{word!r} has no limits that can be counted", FORM)
            )
    return Vocabulary(results, tuple(str(thing) for thing in things)), faults


def _limits(limits: Any) -> Limits:
    """Return the limits of one word; none where one of them can't be read."""
    results: Limits = {}
    for name, value in limits.items() if isinstance(limits, dict) else ():
        share = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", str(value))
        if name not in LIMITS or not (share or (isinstance(value, int) and not isinstance(value, bool))):
            return {}
        results[name] = (Fraction(share[1]) / 100, True) if share else (Fraction(value), False)
    return results


def _value(number: str) -> int:
    return SPELT.index(number.lower()) if number.lower() in SPELT else int(number)
