"""The tables as CSV files or as a workbook, in which no text can run as a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from paper.coding.exchange.formulas import guard
from paper.coding.exchange.store import Row
from paper.errors import DataError
from paper.tools.files import csv_bytes, write_all

LONGEST = 32_767  # letters that a cell of a workbook holds (Excel specifications and limits)

Tables = Mapping[str, tuple[Sequence[str], Sequence[Row]]]  # name → columns, rows


def csv_files(tables: Tables) -> dict[str, bytes]:
    """Each table as NAME.csv; an apostrophe, which ``sheets`` takes off, stands before text that would run."""
    files: dict[str, bytes] = {}
    for name, (columns, rows) in tables.items():
        cells = ([guard(row[column]) for column in columns] for row in rows)
        files[f"{name}.csv"] = csv_bytes(columns, cells)
    return files


def workbook(tables: Tables) -> bytes:
    """One sheet a table. Every cell is a text cell, marked as such for a program that would guess anew.

    Raises DataError for a text that a cell can't hold.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    for name, (columns, rows) in tables.items():
        sheet = book.create_sheet(name)
        for number, values in enumerate(
            [list(columns), *([row[column] for column in columns] for row in rows)], 1
        ):
            cells = []
            for column, value in zip(columns, values, strict=True):
                if len(value) > LONGEST:
                    raise _unfit(name, number, column, f"longer than the {LONGEST} letters of a cell")
                try:
                    cell = WriteOnlyCell(sheet, value)
                except IllegalCharacterError:
                    raise _unfit(name, number, column, "a sign that a workbook can't hold") from None
                cell.data_type = "s"
                cell.quotePrefix = True
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _unfit(table: str, number: int, column: str, why: str) -> DataError:
    return DataError(
        f"{table}, row {number}, {column}: {why}", remedy="export as csv or qdpx, or run `paper data check`"
    )


def ending(to: str) -> str:
    """How the name of an export ends: a folder of CSV files has no ending."""
    return "" if to == "csv" else f".{to}"


def write(target: Path, data: bytes | Mapping[str, bytes]) -> None:
    """Write a file, or the files of a folder, whole or not at all."""
    files = (
        {target: data}
        if isinstance(data, bytes)
        else {target / name: content for name, content in data.items()}
    )
    write_all(files)
