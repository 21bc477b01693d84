"""Interview text outside ``data/private/``: private texts are cut into runs of words and looked for everywhere.

Eight words in a row are taken as the respondent's own; a shorter passage is looked for as a whole. Passages that
are released, and the wording of the questionnaire, may stand anywhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from paper.bibliography.decoding import decode
from paper.coding.privacy.extract import Piece, pieces
from paper.coding.privacy.files import OPEN, PRIVATE
from paper.report import Fault

RUN: Final = 8
SHORTEST: Final = 4  # words of a passage that is looked for at all
WORD: Final = re.compile(r"[^\W_]+")
PUBLIC: Final = ("chapters/instrument.qmd",)
NO_TEXT: Final = ("names.txt",)
# What `paper data` writes: copies of what stands in other private files, and the key, which has names in it.
EXCHANGE: Final = f"{PRIVATE}/exchange"
KEY: Final = f"{EXCHANGE}/key.csv"


@dataclass
class Interviews:
    """runs: run of words → the private file and, if known, the passage. starts: first words of runs."""

    runs: dict[tuple[str, ...], str] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()

    @classmethod
    def read(cls, root: Path) -> Interviews:
        """What may not leave ``data/private/``, less what is released."""
        found = cls()
        for path in sorted((root / PRIVATE).rglob("*")):
            if _holds_text(root, path):
                for what, text in _texts(path, path.relative_to(root).as_posix()):
                    for run in _runs(text):
                        found.runs.setdefault(run, what)
        for text in _released(root):
            words = _words(text)
            for size in {len(run) for run in found.runs}:
                for at in range(len(words) - size + 1):
                    found.runs.pop(tuple(words[at : at + size]), None)
        found.starts = frozenset(run[0] for run in found.runs)
        found.lengths = tuple(sorted({len(run) for run in found.runs}, reverse=True))
        return found

    def search(self, piece: Piece, file: str) -> Iterator[Fault]:
        """One fault for each private text of which the piece holds something, where it begins."""
        if not self.runs:
            return
        words = _words(piece.text)
        if self.starts.isdisjoint(words):
            return
        met: dict[str, int] = {}
        for at, word in enumerate(words):
            if word in self.starts:
                for size in self.lengths:
                    source = self.runs.get(tuple(words[at : at + size]))
                    if source:
                        met.setdefault(source, at)
        places = [match.start() for match in WORD.finditer(piece.text)] if met else []
        for source, at in met.items():
            where = f" in {piece.where}" if piece.where else ""
            said = f"words{where} that stand in {source}, and are not released"
            remedy = "take them out, or release the passage if the respondent agreed"
            yield Fault(file, piece.line(places[at]), "interview-text", said, remedy)


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A word without regard to capitals, accents and ё."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _words(text: str) -> list[str]:
    return [folded(word) for word in WORD.findall(text)]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    if SHORTEST <= len(words) < RUN:
        yield tuple(words)
    for at in range(len(words) - RUN + 1):
        yield tuple(words[at : at + RUN])


def _holds_text(root: Path, path: Path) -> bool:
    """Whether a private file may hold words of an interview, or a name: a codebook and an export of ours don't."""
    if not path.is_file() or path.name in NO_TEXT or path == root / OPEN or path.suffix.lower() == ".qdc":
        return False
    return path == root / KEY or not path.is_relative_to(root / EXCHANGE)


def _texts(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    """The texts of a private file, each with its name: a table by passage, all else as a whole, line by line."""
    content = path.read_bytes()
    if path.suffix.lower() == ".csv":
        for row in csv.reader(io.StringIO(decode(content).text)):
            for cell in row:
                yield f"{shown} ({row[0][:40]})", cell
        return
    for piece in pieces(path.name, content):
        if not (piece.wrong or piece.person or piece.markup or "docProps/" in piece.where):
            yield shown, piece.text


def _released(root: Path) -> Iterator[str]:
    """Passages and memos that may be printed, the codebook, and the questionnaire."""
    for table, column in (("segments", "excerpt"), ("memos", "text")):
        path = root / "data" / f"{table}.csv"
        if path.is_file():
            for row in csv.DictReader(io.StringIO(decode(path.read_bytes()).text)):
                if row.get("released") == "true":
                    yield row.get(column) or ""
    codebook = root / "data" / "codebook.csv"
    if codebook.is_file():
        for cells in csv.reader(io.StringIO(decode(codebook.read_bytes()).text)):
            yield from cells
    for name in PUBLIC:
        if (root / name).is_file():
            yield decode((root / name).read_bytes()).text
