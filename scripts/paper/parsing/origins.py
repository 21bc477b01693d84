"""Where in the chapters each block of a document comes from, so that a fault names the author's line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import panflute as pf

from paper.errors import Place
from paper.text.source import Line, Source

_WORDS: Final = 8


@dataclass(frozen=True)
class Origin:
    """Where a block is from."""

    source: Source
    """The chapter that it stands in."""
    words: tuple[str, ...]
    """The words with which it begins."""

    @property
    def place(self) -> Place:
        """The line that these words begin, else the chapter."""
        words, lines, starts = _index(
            tuple((line.text, line.file, line.number) for line in self.source.lines)
        )
        for length in range(len(self.words), 0, -1):
            wanted = self.words[:length]
            for at in starts.get(wanted[0], ()):
                if words[at : at + length] == wanted:
                    return lines[at].place
            if length <= 2 < len(self.words):
                break  # so few words stand anywhere
        return Place(str(self.source.path))


@lru_cache(maxsize=64)
def _index(
    written: tuple[tuple[str, str, int], ...],
) -> tuple[tuple[str, ...], list[Line], dict[str, list[int]]]:
    """Return a text's words, the line of each, and where in them each word stands."""
    tokens = [(word, line) for line in (Line(*each) for each in written) for word in _split(line.text)]
    starts: dict[str, list[int]] = {}
    for at, (word, _) in enumerate(tokens):
        starts.setdefault(word, []).append(at)
    return tuple(word for word, _ in tokens), [line for _, line in tokens], starts


def origin(source: Source, block: pf.Element) -> Origin:
    """Return where a block is from. It may be changed afterwards."""
    words: list[str] = []
    for text in _texts(block):
        words += _split(text)
        if len(words) >= _WORDS:
            break
    return Origin(source, tuple(words[:_WORDS]))


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
