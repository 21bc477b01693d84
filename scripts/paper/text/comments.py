"""HTML comments: what an author took out of a chapter for the time being acts nowhere and is looked for nowhere."""

from __future__ import annotations

import re
from typing import Final

from paper.fences import FencedCode
from paper.text import front_matter

_CODE_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)(?:[^`]|(?!\1(?!`))`)*?(?<!`)\1(?!`)")
_ACTS: Final = re.compile(r"\{\{<|`\{\w+\}")  # a shortcode, inline code


def without_comments(text: str, *, front: bool = False) -> list[tuple[int, str]]:
    """Return the lines of a file, numbered from 1, without what its comments hold.

    A comment leaves ``<!-- -->``, since an empty comment parts blocks in Markdown; one on a single line that holds
    nothing that acts is left as it is. Comments in code are code. front: the file may begin with front matter.
    """
    lines = text.split("\n")
    remaining: list[tuple[int, str]] = []
    at = front_matter.closing_line(lines) if front else 0
    remaining += enumerate(lines[:at], 1)
    code = FencedCode()
    while at < len(lines):
        line = lines[at]
        if not code.covers(line) and "<!--" in line:
            (first, last), end = _commented(lines, at)
            remaining.append((at + 1, first))
            if last.strip():
                remaining.append((end + 1, last))
            at = end + 1
            continue
        remaining.append((at + 1, line))
        at += 1
    return remaining


def _commented(lines: list[str], at: int) -> tuple[tuple[str, str], int]:
    """Return the line with its comments emptied, the rest after one that goes on, and the line that ends it."""
    text, result, end = lines[at], "", at
    before = ""
    while (opened := _opening(text)) is not None:
        result += text[:opened]
        rest = text[opened:]
        if (closed := rest.find("-->", 4)) >= 0:
            comment = rest[: closed + 3]
            result += "<!-- -->" if _ACTS.search(comment) else comment
            text = rest[closed + 3 :]
            continue
        last = next((n for n in range(end + 1, len(lines)) if "-->" in lines[n]), None)
        if last is None:  # never closed: pandoc prints it
            break
        if end == at:
            before, result = result + "<!-- -->", ""
        else:
            result += "<!-- -->"
        end, text = last, lines[last].partition("-->")[2]
    result += text
    return ((result, "") if end == at else (before, result)), end


def _opening(text: str) -> int | None:
    """Return where a comment begins that is neither in code nor escaped."""
    spans = [m.span() for m in _CODE_SPAN.finditer(text)]
    for match in re.finditer(r"(?<!\\)<!--", text):
        if not any(start <= match.start() < end for start, end in spans):
            return match.start()
    return None
