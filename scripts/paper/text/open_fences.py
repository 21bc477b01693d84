"""Fences that open a block of code and are never closed: a bare one is text, as pandoc reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from paper.fences import Fence, opening
from paper.report import Fault, warning
from paper.text.source import Line


def as_text(lines: list[Line], tell: Callable[[Fault], None]) -> list[Line]:
    """Return the lines with each bare fence that nothing closes escaped, so that what follows is read.

    pandoc goes on so without a word: no text is lost, but code stands as text, and the code and the text after an odd
    fence change places. A fence that names a language is left alone: code is meant, and the reader stops there.
    """
    results: list[Line] = []
    unclosed: dict[str, str] = {}  # by sign: what closes no shorter fence closes no longer one
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = opening(line.text)
        if fence is None:
            results.append(line)
            at += 1
            continue
        marks = fence.marks
        known = unclosed.get(marks[0])
        end = None if known and marks.startswith(known) else _end(lines, at, fence)
        if end is None:
            unclosed[marks[0]] = marks
        if end is None and not fence.info and len(fence.indent.expandtabs(4)) < 4:
            message = f"the code block opened here by {marks} is never closed: what follows is read as text"
            remedy = f"take the line out, or end the block with a line {marks}; around code that has such "
            tell(warning(line.place, "fence-open", message, f"{remedy}lines, write a longer fence"))
            results.append(replace(line, text=re.sub(r"([`~])", r"\\\1", line.text)))
            at += 1
            continue
        end = at if end is None else end
        results += lines[at : end + 1]
        at = end + 1
    return results


def _end(lines: list[Line], start: int, fence: Fence) -> int | None:
    """Return where a fence's block ends, or None."""
    return next((at for at in range(start + 1, len(lines)) if fence.is_closed_by(lines[at].text)), None)
