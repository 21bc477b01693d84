"""The chapters of a book in Typst's language, each kept as it was written last.

A chapter's text takes of the rest of the book what ``numbering.joining`` says. What is written of each chapter stands
one after the other as pandoc would lay it out in one document.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import panflute as pf

from paper.numbering import joining
from paper.numbering.numbering import NumberedChapter
from paper.parsing.origins import Origin
from paper.parsing.tree import every
from paper.project import Project
from paper.tools import installed, pandoc
from paper.tools.cache import Cache, digest
from paper.writers.typst import template, text
from paper.writers.typst.formulas import Formula, typeset
from paper.writers.typst.syntax import MARK
from paper.writers.typst.writer import Writer


@dataclass(frozen=True)
class Text:
    """A book in Typst's language, without the template."""

    text: str
    """Its chapters."""
    variables: Mapping[str, pf.MetaInlines]
    """What its front page says of the book, for the template."""
    origins: Sequence[Origin]
    """Where its marked blocks are from, by number."""


def in_typst(
    project: Project,
    chapters: Sequence[NumberedChapter],
    cache: Cache | None = None,
    *,
    headed: bool = True,
) -> Text:
    """Return the book's text in Typst. cache: keeps what is written of each chapter; headed: whether with its heading.

    Raises CitationError, ToolError.
    """
    writer = Writer(project, chapters, cache)
    parts = [writer.part(chapter, headed=headed) for chapter in chapters]
    book = joining.whole(project, chapters, parts)
    tools = [str(pandoc.binary()), installed.version("typst")]  # which says what formulas it knows
    setter = _Setter(book)
    settled = book.settle("typst", setter.settle, [tools] * len(parts), cache, setter.write)
    texts: list[str] = []
    origins: list[Origin] = []
    numbers = itertools.count()
    for part, one in zip(parts, settled, strict=True):
        before, *marked = one.text.split(one.notes["mark"])
        texts += [before, *(f"{MARK}{next(numbers)}{after}" for after in marked)]
        origins += [Origin(part.chapter.source, tuple(words)) for words in part.beside[1]]
    variables = {name: pf.MetaInlines(*words) for name, words in joining.titles_of(settled).items()}
    return Text("".join(texts), variables, origins)


class _Setter:
    """Writes chapters that are not as they were."""

    def __init__(self, book: joining.Whole) -> None:
        self._book = book
        self._formulas: Mapping[Formula, str] = {}  # all at once: what compiles is tried in one document

    def settle(self, pieces: Sequence[joining.Piece]) -> list[Any]:
        """Write out what chapters take of the book, in place; return of each the book's titles, and its mark."""
        titles_of = []
        formulas: list[Formula] = []
        for piece in pieces:
            self._book.cite(piece)
            formulas += [(math.format == "DisplayMath", math.text) for math in every(piece.doc, pf.Math)]
            titles_of.append(joining.take_titles(piece))
        self._formulas = typeset(formulas)
        notes = []
        for piece, of_book in zip(pieces, titles_of, strict=True):
            for _, words in of_book:
                text.finish(words, self._formulas)
            notes.append({"of book": of_book, "mark": _mark(piece)})
        return notes

    def write(self, piece: joining.Piece) -> str:
        """Return a chapter in Typst's language, in which each block is marked by what stands nowhere else."""
        blocks = [block.to_json() for block in piece.doc.content]
        for block in blocks:
            if block["t"] == "RawBlock" and block["c"][1].startswith(MARK):
                block["c"] = ["typst", _mark(piece)]
        text.finish(blocks, self._formulas)
        return template.written(blocks)


def _mark(piece: joining.Piece) -> str:
    return f"// {digest('mark', piece.part.key)}"
