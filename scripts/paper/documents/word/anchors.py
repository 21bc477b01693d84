"""Anchors: marks in a chapter's text, one character each, that tell in the written file which source is which.

Pandoc's Markdown reader knows no source positions (only that of CommonMark does, which knows no citations). So each
line of text, and each citation, cross-reference, shortcode, formula or code within it, is given a character of
Unicode's private use plane. A Word file written from such a text has them where the words stand. Anchors that would
change how pandoc reads the text are left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from paper import editions
from paper.documents.word.blocks import ITEM
from paper.fences import FencedCode
from paper.text.citations import CITATION, blank
from paper.text.source import Line
from paper.tools import pandoc

FIRST: Final = 0xF0000  # of the supplementary private use area A, which has 65,534 characters
MOST: Final = 65_534
ANCHOR: Final = re.compile("[\U000f0000-\U000ffffd]")

_PREFIX: Final = re.compile(
    rf"[ \t]*(?:>[ \t]?)*(?:{ITEM})?"
    r"(?:#{1,6}[ \t]+|\[\^[^\]\s]+\]:[ \t]*|:[ \t]+|\|[ \t]+(?=[^|]*$))?"  # the last: a line of verse
)
# What begins a line that is no running text: tables, blocks, rules, images, HTML, definitions of links.
_NOT_TEXT: Final = re.compile(r"[|+]|:::|[-=]{3,}|!\[|<|\{|\$\$|\\(?:begin|end)\b|\[[^\]^]+\]:\s")
_SEEN: Final = "\0"
_BLANKED: Final = re.compile(r"[^\s\0]+(?: +[^\s\0]+)*")
_TITLE: Final = re.compile(r"title:[ \t]*[\"']?(?=\w)")
_BRACKETS: Final = r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
_GROUP: Final = re.compile(_BRACKETS + r"(?![({\[])")
_LOCATOR: Final = re.compile(r"[ ]?\[(?![^\]]*@)[^\[\]]*\](?![({])")
_NOTE: Final = re.compile(r"(?<!\\)\[\^[^\]\s]+\](?!:)")
_INLINE_NOTE: Final = re.compile(r"\^\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]")
_IMAGE: Final = re.compile(rf"!{_BRACKETS}(?:\([^)]*\))?(?:\{{[^}}]*\}})?")


@dataclass(frozen=True)
class Anchor:
    """The source from one anchor to the next."""

    file: str
    """Path from the project's root."""
    start: int
    """Position in the file's text."""
    end: int
    """Where it ends: at the next anchor of its paragraph, else with the line (its line break included)."""
    atom: bool
    """Whether it is a citation, cross-reference, shortcode, formula, code, note or image: changed whole or not."""


@dataclass
class Anchors:
    """The anchors of a whole book: put into lines of text, looked up by their character."""

    root: Path
    table: list[Anchor] = field(default_factory=list)
    """Each anchor, by its character's place after ``FIRST``."""
    texts: dict[str, str] = field(default_factory=dict)
    """The files' texts, with plain line ends, by their path from the root."""

    def of(self, character: str) -> Anchor:
        """Return the anchor of a character that ``ANCHOR`` matches."""
        return self.table[ord(character) - FIRST]

    def mark(self, lines: list[Line]) -> list[Line]:
        """Return a chapter's lines with their anchors (``text.source.read``'s ``revise``)."""
        for file in {line.file for line in lines} - {*self.texts}:
            self.texts[file] = read_text(self.root / file)
        blocks = list(self._blocks(lines))
        return _harmless(lines, blocks, self._put)

    def _put(self, lines: list[Line], blocks: Sequence[_Block]) -> list[Line]:
        """Give each block's places their characters, and put these into the lines."""
        marked = list(lines)
        for block in blocks:
            columns: dict[int, list[tuple[int, str]]] = {}
            for anchor, index, column in block.anchors:
                if len(self.table) >= MOST:
                    return marked
                columns.setdefault(index, []).append((column, chr(FIRST + len(self.table))))
                self.table.append(anchor)
            for index, entries in columns.items():
                text = marked[index].text
                for column, character in sorted(entries, reverse=True):
                    text = text[:column] + character + text[column:]
                marked[index] = replace(marked[index], text=text)
        return marked

    def _blocks(self, lines: list[Line]) -> Iterator[_Block]:
        """Yield the chapter's paragraphs, headings and items with the places of their anchors."""
        known = {file: _File.of(text) for file, text in self.texts.items()}
        at = 0
        while at < len(lines):
            end = at
            while (
                end < len(lines) and _follows(lines, at, end) and known[lines[end].file].is_prose(lines[end])
            ):
                end += 1
            if end > at:
                yield known[lines[at].file].block(lines, at, end)
            elif title := known[lines[at].file].title(lines[at], at):
                yield title
            at = max(end, at + 1)


