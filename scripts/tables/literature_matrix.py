"""The literature matrix: who says what, and how the paper uses it."""

from __future__ import annotations

from typing import Any, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.figures import works
from paper.publishing.markdown import Cite, QueriedCell, RepeatedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED, blank_repeats

from ..analysis import literature

OWN: Final = "This paper"


def literature_matrix() -> Table:
    """Set every claim by field and source, with its stance."""
    data = literature.matrix(load.table("literature_claims"))
    names = works.labels()
    printed, before = [], None
    for field, row in zip(blank_repeats(data["field"]), rows(data), strict=True):
        source = _source(row)
        known = isinstance(field, RepeatedCell) and source == before
        claim = QueriedCell(f"{row.id}: {row.claim}", row.doubt, row.id)
        printed.append(
            (field, RepeatedCell(names.get(row.source, OWN)) if known else source, claim, row.stance)
        )
        before = source
    return Table(
        "literature_matrix",
        data,
        printed,
        ("On", "Source", "Claim", "Stance"),
        (17, 21, 49, 13),
        CODED,
        ("literature_claims",),
        title=1,
        sortable=True,
        note=f"“{OWN}” marks claims without a source: observations and arguments of its own.",
    )


def _source(row: Any) -> Cite | str:
    return Cite((row.source,)) if row.source else OWN
