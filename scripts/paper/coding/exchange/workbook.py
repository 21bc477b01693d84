"""An XLSX workbook as rows of text."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import Any
from xml.parsers import expat

from paper.coding.exchange.archive import Archive
from paper.errors import DataError, Place

Table = list[list[str]]
MAX_ROWS = 300_000
MAX_COLUMNS = 200


def read_workbook(path: Path, sheet: str = "") -> dict[str, Table]:
    """Read the sheets by name, with numbers and dates as text; only one where it is named.

    Raises DataError for what isn't a workbook, is refused, lacks the sheet, or holds a formula.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _inspect(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise DataError(
            f"not a readable workbook ({error})", place=Place(path.name), remedy="save it again as .xlsx"
        ) from None
    try:
        if sheet and sheet not in book.sheetnames:
            result = ", ".join(book.sheetnames)
            raise DataError(f"no sheet {sheet!r}", place=Place(path.name), remedy=f"its sheets are: {result}")
        return {name: _rows(path, book[name]) for name in ([sheet] if sheet else book.sheetnames)}
    finally:
        book.close()


def _rows(path: Path, sheet: Any) -> Table:
    rows: Table = []
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        if number > MAX_ROWS:
            raise DataError(f"refused: more than {MAX_ROWS} rows", place=Place(path.name, None, sheet.title))
        for cell in row:
            if cell.data_type == "f":
                raise DataError(
                    f"a formula stands in {cell.coordinate}",
                    place=Place(path.name, number, sheet.title),
                    remedy="replace formulas by their values (copy, paste special, values) and save again",
                )
        rows.append([_text(cell.value) for cell in row])
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _inspect(path: Path) -> None:
    """Refuse what ``Archive`` refuses, and document types in any part of the workbook."""
    with Archive(path) as archive:
        for name in archive.names:
            if name.endswith((".xml", ".rels", ".vml")) and _has_doctype(archive.read(name)):
                raise DataError(
                    "refused: the XML inside declares a document type or entities",
                    place=Place(path.name),
                    remedy="a workbook that a spreadsheet program wrote has no such thing; save it again",
                )


def _has_doctype(data: bytes) -> bool:
    """Whether a document type stands before the root element; what isn't XML has none."""
    seen: list[bool] = []
    parser = expat.ParserCreate()

    def found(doctype: bool) -> None:
        seen.append(doctype)
        raise StopIteration

    parser.StartDoctypeDeclHandler = lambda *_: found(True)
    parser.StartElementHandler = lambda *_: found(False)
    with contextlib.suppress(StopIteration, expat.ExpatError):
        parser.Parse(data, True)
    return any(seen)
