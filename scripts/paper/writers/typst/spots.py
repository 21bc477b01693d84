"""Where in the chapters each block of the Typst document comes from, so that a fault names the author's line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import panflute as pf

from paper.errors import Place
from paper.text.source import Line, Source

MARK: Final = "// block: "  # begins the line before a block of the document, and is followed by its number
_WORDS: Final = 8


@dataclass(frozen=True)
class Spot:
    """A block: the chapter that it stands in, and the words with which it begins."""

    source: Source
    words: tuple[str, ...]

    @property
    def place(self) -> Place:
        """The line that these words begin, else the chapter."""
        tokens = [(word, line) for line in self.source.lines for word in _split(line.text)]
        for length in range(len(self.words), 0, -1):
            wanted = self.words[:length]
            for at in range(len(tokens) - length + 1):
                if tokens[at][0] == wanted[0] and all(
                    tokens[at + n][0] == word for n, word in enumerate(wanted)
                ):
                    return tokens[at][1].place
            if length <= 2 < len(self.words):
                break  # so few words stand anywhere
        return Place(str(self.source.path))


def spot(source: Source, block: pf.Element) -> Spot:
    """Return where a block is from. It may be changed afterwards."""
    words: list[str] = []
    for text in _texts(block):
        words += _split(text)
        if len(words) >= _WORDS:
            break
    return Spot(source, tuple(words[:_WORDS]))


def line_of(source: Source, text: str) -> Line | None:
    """Return the line of a chapter that is ``text`` or holds it, as far as it is long enough to be no chance."""
    wanted = text.strip()
    if len(wanted) < 3:
        return None
    exact = next((line for line in source.lines if line.text.strip() == wanted), None)
    return exact or next((line for line in source.lines if wanted in line.text), None)


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _texts(element: Any) -> Iterator[str]:
    if isinstance(element, pf.Str | pf.Code | pf.CodeBlock | pf.RawBlock | pf.RawInline | pf.Math):
        yield element.text
    elif isinstance(element, pf.Image):
        yield from (element.url, *(e.text for e in element.content if isinstance(e, pf.Str)))
    elif isinstance(element, pf.Table):
        for part in (element.head, *element.content, element.foot):
            for row in (*part.content, *getattr(part, "head", ())):
                yield from _texts(row)
    elif isinstance(element, pf.Element):
        for child in getattr(element, "content", ()):
            yield from _texts(child)
