"""Where in a chapter's source a label, a reference or a citation stands: the file and line that a fault names.

Code, comments, addresses and escaped signs are no text: pandoc reads no citation in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from paper.errors import Place
from paper.fences import FencedCode
from paper.text.citations import CITATION, blank
from paper.text.source import Cell, Line, Source

Written = tuple[str, str, int]  # a line's text, file and number
_LABEL = re.compile(r"\{[^{}]*?#([\w:.-]+)[^{}]*\}")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\1).)+?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->")


def prose(source: Source) -> Iterator[Line]:
    """Yield the chapter's lines outside blocks of code and comments, with code within a line blanked."""
    yield from _scan(_written(source))[0]


def open_comment(source: Source) -> Place | None:
    """Return where a comment begins that is never closed."""
    return _scan(_written(source))[1]


def _written(source: Source) -> tuple[Written, ...]:
    return tuple((line.text, line.file, line.number) for line in source.lines)


@lru_cache(maxsize=256)
def _scan(written: tuple[Written, ...]) -> tuple[list[Line], Place | None]:
    code = FencedCode()
    comment: Place | None = None
    lines: list[Line] = []
    for line in (Line(*each) for each in written):
        if comment is None and code.covers(line.text):
            continue
        text = _CODE.sub(lambda match: " " * len(match[0]), line.text)
        if comment is not None:
            _, closed, text = text.partition("-->")
            if not closed:
                continue
            comment = None
        text, opened, _ = _COMMENT.sub("", text).partition("<!--")
        comment = line.place if opened else None
        lines.append(Line(text, line.file, line.number))
    return lines, comment


def paragraphs(source: Source) -> Iterator[list[Line]]:
    """Yield the chapter's paragraphs, without whatever pandoc reads no citation in, blanked sign by sign."""
    paragraph: list[Line] = []
    for line in _blanked(_written(source)):
        if line.text.strip():
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


@lru_cache(maxsize=256)
def _blanked(written: tuple[Written, ...]) -> tuple[Line, ...]:
    text = blank("\n".join(text for text, _, _ in written))
    numbered = zip(written, text.split("\n"), strict=True)
    return tuple(Line(blanked, file, number) for (_, file, number), blanked in numbered)


def labels(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield the labels that text and cells give, each with its place, in the text's order and then the cells'."""
    for line in prose(source):
        for match in _LABEL.finditer(line.text):
            yield match[1], line.place
    shown = {(line.file, line.number) for line in source.lines if line.text.strip()}
    for part in source.parts:
        runs = isinstance(part, Cell) and part.options.get("eval") is not False
        if isinstance(part, Cell) and runs and part.label and (part.place.file, part.place.line) in shown:
            yield part.label, part.place


def keys(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield what the text cites or refers to with ``@``, as written, each with its place, in order."""
    for paragraph in paragraphs(source):
        for line in paragraph:
            for match in CITATION.finditer(line.text):
                yield match["braced"] or match["plain"], line.place


def of_label(source: Source, label: str, *, again: bool = False) -> Place:
    """Return where the chapter gives a label, or gives it ``again``; the chapter itself where only an output does."""
    results = [place for given, place in labels(source) if given == label][int(again) :]
    return results[0] if results else _elsewhere(source, label)


def of_key(source: Source, key: str) -> Place:
    """Return where the chapter first cites or refers to ``key``; the chapter itself where only an output does."""
    return next((place for cited, place in keys(source) if cited == key), _elsewhere(source, key))


def _elsewhere(source: Source, text: str) -> Place:
    """Return the cell whose code holds the text, or the chapter."""
    cells = (part for part in source.runnable if isinstance(part, Cell) and text in part.code)
    return next((cell.place for cell in cells), Place(str(source.path)))
