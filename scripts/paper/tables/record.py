"""The record of the rewriting: corrections made, and questions that only the author can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper.analysis.datafile import rows
from paper.tables.cells import capital
from paper.tables.markdown import Noted
from paper.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "From the audit of the draft."


def corrections(coded: pd.DataFrame) -> Table:
    """What was corrected, or looked wrong and was kept. coded: the data table ``corrections``."""
    data = coded[coded["status"] != "open"].reset_index(drop=True)
    return Table(
        "corrections",
        data,
        [(capital(row.kind), row.what, Noted(row.fix, row.note), row.where_) for row in rows(data)],
        ("Kind", "In the draft", "In the paper", "Where"),
        (14, 33, 30, 23),
        SOURCE,
        ("corrections",),
        __name__,
        working=True,
    )


def open_questions(coded: pd.DataFrame) -> Table:
    """The doubts that only the author can settle. coded: the data table ``corrections``."""
    data = coded[coded["status"] == "open"].reset_index(drop=True)
    return Table(
        "open_questions",
        data,
        [(Noted(row.what, row.note), row.where_, row.fix) for row in rows(data)],
        ("Doubt", "Where it arises", "What would settle it"),
        (46, 21, 33),
        SOURCE,
        ("corrections",),
        __name__,
        working=True,
    )
