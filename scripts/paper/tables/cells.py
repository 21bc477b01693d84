"""Small things that several tables fill their cells with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from paper.figures.interviews import LEAST, TABLES
from paper.publishing.markdown import AnnotatedCell, Cell, Cite, RepeatedCell
from paper.publishing.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from paper.figures.interviews import Interviews

CODED: Final = "Coded from manuscript and references, with a locator for each row."
UNDEFINED: Final = "–"  # a measure that is not defined


@dataclass(frozen=True)
class Column:
    """A column of a table of interviews."""

    heading: str
    width: float
    """Its share of the line."""
    filled: str
    """What will stand in it."""


def interview_table(
    name: str,
    interviews: Interviews,
    data: pd.DataFrame,
    cells: Sequence[Sequence[Cell]],
    columns: Sequence[Column],
    inputs: tuple[str, ...] = TABLES,
    note: str = "",
    lacking: str = "",
) -> Table:
    """Build a table of interviews; while none is coded, one row that says what will fill each column.

    lacking: a sentence on what the coded interviews don't have yet, in the place of rows without a number, or of
    numbers that so few interviews don't bear; neither is then in the data.
    """
    if interviews.empty:
        data = data.iloc[:0]  # no zeros in the place of numbers that aren't there
        cells = [[AnnotatedCell("", column.filled) for column in columns]]
        note = f"{interviews.progress} Each column says what will fill it."
    elif lacking:
        data = data.iloc[:0]
        cells = [[AnnotatedCell("", column.filled) for column in columns]]
        note = f"{lacking} Each column says what will fill it."
    return Table(
        name,
        data,
        cells,
        tuple(column.heading for column in columns),
        tuple(column.width for column in columns),
        interviews.source,
        inputs,
        note,
        interviews.synthetic,
    )


def too_few(interviews: Interviews, least: int = LEAST) -> str:
    """Return the sentence for a result that takes ``least`` coded interviews; "" where there are enough."""
    number = int(interviews.coded["case"].nunique())
    if number >= least:
        return ""
    return f"This takes {least} interviews, and {number} {'is' if number == 1 else 'are'} coded."


def percent(share: Any) -> str:
    """Return a share of 1 as a whole per cent."""
    return f"{share:.0%}" if share == share else UNDEFINED


def rounded(value: Any, places: int = 2) -> str:
    """Return a measure with so many decimals."""
    return f"{value:.{places}f}".replace("-", "−") if value == value else UNDEFINED


def blank_repeats(names: Iterable[str]) -> list[str | RepeatedCell]:
    """Return a group's name where it begins; after that only for those who see one row at a time."""
    results: list[str | RepeatedCell] = []
    last = None
    for name in names:
        results.append(RepeatedCell(name) if name == last else name)
        last = name
    return results


def citation_cell(text: str, keys: Iterable[str]) -> Cite | str:
    """Turn a text that is a citation key, or begins with one and a comma, into a citation."""
    key, _, after = text.partition(",")
    return Cite((key,), after.strip()) if re.fullmatch(r"[a-z0-9]+", key) and key in set(keys) else text
