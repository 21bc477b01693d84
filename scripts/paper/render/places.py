"""Where in a chapter's source a label, a reference or a citation stands: the file and line that a fault names.

Code, comments, addresses and escaped signs are no text: pandoc reads no citation in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.citations import CITATION, blank
from paper.errors import Place
from paper.render.source import Cell, Line, Source

_LABEL = re.compile(r"\{[^{}]*?#([\w:.-]+)[^{}]*\}")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\1).)+?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->")


def prose(source: Source) -> Iterator[Line]:
    """Yield the chapter's lines outside blocks of code and comments, with code within a line blanked."""
    fence = ""
    comment = False
    for line in source.lines:
        mark = re.match(r"\s*(?:>\s?)*(`{3,}|~{3,})", line.text)
        if mark and (not fence or line.text.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        if fence:
            continue
        text = _CODE.sub(lambda match: " " * len(match[0]), line.text)
        if comment:
            _, closed, text = text.partition("-->")
            comment = not closed
        text = _COMMENT.sub("", text)
        if not comment:
            text, opened, _ = text.partition("<!--")
            comment = bool(opened)
            yield Line(text, line.file, line.number)


def labels(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield the labels that text and cells give, each with its place, in the text's order and then the cells'."""
    for line in prose(source):
        for match in _LABEL.finditer(line.text):
            yield match[1], line.place
    for part in source.runnable:
        if isinstance(part, Cell) and part.label:
            yield part.label, part.place


def keys(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield what the text cites or refers to with ``@``, as written, each with its place, in order."""
    text = blank("\n".join(line.text for line in source.lines))
    for line, blanked in zip(source.lines, text.split("\n"), strict=True):
        for match in CITATION.finditer(blanked):
            yield match["braced"] or match["plain"], line.place


def of_label(source: Source, label: str, *, again: bool = False) -> Place:
    """Return where the chapter gives a label, or gives it ``again``; the chapter itself where only an output does."""
    found = [place for given, place in labels(source) if given == label][int(again) :]
    return found[0] if found else _elsewhere(source, label)


def of_key(source: Source, key: str) -> Place:
    """Return where the chapter first cites or refers to ``key``; the chapter itself where only an output does."""
    return next((place for cited, place in keys(source) if cited == key), _elsewhere(source, key))


def _elsewhere(source: Source, text: str) -> Place:
    """Return the cell whose code holds the text, or the chapter."""
    cells = (part for part in source.runnable if isinstance(part, Cell) and text in part.code)
    return next((cell.place for cell in cells), Place(str(source.path)))
