"""New paragraphs as the sources write them: in the list, quotation, note or definition that they come into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from paper.documents.word.ooxml import Piece

ITEM: Final = (
    r"(?:[-*+]|\(?(?:\d{1,9}|[a-z#]|[ivxlcdm]+|@[\w-]*)[.)]|\(?[A-Z](?:\)|\.(?=[ ]{2})))"
    r"(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?"
)
"""The mark of an item as pandoc reads it; a capital and a full stop need two spaces, as "A. Author" has one."""
_SHAPE: Final = re.compile(
    rf"(?P<outer>[ \t]*(?:>[ \t]?)*[ \t]*)(?P<marker>{ITEM}|:[ \t]+|\[\^[^\]\s]+\]:[ \t]*)?", re.MULTILINE
)
MARK: Final = re.compile(rf"\A(?:{ITEM}|(?:#{{1,6}}|:|\[\^[^\]\s]+\]:)[ \t]+)", re.MULTILINE)
"""What a block begins with that its words are without."""
_NOTE_INDENT: Final = "    "  # https://pandoc.org/MANUAL.html#footnotes


@dataclass(frozen=True)
class Block:
    """How the source writes the lines of a paragraph."""

    outer: str
    """Indentation and marks of quotation, before each line."""
    marker: str
    """The mark of an item, a definition or a note, before its first line; "" for others."""
    item: bool
    tight: bool
    """Whether the items of its list follow each other without an empty line."""
    continues: bool = False
    """Whether it is a further paragraph of an item."""

    @classmethod
    def at(cls, text: str, place: int, *, item: bool, tight: bool) -> Block:
        """Return the form of the paragraph whose first line holds ``place``. item, tight: as the Word file has it."""
        start = text.rfind("\n", 0, place) + 1
        match = _SHAPE.match(text, start)
        outer, marker = (match["outer"], match["marker"] or "") if match else ("", "")
        if not item and not marker.lstrip().startswith((":", "[^")):
            marker = ""  # "A. Author" begins a sentence
        return cls(outer, marker, item and bool(marker), tight, item and not marker)

    def margin(self, kind: str) -> str:
        """Return what stands before a new paragraph of a kind (``ooxml.Paragraph.kind``)."""
        if kind.startswith("heading"):
            return f"{self.outer}{'#' * int(kind[-1])} "
        if kind == "item" and not self.continues:
            return self.outer + (_next(self.marker) if self.item else "- ")
        if not self.marker:
            return self.outer
        return self.outer + (" " * len(self.marker) if self.item else _NOTE_INDENT)

    def gap(self, before: str, after: str) -> str:
        """Return what parts two paragraphs of these kinds."""
        if before == after == "item" and not self.continues and (self.tight or not self.item):
            return "\n"
        return f"\n{self.outer.rstrip()}\n"

    def lead(self, piece: Piece) -> str:
        """Return what a break becomes: the end of a paragraph and the beginning of the next."""
        return self.gap(piece.closes, piece.opens) + self.margin(piece.opens)

    def needs_gap(self, kind: str, following: str) -> bool:
        """Whether a new paragraph of a kind has to be parted from the line that follows it."""
        return (
            bool(following.strip(" \t>"))
            and not following.startswith(":::")
            and not (kind == "item" and self.item and self.tight)
        )


def _next(marker: str) -> str:
    """Return the mark of the next item."""
    marker = re.sub(r"\[[xX]\]", "[ ]", marker)
    if number := re.search(r"\d+", marker):
        return f"{marker[: number.start()]}{int(number[0]) + 1}{marker[number.end() :]}"
    if letter := re.fullmatch(r"(\(?)([A-Ya-y])([.)][ \t]+)", marker):
        return f"{letter[1]}{chr(ord(letter[2]) + 1)}{letter[3]}"
    return marker
