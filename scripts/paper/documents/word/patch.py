"""From changes of the Word file to edits of the sources, each tried on pandoc before it is offered.

What is generated (a table, a caption, a number, a citation's words, the list of works) is never written: a change in
it is listed with its place, for the author to do by hand where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from paper.documents.word import trial
from paper.documents.word.blocks import MARK, Block
from paper.documents.word.changes import Change
from paper.documents.word.markup import balanced, escape, markdown, straight
from paper.documents.word.ooxml import BREAK
from paper.documents.word.places import Spot, spots
from paper.documents.word.sent import Sent

_CLOSING: Final = re.compile(
    r"(?:[*_~^]+|\]\[[^\[\]\n]*\]|\]\([^()\n]*\)(?:\{[^{}\n]*\})?|\]\{[^{}\n]*\}|\])+"
)
_LINE_END: Final = re.compile(r"[^\n]*(?:(?<=\S)\n(?:=+|-+)[ \t]*(?=\n|\Z))?")
_GENERATED: Final = "it stands in what is generated, and is to be changed where that comes from"
_PARTLY: Final = "it reaches into what is generated"


@dataclass(frozen=True)
class Edit:
    """Characters of a source to be replaced."""

    file: str
    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Proposal:
    """A change, and what it would be in the sources."""

    number: int
    """From 1, in the order of the text."""
    change: Change
    before: str
    """The words that it takes away, or that a comment is about."""
    file: str
    """Where it stands, or what generated text follows; "" where nothing tells."""
    line: int | None
    edits: tuple[Edit, ...] = ()
    obstacle: str = ""
    """Why nothing is written."""
    removes: tuple[str, ...] = ()
    """Citations and the like that would go whole: such a change is taken only by its number."""


def propose(sent: Sent, changes: Sequence[Change], notes: Mapping[str, str]) -> list[Proposal]:
    """Return each change with its edits, or with what stands in their way.

    notes: the words of the notes that came back, by kind and id.
    """
    writer = _Writer(sent, notes)
    results = [writer.proposal(number, change) for number, change in enumerate(changes, 1)]
    return trial.tried(results, sent.texts)


class _Writer:
    def __init__(self, sent: Sent, notes: Mapping[str, str]) -> None:
        self.sent = sent
        self.notes = notes
        self.known: dict[int, list[Spot | None]] = {}

    def spots(self, paragraph: int) -> list[Spot | None]:
        """Return the spots of a paragraph's characters."""
        if paragraph not in self.known:
            text = self.sent.paragraphs[paragraph].text
            self.known[paragraph] = spots(text, self.sent.regions[paragraph], self.sent.texts)
        return self.known[paragraph]

    def proposal(self, number: int, change: Change) -> Proposal:
        before = self.sent.paragraphs[change.paragraph].text[change.start : change.end]
        file, line = self.place(change)
        result = Proposal(number, change, before, file, line)
        if not self.sent.regions[change.paragraph]:
            return replace(result, obstacle=_GENERATED)
        try:
            return self._edited(result)
        except _Unwritable as reason:
            return replace(result, obstacle=str(reason))

    def place(self, change: Change) -> tuple[str, int | None]:
        """Return the file and line of a change; for what is generated, of the text before it."""
        for paragraph in range(change.paragraph, -1, -1):
            known = self.spots(paragraph)
            if paragraph == change.paragraph:
                near = [*known[change.start :], *reversed(known[: change.start])]
                if change.start == change.end and change.start:
                    near = [*reversed(known[: change.start]), *known[change.start :]]
            else:
                near = list(reversed(known))
            if spot := next((spot for spot in near if spot), None):
                return spot.file, self.sent.texts[spot.file].count("\n", 0, spot.start) + 1
        return "", None

    def _edited(self, made: Proposal) -> Proposal:
        change = made.change
        if change.kind in ("format", "object"):
            raise _Unwritable("it is no change of words, and is for the author to make")
        if change.kind == "comment":
            return replace(made, edits=(self._query(change),))
        if any(piece.note and not piece.note.startswith(("footnote", "endnote")) for piece in change.pieces):
            raise _Unwritable("a picture or formula came in, which the sources can't take from here")
        if change.kind == "insertion" and "\n" in change.text and not change.text.strip():
            text = self.sent.paragraphs[change.paragraph].text
            if not (text[: change.start].strip() and text[change.start :].strip()):
                raise _Unwritable("an empty paragraph, which prints nothing")
        if change.kind == "move" and change.origin:
            return self._moved(made, change.origin)
        if change.start == change.end:
            inside = self._shares_format(change, change.start)
            return replace(
                made,
                edits=(self._insertion(change, self._words(change, change.start - 1 if inside else -1)),),
            )
        start, end, file, removes = self._range(change.paragraph, change.start, change.end)
        if change.text.strip() and removes == (self.sent.texts[file][start:end],):
            raise _Unwritable(_GENERATED)  # other words for a number or a citation: those of its source
        return replace(made, edits=self._replacement(change, file, start, end), removes=removes)

    def _words(self, change: Change, within: int = -1) -> str:
        """Write the words that come in; within: the character in whose emphasis they stand."""
        around = self.sent.paragraphs[change.paragraph].formats[within] if within >= 0 else frozenset()
        pieces = [replace(piece, formats=piece.formats - around) for piece in change.pieces]
        return markdown(pieces, self.notes, self._block(change.paragraph).lead)

    def _block(self, paragraph: int) -> Block:
        """Return how the source writes a paragraph."""
        one = self.sent.paragraphs[paragraph]
        first = next((spot for spot in self.spots(paragraph) if spot), None)
        if first is None:
            return Block("", "", item=False, tight=False)
        text = self.sent.texts[first.file]
        return Block.at(text, first.start, item=one.item, tight=one.style == "compact")

    def _query(self, change: Change) -> Edit:
        """Write a comment as a query after its words."""
        who = f"{change.mark.author}: " if change.mark.author else ""
        words = escape(straight(who + change.words))
        at = change.end if change.end > change.start else change.start
        place = self._insertion(replace(change, start=at, end=at), "")
        return replace(place, new=f"[{words}]{{.query}}")

    def _moved(self, made: Proposal, origin: tuple[int, int, int]) -> Proposal:
        """Take what was moved, as its source has it, from there, and put it here."""
        change = made.change
        start, end, file, _ = self._range(*origin)
        source = self.sent.texts[file][start:end]
        gone = self._replacement(
            replace(change, paragraph=origin[0], start=origin[1], end=origin[2], pieces=()), file, start, end
        )
        text, block = change.text, self._block(change.paragraph)
        first, last = change.pieces[0], change.pieces[-1]
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        put = MARK.sub("", source.strip()) if origin[1] == 0 else source.strip()
        put = (block.lead(first) if first.text == BREAK else lead) + put
        put += block.lead(last) if last.text == BREAK else tail
        before = self.sent.paragraphs[origin[0]].text[origin[1] : origin[2]]
        return replace(made, before=before, edits=(*gone, self._insertion(change, put)))

    # -- places ---------------------------------------------------------------------------------------------------

    def _insertion(self, change: Change, words: str) -> Edit:
        """Where text comes in: after the character before it, or before the one that follows."""
        known = self.spots(change.paragraph)
        at = change.start
        before = known[at - 1] if 0 < at <= len(known) else None
        after = known[at] if at < len(known) else None
        if change.text.endswith("\n") and at == 0 and after is not None:
            return self._before_block(change, after, words)
        if before is not None and before.atom and before == after:
            raise _Unwritable(_PARTLY)
        if before is None and after is None and not self._empty_between(change.paragraph, at):
            raise _Unwritable(_PARTLY)
        if before is not None:
            text = self.sent.texts[before.file]
            place = before.end
            closing = _CLOSING.match(text, place)
            if closing and not self._shares_format(change, at):
                place = closing.end()
            if after is None and at == len(known):
                place = self._end_of_block(text, place) if change.text.startswith("\n") else place
            end = place
            if change.text.endswith("\n") and (space := re.compile(r"[ \t]*\n?[ \t]*").match(text, place)):
                end = space.end()  # the paragraph is split here
            if change.text.startswith("\n"):
                place -= len(text[:place]) - len(text[:place].rstrip(" \t"))
            words += self._gap_after(change, text, place)
            return Edit(before.file, place, end, self._on_lines(text, place, words))
        if after is None:
            raise _Unwritable(_PARTLY)
        text = self.sent.texts[after.file]
        return Edit(after.file, after.start, after.start, self._on_lines(text, after.start, words))

    def _empty_between(self, paragraph: int, at: int) -> bool:
        return any(region.start == region.end == at for region in self.sent.regions[paragraph])

    def _gap_after(self, change: Change, text: str, place: int) -> str:
        """Return what parts new paragraphs at a line's end from the line that follows."""
        breaks = [piece for piece in change.pieces if piece.text == BREAK]
        if not breaks or text[place : place + 1] != "\n" or change.text.endswith("\n"):
            return ""
        block = self._block(change.paragraph)
        following = text[place + 1 :].partition("\n")[0]
        return f"\n{block.outer.rstrip()}" if block.needs_gap(breaks[-1].opens, following) else ""

    def _before_block(self, change: Change, after: Spot, words: str) -> Edit:
        """Put new paragraphs before one: before its line, with the marks of a heading or an item."""
        start = self.sent.texts[after.file].rfind("\n", 0, after.start) + 1
        block = self._block(change.paragraph)
        first = next(piece for piece in change.pieces if piece.text == BREAK)
        last = change.pieces[-1]
        words = words.removesuffix(block.lead(last)) + block.gap(last.closes, last.opens)
        return Edit(after.file, start, start, block.margin(first.closes) + words)

    def _end_of_block(self, text: str, place: int) -> int:
        """Return the end of the line: after queries, notes, attributes of a heading and what underlines it."""
        match = _LINE_END.match(text, place)
        return match.end() if match else len(text)

    def _shares_format(self, change: Change, at: int) -> bool:
        formats = self.sent.paragraphs[change.paragraph].formats
        new = change.pieces[0].formats if change.pieces else frozenset()
        return bool(new) and 0 < at <= len(formats) and formats[at - 1] == new

    def _on_lines(self, text: str, place: int, words: str) -> str:
        """Whole sentences between two others on lines of their own, as the sources have them."""
        if "\n" in words or not re.search(r"[.!?][\"'”’)]*\s*$", words):
            return words
        if (
            text[place : place + 1] == "\n"
            and words.startswith(" ")
            and re.search(r"[.!?][\"'”’)\]}]*$", text[:place])
        ):
            return "\n" + words.strip()
        if text[place - 1 : place] == "\n" and words.endswith(" "):
            return words.strip() + "\n"
        return words

    def _range(self, paragraph: int, start: int, end: int) -> tuple[int, int, str, tuple[str, ...]]:
        """Return the source of some characters: start, end, file, and what of it goes whole that was generated."""
        length = len(self.sent.paragraphs[paragraph].text)
        known = self.spots(paragraph)
        some = known[start : min(end, length)]
        if end > length:
            return self._with_end(paragraph, start, some)
        if not some or any(spot is None for spot in some):
            raise _Unwritable(_PARTLY)
        first, last, file = self._bounds(some)
        if any(s is not None and s.atom for s in (some[0], some[-1])):
            outside = [*known[max(0, start - 1) : start], *known[end : end + 1]]
            if any(s is not None and s.atom and s in (some[0], some[-1]) for s in outside):
                raise _Unwritable(_PARTLY)
        text = self.sent.texts[file]
        removes = dict.fromkeys(text[s.start : s.end] for s in some if s is not None and s.atom)
        return first, last, file, tuple(removes)

    def _bounds(self, some: Sequence[Spot | None]) -> tuple[int, int, str]:
        known = [spot for spot in some if spot is not None]
        files = {spot.file for spot in known}
        first, last = min(s.start for s in known), max(s.end for s in known)
        if len(files) != 1 or [s.start for s in known] != sorted(s.start for s in known):
            raise _Unwritable("its words stand in several places of the sources")
        return first, last, files.pop()

    def _with_end(
        self, paragraph: int, start: int, some: Sequence[Spot | None]
    ) -> tuple[int, int, str, tuple[str, ...]]:
        """Return a range that takes the paragraph's end: the whole of it, or its join to the next."""
        known = self.spots(paragraph)
        own = [spot for spot in known if spot is not None]
        if any(spot is None for spot in known[start:]) and start:
            raise _Unwritable(_PARTLY)
        if not own:
            raise _Unwritable(_GENERATED)
        first, last, file = self._bounds(some if start and some else own)
        text = self.sent.texts[file]
        removes = dict.fromkeys(text[s.start : s.end] for s in some if s is not None and s.atom)
        if start == 0:  # with the marks of an item or a heading
            first = text.rfind("\n", 0, first) + 1
            last = self._end_of_block(text, last)
            gap = re.compile(r"\n*").match(text, last)
            end = gap.end() if gap else last
            if end - last > 1 and first and not text[:first].endswith("\n\n"):
                end -= 1  # what stood close to it doesn't run into what follows
            return first, end, file, tuple(removes)
        if not some:
            first = own[-1].end
        following = (
            next((s for s in self.spots(paragraph + 1) if s), None)
            if paragraph + 1 < len(self.sent.paragraphs)
            else None
        )
        gap = re.compile(r"[^\n]*\n\s*").match(text, last if some else first)
        if following is None or following.file != file or gap is None or gap.end() != following.start:
            raise _Unwritable("it joins what are no two paragraphs of text")
        end = self._end_of_block(text, last if some else first)
        return (first if some else end), following.start, file, tuple(removes)

    def _replacement(self, change: Change, file: str, start: int, end: int) -> tuple[Edit, ...]:
        """Return the edits that take a range away and put the new words there; marks without a partner stay."""
        text = self.sent.texts[file]
        words = self._words(change, min(change.start, self._last(change))) if change.pieces else ""
        gone = text[start:end]
        kept = "".join(self._unprinted(change, file, start, end))
        if change.end > len(self.sent.paragraphs[change.paragraph].text) and change.start:
            words = words or "\n"
        if balanced(gone):
            closing, opening = _CLOSING.match(text, end), re.search(r"(?:[*_]+|\[)$", text[:start])
            if closing and opening and balanced(opening[0] + gone + closing[0]) and not words:
                start, end = start - len(opening[0]), closing.end()
            if not words + kept and (line := _alone_in_lines(text, start, end)):
                start, end = line
            elif not words + kept and text[start - 1 : start] == " " and text[end : end + 1] in (" ", "\n"):
                start -= 1  # one space less, where a word goes from between two
            return (Edit(file, start, end, words + kept),)
        known = [s for s in self.spots(change.paragraph)[change.start : change.end] if s is not None]
        runs: list[list[int]] = []
        for spot in known:
            if runs and runs[-1][1] == spot.start:
                runs[-1][1] = spot.end
            elif not runs or spot.end > runs[-1][1]:
                runs.append([spot.start, spot.end])
        edits = [Edit(file, a, b, "") for a, b in runs]
        return (replace(edits[0], new=words), *edits[1:])

    def _last(self, change: Change) -> int:
        return len(self.sent.paragraphs[change.paragraph].text) - 1

    def _unprinted(self, change: Change, file: str, start: int, end: int) -> list[str]:
        """Return what stands in a range and isn't printed, such as queries: it isn't the co-author's to take away."""
        text = self.sent.texts[file]
        return [
            text[region.source.start : region.source.end]
            for region in self.sent.regions[change.paragraph]
            if region.source.atom
            and region.start == region.end
            and region.source.file == file
            and start <= region.source.start
            and region.source.end <= end
        ]


class _Unwritable(Exception):
    """Why a change can't be written."""


def _alone_in_lines(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return what takes whole lines out of a paragraph, which an empty one would part; None for less than lines."""
    before = re.search(r"(?<=\S)[ \t]*\n[ \t>]*\Z", text[:start])
    if before is None or text[end : end + 1] not in ("\n", ""):
        return None
    return before.start(), end
