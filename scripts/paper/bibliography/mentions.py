"""Works named in the text by hand, as "Knox (2012)" or "(Meyer & Rowan 1997)", instead of by a citation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from paper.bibliography.citations import Source
from paper.bibliography.model import Entry
from paper.bibliography.names import fold, people
from paper.bibliography.rules import Library

# Possessive and bounded: no text makes the search take for ever.
_PARTICLE = r"(?:(?:[Vv][ao]n|[Dd]e[rnl]?|[Dd]ella|[Dd]i|[Ll][ae]|[Tt]e[nr]|[Ee]l|[Aa]l)[ -]){0,3}"
_CAPITALISED = r"[^\W\d_a-zà-ÿа-я][\w’']{0,60}+(?:-[^\W\d_][\w’']{0,60}+){0,5}+"
_FAMILY = _PARTICLE + _CAPITALISED
_AND = r",?\s+(?:&|and|und|et)\s+"
_LIST = rf"(?P<names>{_FAMILY}(?:,\s+{_FAMILY}){{0,40}}+(?:{_AND}{_FAMILY})?)"
_ET_AL = r"(?P<etal>,?\s+(?:et\.?\s+al\.?|and (?:others|colleagues)))?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)[a-z]?"
_LOCATOR = r"(?P<locator>\s*[:,]\s*(?:pp?\.?\s*)?\d+(?:\s*[-–]\s*\d+)?)?"
_NARRATIVE = re.compile(rf"(?<![\w@]){_LIST}{_ET_AL}(?:['’]s)?\s+(?P<form>\()\s*{_YEAR}{_LOCATOR}\s*[);,]")
_PARENTHETIC = re.compile(
    r"(?<=[(;,])\s*(?:(?:see|cf\.|e\.g\.,?|also|for example,?)\s+){0,4}"
    rf"{_LIST}{_ET_AL}(?P<form>,?)\s+{_YEAR}{_LOCATOR}(?=\s*[);,])"
)
_LOOSE = re.compile(rf"(?<![\w@]){_LIST}{_ET_AL}(?P<form>,?)\s+{_YEAR}\b")
_WORDS = """
january february march april may june july august september october november december
spring summer autumn winter in since until by of from during after before and the a between early late mid
circa year on for this these at to see also figure table section chapter appendix law decree resolution order
no act code part volume
"""
_NOT_NAMES = frozenset(_WORDS.split())


@dataclass(frozen=True)
class Mention:
    """One work named by hand."""

    source: Source
    names: tuple[str, ...]
    """As written."""
    year: str
    start: int
    """Position in the source, as is end."""
    end: int
    form: str
    """One of "(" for Name (year), "," for Name, year and "" for Name year."""
    locator: str = ""
    """A page, or ""."""
    etal: str = ""

    @property
    def text(self) -> str:
        """Return the mention as written, on one line."""
        return " ".join(self.source.text[self.start : self.end].split()).rstrip(";,")


@dataclass
class Authors:
    """Who wrote what: folded family name without spaces → entries, with the name as written."""

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    written: dict[str, str] = field(default_factory=dict)
    bare: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> Authors:
        """Index the authors and editors of a library."""
        index = cls()
        for entry in library.entries:
            for name in people(entry.get("author", "editor")):
                key = squeeze(name.family)
                index.entries[key].append(entry)
                index.written.setdefault(key, name.family.strip("{}"))
                last = name.family.split()[-1] if name.family.split() and not name.body else ""
                if last and squeeze(last) != key:
                    index.bare.setdefault(squeeze(last), key)
        return index

    def near(self, name: str) -> str:
        """Return the family name that a spelling is a slip of, or ""."""
        from rapidfuzz.distance import OSA

        key = squeeze(name)
        if len(key) < 5:
            return ""
        allowed = 1 if len(key) < 8 else 2
        best = min(
            (
                (OSA.distance(key, known, score_cutoff=allowed), known)
                for known in self.entries
                if known[:1] == key[:1]
            ),
            default=(9, ""),
        )
        return best[1] if 0 < best[0] <= allowed else ""


def squeeze(name: str) -> str:
    """Return a family name folded, without spaces, hyphens and apostrophes."""
    return re.sub(r"[\s'’.-]", "", fold(name))


def mentions(source: Source, authors: Authors) -> Iterator[Mention]:
    """Yield the works that a text names by hand, in reading order, each once."""
    reserved: list[tuple[int, int]] = []
    results: list[Mention] = []
    for pattern in (_NARRATIVE, _PARENTHETIC, _LOOSE):
        for match in pattern.finditer(source.prose):
            start, end = match.start("names"), match.end()
            if any(start < stop and begin < end for begin, stop in reserved):
                continue
            names, offset = _names(match["names"])
            loose = pattern is _LOOSE
            if not names or (loose and not any(squeeze(name) in authors.entries for name in names)):
                continue
            if loose and len(names) == 1 and not match["etal"] and not _stands_alone(source.prose, start):
                continue
            reserved.append((start, end))
            groups = match.groupdict()
            locator, etal = (groups.get("locator") or "").strip(" :,"), (match["etal"] or "").strip(" ,")
            results.append(
                Mention(source, names, match["year"], start + offset, end, match["form"], locator, etal)
            )
    yield from sorted(results, key=lambda mention: mention.start)


def _names(text: str) -> tuple[tuple[str, ...], int]:
    """Return the names of a list, and how many letters before the first were none of a name's."""
    offset = 0
    while match := re.match(r"(\w+)(?:,)?\s+(?=\S)", text[offset:]):
        if match[1].lower() not in _NOT_NAMES:
            break
        offset += match.end()
    names = [name for name in re.split(rf"{_AND}|,\s+", text[offset:]) if name]
    if not names or any(name.lower() in _NOT_NAMES for name in names):
        return (), 0
    return tuple(names), offset


def _stands_alone(prose: str, start: int) -> bool:
    """Whether a word before a year is not the last of a longer name of a thing, as in "Project Knox 2012"."""
    return re.search(r"[^\W\d_a-z]\w+ $", prose[max(0, start - 30) : start]) is None
