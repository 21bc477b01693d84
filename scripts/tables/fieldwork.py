"""Design, sample and fieldwork, and how precisely each is known."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import QueriedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED

from ..analysis import documents


def fieldwork() -> Table:
    """Set each fact on design, sample and fieldwork."""
    data = documents.fieldwork(load.table("methodology"))
    return Table(
        "fieldwork",
        data,
        [(row.item, QueriedCell(row.value, row.doubt, row.id), row.precision) for row in rows(data)],
        ("What", "Value", "Precision"),
        (26, 60, 14),
        CODED,
        ("methodology",),
    )
