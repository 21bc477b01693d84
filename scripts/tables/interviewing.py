"""Advantages and limits of interviews by e-mail, and what each rests on."""

from __future__ import annotations

from typing import Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.figures.works import labels
from paper.publishing.markdown import Cell, QueriedCell
from paper.publishing.table import Table
from paper.tables.cells import CODED, blank_repeats, citation_cell

from .literature_matrix import OWN

SIDES: Final = {"advantage": "Advantage", "limit": "Limitation", "mitigation": "Answer to limitations"}


def interviewing() -> Table:
    """Set the points for and against, each with the work that it rests on."""
    coded = load.table("interviewing")
    sides = blank_repeats(SIDES[side] for side in coded["side"])
    known = set(labels())
    return Table(
        "interviewing",
        coded,
        [
            (side, QueriedCell(row.point, row.doubt, row.id), _rests_on(row.sourced, known))
            for side, row in zip(sides, rows(coded), strict=True)
        ],
        ("Side", "Point", "What it rests on"),
        (18, 50, 32),
        CODED,
        ("interviewing",),
    )


def _rests_on(sourced: str, known: set[str]) -> Cell:
    """Return the work that a point is taken from; without one it is the paper's own."""
    result = citation_cell(sourced, known)
    return OWN if isinstance(result, str) else result