def read_text(path: Path) -> str:
    """Return a source's text with plain line ends and without a byte order mark, as the build reads it."""
    return path.read_text("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class _Block:
    anchors: tuple[tuple[Anchor, int, int], ...]
    """Each with the index of its line in the chapter, and its column."""


@dataclass(frozen=True)
class _File:
    text: str
    prose: str
    """The text with blanks for code, comments, addresses and attributes."""
    starts: tuple[int, ...]
    hidden: tuple[tuple[int, int], ...]
    """Where queries begin and end."""
    outside: frozenset[int]
    """The numbers of lines in front matter and blocks of code."""

    @classmethod
    def of(cls, text: str) -> _File:
        starts = (0, *(match.end() for match in re.finditer("\n", text)))
        result = editions.queries(text) if ".query" in text else []
        hidden = tuple((query.start, query.end) for query in result)
        return cls(text, blank(text), starts, hidden, frozenset(_outside(text.split("\n"))))

    def is_prose(self, line: Line) -> bool:
        """Whether a line is running text, as its file has it."""
        start, end = self._span(line)
        if (
            line.number in self.outside
            or self.text[start:end] != line.text
            or not self.prose[start:end].strip()
        ):
            return False
        content = _PREFIX.match(line.text)
        return content is not None and not _NOT_TEXT.match(line.text, content.end())

    def title(self, line: Line, index: int) -> _Block | None:
        """Return the anchor of a title in front matter."""
        start, end = self._span(line)
        match = _TITLE.match(line.text)
        if match is None or self.text[start:end] != line.text or not self.text.startswith("---\n"):
            return None
        if start > self.text.find("\n---", 3):
            return None
        return _Block(((Anchor(line.file, start + match.end(), end, False), index, match.end()),))

    def block(self, lines: list[Line], at: int, end: int) -> _Block:
        """Return the anchors of lines ``at`` to ``end``, which follow each other in this file."""
        first, last = self._span(lines[at])[0], self._span(lines[end - 1])[1]
        places = self._places(first, last)
        for line in lines[at:end]:
            start, stop = self._span(line)
            prefix = _PREFIX.match(line.text)
            content = start + (prefix.end() if prefix else 0)
            if content < stop and not any(a <= content < b for a, b, atom in places if atom):
                places.append((content, stop, False))
        anchors: list[tuple[Anchor, int, int]] = []
        ordered = sorted({place[0]: place for place in places}.values())
        for place, following in itertools.zip_longest(ordered, ordered[1:]):
            index = at + sum(
                start <= place[0] for start in self.starts[self._first(lines[at]) :][1 : end - at]
            )
            line = lines[index]
            start, stop = self._span(line)
            opens = self.text[place[0] : place[0] + 3]
            if place[0] > stop or (opens[:1] == "{" and opens != "{{<"):
                continue
            ends = place[1] if place[2] else min(following[0] if following else stop + 1, stop + 1)
            anchors.append((Anchor(line.file, place[0], ends, place[2]), index, place[0] - start))
        return _Block(tuple(anchors))

    def _places(self, first: int, last: int) -> list[tuple[int, int, bool]]:
        """Find what is changed whole or not at all, and where text begins after it."""
        atoms = [(start, end) for start, end in self.hidden if first <= start and end <= last]

        def add(start: int, end: int) -> None:
            if not any(a < end and start < b for a, b in atoms):
                atoms.append((start, end))

        for match in _BLANKED.finditer(_inverse(self.text[first:last], self.prose[first:last])):
            start = first + match.start()
            if self.text[start - 1 : start] != "]" and self.text[start : start + 4] != "<!--":
                add(start, first + match.end())
        for match in _IMAGE.finditer(self.text, first, last):
            add(*match.span())
        for match in _GROUP.finditer(self.prose, first, last):
            if CITATION.search(match[0]) and self.prose[match.start() - 1 : match.start()] != "^":
                add(*match.span())
        for match in CITATION.finditer(self.prose, first, last):
            locator = _LOCATOR.match(self.prose, match.end(), last)
            add(match.start(), locator.end() if locator else match.end())
        for match in _NOTE.finditer(self.prose, first, last):
            add(*match.span())
        places = [place for a, b in atoms for place in ((a, b, True), (b, b, False))]
        for match in _INLINE_NOTE.finditer(self.prose, first, last):
            places += [
                (match.start(), match.start("words"), True),
                (match.start("words"), match.end(), False),
            ]
            places.append((match.end(), match.end(), False))
        return places

    def _first(self, line: Line) -> int:
        return line.number - 1

    def _span(self, line: Line) -> tuple[int, int]:
        """Return the positions of a line in its file; an empty span where the file has no such line."""
        if not 0 < line.number <= len(self.starts):
            return 0, 0
        start = self.starts[line.number - 1]
        end = self.text.find("\n", start)
        return start, len(self.text) if end < 0 else end


def _outside(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of lines in front matter and blocks of code."""
    front, code = lines[0].rstrip() == "---", FencedCode()
    for number, line in enumerate(lines, 1):
        if front:
            front = number == 1 or line.rstrip() not in ("---", "...")
            yield number
        elif code.covers(line):
            yield number


def _inverse(text: str, prose: str) -> str:
    """Put ``_SEEN`` where ``prose`` has a sign; spaces stay, as they may stand within code."""
    return "".join(a if a.isspace() or b == " " else _SEEN for a, b in zip(text, prose, strict=True))


def _follows(lines: list[Line], first: int, at: int) -> bool:
    return lines[at].file == lines[first].file and lines[at].number == lines[first].number + at - first


# -- anchors that would change the text ---------------------------------------------------------------------------


def _harmless(lines: list[Line], blocks: list[_Block], put: Any) -> list[Line]:
    """Put the anchors of blocks into the lines, without those with which pandoc would read something else."""
    plain = _read(lines)

    def agree(some: Sequence[_Block]) -> bool:
        trial = Anchors(Path())
        return _read(trial._put(lines, some)) == plain

    def safe(some: Sequence[_Block]) -> list[_Block]:
        if not some or agree(some):
            return list(some)
        if len(some) == 1:
            return []
        half = len(some) // 2
        return [*safe(some[:half]), *safe(some[half:])]

    marked: list[Line] = put(lines, safe(blocks))
    return marked


def _read(lines: list[Line]) -> str:
    """Parse the lines; return the tree without anchors."""
    import json

    text = "\n".join(line.text for line in lines)
    tree = json.loads(pandoc.run(text, source=pandoc.READER, to="json"))
    return json.dumps(_bare(tree), ensure_ascii=False)


def _bare(node: Any) -> Any:
    """Drop anchors from a tree of pandoc's, and the empty strings that they leave."""
    if isinstance(node, str):
        return ANCHOR.sub("", node)
    if isinstance(node, list):
        bare = [_bare(item) for item in node]
        return [item for item in bare if item != {"t": "Str", "c": ""}]
    if isinstance(node, Mapping):
        return {key: _bare(value) for key, value in node.items()}
    return node
