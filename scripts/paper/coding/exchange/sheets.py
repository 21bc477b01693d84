"""Tables from outside: CSV and XLSX, of any columns with a map, or our own tables as we export them.

A spreadsheet is looked at with distrust: limits on size, no document types in its XML, no formulas in a column
that is read. Cells are text and are never run.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path

from paper.coding.data.package import described
from paper.coding.exchange.archive import MiB
from paper.coding.exchange.formulas import unguard
from paper.coding.exchange.mapping import COLUMNS, NEEDED, Map
from paper.coding.exchange.model import CodedProject
from paper.coding.exchange.ours import project_of
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.rows import project_of_rows
from paper.coding.exchange.store import TABLES, Dataset, Row, read_rows
from paper.coding.exchange.workbook import Table, read_workbook
from paper.errors import DataError, Place
from paper.text.decoding import decode

ENDINGS = (".csv", ".tsv", ".xlsx")
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
MAX_TABLE = 128 * MiB
MAX_CELL = 1_000_000  # letters
HOW = "name the columns in a map and give it with --map: data/ADDING-INTERVIEWS.md shows one"


def read(path: Path, root: Path, map_: Map, remarks: Remarks) -> CodedProject:
    """Read a table, a workbook or a folder of our tables. Raises DataError that says what was found instead."""
    columns = {name: described(name, root).columns for name in TABLES}
    if path.is_dir():
        results = {
            name: [
                {column: unguard(value) for column, value in row.items()}
                for row in read_rows(path, f"{name}.csv", columns[name])
            ]
            for name in TABLES
            if (path / f"{name}.csv").is_file()
        }
        if not results:
            message = f"a folder without any of {', '.join(f'{name}.csv' for name in TABLES)}"
            raise DataError(
                message, place=Place(path.name), remedy="name a file, or a folder that was exported"
            )
        return _ours(results)
    if path.suffix.lower() != ".xlsx":
        return _mapped(_csv(path, map_), path.name, map_, remarks)
    book = read_workbook(path, map_.sheet)
    own = {name: table for name, table in book.items() if name in TABLES and table[:1] == [columns[name]]}
    if own and not map_.columns:
        rows = {
            name: [dict(zip(columns[name], row, strict=True)) for row in table[1:]]
            for name, table in own.items()
        }
        return _ours(rows)
    return _mapped(book[map_.sheet or next(iter(book))], path.name, map_, remarks)


def _ours(tables: Mapping[str, list[Row]]) -> CodedProject:
    """Tables as we export them; texts that aren't released stand in their columns there."""
    dataset = Dataset({name: tables.get(name, []) for name in TABLES})
    dataset.excerpts = {row["segment"]: row["excerpt"] for row in dataset.tables["segments"]}
    dataset.memos = {row["memo"]: row["text"] for row in dataset.tables["memos"]}
    return project_of(dataset, private=True)


def _csv(path: Path, map_: Map) -> Table:
    """Read the rows of a CSV file; its encoding is seen in its bytes, its delimiter in the columns it gives."""
    if path.stat().st_size > MAX_TABLE:
        raise DataError(f"refused: larger than {MAX_TABLE // MiB} MiB", place=Place(path.name))
    decoded = decode(path.read_bytes())
    if decoded.encoding == "mixed":
        lines = ", ".join(map(str, decoded.odd_lines[:5]))
        raise DataError(
            f"in several encodings: lines {lines} are not UTF-8",
            place=Place(path.name, decoded.odd_lines[0]),
            remedy="save the table anew as UTF-8",
        )
    wanted = {*map_.columns.values()} or {name for columns in COLUMNS.values() for name in columns}
    text = decoded.text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0][:MAX_CELL]

    def found(delimiter: str) -> int:
        return len({cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])} & wanted)

    delimiter = max(DELIMITERS, key=found)
    limit = csv.field_size_limit(MAX_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DataError(
            f"not readable as CSV, the cells divided by {DELIMITERS[delimiter]}: {error}",
            place=Place(path.name),
            remedy='a cell with a delimiter, a quotation mark or a line break in it stands in "…"',
        ) from None
    finally:
        csv.field_size_limit(min(limit, sys.maxsize))


def _mapped(table: Table, file: str, map_: Map, remarks: Remarks) -> CodedProject:
    """Return a table of any columns, as the map names them, or as they are named here."""
    header = [cell.strip() for cell in table[0]] if table else []
    kind = map_.table or ("segments" if map_.columns or "case" in header else "codebook")
    names = map_.columns or {name: name for name in COLUMNS[kind] if name in header}
    missing = [name for name in NEEDED[kind] if name not in names]
    absent = [column for column in names.values() if column not in header]
    if missing or absent:
        lacking = f"no column {absent[0]!r}" if absent else f"no column for {' and '.join(missing)}"
        # A table without a header begins with a row, in which somebody speaks: what is no name of a column isn't shown.
        named = [cell if len(cell) <= 30 and len(cell.split()) <= 3 else "…" for cell in header if cell]
        result = ", ".join(named) or "none"
        raise DataError(
            f"{lacking} in the table; its columns are: {result}", place=Place(file, 1), remedy=HOW
        )
    at = {name: header.index(column) for name, column in names.items()}
    rows: list[Row] = []
    others: list[Row] = []
    for cells in table[1:]:
        padded = [*cells, *[""] * (len(header) - len(cells))]
        if any(cell.strip() for cell in padded):
            rows.append({name: padded[place].strip() for name, place in at.items()})
            others.append({name: padded[i].strip() for i, name in enumerate(header) if i not in at.values()})
    return project_of_rows(kind, rows, others, map_, remarks)
