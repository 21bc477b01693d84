"""What a .bib file holds: blocks, entries, fields and what was wrong in reading them, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from paper.text.decoding import Decoded

BIBTEX: Final = (".bib", ".bibtex")  # endings of such files


@dataclass(slots=True)
class Problem:
    """Something in the file that its readers stumble over."""

    rule: str
    position: int
    message: str
    remedy: str = ""


@dataclass(slots=True)
class Field:
    """One field of an entry."""

    name: str
    """As written."""
    start: int
    end: int
    """Where the value ends."""
    raw: str
    """The value's source, with delimiters."""
    value: str
    """The value without delimiters, strings put in, line breaks kept."""


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of the file, from start to end."""

    kind: str
    """One of "entry", "string", "preamble", "comment" (``@comment``) and "text" (anything between)."""
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Entry(Block):
    """One entry."""

    type: str = ""
    key: str = ""
    fields: list[Field] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    """Lower-case field name → value, the last where a field stands twice (as in pandoc)."""
    plain: bool = True
    """Whether it is sound and has no comment between its fields, so that it can be laid out anew without loss."""
    sound: bool = True
    """Whether the parser met no fault in it."""
    file: int = 0
    """Which of several .bib files it stands in."""

    def get(self, *names: str) -> str:
        """Return the first of these fields that is there and not empty, its white space made single."""
        for name in names:
            value = self.values.get(name)
            if value is not None and (value := " ".join(value.split())):
                return value
        return ""

    def place(self, *names: str) -> int:
        """Where the first of these fields begins; the entry's own beginning where it has none."""
        for name in names:
            for one in self.fields:
                if one.name.lower() == name:
                    return one.start
        return self.start


@dataclass
class Bibliography:
    """A .bib file as parsed: its blocks in order, the strings it defines, and what was wrong in it."""

    name: str
    decoded: Decoded
    blocks: list[Block] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the file's text as decoded."""
        return self.decoded.text

    @cached_property
    def entries(self) -> list[Entry]:
        """Return the entries in the file's order."""
        return [block for block in self.blocks if isinstance(block, Entry)]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Key → entry, the first where two have the same key."""
        results: dict[str, Entry] = {}
        for entry in self.entries:
            results.setdefault(entry.key, entry)
        return results

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, position: int) -> int:
        """Return the line of a position, from 1."""
        return bisect_right(self._starts, position)

    def start_of_line(self, line: int) -> int:
        """Return the position at which a line begins."""
        return self._starts[min(line, len(self._starts)) - 1]

    @cached_property
    def _entry_starts(self) -> list[int]:
        return [entry.start for entry in self.entries]

    def entry_at(self, position: int) -> Entry | None:
        """Return the entry that holds a position."""
        index = bisect_right(self._entry_starts, position) - 1
        entry = self.entries[index] if index >= 0 else None
        return entry if entry and position < entry.end else None


# Of each work by itself: a chapter doesn't take them over from its book.
_OWN = frozenset(
    {"doi", "url", "urldate", "pages", "note", "doubt", "audit-ignore", "crossref", "xdata", "xref", "ids"}
    | {"entryset", "options", "related", "relatedtype", "shorthand", "sortkey", "eprint", "abstract", "file"}
)
_PARTS = frozenset(
    {"inbook", "bookinbook", "suppbook", "incollection", "suppcollection", "inreference", "inproceedings"}
    | {"conference"}
)
_ARTICLES = frozenset({"article", "suppperiodical"})
_TITLES = ("title", "subtitle", "titleaddon")
_DEPTH = 20  # entries that lead from one to the next: no real file has more


def inherited(entry: Entry, entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return what an entry takes over from those that it refers to: all from ``xdata``, the book's from ``crossref``.

    entries: key → entry, those that can be referred to. An entry that refers to itself gives nothing twice.
    Names of fields change as biblatex changes them ("The biblatex Package", appendix B).
    """
    return _inherited(entry, entries, {entry.key})


def _inherited(entry: Entry, entries: Mapping[str, Entry], seen: set[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for field_name in ("xdata", "crossref"):
        for key in (key.strip() for key in entry.get(field_name).split(",")):
            other = entries.get(key)
            if other is None or key in seen or len(seen) > _DEPTH:
                continue
            seen.add(key)
            whole = {**_inherited(other, entries, seen), **other.values}
            for name, value in whole.items():
                if field_name == "xdata":
                    values.setdefault(name, value)
                elif name not in _OWN:
                    for target in _targets(other.type.lower(), entry.type.lower(), name):
                        values.setdefault(target, value)
    return values


def _targets(parent: str, child: str, name: str) -> tuple[str, ...]:
    """Return the names under which a field of the parent's stands in the child."""
    if name == "author" and child in ("inbook", "bookinbook", "suppbook") and parent in ("book", "mvbook"):
        return ("author", "bookauthor")
    if name not in _TITLES:
        return (name,)
    if parent.startswith("mv"):
        return (name.replace("title", "maintitle") if name != "subtitle" else "mainsubtitle",)
    if parent == "periodical" and child in _ARTICLES:
        return ("journaltitle",) if name == "title" else ("journalsubtitle",) if name == "subtitle" else ()
    if child in _PARTS:
        return ({"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}[name],)
    return (name,)


def circular_keys(entries: Mapping[str, Entry]) -> set[str]:
    """Return the keys of entries whose cross-references lead back to them. Each entry is walked over once."""
    result: set[str] = set()
    done: set[str] = set()
    for start in entries:
        path: dict[str, None] = {}
        key = start
        while key and key in entries and key not in done and key not in path:
            path[key] = None
            key = entries[key].get("crossref")
        if key in path:
            walked = list(path)
            result.update(walked[walked.index(key) :])
        done.update(path)
    return result
