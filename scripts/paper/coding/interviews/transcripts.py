"""A published quotation against the transcript that it comes from.

Between the two only what is declared may differ: what was left out stands as […], what was put in or in the place
of something else in [brackets], down to a single letter ("[T]hey"). Quotation marks, dashes and spaces count as
the same however they are set.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from paper.text.decoding import decode

FOLDER: Final = "data/private/transcripts"
EXCERPTS: Final = "data/private/excerpts.csv"
KINDS: Final = (".txt", ".md")
REPLACED: Final = 80  # signs of the transcript that one bracket may stand for
ELLIPSIS: Final = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]")
BRACKET: Final = re.compile(r"\[[^\[\]]*\]")
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys('"“”„‟«»″‘’‚‛‹›′ʼ`´', "'"),  # a quotation within a quotation changes its marks
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
        "…": "...",
    }
)


def read(root: Path, cases: list[str]) -> dict[str, list[str]]:
    """Return the texts of each case that has any, by pseudonym, as ``plain`` makes them.

    A case's files bear its pseudonym, with hyphens for spaces, and a number where there are several:
    ``Interview-3.txt``, ``Interview-3-2.txt``.
    """
    names = {_name(case): case for case in cases}
    results: dict[str, list[str]] = {}
    folder = root / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix.lower() in KINDS and path.is_file():
            name = _name(path.stem)
            case = names.get(name) or names.get(re.sub(r"-\d+$", "", name))
            if case:
                results.setdefault(case, []).append(normalise_text(decode(path.read_bytes()).text))
    return results


def imported(root: Path) -> dict[str, list[str]]:
    """Return the wording with which each passage was imported, by its id, as ``plain`` makes it."""
    path = root / EXCERPTS
    if not path.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes()).text))
    texts = {row.get("segment") or "": (row.get("excerpt") or "").strip() for row in rows}
    return {segment: [normalise_text(text)] for segment, text in texts.items() if segment and text}


def _name(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def normalise_text(text: str) -> str:
    """Return the text with one form of quotation marks, dashes, apostrophes and spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SAME).split())


def departs(excerpt: str, transcript: str) -> str | None:
    """Return the first part of the excerpt, between ellipses, that the transcript lacks there, else None.

    transcript: as ``plain`` made it. An excerpt without a word of its own is found nowhere.
    """
    parts = [part.strip() for part in ELLIPSIS.split(excerpt)]
    if not re.search(r"\w", BRACKET.sub("", ELLIPSIS.sub("", excerpt))):
        return excerpt
    at = 0
    for part in parts:
        if not part:
            continue
        end = _end(part, transcript, at)
        if end is None:
            return part
        at = end
    return None


def _end(part: str, transcript: str, start: int) -> int | None:
    """Find where the part first ends in the transcript from ``start`` on; anything short may stand for a bracket.

    Piece after piece all possible ends are kept, so that many brackets take no more time than as many words.
    """
    pieces = re.split(rf"({BRACKET.pattern})", part)
    ends: list[int] | None = None  # in order; None while the words may begin anywhere
    for number, piece in enumerate(pieces):
        words = normalise_text(piece)
        if number % 2 or not words:
            continue
        begins = number == 0 or piece[:1].isspace()
        closes = number == len(pieces) - 1 or piece[-1:].isspace()
        results = [
            at
            for at in _places(words, transcript, start, begins=begins, closes=closes)
            if ends is None or _reached(at, ends)
        ]
        if not results:
            return None
        ends = [at + len(words) for at in results]
    return ends[0] if ends else start


def _reached(at: int, ends: list[int]) -> bool:
    """Return whether the nearest end before a place is no further away than a bracket reaches."""
    before = bisect_right(ends, at)
    return before > 0 and at - ends[before - 1] <= REPLACED


def _places(words: str, transcript: str, start: int, *, begins: bool, closes: bool) -> Iterator[int]:
    """Yield where the words stand in the transcript; not within a word where they begin or close a word themselves."""
    at = transcript.find(words, start)
    while at >= 0:
        before, after = transcript[at - 1 : at], transcript[at + len(words) : at + len(words) + 1]
        within = (begins and words[0].isalnum() and before.isalnum()) or (
            closes and words[-1].isalnum() and after.isalnum()
        )
        if not within:
            yield at
        at = transcript.find(words, at + 1)
