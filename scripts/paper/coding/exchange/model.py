r"""A coded project as it came out of a file, before anything is decided about it.

Everything has an ``id``: the file's own GUID in lower case without braces, or a made-up one that is the same
whenever the same file is read. Names may be names of people; nothing in here may be printed or logged except
ids. Positions are counted in code points of ``Source.text``, which has ``\\n`` as its only line end and no mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SourceKind = Literal["text", "pdf", "picture", "audio", "video", "table"]


@dataclass(frozen=True)
class User:
    """Somebody who coded; ``name`` may be ""."""

    id: str
    name: str


@dataclass(frozen=True)
class Code:
    """A code or category. ``parent`` is an id or ""; ``codable`` is false for a mere category."""

    id: str
    name: str
    parent: str = ""
    description: str = ""
    codable: bool = True


@dataclass(frozen=True)
class Source:
    """A document. ``text`` is None where the file has none (a picture, a recording, a missing transcript).

    kind: ``table`` where there is no document behind the passages, as in a spreadsheet.
    values: its variables by name; part_of: the source of which this is a further transcript.
    """

    id: str
    name: str
    kind: SourceKind
    text: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    part_of: str = ""


@dataclass(frozen=True)
class Passage:
    """A selection. ``start`` and ``end`` (exclusive) are None outside text; ``whole`` says that it is all of it.

    text: what it says, "" where that isn't known; locator: where it stands, for people; stated: columns that
    the file gives outright (segment, block, question, released), from our own exports or a mapped table.
    """

    id: str
    source: str
    locator: str
    start: int | None = None
    end: int | None = None
    text: str = ""
    whole: bool = False
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Coding:
    """A code given to a passage by a user ("" where the file doesn't say)."""

    id: str
    passage: str
    code: str
    user: str


@dataclass(frozen=True)
class Note:
    """A memo, annotation or comment; ``about`` holds ids of codes, sources, passages, codings, cases.

    An empty ``about`` means the project as a whole. name: its title, or ""; stated: columns of the memo that
    the file gives outright.
    """

    id: str
    name: str
    text: str
    user: str = ""
    about: tuple[str, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case as the program keeps it: whole sources, single passages, or codes that stand for it (NVivo)."""

    id: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Set:
    """A named group of codes or sources."""

    id: str
    name: str
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodedProject:
    """All that was read. ``origin`` names the program; ``owner`` is the id of the user who made the project."""

    origin: str = ""
    owner: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    sources: tuple[Source, ...] = ()
    passages: tuple[Passage, ...] = ()
    codings: tuple[Coding, ...] = ()
    notes: tuple[Note, ...] = ()
    cases: tuple[Case, ...] = ()
    sets: tuple[Set, ...] = ()
