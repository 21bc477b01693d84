"""Where the YAML at the head of a chapter ends: between a first line ``---`` and the next ``---`` or ``...``.

https://pandoc.org/MANUAL.html#extension-yaml_metadata_block
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

OPENING: Final = "---"
_CLOSING: Final = ("---", "...")


def closing_line(lines: Sequence[str]) -> int:
    """Return the number, from 1, of the line that closes the front matter; 0 where none is closed."""
    if not lines or lines[0].rstrip() != OPENING:
        return 0
    return next((n for n, line in enumerate(lines[1:], 2) if line.rstrip() in _CLOSING), 0)


def split(text: str) -> tuple[str, str]:
    """Divide a chapter's text into its front matter, with its marks, and what follows; "" for none."""
    lines = text.split("\n")
    last = closing_line(lines)
    length = sum(len(line) + 1 for line in lines[:last])
    return text[:length], text[length:]
