"""What could not be confirmed of the works listed."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.figures.works import labels
from paper.publishing.table import Table
from paper.typography import capital

from ..analysis import citations


def reference_doubts() -> Table:
    """Set what could not be confirmed, work by work."""
    data = citations.doubts(load.table("references_status"), labels())
    return Table(
        "reference_doubts",
        data,
        [(row.work, capital(row.type), capital(row.level), capital(row.unsure)) for row in rows(data)],
        ("Work", "Type", "Looked up", "Not confirmed"),
        (26, 18, 14, 42),
        "From the audit of the draft; looked up in stored copies of public pages.",
        ("references_status",),
        working=True,
    )
