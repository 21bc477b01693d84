"""The paper's own PDF, page by page: no hole, no table row alone, nothing too small to read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium
from tests.render import pdf_parts

HOLE = 2.0  # cm
KEPT_TOGETHER = (
    3.6  # cm: a chapter's heading with the first lines of its text, a table's caption, head and two rows
)
SMALLEST = 7.0  # points
HEAD = 60.0  # points: where the running head has ended


@pytest.fixture(scope="module")
def pdf(built_paper: Path) -> Path:
    return built_paper / "_site/local-drive.pdf"


def test_no_page_has_a_hole(pdf: Path) -> None:
    """More room is left only where a heading or a table begins the next page, and on the last page."""
    holes = pdf_parts.holes(pdf)
    limits = [KEPT_TOGETHER if _begins_with_heading_or_table(page) else HOLE for page in PdfDocument(pdf)][1:]
    assert 5 < limits.count(HOLE) < len(limits)
    assert [(n, cm) for n, (cm, limit) in enumerate(zip(holes, limits, strict=False), 1) if cm > limit] == []


def test_no_row_of_a_table_stands_alone(pdf: Path) -> None:
    tables = [node for node in pdf_parts.tags(pdf) if node["/S"] == "/Table"]
    assert len(tables) > 8
    alone = []
    for table in tables:
        pages = Counter(page for row in _rows(table) if (page := _page(row)) is not None)
        if len(pages) > 1:
            alone += [(table.get("/ID"), page) for page, count in pages.items() if count == 1]
    assert alone == []


def test_nothing_is_set_smaller_than_seven_points(pdf: Path) -> None:
    small: Counter[tuple[int, float]] = Counter()
    for number, page in enumerate(PdfDocument(pdf), 1):
        text = page.get_textpage()
        for at in range(text.count_chars()):
            size = _size(text, at)
            if 0 < size < SMALLEST - 0.01 and chr(pdfium.FPDFText_GetUnicode(text, at)).isalpha():
                small[number, round(size, 1)] += 1
    assert small == {}


def _size(text: Any, at: int) -> float:
    """The size of a character as it is printed, in points."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, at, byref(matrix))
    return float(pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d))


def _begins_with_heading_or_table(page: Any) -> bool:
    text = page.get_textpage()
    below = [
        (page.get_height() - text.get_charbox(at)[3], at)
        for at in range(text.count_chars())
        if chr(pdfium.FPDFText_GetUnicode(text, at)).isalnum()
    ]
    top = min(y for y, _ in below if y > HEAD)
    first = min(at for y, at in below if top <= y < top + 8)
    bold = (
        pdfium.FPDFText_GetFontWeight(text, first) >= 600
    )  # headings of the lowest level are as large as text
    return bold or _size(text, first) > 11.5 or text.get_text_range(first, 5) == "Table"


def _rows(node: Any) -> Iterator[Any]:
    for child in _children(node):
        if child.get("/S") == "/TR":
            yield child
        else:
            yield from _rows(child)


def _page(node: Any) -> int | None:
    """The page of the first content beneath a tag."""
    if "/Pg" in node:
        return int(node.raw_get("/Pg").idnum)
    return next((page for child in _children(node) if (page := _page(child)) is not None), None)


def _children(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict):
            yield kid
