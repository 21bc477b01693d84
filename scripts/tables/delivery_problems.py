"""Problems of delivery by kind."""

from __future__ import annotations

from typing import Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import QueriedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED, blank_repeats
from paper.typography import capital

from ..analysis import documents

# What a problem rests on, where no source is named (see ``analysis.documents.support_of``).
SUPPORT: Final = {
    "figure": "shares without a published source",
    "argument": "argument of this paper",
    "none": "observation of this paper",
}


def delivery_problems() -> Table:
    """Set each problem with its stated cause, consequence and support."""
    data = documents.delivery_problems(load.table("document_problems"))
    kinds = blank_repeats(capital(name) for name in data["category"])
    return Table(
        "delivery_problems",
        data,
        [
            (
                kind,
                QueriedCell(f"{row.id}: {row.problem}", row.doubt, row.id),
                row.cause,
                row.consequence,
                SUPPORT.get(row.support, row.evidence),
            )
            for kind, row in zip(kinds, rows(data), strict=True)
        ],
        ("Kind", "Problem", "Cause", "Consequence", "Support"),
        (17, 33, 17, 16, 17),
        CODED,
        ("document_problems",),
        title=1,
        sortable=True,
    )
