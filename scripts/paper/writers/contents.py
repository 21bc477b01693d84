"""The sections of a page as its table of contents shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class TocEntry:
    """A section of a page as its table of contents shows it."""

    id: str
    """The id that the entry leads to."""
    number: str
    """The section's number; "" for none."""
    title_html: str
    """The title as inline HTML without links."""
    children: tuple[TocEntry, ...] = ()
    """The sections beneath it."""


def nest_headings(headings: Sequence[tuple[int, TocEntry]], depth: int) -> tuple[TocEntry, ...]:
    """Nest headings, in the page's order, into a tree down to level ``depth``; those without id are left out."""
    top = 1 if any(level == 1 for level, _ in headings) else 2
    tree: list[tuple[TocEntry, list[Any]]] = []
    stack: list[tuple[int, list[tuple[TocEntry, list[Any]]]]] = [(0, tree)]
    for level, entry in headings:
        if not top <= level <= depth or not entry.id:
            continue
        while stack[-1][0] >= level:
            stack.pop()
        children: list[tuple[TocEntry, list[Any]]] = []
        stack[-1][1].append((entry, children))
        stack.append((level, children))

    def frozen(entries: list[tuple[TocEntry, list[Any]]]) -> tuple[TocEntry, ...]:
        return tuple(replace(entry, children=frozen(below)) for entry, below in entries)

    return frozen(tree)
