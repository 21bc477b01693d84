"""Names from ``data/private/names.txt``, in Latin and Cyrillic letters, however transliterated and inflected.

A line with one word is looked for by itself; one with several words as they stand, in the opposite order, with a
patronymic between them, and with all but one shortened to an initial; of three or more, two are enough. Names of two
or three letters, and forms of others that are as short, are looked for as capitalised words alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paper.coding.privacy.declension import SHORT, Form, forms
from paper.coding.privacy.extract import FILE_NAME, Piece, composed
from paper.coding.privacy.files import PRIVATE, of_the_program
from paper.coding.privacy.spelling import exact_skeletons, skeletons
from paper.report import Fault, Severity
from paper.text.decoding import decode

FILE: Final = f"{PRIVATE}/names.txt"
WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼʹ-][^\W\d_]+)*")
PART: Final = re.compile(r"[^\W\d_]+(?:['’ʼʹ][^\W\d_]+)*")
# Words that an ordinary sentence begins with, and two or three letters that are a name, too.
_ORDINARY: Final = """
a am an and any are as at be but by can do for had has he her him his how i if in is it its may me my no nor not of off
on one or our out own she so sun ten the to too two up us was we who why will you
а без бы вам вас вот все вы где да для до его ее её ей если же за и из или им их к как кто ли мне мы на нам нас не нет
ни но ну о об он она они от по при с сон так там тем то ты у уж чем что это я бар бір бұл ал мен сен
"""
ORDINARY: Final = frozenset(_ORDINARY.split())
# What stands before a word within a sentence: another word, perhaps with a comma.
_WITHIN: Final = re.compile(r"[\w’'],?[ \t\u00a0]+\Z")
_TITLE_BEFORE: Final = re.compile(
    r"[A-ZА-ЯЁӘҒҚҢӨҰҮІ]\.[ \u00a0]?\Z|\b(?:Mr|Mrs|Ms|Dr|Prof|г-н|г-жа|госпо\w+|т)\.?[ \u00a0]\Z"
)
_INITIAL_AFTER: Final = re.compile(r",? ?[A-ZА-ЯЁӘҒҚҢӨҰҮІ]\.")
_CAPITALS: Final = "A-ZА-ЯЁӘҒҚҢӨҰҮІ"
_JOINED: Final = re.compile(rf"[^\W\d_{_CAPITALS}][{_CAPITALS}]")
_HUMP: Final = re.compile(rf"[^\W\d_][^\W\d_{_CAPITALS}]*")
MENTION: Final = 60  # signs within which the words of a name are one mention of it
COMMON: Final = 5  # letters of a Latin word in small letters that is a name by chance
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
TITLES: Final = 30  # signs before a word in which a title of address may stand


@dataclass
class Names:
    """The private list of names, prepared for being looked for."""

    lines: dict[int, list[frozenset[str]]] = field(default_factory=dict)
    """Line of the list → the words of its name, each with its skeletons."""
    index: dict[str, dict[tuple[int, int], Form]] = field(default_factory=dict)
    """A form that a word can take → the (line, place of the word) that it may be, and how it is looked for."""
    met: dict[str, dict[tuple[int, int], bool]] = field(default_factory=dict)
    """Words seen so far, with the names that they may be, and whether they must stand as names."""
    faults: list[Fault] = field(default_factory=list)
    """What is wrong with the list itself."""

    @classmethod
    def read(cls, root: Path, authors: Iterable[tuple[str, str]], allowed: Collection[str] = ()) -> Names:
        """Read the private list, without those who are named in public as authors: (family, given).

        allowed: names, in lower case, that may stand anywhere.
        """
        result = cls()
        index: defaultdict[str, dict[tuple[int, int], Form]] = defaultdict(dict)
        path = root / FILE
        if not path.is_file():
            return result
        public = [(skeletons(family.split()[-1]), given) for family, given in authors if family.split()]
        for number, text in enumerate(composed(decode(path.read_bytes()).text).splitlines(), 1):
            written = WORD.findall(text.partition("#")[0])
            words = [skeletons(word) for word in written]
            if not words:
                continue
            if any(_same(words, family, given) for family, given in public):
                message = "the name is also that of an author or of a work cited, and is not looked for"
                result.faults.append(Fault(FILE, number, "name", message, "look for it by hand", "note"))
                continue
            if " ".join(written).lower() in allowed:
                message = "the name is allowed in _quarto.yml, and is not looked for"
                result.faults.append(Fault(FILE, number, "name", message, "look for it by hand", "note"))
                continue
            result.lines[number] = words
            for place, word in enumerate(written):
                for skeleton, form in forms(word).items():
                    index[skeleton][number, place] = form.joined(index[skeleton].get((number, place)))
        result.index = dict(index)
        return result

    def search(self, piece: Piece, file: str) -> Iterator[Fault]:
        """Yield one fault for each name of the list that stands in the piece, at its first place.

        The name itself is not repeated.
        """
        if not self.index:
            return
        met = set(WORD.findall(piece.text))
        parts = {part for word in met if "-" in word for part in word.split("-")}
        met_at: set[tuple[int, int]] = set()
        # "Nurlanova-Aigul" may be a double name, or the two words of one
        for pattern, some in ((WORD, met), (PART, parts), (_HUMP, _humps(met))):
            if hit := {word for word in some if self._hits(word)}:
                met_at |= self._places(piece, list(pattern.finditer(piece.text)), met, hit)
        places: dict[int, list[int]] = defaultdict(list)
        for start, line in sorted(met_at):
            if not places[line] or start - places[line][-1] > MENTION:
                places[line].append(start)
        for line, starts in places.items():
            yield _fault(piece, file, line, starts)

    def _places(
        self, piece: Piece, matches: list[re.Match[str]], met: set[str], hit: set[str]
    ) -> set[tuple[int, int]]:
        """Where names stand among these words: the position, and the line of the list."""
        words = [match[0] for match in matches]
        return {
            (matches[at].start(), line)
            for at, word in enumerate(words)
            if word in hit
            for (line, place), weak in self._hits(word).items()
            if self._whole(line, place, words, at)
            and (not weak or len(self.lines[line]) > 1 or _stands_as_name(piece, matches[at], met))
        }

    def _hits(self, word: str) -> dict[tuple[int, int], bool]:
        """Which names a word may be part of, as which of their words, and whether it must stand as a name."""
        hits = self.met.get(word)
        if hits is None:
            hits = {}
            capital, latin = word[0].isupper(), not _CYRILLIC.search(word)
            exact = exact_skeletons(word)
            for skeleton in skeletons(word):
                for hit, form in self.index.get(skeleton, {}).items():
                    # Ann isn't Ан, no word in small letters is a short name, and few Latin words are inflected
                    if (form.short and (skeleton not in exact or not capital)) or (latin and not form.latin):
                        continue
                    weak = form.capital or (latin and (form.inflected or len(word) <= COMMON))
                    if capital or not weak or not form.inflected:
                        hits[hit] = hits.get(hit, True) and weak
            self.met[word] = hits
        return hits

    def _whole(self, line: int, place: int, words: list[str], at: int) -> bool:
        """Whether enough other words of the name stand around the word, in full or as initials."""
        others = [other for other in range(len(self.lines[line])) if other != place]
        reach = len(others) + 1  # a patronymic may stand between
        around = words[max(0, at - reach) : at] + words[at + 1 : at + 1 + reach]
        present = sum(any(self._is(line, other, near) for near in around) for other in others)
        return present >= min(len(others), 1 if len(others) > 1 else len(others))

    def _is(self, line: int, place: int, word: str) -> bool:
        if (line, place) in self._hits(word):
            return True
        initials = {skeleton for skeleton in skeletons(word) if len(skeleton) == 1}
        return word[0].isupper() and bool(initials & {skeleton[:1] for skeleton in self.lines[line][place]})


def _humps(words: Iterable[str]) -> set[str]:
    """Return the parts of words that are written together, each with a capital, as names of files are."""
    return {part for word in words if _JOINED.search(word) for part in _HUMP.findall(word) if len(part) > 3}


def _stands_as_name(piece: Piece, match: re.Match[str], met: Collection[str]) -> bool:
    """Whether a word that may be an ordinary one is more than that: no first word of a sentence, no abbreviation."""
    text, word = piece.text, match[0]
    if not word[0].isupper():
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        return piece.where == FILE_NAME or "_" in around or "@" in around
    if word.isupper() and 1 < len(word) <= SHORT:
        return False
    before, after = text[max(0, match.start() - TITLES) : match.start()], text[match.end() : match.end() + 4]
    if _TITLE_BEFORE.search(before) or _INITIAL_AFTER.match(after) or _WITHIN.search(before):
        return True
    return word.lower() not in ORDINARY and word.lower() not in met


def _fault(piece: Piece, file: str, line: int, starts: list[int]) -> Fault:
    where = f" in {piece.where}" if piece.where else ""
    more = f", and at {len(starts) - 1} more place{'s' * (len(starts) > 2)}" if len(starts) > 1 else ""
    message = f"a name from the private list{where}: its line {line}{more}"
    remedy = (
        "put the pseudonym in its place; where it is an ordinary word, or a place that the text may name, write the "
        f"whole name in {FILE}, or allow it in _quarto.yml under paper: privacy: allow:, with the reason"
    )
    severity: Severity = "error"
    if of_the_program(file):
        message = (
            f"the name in line {line} of the private list is also a word of the program's own files{more}"
        )
        remedy = (
            f"if it stood there before, do nothing; if you wrote it there, take it out. It is looked for in "
            f"everything else; write the whole name in {FILE} where the word is an ordinary one"
        )
        severity = "warning"
    return Fault(file, piece.line(starts[0]), "name", message, remedy, severity)


def _same(words: list[frozenset[str]], family: frozenset[str], given: str) -> bool:
    """Whether a name on the list is an author's: the family name, and the initial if there is more."""
    if not any(word & family for word in words):
        return False
    others = [word for word in words if not word & family]
    initials = {skeleton[:1] for skeleton in skeletons(given[:1])} if given else set()
    return not others or not initials or any(skeleton[:1] in initials for word in others for skeleton in word)
