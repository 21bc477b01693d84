"""Fenced blocks of code in Markdown, as pandoc reads them: what opens one, and what closes it.

https://pandoc.org/MANUAL.html#fenced-code-blocks
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Possessive and bounded: a chapter from elsewhere can't make the search take for ever.
_FENCE: Final = re.compile(r"(?P<indent>[ \t]*+(?:>[ \t]?)*+[ \t]*+)(?P<marks>`{3,}+|~{3,}+)(?P<info>.*)")


@dataclass(frozen=True)
class Fence:
    """A line that opens a block of code."""

    indent: str
    """What stands before it: spaces of a list item, marks of a quotation."""
    marks: str
    """Its backticks or tildes."""
    info: str
    """What follows them: a language, attributes; without spaces around it."""

    def is_closed_by(self, line: str) -> bool:
        """Return whether a line ends the block: as many marks of its sign or more, and nothing after them."""
        match = _FENCE.match(line)
        return match is not None and match["marks"].startswith(self.marks) and not match["info"].strip()


def opening(line: str) -> Fence | None:
    """Return the fence that a line outside code is, or None: backticks that follow make it code within the line."""
    match = _FENCE.match(line)
    if match is None or (match["marks"][0] == "`" and "`" in match["info"]):
        return None
    return Fence(match["indent"], match["marks"], match["info"].strip())


class FencedCode:
    """Tells lines that belong to a fenced block from those that are text; it is asked of each line in order."""

    def __init__(self) -> None:
        self.fence: Fence | None = None
        """The fence of the block that the last line belongs to, and that it doesn't close."""

    def covers(self, line: str) -> bool:
        """Return whether a line is code, or a fence around it."""
        if self.fence is not None:
            if self.fence.is_closed_by(line):
                self.fence = None
            return True
        self.fence = opening(line)
        return self.fence is not None
