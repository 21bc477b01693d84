"""Blocks side by side, ``::: {layout-ncol=2}`` and its kin, as rows of cells.

https://quarto.org/docs/authoring/figures.html#complex-layouts
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import Layout, LayoutCell

LAYOUT = ("layout", "layout-ncol", "layout-nrow")


def layout(div: pf.Div) -> Layout:
    """Return the layout of a Div with layout attributes."""
    items = list(div.content)
    only = items[0] if len(items) == 1 and isinstance(items[0], pf.Div) else None
    if only is not None and constructs.of(only) is None and "cell-output" not in only.classes:
        items = list(only.content)
    filled = list(_cells(items))
    following = iter(filled)
    rows = []
    for widths in _rows(div.attributes, len(filled)):
        cells = []
        for width in widths:
            if width < 0:
                cells.append(LayoutCell(width=width))
            elif (blocks := next(following, None)) is not None:
                cells.append(LayoutCell(width=width, content=tuple(blocks)))
            else:
                break
        if cells:
            rows.append(tuple(cells))
    return Layout(
        rows=tuple(rows),
        identifier=div.identifier,
        classes=tuple(c for c in div.classes if c != Layout.form),
        attributes={k: v for k, v in div.attributes.items() if k not in LAYOUT},
    )


def _cells(items: list[pf.Element]) -> Iterator[list[pf.Element]]:
    """Yield the blocks of each cell: a heading stands at the head of the cell that follows."""
    heading: list[pf.Element] = []
    for item in items:
        if isinstance(item, pf.Header):
            heading = [item]
            continue
        images = (
            [e for e in item.content if isinstance(e, pf.Image)]
            if isinstance(item, pf.Para | pf.Plain)
            else []
        )
        for block in [pf.Para(e) for e in images] if len(images) > 1 else [item]:
            yield [*heading, block]
        heading = []
    if heading:
        yield heading


def _rows(attributes: Mapping[str, str], count: int) -> list[list[float]]:
    """Return widths in per cent, row by row; what doesn't fit the given layout follows in rows of the last form."""
    rows: list[list[float]] = []
    for row in _given_rows(attributes.get("layout", "")):
        numbers = [n for n in row if n]
        total = sum(abs(n) for n in numbers)
        if any(n > 0 for n in numbers):  # a row of gaps alone would take nothing in
            rows.append([100 * n / total if total < 99 or total > 101 else n for n in numbers])
    if not rows:
        lines = _whole(attributes.get("layout-nrow"))
        columns = _whole(attributes.get("layout-ncol")) or (-(-count // lines) if lines else 1)
        rows = [[100 / columns] * columns]
    while sum(sum(w > 0 for w in row) for row in rows) < count:
        rows.append(rows[-1])
    return rows


def _given_rows(given: str) -> list[list[float]]:
    """Return the widths that ``layout`` gives, one list a row; none where it isn't written as it should be."""
    try:
        value = json.loads(given)
        rows = value if value and isinstance(value[0], list) else [value]
        widths = [[float(width) for width in row] for row in rows]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []
    return widths if all(abs(width) < 1e6 for row in widths for width in row) else []


def _whole(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"[1-9][0-9]?", value, re.ASCII) else 0
