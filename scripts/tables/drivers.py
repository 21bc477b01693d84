"""The two drivers and their indicators."""

from __future__ import annotations

from typing import Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.publishing.markdown import QueriedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED, blank_repeats
from paper.typography import capital

from ..analysis import documents

DRIVERS: Final = {"internal": "Internal", "external": "External", "context": "Outside the model"}


def drivers() -> Table:
    """Set the indicators with kind, place in the paper and the theory behind."""
    data = documents.drivers(load.table("factors"))
    names = blank_repeats(DRIVERS[name] for name in data["driver"])
    return Table(
        "drivers",
        data,
        [
            (
                name,
                QueriedCell(capital(row.indicator), row.doubt, row.id),
                row.indicator_type,
                _place(row.in_text, row.in_figure),
                row.theory,
            )
            for name, row in zip(names, rows(data), strict=True)
        ],
        ("Driver", "Indicator", "Kind", "Stands in", "Theory behind"),
        (14, 38, 15, 15, 18),
        CODED,
        ("factors",),
        title=1,
        sortable=True,
    )


def _place(in_text: str, in_figure: str) -> str:
    places = [name for name, said in (("text", in_text), ("figure", in_figure)) if said == "yes"]
    return " and ".join(places)
