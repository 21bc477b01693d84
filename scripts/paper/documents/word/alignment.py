"""Which paragraph of a file that came back is which of the file that was sent, and which words in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Postfix, Prefix

from paper.documents.word.originals import Original
from paper.documents.word.sent import BOOKMARK

ALIKE: Final = 55  # per cent: how like each other two paragraphs are that are one, changed
_TOKEN: Final = re.compile(r"\w+|\s+|.", re.DOTALL)

# -- paragraphs ---------------------------------------------------------------------------------------------------

Pair = tuple[int | None, int | None]


def align(sent: list[Original], received: list[Original]) -> list[Pair]:
    """Pair the paragraphs of both, in order: by their words, then by their bookmarks, then by likeness."""
    ours, theirs = ([_key(one) for one in side] for side in (sent, received))
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [(a + n, c + n) for n in range(b - a)]
        else:
            pairs += _align_gap(sent, received, range(a, b), range(c, d))
    return pairs


def _key(one: Original) -> tuple[str, bool, str]:
    return " ".join(one.text.split()), one.table, one.note


def _align_gap(sent: list[Original], received: list[Original], ours: range, theirs: range) -> Iterator[Pair]:
    """Pair paragraphs whose words differ, so that likenesses add up to the most."""
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for i in reversed(range(len(ours) + 1)):
        for j in reversed(range(len(theirs) + 1)):
            options = [(0.0, "end")]
            if i < len(ours):
                options.append((best[i + 1, j][0], "sent"))
            if j < len(theirs):
                options.append((best[i, j + 1][0], "received"))
            if i < len(ours) and j < len(theirs):
                like = _likeness(ours[i], sent[ours[i]], received[theirs[j]])
                if like >= (1 if sent[ours[i]].table else ALIKE):
                    options.append((best[i + 1, j + 1][0] + like, "both"))
            best[i, j] = max(options, key=lambda option: (option[0], option[1] != "end"))
    i = j = 0
    while i < len(ours) or j < len(theirs):
        match best[i, j][1]:
            case "both":
                yield ours[i], theirs[j]
                i, j = i + 1, j + 1
            case "received":
                yield None, theirs[j]
                j += 1
            case _:
                yield ours[i], None
                i += 1


def _likeness(at: int, one: Original, other: Original) -> float:
    if (one.table, one.note) != (other.table, other.note):
        return 0
    named = f"{BOOKMARK}{at}" in other.bookmarks
    return fuzz.ratio(one.text, other.text) + (60 if named else 0) + (1 if one.table else 0)


# -- words --------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A stretch of the text that was sent, and what stands for it in the text that came back."""

    start: int
    end: int
    to_start: int
    to_end: int
    kind: Literal["same", "blank", "differs"]
    """blank: no more than the width of the blanks differs."""


def steps_between(before: str, after: str) -> list[Step]:
    """Return matching and differing stretches of two texts, by whole words: start and end in each."""
    if before == after:
        return [Step(0, len(before), 0, len(after), "same")]
    tokens = [_TOKEN.findall(text) for text in (before, after)]
    places = [[0], [0]]
    for side, words in zip(places, tokens, strict=True):
        for word in words:
            side.append(side[-1] + len(word))
    results: list[Step] = []
    for tag, i, j, k, m in SequenceMatcher(None, tokens[0], tokens[1], autojunk=False).get_opcodes():
        a, b, c, d = places[0][i], places[0][j], places[1][k], places[1][m]
        if before[a:b].split() == after[c:d].split():
            results.append(Step(a, b, c, d, "same" if tag == "equal" else "blank"))
            continue
        lead = Prefix.similarity(before[a:b], after[c:d])
        tail = Postfix.similarity(before[a + lead : b], after[c + lead : d])
        if lead:
            results.append(Step(a, a + lead, c, c + lead, "same"))
        results.append(Step(a + lead, b - tail, c + lead, d - tail, "differs"))
        if tail:
            results.append(Step(b - tail, b, d - tail, d, "same"))
    return list(_without_islands(results, before))


def _without_islands(steps: list[Step], text: str) -> Iterator[Step]:
    """Yield the steps, with one for two that differ and have no more than a blank between them."""
    at = 0
    while at < len(steps):
        step = steps[at]
        while (
            at + 2 < len(steps)
            and step.kind == steps[at + 2].kind == "differs"
            and text[steps[at + 1].start : steps[at + 1].end].isspace()
        ):
            step = Step(step.start, steps[at + 2].end, step.to_start, steps[at + 2].to_end, "differs")
            at += 2
        yield step
        at += 1


def place_in(steps: list[Step], offset: int) -> int:
    """Return where an offset of the text that came back is in the text that was sent; after what differs there."""
    step = next((one for one in steps if one.to_start <= offset <= one.to_end), None)
    if step is None:
        return steps[-1].end if steps else 0
    return step.end if step.kind == "differs" else min(step.start + offset - step.to_start, step.end)


def ranges_in(steps: list[Step], start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of the text that was sent that stand for one of the text that came back."""
    parts = [
        (min(a + max(c, start) - c, b), min(a + min(d, end) - c, b))
        for a, b, c, d, kind in steps
        if kind != "differs" and c < end and start < d
    ]
    return _merged(parts)


def _merged(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that touch each other."""
    results: list[tuple[int, int]] = []
    for start, end in parts:
        if results and results[-1][1] == start:
            results[-1] = (results[-1][0], end)
        else:
            results.append((start, end))
    return results
