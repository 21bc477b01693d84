"""Names from ``data/private/names.txt``, in Latin and Cyrillic letters, however transliterated and inflected.

A name is folded to a skeleton that its spellings share: Жанбота, Zhanbota and Janbota; Хасенов, Khassenov and
Hasenov; Юлия, Yuliya and Julia. A line with one word is looked for by itself; one with several words as they
stand, in the opposite order, and with all but one shortened to an initial.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from paper.bibliography.decoding import decode
from paper.coding.privacy.extract import Piece
from paper.coding.privacy.files import PRIVATE
from paper.report import Fault

FILE: Final = f"{PRIVATE}/names.txt"
WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼʹ-][^\W\d_]+)*")
PART: Final = re.compile(r"[^\W\d_]+(?:['’ʼʹ][^\W\d_]+)*")
CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфцыэәғқңөұүһіїєґў", "abvgdeziiklmnoprstufcyeagknouuhiiegu", strict=True))
    | {
        "ё": "yo",
        "ж": "zh",
        "х": "kh",
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
    {"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ı": "y", "ŋ": "n", "ß": "ss"}
)
# What spellings of one sound become, in this order; capitals are signs of the skeleton.
SOUNDS: Final = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"['’ʼʹ-]", ""), ("shch|sch", "S"), ("sh", "S"), ("zh", "Z"), ("tch|ch", "C"), ("t[sz]", "c"),
        ("kh|x", "h"), ("gh", "g"), ("ph", "f"), ("q", "k"), ("w", "v"), ("ng", "n"), ("[yij]u", "U"), ("[yij]a", "A"),
        ("[yij]o", "o"), ("[yj]e", "e"), ("[yj]", "i"), ("i+", "i"), ("iA", "A"), ("iU", "U"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
# Endings of cases in Russian and Kazakh, as skeletons.
ENDINGS: Final = (
    "", *"aueioAUs", "oi", "ei", "om", "em", "im", "ov", "am", "ami", "ah", "ih", "imi", "ou",
    "nin", "din", "tin", "ga", "ge", "ka", "ke", "na", "ne", "ta", "te", "da", "de", "ti", "di", "ni",
    "dan", "den", "tan", "ten", "nan", "nen", "men", "ben", "pen",
)  # fmt: skip


@dataclass
class Names:
    """lines: line of the list → the words of its name, each with its skeletons. index: a form that a word can
    take → the (line, place of the word) that it may be. met: words seen so far, with what the index has for
    them. faults: what the list itself has."""

    lines: dict[int, list[frozenset[str]]] = field(default_factory=dict)
    index: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    met: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path, authors: Iterable[tuple[str, str]]) -> Names:
        """The private list, without those who are named in public as authors: (family, given)."""
        found, index = cls(), defaultdict(set)
        path = root / FILE
        if not path.is_file():
            return found
        public = [(skeletons(family.split()[-1]), given) for family, given in authors if family.split()]
        for number, text in enumerate(decode(path.read_bytes()).text.splitlines(), 1):
            words = [skeletons(word) for word in WORD.findall(text.partition("#")[0])]
            if not words:
                continue
            if any(_same(words, family, given) for family, given in public):
                said = "the name is also that of an author or of a work cited, and is not looked for"
                found.faults.append(Fault(FILE, number, "name", said, "look for it by hand", "note"))
                continue
            found.lines[number] = words
            for place, word in enumerate(words):
                for form in {form for skeleton in word for form in _forms(skeleton)}:
                    index[form].add((number, place))
        found.index = dict(index)
        return found

    def search(self, piece: Piece, file: str) -> Iterator[Fault]:
        """One fault for each place at which a name stands. The name itself is not repeated."""
        if not self.index:
            return
        met = set(WORD.findall(piece.text))
        parts = {part for word in met if "-" in word for part in word.split("-")}
        met_at: set[tuple[int, int]] = set()
        # "Nurlanova-Aigul" may be a double name, or the two words of one
        for pattern, some in ((WORD, met), (PART, parts)):
            if any(self._hits(word) for word in some):
                met_at |= self._places(list(pattern.finditer(piece.text)))
        for start, line in sorted(met_at):
            where = f" in {piece.where}" if piece.where else ""
            said = f"a name from the private list{where}: its line {line}"
            remedy = "put the pseudonym in its place"
            yield Fault(file, piece.line(start), "name", said, remedy)

    def _places(self, matches: list[re.Match[str]]) -> set[tuple[int, int]]:
        """Where names stand among these words: the position, and the line of the list."""
        words = [match[0] for match in matches]
        return {
            (matches[at].start(), line)
            for at, word in enumerate(words)
            for line, place in self._hits(word)
            if self._whole(line, place, words, at)
        }

    def _hits(self, word: str) -> set[tuple[int, int]]:
        """Which names a word may be part of, and as which of their words."""
        hits = self.met.get(word)
        if hits is None:
            hits = {hit for skeleton in skeletons(word) for hit in self.index.get(skeleton, ())}
            self.met[word] = hits
        return hits

    def _whole(self, line: int, place: int, words: list[str], at: int) -> bool:
        """Whether the other words of the name stand around the word, in full or as initials."""
        name = self.lines[line]
        if len(name) == 1:
            return True
        others = [word for other, word in enumerate(name) if other != place]
        around = words[max(0, at - len(others)) : at] + words[at + 1 : at + 1 + len(others)]
        return all(any(self._is(other, near) for near in around) for other in others)

    def _is(self, name: frozenset[str], word: str) -> bool:
        initials = {skeleton for skeleton in skeletons(word) if len(skeleton) == 1}
        if initials:
            return bool(initials & {skeleton[:1] for skeleton in name})
        return any(form in skeletons(word) for skeleton in name for form in _forms(skeleton))


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """The skeletons of a word: two where a j may stand for zh or for y, or ё for e."""
    word = unicodedata.normalize("NFC", word.casefold())
    ways = {word, word.replace("ё", "е")}
    found: set[str] = set()
    for way in ways:
        latin = way.translate(CYRILLIC).translate(LATIN)
        parts = unicodedata.normalize("NFKD", latin)
        latin = "".join(sign for sign in parts if not unicodedata.combining(sign))
        for reading in {latin, latin.replace("j", "zh")}:
            for pattern, sign in SOUNDS:
                reading = pattern.sub(sign, reading)
            found.add(reading)
    return frozenset(found)


@lru_cache(maxsize=10_000)
def _forms(skeleton: str) -> frozenset[str]:
    """The forms that a name takes in a sentence."""
    stem = skeleton.rstrip("aeiouAU") if len(skeleton) > 4 else skeleton
    if len(stem) < 3:
        return frozenset({skeleton})
    return frozenset(
        {skeleton, *(stem + ending for ending in ENDINGS), *(skeleton + ending for ending in ENDINGS)}
    )


def _same(words: list[frozenset[str]], family: frozenset[str], given: str) -> bool:
    """Whether a name on the list is an author's: the family name, and the initial if there is more."""
    if not any(word & family for word in words):
        return False
    others = [word for word in words if not word & family]
    initials = {skeleton[:1] for skeleton in skeletons(given[:1])} if given else set()
    return not others or not initials or any(skeleton[:1] in initials for word in others for skeleton in word)
