"""Tables as spreadsheets save them, put back into their form where that is safe: no cell changes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from paper.coding.data.package import tables
from paper.coding.data.sheet import DELIMITERS
from paper.text.decoding import decode
from paper.tools.files import csv_bytes, write_atomic


def normalise_csv_files(root: Path) -> list[str]:
    """Write the tables of ``data/`` as UTF-8 without a mark, with commas and plain line ends. Returns what changed.

    Left alone, for ``check`` to tell: a file in an old code page, where letters may be lost already, and one whose
    rows don't have the described columns. Raises DataError when the description can't be read.
    """
    changed = []
    for table in tables(root).values():
        path = root / table.file()
        raw = path.read_bytes() if path.is_file() else b""
        new = _normalised(raw, list(table.columns))
        if new is not None and new != raw:
            write_atomic(path, new)
            changed.append(table.file())
    return changed


def _normalised(raw: bytes, columns: list[str]) -> bytes | None:
    """Return the file in its form; None where it has it, or where another form would be a guess."""
    decoded = decode(raw)
    if not decoded.encoding.startswith("utf") or not decoded.exact:
        return None
    text = decoded.text
    odd = decoded.encoding != "utf-8" or decoded.mark or decoded.newline != "\n"
    for delimiter in (",", *DELIMITERS):
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        # A spreadsheet fills short rows up, and keeps emptied ones, as rows of nothing.
        rows = [row for row in rows if any(row)]
        if not rows or rows[0] != columns or any(len(row) != len(columns) for row in rows):
            continue
        if delimiter == "," and not odd:
            return None
        return csv_bytes(columns, rows[1:])
    return None
