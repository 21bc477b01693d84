"""Keys, and fields said twice or misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.model import Entry
from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.types import FIELDS, REQUIRED


@rule("duplicate-key", "error", "delete one, or give it a key of its own")
def duplicate_key(library: Library) -> Iterator[Finding]:
    """Find two entries with one key."""
    first: dict[str, Entry] = {}
    for entry in library.entries:
        if not entry.key:
            continue
        before = first.setdefault(entry.key, entry)
        if before is not entry:
            told = f"the key {entry.key} is used already at {library.place(before)}"
            yield at(entry, (), told, severity=None if _is_ambiguous(library, before, entry) else "warning")


def _is_ambiguous(library: Library, one: Entry, other: Entry) -> bool:
    """Return whether a reader sees which of two entries with one key is taken: they differ, and the text lists it.

    Where no text is known, it may.
    """
    if (one.type, one.values) == (other.type, other.values):
        return False
    listed = library.cited | library.listed
    return not library.sources or one.key in listed or "*" in listed


@rule("key-case", "error", "give one another key: BibTeX takes them for one")
def key_case(library: Library) -> Iterator[Finding]:
    """Find two keys that differ in capitals only."""
    first: dict[str, Entry] = {}
    for entry in library.entries:
        before = first.setdefault(entry.key.lower(), entry)
        if before.key != entry.key:
            yield at(
                entry,
                (),
                f"the key {entry.key} differs from {before.key} ({library.place(before)}) in capitals only",
            )


@rule("key-pattern", "warning", "rename it here and where it is cited")
def key_pattern(library: Library) -> Iterator[Finding]:
    """Find a key off the pattern: family name, year, a letter."""
    pattern = re.compile(library.key_pattern)
    for entry in library.entries if library.key_pattern else []:
        if entry.key and not pattern.fullmatch(entry.key):
            yield at(entry, (), f"the key {entry.key} is off the pattern {library.key_pattern}")


@rule("key-year", "note", "correct the year, or rename the key")
def key_year(library: Library) -> Iterator[Finding]:
    """Find a key whose year is not the entry's."""
    for entry in library.entries:
        in_key = re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", entry.key)
        year = re.search(r"\d{4}", entry.get("year", "date"))
        if in_key and year and year.group() not in in_key:
            message = f"the key {entry.key} says {in_key[-1]}, the entry {year.group()}"
            yield at(entry, ("year", "date"), message)


@rule("duplicate-field", "warning", "keep the right one: pandoc takes the last")
def duplicate_field(library: Library) -> Iterator[Finding]:
    """Find a field given twice in one entry."""
    for entry in library.entries:
        if len(entry.fields) == len(entry.values):
            continue
        seen: set[str] = set()
        for one in entry.fields:
            name = one.name.lower()
            if name in seen:
                yield Finding(f"{one.name} is given twice", entry, one.start, entry.file)
            seen.add(name)


@rule("unknown-type", "warning", "use one of theirs, or @misc")
def unknown_type(library: Library) -> Iterator[Finding]:
    """Find an entry type that neither BibTeX nor biblatex has."""
    for entry in library.entries:
        if entry.type.lower() not in REQUIRED:
            near = _nearest(entry.type.lower(), REQUIRED)
            yield at(entry, (), f"@{entry.type} is no known type", f"meant: @{near}?" if near else "")


@rule("unknown-field", "note", "correct the name: nothing reads it as it is")
def unknown_field(library: Library) -> Iterator[Finding]:
    """Find a field name that looks misspelt."""
    for name, near in _misspelt(library).items():
        for entry in library.entries:
            if name in entry.values:
                yield at(entry, name, f"no field is called {name}", f"meant: {near}?")


def _misspelt(library: Library) -> dict[str, str]:
    names = {name for entry in library.entries for name in entry.values} - FIELDS
    return {name: near for name in names if (near := _nearest(name, FIELDS))}


def _nearest(name: str, known: frozenset[str] | dict[str, tuple[str, ...]]) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(name) < 4:
        return ""
    result = process.extractOne(
        name, sorted(known), scorer=OSA.distance, score_cutoff=1 if len(name) < 9 else 2
    )
    return str(result[0]) if result else ""
