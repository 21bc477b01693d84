"""What an index says of a work, in one form for all of them; and what is known of an entry from that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

SEPARATOR = " | "
"""Between several things in one cell of the record."""
Status = Literal["confirmed", "differs", "another-work", "not-found", "unknowable"]


@dataclass(frozen=True)
class Person:
    """A person or a body as an index names it."""

    family: str
    """"" where the index gives a name in one piece."""
    given: str = ""
    whole: str = ""
    """The name in one piece, of a person or of a body."""
    body: bool = False

    @property
    def text(self) -> str:
        """Return the name as a message shows it."""
        return self.whole or (f"{self.family}, {self.given}" if self.given else self.family)


@dataclass(frozen=True)
class Notice:
    """Something that was published about a work after it appeared."""

    kind: str
    """As Crossref names types of updates, with underscores: ``retraction``, ``expression_of_concern``."""
    record: str = ""
    """DOI of the notice."""
    date: str = ""
    source: str = ""
    """Who says so: "publisher", "retraction-watch", an index."""


@dataclass(frozen=True)
class IndexRecord:
    """A work as one index has it."""

    index: str
    address: str
    """Where a person can look at the record."""
    kind: str = ""
    """The index's own word for the type of work."""
    titles: tuple[str, ...] = ()
    """The title, then its other forms: with subtitle, in the original language."""
    authors: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    years: frozenset[int] = frozenset()
    """Years in which it appeared, in print and online, in any edition."""
    containers: tuple[str, ...] = ()
    """Journal, book or series, with short forms."""
    volume: str = ""
    number: str = ""
    pages: str = ""
    article: str = ""
    """Number of an article that has no pages."""
    doi: str = ""
    """In lower case."""
    notices: tuple[Notice, ...] = ()
    published_as: str = ""
    """DOI of the version that a preprint became."""
    preprint: bool = False


@dataclass(frozen=True)
class Verification:
    """What is known of one entry from the indexes on one day: a row of the record."""

    key: str
    checked: dt.date
    status: Status
    fingerprint: str
    """Of the fields that were compared: another one means that the entry was changed since."""
    method: str = ""
    """By what it was looked up: doi, isbn or title."""
    index: str = ""
    record: str = ""
    """Address of the record that the entry was held against."""
    score: int | None = None
    """How near the titles and authors are, of 100."""
    differs: str = ""
    """Fields that differ: "year: 1991 here, 1992 in Crossref"; or the nearest work of one that was not found."""
    notices: str = ""
    """Retractions, concerns and corrections: "retraction 2019-05-01 10.1000/x (retraction-watch)"."""
    published_as: str = ""
    """DOI of the version that a preprint became."""
