"""Interview text outside ``data/private/``: what respondents and coders said, looked for everywhere.

Eight words in a row are taken as the respondent's own, and so is a stretch of twelve of which most stand there in
their order, whatever was changed, dropped or put in between; a shorter passage is looked for as a whole. Passages
that are released, and the wording of the questionnaire, may stand anywhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from paper.coding.privacy.extract import Piece
from paper.coding.privacy.files import of_the_program
from paper.coding.privacy.texts import private_texts
from paper.report import Fault
from paper.text.decoding import decode

RUN: Final = 8
SHORTEST: Final = 4  # words of a passage that is looked for at all
STRETCH: Final = 12  # words of a private text that are compared with what stands elsewhere
ALIKE: Final = 8  # of them, that must stand there in their order
TELLING: Final = 5  # of these, that must say something
SPREAD: Final = 20  # words among which they must stand
NEAR: Final = 14  # words between the first places at which two texts agree
QUOTED: Final = 5  # words in a row of a released passage that are taken as a quotation of it
WORD: Final = re.compile(r"[^\W_]+")
_NOTE_MARK: Final = re.compile(r"[\d¹²³⁰-⁹]+")
PUBLIC: Final = ("chapters/instrument.qmd",)
_LITTLE: Final = """
about after all also and any are because been before being but can could did does for from had has have her here him his
how into its just like more most much not now only other our out over some such than that the their them then there
these they this those very was were what when where which who will with would you your
без был была были было вот все всё для его если есть еще ещё или как когда который мне можно нас них она они оно при про
так там тем того тоже только том тут уже чем что чтобы эта эти это этот
"""
_SAYS_LITTLE: Final = frozenset(_LITTLE.split())

Words = tuple[str, ...]


@dataclass
class Interviews:
    """What respondents and coders said and is not released, prepared for being looked for."""

    runs: dict[Words, str] = field(default_factory=dict)
    """Run of words → the private file and, if known, the passage."""
    starts: dict[str, set[int]] = field(default_factory=dict)
    """First word of a run → the lengths of runs that begin with it."""
    texts: list[tuple[str, Words]] = field(default_factory=list)
    """Private texts as words, with "" where they are public, each with its name."""
    seeds: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    """Two telling words near each other → where they stand."""
    telling: frozenset[str] = frozenset()
    """Words that say something."""
    quoted: frozenset[Words] = frozenset()
    """Runs of words of what is released."""

    @classmethod
    def read(cls, root: Path) -> Interviews:
        """Return what may not leave ``data/private/``, less what is released."""
        result = cls()
        released = [_words(text) for text in _released(root)]
        result.quoted = frozenset(run for words in released for run in _every(words, QUOTED))
        for what, text in private_texts(root):
            said = _words(text)
            for run in _runs(said):
                result.runs.setdefault(run, what)
            result.texts.append((what, result._unquoted(said)))
        sizes = {len(run) for run in result.runs}
        for spoken in released:
            for size in sizes:
                for run in _every(spoken, size):
                    result.runs.pop(run, None)
        for run in result.runs:
            result.starts.setdefault(run[0], set()).add(len(run))
        seeds = defaultdict(list)
        for number, (_, words) in enumerate(result.texts):
            if len(words) >= SHORTEST:
                for pair, at in _pairs(words):
                    seeds[pair].append((number, at))
        result.seeds = dict(seeds)
        result.telling = frozenset(word for pair in seeds for word in pair)
        return result

    def search(self, piece: Piece, file: str) -> Iterator[Fault]:
        """One fault for each private text of which the piece holds something, where it begins."""
        if not self.texts:
            return
        spoken = _words(piece.text)
        met: dict[str, int] = {}
        for at, word in enumerate(spoken):
            for size in self.starts.get(word, ()):
                if source := self.runs.get(tuple(spoken[at : at + size])):
                    met.setdefault(source, at)
        for source, at in () if of_the_program(file) else self._altered(self._unquoted(spoken)):
            met.setdefault(source, at)
        places = _positions(piece.text) if met else []
        for source, at in met.items():
            where = f" in {piece.where}" if piece.where else ""
            message = f"words{where} that stand in {source}, and are not released"
            remedy = "take them out, or release the passage if the respondent agreed"
            yield Fault(file, piece.line(places[at]), "interview-text", message, remedy)

    def _unquoted(self, words: Sequence[str]) -> Words:
        """Return the words with "" in the place of those that stand in a quotation of what is released."""
        if not self.quoted:
            return tuple(words)
        public: set[int] = set()
        starts = {run[0] for run in self.quoted}
        for at, word in enumerate(words):
            if word in starts and tuple(words[at : at + QUOTED]) in self.quoted:
                public.update(range(at, at + QUOTED))
        return (
            tuple("" if at in public else word for at, word in enumerate(words)) if public else tuple(words)
        )

    def _altered(self, words: Words) -> Iterator[tuple[str, int]]:
        """Private texts that stand among the words with some of theirs changed, and where."""
        last: dict[tuple[int, int], tuple[int, int]] = {}
        met: set[str] = set()
        for pair, at in _pairs(words, self.telling):
            for number, there in self.seeds.get(pair, ()):
                what, text = self.texts[number]
                if what in met:
                    continue
                # Two agreements in one order, not far from each other, are worth a look.
                lane = (number, there // NEAR)
                near = [last.get((number, there // NEAR + step)) for step in (0, -1)]
                last[lane] = (at, there)
                short = len(text) < STRETCH
                if not short and not any(
                    before and 0 < at - before[0] <= NEAR and 0 < there - before[1] <= NEAR for before in near
                ):
                    continue
                if _alike(text, there, words, at):
                    met.add(what)
                    yield what, at


def _alike(private: Words, there: int, public: Words, here: int) -> bool:
    """Whether a stretch of a private text around a place stands in the public one around another."""
    from rapidfuzz.distance import LCSseq

    size = min(STRETCH, len(private))
    enough = ALIKE if size == STRETCH else max(size - 1 - (size >= RUN), SHORTEST)
    if size <= SHORTEST + 1:
        return False  # looked for as a whole
    for start in range(max(0, there - size + 1), min(there, len(private) - size) + 1):
        stretch = private[start : start + size]
        begin = max(0, here - (there - start) - (SPREAD - size) // 2)
        there_too = tuple(word or "\0" for word in public[begin : begin + SPREAD])
        if LCSseq.similarity(stretch, there_too, score_cutoff=enough) >= enough:
            common = {word for word in stretch if word in there_too and _tells(word)}
            if len(common) >= (TELLING if size == STRETCH else TELLING - 2):
                return True
    return False


def _pairs(
    words: Sequence[str], telling: frozenset[str] | None = None
) -> Iterator[tuple[tuple[str, str], int]]:
    """Telling words, each with the next and the one after it, and the place of the first; of ``telling`` alone."""
    if telling is None:
        places = [(at, word) for at, word in enumerate(words) if _tells(word)]
    else:
        places = [(at, word) for at, word in enumerate(words) if word in telling]
    for number, (at, word) in enumerate(places):
        for other, following in places[number + 1 : number + 3]:
            if other - at <= NEAR // 2:
                yield (word, following), at


@lru_cache(maxsize=200_000)
def _tells(word: str) -> bool:
    return len(word) > 2 and word not in _SAYS_LITTLE


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """Return a word without regard to capitals, accents and ё."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _words(text: str) -> list[str]:
    """Return the words of a text, without numbers and the marks of notes, which stand between and behind them."""
    return [bare for word in WORD.findall(text) if (bare := _bare(word))]


@lru_cache(maxsize=200_000)
def _bare(word: str) -> str:
    return folded(_NOTE_MARK.sub("", word))


def _positions(text: str) -> list[int]:
    return [match.start() for match in WORD.finditer(text) if _bare(match[0])]


def _every(words: Sequence[str], size: int) -> Iterator[Words]:
    for at in range(len(words) - size + 1):
        yield tuple(words[at : at + size])


def _runs(words: Sequence[str]) -> Iterator[Words]:
    if SHORTEST <= len(words) < RUN:
        yield tuple(words)
    yield from _every(words, RUN)


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
