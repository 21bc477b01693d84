"""What was corrected on the way from the draft to the paper."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import AnnotatedCell
from paper.publishing.table import Table
from paper.typography import capital

from ._record import SOURCE


def corrections() -> Table:
    """Set what was corrected, or looked wrong and was kept."""
    coded = load.table("corrections")
    data = coded[coded["status"] != "open"].reset_index(drop=True)
    return Table(
        "corrections",
        data,
        [(capital(row.kind), row.what, AnnotatedCell(row.fix, row.note), row.where_) for row in rows(data)],
        ("Kind", "In the draft", "In the paper", "Where"),
        (14, 33, 30, 23),
        SOURCE,
        ("corrections",),
        working=True,
    )
