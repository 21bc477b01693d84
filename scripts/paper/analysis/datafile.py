"""Result tables as CSV files for readers: UTF-8, one line end, nothing that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Number
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from paper.tools.files import PLAIN, csv_bytes, write_atomic

Kind = Literal["fig", "tbl"]


def name(kind: Kind, of: str, *, synthetic: bool = False, working: bool = False) -> str:
    """Return the path, from the project's root, of the CSV behind a figure (``fig``) or table (``tbl``)."""
    folder = "demo/" if synthetic else "working/" if working else ""
    return f"assets/data/{folder}{kind}-{of}.csv"


NOT_TAKEN_AWAY: Final = (
    "doubt",
    "source_as_cited",
    "date_as_printed",
)  # said to the author; see paper.editions


def without_private_columns(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table without the columns that are said to the author alone."""
    return data.drop(columns=[name for name in NOT_TAKEN_AWAY if name in data])


def rows(data: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows as named tuples, a name for each column."""
    return data.itertuples(index=False)


def text(data: pd.DataFrame) -> str:
    """Return the table as CSV. A cell that a spreadsheet could take for a formula gets an apostrophe before it."""
    data = without_private_columns(data)
    names = [_safe(str(column)) for column in data.columns]
    cells = data.itertuples(index=False, name=None)  # a class for each table costs more than its rows
    return csv_bytes(names, ([_safe(value) for value in row] for row in cells)).decode()


def write(path: Path, data: pd.DataFrame) -> bool:
    """Write the CSV if it differs from what stands there. Returns whether it did."""
    new = text(data).encode()
    if path.is_file() and path.read_bytes() == new:
        return False
    write_atomic(path, new, mode=PLAIN)
    return True


def _safe(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would take for a formula (OWASP, "CSV Injection")."""
    if _missing(value):
        return ""
    if isinstance(value, Number | bool):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def format_value(value: object) -> str:
    """Return a value as a reader sees it: nothing for a missing one, no needless decimals."""
    if _missing(value):
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value
