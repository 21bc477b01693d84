"""What a writer makes of each chapter, kept under a digest of all that it depends on.

After an edit the other chapters are neither numbered nor converted again for the forms that are one file: they come
from the cache as they went into it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panflute as pf

from paper.numbering.numbering import NumberedChapter
from paper.parsing.tree import IDENTIFIED, walk
from paper.report import Fault
from paper.tools.cache import Cache, digest

Convert = Callable[[], tuple[list[pf.Element], Any]]


@dataclass(frozen=True)
class Part:
    """What a writer makes of a chapter by itself: its blocks, loaded when they are asked for, and facts about them."""

    chapter: NumberedChapter
    """The chapter."""
    key: str
    """What tells the blocks apart from any others."""
    ids: list[str]
    """Their ids, in order; of those that the chapter repeats only the first is left."""
    headings: list[str]
    """The ids of their headings, "" for one that has none."""
    targets: list[str]
    """The places that their links lead to by "#" alone."""
    works: bool
    """Whether the list of works has its place in them."""
    holds: bool
    """Whether there are any."""
    beside: Any
    """What the writer notes beside them."""
    blocks: Callable[[], list[pf.Element]]
    """Return the blocks, which may be changed; they are asked for once."""


@dataclass(frozen=True)
class Conversions:
    """The conversions of one writer. Without a cache each is made when it is asked for."""

    writer: str
    """Its name, and what else tells its conversions apart from those of others."""
    cache: Cache | None = None
    """Where they are kept."""

    def part(self, chapter: NumberedChapter, around: Any, convert: Convert) -> Part:
        """Return a chapter as the writer makes it by itself.

        around: what the writer takes of the rest of the book, as JSON can hold it; convert: makes blocks and notes,
        the notes again as JSON can hold them. What is known of blocks is kept, they themselves are made anew where
        they are asked for: their text is kept with what it takes of the book (``joining``).
        """
        key = digest("conversion", self.writer, chapter.numbered_key, json.dumps(around))
        kept = self._kept("parts", key, chapter)
        if kept is not None:

            def again() -> list[pf.Element]:
                return _described(convert()[0])[0]

            return Part(chapter, key, **kept["facts"], beside=kept["beside"], blocks=again)
        made, beside = convert()
        blocks, facts = _described(made)
        if self.cache is not None:
            self.cache.put("parts", key, {"facts": facts, "beside": beside, **_of_book(chapter)})
        chapter.forget()
        return Part(chapter, key, **facts, beside=beside, blocks=lambda: blocks)

    def _kept(self, kind: str, key: str, chapter: NumberedChapter) -> Any | None:
        """Return what is kept of a chapter whose files are there, and tell what it told."""
        kept = self.cache.get(kind, key) if self.cache is not None else None
        if kept is None or not all(Path(path).is_file() for path in kept["files"]):
            return None
        chapter.book.told[chapter.path] = [Fault(**fault) for fault in kept["told"]]
        return kept


def _of_book(chapter: NumberedChapter) -> dict[str, Any]:
    """Return what was told of a chapter, and the files that it shows."""
    book = chapter.book
    told = [vars(fault) for fault in book.told.get(chapter.path, ())]
    return {"told": told, "files": book.files.get(chapter.path, [])}


def _described(made: list[pf.Element]) -> tuple[list[pf.Element], dict[str, Any]]:
    """Return blocks of which no two have the same id, and what ``Part`` knows of them."""
    doc = pf.Doc(*made)
    ids: dict[str, None] = {}
    targets: dict[str, None] = {}
    headings: list[str] = []
    works = False

    def visit(element: pf.Element, _: pf.Doc) -> None:
        nonlocal works
        if element.identifier in ids:
            element.identifier = ""
        elif element.identifier:
            ids[element.identifier] = None
        if isinstance(element, pf.Header):
            headings.append(element.identifier)
        elif isinstance(element, pf.Link) and element.url.startswith("#"):
            targets[element.url[1:]] = None
        elif isinstance(element, pf.Div):
            works = works or element.identifier == "refs"

    walk(doc, visit, *IDENTIFIED)
    facts = {
        "ids": list(ids),
        "headings": headings,
        "targets": list(targets),
        "works": works,
        "holds": bool(made),
    }
    return list(doc.content), facts
