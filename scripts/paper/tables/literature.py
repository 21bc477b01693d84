"""The literature matrix: who says what, and how the draft uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from paper.analysis import literature
from paper.analysis.datafile import rows
from paper.tables.cells import CODED, once
from paper.tables.markdown import Again, Cite, Noted
from paper.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

OWN: Final = "The draft itself"
UNSOURCED: Final = "No source"


def literature_matrix(coded: pd.DataFrame) -> Table:
    """Every claim by field and source, with its stance. coded: the data table ``literature_claims``."""
    data = literature.matrix(coded)
    printed, before = [], None
    for field, row in zip(once(data["field"]), rows(data), strict=True):
        source = _source(row)
        known = isinstance(field, Again) and source == before
        doubt = "" if row.doubt == UNSOURCED else row.doubt  # the second column says so already
        printed.append((field, Again(_said(row)) if known else source, Noted(row.claim, doubt), row.stance))
        before = source
    return Table(
        "literature_matrix",
        data,
        printed,
        ("On", "Source", "Claim", "Stance"),
        (17, 21, 49, 13),
        CODED,
        ("literature_claims",),
        __name__,
        note=f"“{OWN}” marks claims that the draft makes without naming a source.",
    )


def _source(row: Any) -> Cite | Noted | str:
    if row.source:
        return Cite((row.source,))
    return Noted(row.source_as_cited, "not identified") if row.source_as_cited else OWN


def _said(row: Any) -> str:
    """The source in plain words, for rows that repeat it."""
    return str(row.source_as_cited or OWN)
