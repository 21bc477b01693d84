"""Queries in an author's own text: what is said to the author and is in no readers' edition.

A query is words, ``[what?]{.query}``, a block, ``::: {.query}``, or a section, ``## Open questions {.query}``. This
module finds them in the text as written, for checks and lists; ``parsing.queries`` takes them out of what is built.

Readers' (the default) and working (profile `working`), which alone shows queries: `[words]{.query}`, `::: {.query}`,
`## Section {.query}`; `[doubt]{.query row="P01"}` belongs to a row of data and takes no number. They leave the tree
before anything is numbered (`parsing.queries`); text as written is read through `editions`. `when-data="TABLE"` and
`unless-data="TABLE"` are conditions on whether a coded table has rows in this edition. `assets/filters/editions.lua`
does both under Quarto, `tests/render/test_queries.py` holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from paper.fences import FencedCode

WORKING: Final = "working"  # the profile whose edition shows queries

_QUERY: Final = re.compile(r"(?<![\w-])\.query(?![\w-])|query$")
_WORDS: Final = re.compile(r"\]\{(?P<marks>[^{}\n]*)\}")
_FENCE: Final = re.compile(r"[ \t>]*:{3,}[ \t]*(?P<marks>[^:\s].*?)?[ \t]*:*[ \t]*$")
_HEADING: Final = re.compile(r"(?P<level>#{1,6})[ \t].*?(?:\{(?P<marks>[^{}\n]*)\})?[ \t]*$")
_CAPTION: Final = re.compile(r"[ \t>]*(?:#\||%%\||//\|)\s*(?:fig|tbl|lst)-(?:cap|subcap)\s*:")


@dataclass(frozen=True)
class Query:
    """One query in a text: where it begins and ends, its words, its attributes as written, its line from 1."""

    start: int
    end: int
    words: str
    attributes: str
    line: int


Hides = Callable[[str], bool]  # from the attributes of words, a block or a section, as written


def is_query(attributes: str) -> bool:
    """Return whether attributes, as written, mark a query."""
    return bool(_QUERY.search(attributes))


def queries(text: str, hides: Hides = is_query) -> list[Query]:
    """Return the outermost queries of a Markdown text, or whatever else ``hides`` marks, in reading order.

    Of the code in it, captions are read and nothing else.
    """
    reserved = [*_blocks(text, hides)]
    for match in _WORDS.finditer(_readable(text)):
        if hides(match["marks"]) and (start := _opening(text, match.start())) is not None:
            reserved.append((start, match.end(), text[start + 1 : match.start()], match["marks"]))
    results: list[Query] = []
    for start, end, words, marks in sorted(reserved, key=lambda query: (query[0], -query[1])):
        if not results or start >= results[-1].end:
            line = text.count("\n", 0, start) + 1
            results.append(Query(start, end, " ".join(words.split()), marks, line))
    return results


def blanked(text: str, hides: Hides = is_query) -> str:
    """Return the text with spaces for its queries, or for what ``hides`` marks; lines and positions stay."""
    for query in queries(text, hides) if ".query" in text or hides is not is_query else ():
        inside = re.sub(r"[^\n]", " ", text[query.start : query.end])
        text = text[: query.start] + inside + text[query.end :]
    return text


def stripped(text: str) -> str:
    """Return the text without its queries and the spaces before them, as pandoc's tree would be without them."""
    for query in reversed(queries(text)):
        text = text[: query.start].rstrip(" ") + text[query.end :]
    return text


def without_queries(value: Any) -> Any:
    """Return settings in which no text holds a query: a title has no margin in which it could stand."""
    if isinstance(value, dict):
        return {name: without_queries(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_queries(item) for item in value]
    return stripped(value) if isinstance(value, str) and ".query" in value else value


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield each line with its position, and whether it is code."""
    code, at = FencedCode(), 0
    for line in text.split("\n"):
        yield at, line, code.covers(line)
        at += len(line) + 1


def _blocks(text: str, hides: Hides) -> Iterator[tuple[int, int, str, str]]:
    """Fenced blocks and sections: start, end, what stands in them, their attributes."""
    opened: list[
        tuple[int, int, str] | None
    ] = []  # start, where the words begin, attributes; None: not hidden
    section: tuple[int, int, int, str] | None = None  # its level, and the same
    for at, line, code in _lines(text):
        if code:
            continue
        if match := _HEADING.match(line):
            level = len(match["level"])
            if section and level <= section[0]:
                yield section[1], at, _section_words(text[section[2] : at]), section[3]
                section = None
            if not section and hides(match["marks"] or ""):
                section = (level, at, at + level, match["marks"] or "")
        elif match := _FENCE.match(line):
            if match["marks"]:
                marks = match["marks"].strip("{}")
                opened.append((at, at + len(line), marks) if hides(marks) else None)
            elif opened and (query := opened.pop()):
                yield query[0], at + len(line), text[query[1] : at], query[2]
    if section:
        yield section[1], len(text), _section_words(text[section[2] :]), section[3]


def _section_words(text: str) -> str:
    return re.sub(r"[ \t]*\{[^{}\n]*\}[ \t]*$", ":", text, count=1, flags=re.MULTILINE)


def _readable(text: str) -> str:
    """Return the text with code blanked, but for captions of cells and what is no code block."""
    spaced = "\n".join(
        re.sub(r"`+[^`\n]*`+", lambda code: " " * len(code.group()), line)
        if not code or _CAPTION.match(line)
        else " " * len(line)
        for _, line, code in _lines(text)
    )
    return spaced if len(spaced) == len(text) else text


def _opening(text: str, closing: int) -> int | None:
    """Return the position of the bracket that the one at ``closing`` closes."""
    depth = 0
    for at in range(closing, -1, -1):
        if at and text[at - 1] == "\\":
            continue
        if text[at] == "]":
            depth += 1
        elif text[at] == "[":
            depth -= 1
            if not depth:
                return at
        elif text.startswith("\n\n", at):
            return None
    return None
