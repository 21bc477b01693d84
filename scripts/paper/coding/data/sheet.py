"""A CSV file as rows of text with the lines they stand on, and everything wrong with its form."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paper.errors import DataError, Place, SourceErrors
from paper.report import Fault
from paper.text.decoding import Decoded, decode

DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
CELL: Final = 100_000  # letters; nothing that the tables hold comes near
NAMES: Final = {"cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp866": "DOS 866", "koi8-r": "KOI8-R"}
SAVE: Final = (
    "save the table as UTF-8 (in Excel: “CSV UTF-8”); then `paper check --fix` puts it into its form"
)


@dataclass
class Sheet:
    """The rows of a file, for the columns that were wanted."""

    file: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    """Name → values, as long as ``lines``; a column that the file lacks is absent."""
    lines: list[int] = field(default_factory=list)
    """The line at which each row begins."""
    odd: set[int] = field(default_factory=set)
    """Lines whose cells don't fit the columns, so that no more can be said of them."""


def read(root: Path, file: str, wanted: list[str]) -> tuple[Sheet | None, list[Fault]]:
    """Read the file and its faults of form, all of them; no sheet where there is nothing to go on with."""
    try:
        raw = (root / file).read_bytes()
    except FileNotFoundError:
        return None, [
            Fault(file, None, "missing", "the table is missing", "restore it from git; a table may be empty")
        ]
    except OSError as error:
        return None, [Fault(file, None, "missing", f"the table cannot be read: {error.strerror}")]
    decoded = decode(raw)
    faults = _encoding(file, raw, decoded)
    delimiter, found = _delimiter(decoded.text, wanted)
    if delimiter:
        faults.append(delimiter_fault(file, delimiter))
    rows, lines, broken = _rows(file, decoded.text, delimiter or ",")
    faults += broken
    if not rows:
        return None, faults or [
            Fault(file, 1, "columns", "the table is empty, without the line of columns", _first(wanted))
        ]
    faults += _columns(file, found, wanted)
    sheet = Sheet(file, lines=lines[1:])
    faults += _widths(sheet, rows[1:], len(found))
    for place, name in enumerate(found):
        if name in wanted and name not in sheet.columns:
            sheet.columns[name] = [row[place] if place < len(row) else "" for row in rows[1:]]
    return sheet, faults


def read_whole(root: Path, file: str, wanted: list[str]) -> Sheet:
    """Read the file, in order. Raises DataError for its fault of form, SourceErrors for up to twenty of them."""
    sheet, faults = read(root, file, wanted)
    errors = [
        DataError(fault.message, place=Place(fault.file, fault.line, fault.column), remedy=fault.remedy)
        for fault in faults
    ]
    if len(errors) > 1:
        raise SourceErrors([*errors[:20]])
    if errors or sheet is None:
        raise errors[0]
    return sheet


def delimiter_fault(file: str, delimiter: str) -> Fault:
    """Return the fault of a table whose cells another sign than the comma divides."""
    return Fault(
        file,
        1,
        "delimiter",
        f"the cells are divided by {DELIMITERS[delimiter]}, not by commas",
        "run `paper check --fix`, which puts the table into its form",
    )


def _encoding(file: str, raw: bytes, decoded: Decoded) -> list[Fault]:
    if decoded.encoding == "utf-8":
        if not decoded.mark:
            return []
        return [Fault(file, 1, "byte-order-mark", "the file begins with a byte order mark", SAVE)]
    if decoded.encoding == "mixed":
        shown = ", ".join(map(str, decoded.odd_lines[:5])) + (" …" if len(decoded.odd_lines) > 5 else "")
        message = f"not UTF-8 throughout: lines {shown} are in another encoding"
        return [Fault(file, decoded.odd_lines[0], "encoding", message, SAVE)]
    name = NAMES.get(decoded.encoding, decoded.encoding.upper())
    line = None
    if not decoded.encoding.startswith("utf"):
        first = next(place for place, byte in enumerate(raw) if byte > 127)
        line = raw.count(b"\n", 0, first) + 1
    return [Fault(file, line, "encoding", f"not UTF-8: the table looks like {name}", SAVE)]


def _delimiter(text: str, wanted: list[str]) -> tuple[str, list[str]]:
    """Return the sign that divides the cells, where it isn't the comma, and the columns of the first line."""
    line = text.split("\n", 1)[0][: CELL // 2]

    def split(by: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=by), [])
        except csv.Error:
            return []

    result = split(",")
    if len(set(result) & set(wanted)) < min(2, len(wanted)):
        for other in DELIMITERS:
            if len(set(split(other)) & set(wanted)) >= min(2, len(wanted)) > 1:
                return other, split(other)
    return "", result


def _rows(file: str, text: str, delimiter: str) -> tuple[list[list[str]], list[int], list[Fault]]:
    """Rows, the lines on which they begin, and the faults of quotation marks and empty lines."""
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    limit = csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(start)
            else:
                faults.append(Fault(file, start, "empty-row", "a row without content", "delete the line"))
            start = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "field limit" in reason:
            reason = f"a cell with more than {CELL} letters; a quotation mark may be left open"
        remedy = (
            'a cell with a comma, a quotation mark or a line break stands in "…", with marks in it doubled'
        )
        faults.append(Fault(file, start, "quotation-marks", f"not readable as CSV: {reason}", remedy))
    finally:
        csv.field_size_limit(limit)
    return rows, lines, faults


def _first(wanted: list[str]) -> str:
    return f"write the first line as: {','.join(wanted)}"


def _columns(file: str, found: list[str], wanted: list[str]) -> list[Fault]:
    faults = []
    for name in wanted:
        if name not in found:
            faults.append(Fault(file, 1, "columns", "the column is missing", _first(wanted), column=name))
        elif found.count(name) > 1:
            message = "the column stands there twice"
            faults.append(Fault(file, 1, "columns", message, _first(wanted), column=name))
    for name in dict.fromkeys(found):
        if name not in wanted:
            message = (
                "a column that the description doesn't have" if name.strip() else "a column without a name"
            )
            remedy = "delete it, or describe it in data/datapackage.json"
            faults.append(Fault(file, 1, "columns", message, remedy, column=name[:40]))
    if not faults and found != wanted:
        faults.append(Fault(file, 1, "columns", "the columns stand in another order", _first(wanted)))
    return faults


def _widths(sheet: Sheet, rows: list[list[str]], width: int) -> list[Fault]:
    faults = []
    for row, line in zip(rows, sheet.lines, strict=True):
        if len(row) != width:
            sheet.odd.add(line)
            message = f"{len(row)} cells, where the table has {width} columns"
            remedy = 'a cell with a comma in it stands in "…"; an empty cell keeps its comma'
            faults.append(Fault(sheet.file, line, "cells", message, remedy))
    return faults
