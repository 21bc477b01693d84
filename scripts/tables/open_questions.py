"""What only the author can answer."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import AnnotatedCell
from paper.publishing.table import Table

from ._record import SOURCE


def open_questions() -> Table:
    """Set the doubts that only the author can settle."""
    coded = load.table("corrections")
    data = coded[coded["status"] == "open"].reset_index(drop=True)
    return Table(
        "open_questions",
        data,
        [(AnnotatedCell(row.what, row.note), row.where_, row.fix) for row in rows(data)],
        ("Doubt", "Where it arises", "What would settle it"),
        (46, 21, 33),
        SOURCE,
        ("corrections",),
        working=True,
    )
