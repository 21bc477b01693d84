"""Who has a part in the delivery of public services: level and role."""

from __future__ import annotations

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import QueriedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED

from ..analysis import documents


def stakeholders() -> Table:
    """Set level and role of each body or group."""
    coded = load.table("stakeholders")
    data = documents.with_part_in_delivery(coded)
    apart = sorted(set(coded["name"]) - set(data["name"]))
    return Table(
        "stakeholders",
        data,
        [(row.name, row.level, QueriedCell(row.role, row.doubt, row.id)) for row in rows(data)],
        ("Body or group", "Level", "Role"),
        (30, 18, 52),
        CODED,
        ("stakeholders",),
        sortable=True,
        note=f"Left out, having no part in delivery: {'; '.join(apart)}." if apart else "",
    )
