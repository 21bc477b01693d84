"""What the draft had wrong in citations, references and quotations, and what finds it today."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.table import Table
from paper.typography import capital

from ..analysis import citations
from ._record import SOURCE

READER = "a reader"


def citation_faults() -> Table:
    """Set what the draft had wrong, with what finds its like."""
    data = citations.faults_of_the_draft(load.table("corrections"))
    return Table(
        "citation_faults",
        data,
        [
            (capital(row.kind), row.what, capital(row.state), row.found_by.replace("; ", ", ") or READER)
            for row in rows(data)
        ],
        ("Kind", "In the draft", "State", "Found today by"),
        (17, 45, 14, 24),
        SOURCE,
        ("corrections",),
        working=True,
    )
