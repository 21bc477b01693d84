"""Headings of a tagged PDF: none skips a level or is without words, and notes stay out of the contents.

PDF/UA-1 (ISO 14289-1, 7.4.2) asks for levels without gaps; a heading keeps the number that its page shows.
"""

from __future__ import annotations

from collections.abc import Iterable

import panflute as pf

from paper.parsing.tree import walk
from paper.writers.typst.syntax import attached, block, inline, string

FIRST_LINES = 240  # letters


class Levels:
    """The levels of one chapter's headings in the PDF. above: the level of the heading over the chapter."""

    def __init__(self, doc: pf.Doc, above: int) -> None:
        self._levels: dict[int, int] = {}
        self.regular = True
        open_levels = (
            [above] if above else []
        )  # as written, of the headings that the next one may stand under

        def visit(element: pf.Element, _: pf.Doc) -> None:
            while open_levels and open_levels[-1] >= element.level:
                open_levels.pop()
            open_levels.append(element.level)
            self._levels[id(element)] = len(open_levels)
            if not _words(element.content):
                self.regular = False
            if len(open_levels) != element.level:
                self.regular = False

        walk(doc, visit, pf.Header)

    def heading(self, header: pf.Header) -> list[pf.Element]:
        """Return the heading as the PDF has it.

        In a chapter with gaps, where Typst would count otherwise than the page, each has its number written out.
        """
        level = self._levels.get(id(header), header.level)
        room = [block("#note-room")] if _note_follows(header) else []
        words = inlines(header.content)
        if not words:
            anchor = attached(header.identifier)
            return [block(f"#metadata(none){anchor}")] if anchor else []
        number = header.attributes.get("number", "")
        unnumbered = header.level > 1 and not number
        if self.regular or (header.level == 1 and level == 1):
            classes = [*header.classes, *(["unnumbered"] if unnumbered else [])]
            return [pf.Header(*words, level=level, identifier=header.identifier, classes=classes), *room]
        numbering = f"(..n) => {string(number)}" if number else "none"
        head = inline(f"#heading(level: {level}, numbering: {numbering})[")
        return [pf.Para(head, *words, inline(f"]{attached(header.identifier)}")), *room]


def inlines(content: Iterable[pf.Element]) -> list[pf.Element]:
    """Return a heading's words: notes marked as such, a picture by its alternative text."""
    results: list[pf.Element] = []
    for element in content:
        if isinstance(element, pf.Note):
            results += [inline("#heading-note["), element, inline("]")]
        elif isinstance(element, pf.Image):
            results += [pf.Str(alt)] if (alt := alternative(element)) else []
        elif isinstance(element, pf.Link | pf.Span | pf.Emph | pf.Strong):
            element.content = pf.ListContainer(*inlines(element.content))
            results.append(element)
        else:
            results.append(element)
    blank = (pf.Space, pf.SoftBreak, pf.LineBreak)
    while results and isinstance(results[-1], blank):
        results.pop()
    return results


def alternative(image: pf.Image) -> str:
    """Return what the author says of an image: its alternative text."""
    own = image.attributes.get("alt") or image.attributes.get("fig-alt")
    return str(own or pf.stringify(pf.Para(*image.content))).strip()


def _note_follows(header: pf.Header) -> bool:
    """Say whether the first lines of the paragraph beneath a heading call a note."""
    below = header.next
    while isinstance(below, pf.RawBlock):
        below = below.next
    letters = 0
    for part in below.content if isinstance(below, pf.Para) else ():
        if isinstance(part, pf.Note):
            return letters < FIRST_LINES
        letters += len(pf.stringify(part))
    return False


def _words(content: Iterable[pf.Element]) -> bool:
    """Whether a heading has words, or a picture that has."""
    return any(
        alternative(e) if isinstance(e, pf.Image) else not isinstance(e, pf.Note) and pf.stringify(e).strip()
        for e in content
    )
