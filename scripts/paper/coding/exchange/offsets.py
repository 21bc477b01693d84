"""How a program counted the characters of a text, found out by the text itself.

The standard counts code points. Programs differ in five ways, and each difference moves every selection that
stands after it: UTF-16 code units (NVivo), a line end of CR and LF as one (ATLAS.ti) or as two, the CR that
XML drops from text inside it still counted, the byte order mark counted, the end inclusive. A ``Count`` is one
way; ``decide`` tries those that make a difference on the texts at hand and takes the one whose slices stay
inside the text, repeat the selections' names, cut the fewest words in two and begin with the fewest spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product

import numpy as np
import numpy.typing as npt

MIN_NAME = 4  # letters that a selection's name must have to tell where it stands
STRONG = 3  # a slice outside its text, or one that misses its name, weighs as much as so many rough edges
ENOUGH = 5000  # selections that are looked at, spread over all texts
DECISIVE = 2  # the weight by which another way must be better than the expected one

_LF, _LAST_OF_ONE_UNIT, _MARK = 0x0A, 0xFFFF, "\ufeff"


@dataclass(frozen=True)
class Count:
    """One way to count; the default is the standard's.

    utf16: characters outside the basic plane count two; pair: CR and LF count two; lost: a line end in text
    inside the XML counts two, as it did before XML dropped its CR; mark: the byte order mark counts;
    inclusive: the end position belongs to the selection.
    """

    utf16: bool = False
    pair: bool = True
    lost: bool = False
    mark: bool = False
    inclusive: bool = False

    def __str__(self) -> str:
        said = ["UTF-16 code units" if self.utf16 else "code points"]
        said += ["CR and LF as one"] * (not self.pair) + ["line ends in the XML as two"] * self.lost
        said += ["the byte order mark counted"] * self.mark + ["the end included"] * self.inclusive
        return ", ".join(said)


STANDARD = Count()


@dataclass(frozen=True)
class Selected:
    """A selection as the file states it."""

    id: str
    start: int
    end: int
    name: str = ""


class Document:
    r"""A text as its file holds it (``inline``: inside the XML), and ``text``, its plain form.

    The plain form has no byte order mark, and ``\\n`` as its only line end.
    """

    def __init__(self, raw: str, *, inline: bool = False) -> None:
        self.marked = raw.startswith(_MARK)
        raw = raw.removeprefix(_MARK)
        self.text = raw.replace("\r\n", "\n").replace("\r", "\n")
        code = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        none = np.array([], dtype=np.int64)
        self._wide = np.flatnonzero(code > _LAST_OF_ONE_UNIT)
        self._pairs = _line_ends(raw) if "\r\n" in raw else none
        self._inline = np.flatnonzero(code == _LF) if inline else none
        self._heavy: dict[Count, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}

    def differs(self) -> Count:
        """Which ways of counting make a difference here."""
        return Count(
            bool(len(self._wide)), bool(len(self._pairs)), bool(len(self._inline)), self.marked, True
        )

    def span(self, selected: Selected, count: Count) -> tuple[int, int] | None:
        """Start and end (exclusive) in ``text``; None where they lie outside, or within a character."""
        start = self._index(selected.start, count)
        end = self._index(selected.end + count.inclusive, count)
        return (start, end) if 0 <= start <= end else None

    def _index(self, position: int, count: Count) -> int:
        """Return the place in ``text`` that a counted position means, −1 where there is none."""
        position -= count.mark and self.marked
        if position < 0:
            return -1
        heavy, begins = self._counting_two(count)
        if len(heavy):
            before = int(np.searchsorted(begins, position, side="left"))
            if before and begins[before - 1] == position - 1:  # between the two units of a character
                last = int(heavy[before - 1])
                return last if self.text[last] == "\n" else -1
            position -= before
        return position if position <= len(self.text) else -1

    def _counting_two(self, count: Count) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the characters that count two: where they stand in the text, and at which position each begins."""
        if count not in self._heavy:
            parts = [self._wide] * count.utf16 + [self._pairs] * count.pair + [self._inline] * count.lost
            heavy = np.sort(np.concatenate([np.array([], dtype=np.int64), *parts]))
            self._heavy[count] = heavy, heavy + np.arange(len(heavy))
        return self._heavy[count]


def _line_ends(raw: str) -> npt.NDArray[np.int64]:
    """Where in the plain text the line ends stand that are CR and LF in the raw one."""
    at = np.array([match.start() for match in re.finditer("\r\n", raw)], dtype=np.int64)
    return at - np.arange(len(at))


Coded = Sequence[tuple[Document, Sequence[Selected]]]


@dataclass(frozen=True)
class Decision:
    """The way that was taken; whether the texts spoke for it against the expected one; whether doubt is left."""

    count: Count
    by_text: bool = False
    doubtful: bool = False


def decide(documents: Coded, expected: Count = STANDARD) -> Decision:
    """Find the way in which the selections of one program were counted, over all its texts.

    expected: what the program is known to do, or the standard. It stands unless another way is clearly better.
    Doubt is left where another way gives other slices that look as good.
    """
    ways = _ways([document.differs() for document, selected in documents if selected], expected)
    step = sum(len(selected) for _, selected in documents) // ENOUGH + 1
    documents = [(document, selected[::step]) for document, selected in documents]
    results = {way: _judge(documents, way) for way in ways}
    most_named = max(named for _, named, _ in results.values())
    cost = {
        way: STRONG * (outside + most_named - named) + rough
        for way, (outside, named, rough) in results.items()
    }
    best = min(ways, key=lambda way: cost[way])
    if cost[expected] - cost[best] >= DECISIVE and 2 * cost[best] <= cost[expected]:
        return Decision(best, by_text=True)
    rivals = [way for way in ways[1:] if cost[way] <= cost[expected] and way.inclusive == expected.inclusive]
    placed = _places(documents, expected)
    return Decision(expected, doubtful=any(_places(documents, way) != placed for way in rivals))


def _ways(differing: Iterable[Count], expected: Count) -> list[Count]:
    """Return the ways worth trying, the expected one first."""
    choices = {field.name: {getattr(expected, field.name)} for field in fields(Count)}
    for differs in differing:
        for name in choices:
            if getattr(differs, name):
                choices[name] = {False, True}
    ways = [replace(expected, **dict(zip(choices, way, strict=True))) for way in product(*choices.values())]
    return sorted(ways, key=lambda way: way != expected)


def _judge(documents: Coded, way: Count) -> tuple[int, int, int]:
    """Count selections outside their text; names repeated; rough edges: words cut in two, spaces at the beginning."""
    outside = named = rough = 0
    for document, selected in documents:
        for selection in selected:
            span = document.span(selection, way)
            if span is None:
                outside += 1
            else:
                start, end = span
                named += _repeats(document.text[start:end], selection.name)
                rough += _cuts(document.text, start) + _cuts(document.text, end)
                rough += document.text[start : start + 1].isspace()
    return outside, named, rough


def _places(documents: Coded, way: Count) -> list[tuple[int, int] | None]:
    return [document.span(selection, way) for document, selected in documents for selection in selected]


def _repeats(text: str, name: str) -> bool:
    """Whether a selection's name is its own text, cut short or not, as several programs write it."""
    wanted = " ".join(re.sub(r"(?:\.\.\.|…)\s*$", "", name).split())
    return len(wanted) >= MIN_NAME and " ".join(text.split()).startswith(wanted)


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
