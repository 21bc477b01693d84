"""What was withdrawn: kept as marks, by which every trace of it is found without keeping it.

``data/withdrawn.yml`` holds, for each withdrawal, its date and digests: of the pseudonym, of names of passages, and of
runs of words that had been released. It is committed, so that a site that is published elsewhere, with the drafts that
it keeps, can be cleaned of them, too. It says nothing that was not public before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from paper.coding.privacy.extract import pieces
from paper.errors import DataError, PaperError, Place
from paper.settings import parse_yaml
from paper.tools.files import write_atomic

FILE: Final = "data/withdrawn.yml"
# Pages that explain coding, with pseudonyms as examples.
INSTRUCTIONS: Final = ("data/ADDING-INTERVIEWS.md", "data/README.md", "data/private/README.md", "README.md")
RUN: Final = 8  # words of a released passage in a row that are a trace of it
SHORTEST: Final = 4  # words of a passage that is looked for by its words
_WORD: Final = re.compile(r"[^\W_]+")
_HEAD: Final = (
    "# What was withdrawn, as digests by which its traces are found: written by `paper data withdraw`.\n"
)
Kind = Literal["case", "segment", "passage"]


@dataclass(frozen=True)
class Mark:
    """A trace that must be nowhere."""

    date: str
    """When it was withdrawn, ISO 8601."""
    kind: Kind
    words: int
    """How many words in a row it is."""
    digest: str


def marks_of(kind: Kind, text: str, date: dt.date) -> list[Mark]:
    """Return the marks of a name or of a passage: all of a name, of a passage each run of RUN words."""
    words = _words(text)
    if kind == "passage":
        if len(words) < SHORTEST:
            return []
        starts = {*range(0, max(len(words) - RUN, 0) + 1, RUN), max(len(words) - RUN, 0)}
        runs = [words[start : start + RUN] for start in sorted(starts)]
    else:
        runs = [words]
    return [Mark(date.isoformat(), kind, len(run), _digest(run)) for run in runs]


class Withdrawn:
    """All marks of a project."""

    def __init__(self, marks: Iterable[Mark], counted: Iterable[str] = ()) -> None:
        """Take the marks, and the names of files of data and drawings that count interviews."""
        self.marks = list(dict.fromkeys(marks))
        self.counted = set(counted)
        self._by_size: dict[int, dict[str, Mark]] = {}
        for mark in self.marks:
            self._by_size.setdefault(mark.words, {}).setdefault(mark.digest, mark)

    @classmethod
    def read(cls, root: Path) -> Withdrawn:
        """Read a project's marks. Raises DataError for a file that isn't one of ours."""
        path = root / FILE
        if not path.is_file():
            return cls(())
        remedy = "restore it from git; `paper data withdraw` writes it"
        try:
            given = parse_yaml(path.read_text("utf8"), FILE)
            rows = given.get("withdrawn") or []
            marks = [Mark(str(r["date"]), r["kind"], int(r["words"]), str(r["digest"])) for r in rows]
            return cls(marks, map(str, given.get("counted") or []))
        except (OSError, UnicodeDecodeError, PaperError, KeyError, TypeError, ValueError):
            raise DataError(
                "the list of what was withdrawn can't be read", place=Place(FILE), remedy=remedy
            ) from None

    def write(self, root: Path) -> None:
        """Write the marks, whole or not at all."""
        rows: list[dict[str, Any]] = [
            {"date": mark.date, "kind": mark.kind, "words": mark.words, "digest": mark.digest}
            for mark in self.marks
        ]
        text = _HEAD + yaml.safe_dump({"withdrawn": rows, "counted": sorted(self.counted)}, sort_keys=False)
        write_atomic(root / FILE, text.encode())

    def has(self, kind: Kind, name: str) -> bool:
        """Return whether a case or a segment was withdrawn."""
        words = _words(name)
        mark = self._by_size.get(len(words), {}).get(_digest(words))
        return mark is not None and mark.kind == kind

    def search(self, text: str) -> Iterator[Mark]:
        """Yield the marks whose words stand in a text, each once."""
        words = _words(text) if self.marks else []
        met: set[Mark] = set()
        for size, marks in self._by_size.items():
            for start in range(len(words) - size + 1):
                mark = marks.get(_digest(words[start : start + size]))
                if mark and mark not in met:
                    met.add(mark)
                    yield mark

    def traces(self, name: str, content: bytes) -> list[Mark]:
        """Return the marks that a file of any kind holds, in its text or its name."""
        if not self.marks:
            return []
        match = dict.fromkeys(self.search(name))
        for piece in pieces(name, content):
            match |= dict.fromkeys(self.search(piece.text))
        return list(match)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _digest(words: Sequence[str]) -> str:
    return sha256(" ".join(words).encode("utf8", "surrogatepass")).hexdigest()[:24]
