"""What the audit looks for: each rule a small function with a name, a severity and what to do about it.

A rule reads the ``Library`` (the .bib files and the text that cites them) and yields ``Finding``s. The
modules of this package are one subject each; ``load`` imports them, ``REGISTRY`` then holds every rule.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

from paper.bibliography.citations import Citation, Source
from paper.bibliography.model import Bibliography, Entry, inherited
from paper.bibliography.names import ROLES, Name, fold, people
from paper.bibliography.support.model import Support
from paper.bibliography.verification.model import Verification
from paper.report import Severity

Subject = Literal["bibliography", "text", "record", "support"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say at one place: of an entry in its file, or of the text."""

    message: str
    entry: Entry | None = None
    position: int = 0
    file: int = 0
    """Which of the library's .bib files."""
    source: Source | None = None
    """The text, where the place is in one."""
    remedy: str = ""
    """In the place of the rule's own, as is severity."""
    severity: Severity | None = None

    def saying(self, message: str, remedy: str = "") -> Finding:
        """Another finding at the same place."""
        return Finding(message, self.entry, self.position, self.file, self.source, remedy)


@dataclass(frozen=True)
class Rule:
    """A rule as ``paper refs rules`` lists it."""

    name: str
    severity: Severity
    finds: str
    remedy: str
    subject: Subject = "bibliography"
    check: Callable[[Library], Iterator[Finding]] | None = None
    """None where the parser itself finds the fault."""


@dataclass
class Library:
    """What is audited: .bib files, and, where there is a book, its texts and their citations."""

    bibs: list[Bibliography]
    sources: list[Source] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    key_pattern: str = ""
    """What a whole key must match; "" for files that follow no pattern of ours."""
    proxies: tuple[str, ...] = ()
    """Hosts of libraries' proxies, in lower case."""
    year: int = 0
    """Of the book's date, by which a year is in the future; 0 for a book without one."""
    verified: Mapping[str, Verification] = field(default_factory=dict)
    """Key → what public indexes said of the work, as the dated record has it."""
    support: Sequence[Support] = ()
    """What bears the citing sentences, as ``data/support.csv`` has it."""
    listed: frozenset[str] = frozenset()
    """Keys that ``nocite:`` of ``_quarto.yml`` adds, "*" for all; those of chapters are citations."""

    def __post_init__(self) -> None:
        for index, bib in enumerate(self.bibs):
            for entry in bib.entries:
                entry.file = index

    @cached_property
    def entries(self) -> list[Entry]:
        """Every entry of every file, in order."""
        return [entry for bib in self.bibs for entry in bib.entries]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Return key → entry, the first where two have the same key."""
        results: dict[str, Entry] = {}
        for entry in self.entries:
            results.setdefault(entry.key, entry)
        return results

    @cached_property
    def named(self) -> list[tuple[Entry, str, list[Name]]]:
        """Entry, role and parsed names of every field that holds names."""
        return [
            (entry, role, people(entry.values[role]))
            for entry in self.entries
            for role in ROLES
            if role in entry.values and entry.values[role].strip()
        ]

    @cached_property
    def authors(self) -> dict[int, list[Name]]:
        """The names of an entry's authors, or of its editors where it has none, by the entry's id."""
        results: dict[int, list[Name]] = {}
        for entry, role, names in self.named:
            if role in ("author", "editor"):
                results.setdefault(id(entry), names)
        return results

    @cached_property
    def families(self) -> dict[int, frozenset[str]]:
        """The folded family names of an entry's authors, by the entry's id."""
        return {key: frozenset(fold(name.family) for name in names) for key, names in self.authors.items()}

    @cached_property
    def people_by_family_name(self) -> dict[str, list[tuple[Name, Entry, str]]]:
        """Folded family name without spaces → the people who bear it, with entry and role."""
        results: dict[str, list[tuple[Name, Entry, str]]] = {}
        for entry, role, names in self.named:
            for name in names:
                if not name.body and name.given:
                    results.setdefault(fold(name.family).replace(" ", ""), []).append((name, entry, role))
        return results

    @cached_property
    def cited(self) -> frozenset[str]:
        """Return the keys that the texts cite."""
        return frozenset(citation.key for citation in self.citations)

    def whole(self, entry: Entry) -> dict[str, str]:
        """Return an entry's fields with those that it takes over from ``crossref`` and ``xdata``."""
        if "xdata" in entry.values or "crossref" in entry.values:
            return {**inherited(entry, self.by_key), **entry.values}
        return entry.values

    def line(self, entry: Entry, position: int | None = None) -> int:
        """Return the line of a position in an entry's file, by default of the entry itself."""
        return self.bibs[entry.file].line(entry.start if position is None else position)

    def place(self, entry: Entry) -> str:
        """Return an entry's file and line, to name it in a message about another."""
        return f"{self.bibs[entry.file].name}:{self.line(entry)}"


REGISTRY: dict[str, Rule] = {}
Check = Callable[[Library], Iterator[Finding]]


def rule(
    name: str, severity: Severity, remedy: str, subject: Subject = "bibliography"
) -> Callable[[Check], Check]:
    """Enter a function into the registry as the rule of this name; its docstring, "Find …", says what it finds."""

    def enter(check: Check) -> Check:
        finds = (check.__doc__ or "").removeprefix("Find ").removesuffix(".")
        REGISTRY[name] = Rule(name, severity, finds, remedy, subject, check)
        return check

    return enter


def parser_rule(name: str, severity: Severity, finds: str, remedy: str) -> None:
    """Enter a rule whose findings are problems that the reader met."""
    REGISTRY[name] = Rule(name, severity, finds, remedy)


def at(
    entry: Entry,
    names: str | tuple[str, ...],
    message: str,
    remedy: str = "",
    severity: Severity | None = None,
) -> Finding:
    """Return a finding at one of an entry's fields."""
    names = (names,) if isinstance(names, str) else names
    return Finding(message, entry, entry.place(*names), entry.file, None, remedy, severity)


def in_text(
    source: Source, position: int, message: str, remedy: str = "", severity: Severity | None = None
) -> Finding:
    """Return a finding at a place in the text."""
    return Finding(message, None, position, 0, source, remedy, severity)


@cache
def load() -> dict[str, Rule]:
    """Every rule by name; imports the modules that hold them."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        importlib.import_module(f"{__name__}.{info.name}")
    return REGISTRY
