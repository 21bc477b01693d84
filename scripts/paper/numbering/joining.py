"""The numbered book as one document in pandoc's JSON, of which each chapter's part is kept as it was written last.

What a writer makes of a chapter takes little of the rest of the book: how its citations print, which of its links have
a place to lead to, which of its ids stand before. As long as these are the same the part is neither loaded nor walked
again, and after an edit one part of many is written anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import panflute as pf

from paper.numbering import citations
from paper.numbering.conversions import Part
from paper.numbering.numbering import NumberedChapter
from paper.parsing import titles
from paper.parsing.tree import IDENTIFIED, walk
from paper.project import Project
from paper.tools import trees
from paper.tools.cache import Cache, digest, of_project


@dataclass(frozen=True)
class Piece:
    """A part that is written anew."""

    part: Part
    """The part."""
    doc: pf.Doc
    """Its tree; ids that stand before in the book are taken from it."""
    own: Any
    """What the writer takes of the book for it."""


Settle = Callable[[Sequence[Piece]], list[Any]]
"""Settles trees in place, and returns what there is to note of each, as JSON can hold it."""


@dataclass(frozen=True)
class Settled:
    """A part as it goes into the document."""

    text: str
    """Its blocks in pandoc's JSON, without the brackets of their list."""
    notes: Any
    """What the writer notes of it."""

    def blocks(self) -> list[pf.Element]:
        """Return its blocks as elements of their own."""
        return trees.elements(json.loads(f"[{self.text}]"))


@dataclass
class Whole:
    """The book of one writer: of its parts, what they take of each other."""

    parts: Sequence[Part]
    """Its chapters, each by itself, in order."""
    cites: citations.Citations
    """How it cites."""
    lost: list[list[str]] = field(default_factory=list)
    """By part, the ids that stand in a part before: in one document only the first keeps them."""
    places: set[str] = field(default_factory=set)
    """The ids of the document."""

    def __post_init__(self) -> None:
        for part in self.parts:
            self.lost.append([identifier for identifier in part.ids if identifier in self.places])
            self.places.update(part.ids)
        if self.cites.entries:
            self.places |= {"refs", *(f"ref-{key}" for key, _ in self.cites.entries)}
            self.places |= {"bibliography"} if self.cites.title and self._last is not None else set()

    @property
    def _last(self) -> Part | None:
        """The part at whose end the list of works stands; None where it has a place of its own."""
        lists = (part.works and "refs" not in lost for part, lost in zip(self.parts, self.lost, strict=True))
        return None if any(lists) else next((part for part in reversed(self.parts) if part.holds), None)

    def cite(self, piece: Piece) -> None:
        """Write the citations of a part out, and the list of works where it stands there, in place."""
        self.cites.insert(piece.doc)
        if piece.part.works or piece.part is self._last:
            self.cites.place_list(piece.doc)

    def settle(
        self,
        writer: str,
        settle: Settle,
        owns: Iterable[Any],
        cache: Cache | None,
        write: Callable[[Piece], str] | None = None,
    ) -> list[Settled]:
        """Return the parts as they go into the document.

        writer: its name; owns: by part, what the writer takes of the book besides citations and links; cache: where
        parts are kept; write: a piece that is settled → its text, where that is not pandoc's JSON.
        """
        keys: list[str] = []
        results: dict[int, Settled] = {}
        anew: dict[int, Piece] = {}
        last = self._last
        for at, (part, lost, own) in enumerate(zip(self.parts, self.lost, owns, strict=True)):
            lists = part.works or part is last
            leads = [target for target in part.targets if target in self.places]
            unlisted = [key for key in part.chapter.outline.cites if f"ref-{key}" not in self.places]
            cites = self.cites.of(part.chapter.citations, ("*",) if lists else ())
            taken = json.dumps([lost, leads, unlisted, cites, part is last, own])
            keys.append(digest("settled", writer, part.key, taken))
            kept = cache.get("settled", keys[-1]) if cache is not None else None
            if kept is not None:
                results[at] = Settled(kept["text"], kept["notes"])
            else:
                anew[at] = Piece(part, pf.Doc(*part.blocks(), api_version=(1, 23, 1)), own)
                if lost:
                    _drop_ids(anew[at].doc, frozenset(lost))
        told = settle(list(anew.values())) if anew else []
        for (at, piece), notes in zip(anew.items(), told, strict=True):
            text = write(piece) if write is not None else text_of(piece.doc.content)
            results[at] = Settled(text, notes)
            if cache is not None:
                cache.put("settled", keys[at], vars(results[at]))
        return [results[at] for at in sorted(results)]


def whole(
    project: Project, chapters: Sequence[NumberedChapter], parts: Sequence[Part], *places: str
) -> Whole:
    """Return the book of these parts. places: ids of the document besides theirs.

    Raises CitationError where a bibliography is missing or can't be read.
    """
    cites = citations.of_documents(project, chapters, of_project(project.root))
    return Whole(parts, cites, places=set(places))


def take_titles(piece: Piece) -> list[Any]:
    """Take what a part says of the whole book out of it, in place; return it for its notes, as "of book"."""
    taken = titles.take_of_book(piece.doc)
    return [[name, [word.to_json() for word in value.content]] for name, value in taken.items()]


def titles_of(settled: Iterable[Settled]) -> dict[str, list[pf.Element]]:
    """Return what the parts say of the whole book: name → its inlines."""
    return {name: trees.elements(words) for one in settled for name, words in one.notes["of book"]}


def text_of(blocks: Iterable[pf.Element]) -> str:
    """Return blocks in pandoc's JSON, without the brackets of their list."""
    made = [block.to_json() for block in blocks]
    return json.dumps(made, separators=(",", ":"), ensure_ascii=False, check_circular=False)[1:-1]


def document(metadata: dict[str, Any], texts: Iterable[str]) -> str:
    """Return a document in pandoc's JSON. texts: of its blocks, as of ``text_of``."""
    meta = json.dumps(pf.Doc(metadata=metadata).to_json()["meta"], ensure_ascii=False)
    blocks = ",".join(filter(None, texts))
    return f'{{"pandoc-api-version":[1,23,1],"meta":{meta},"blocks":[{blocks}]}}'


def _drop_ids(doc: pf.Doc, lost: frozenset[str]) -> None:
    def visit(element: pf.Element, _: pf.Doc) -> None:
        if element.identifier in lost:
            element.identifier = ""

    walk(doc, visit, *IDENTIFIED)
