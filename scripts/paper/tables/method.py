"""Tables on the method: interviewing by e-mail, fieldwork, the questionnaire, the codebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from paper.analysis import documents
from paper.analysis.datafile import rows
from paper.tables.cells import CODED, cited, once
from paper.tables.literature import OWN
from paper.tables.markdown import Asked, Cell, Named, Noted, Strong
from paper.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

SIDES: Final = {"advantage": "Advantage", "limit": "Limitation", "mitigation": "Answer to limitations"}


def interviewing(coded: pd.DataFrame, keys: Iterable[str]) -> Table:
    """For and against interviews by e-mail. coded: the data table ``interviewing``; keys: those of the bibliography."""
    sides = once(SIDES[side] for side in coded["side"])
    known = set(keys)
    return Table(
        "interviewing",
        coded,
        [
            (side, Asked(row.point, row.doubt, row.id), _rests_on(row.sourced, known))
            for side, row in zip(sides, rows(coded), strict=True)
        ],
        ("Side", "Point", "What it rests on"),
        (18, 50, 32),
        CODED,
        ("interviewing",),
        __name__,
    )


def _rests_on(sourced: str, known: set[str]) -> Cell:
    """The work that a point is taken from; without one it is the paper's own."""
    found = cited(sourced, known)
    return OWN if isinstance(found, str) else found


def fieldwork(coded: pd.DataFrame) -> Table:
    """Design, sample and fieldwork. coded: the data table ``methodology``."""
    data = documents.fieldwork(coded)
    return Table(
        "fieldwork",
        data,
        [(row.item, Asked(row.value, row.doubt, row.id), row.precision) for row in rows(data)],
        ("What", "Value", "Precision"),
        (26, 60, 14),
        CODED,
        ("methodology",),
        __name__,
    )


def questionnaire(coded: pd.DataFrame) -> Table:
    """The questionnaire's blocks. coded: the data table ``questionnaire``."""
    return Table(
        "questionnaire",
        coded,
        [(row.block, row.topic, Asked(row.purpose, row.doubt, row.block)) for row in rows(coded)],
        ("Block", "Topic", "What it is for"),
        (10, 45, 45),
        CODED,
        ("questionnaire",),
        __name__,
    )


def codebook(coded: pd.DataFrame) -> Table:
    """The codes, parents in bold before their own. coded: the data table ``codebook``."""
    return Table(
        "codebook",
        coded,
        [
            (
                Named(row.name if row.parent else Strong(row.name), row.code),
                Noted(row.definition, row.example),
                row.when_to_use,
                row.when_not_to_use,
            )
            for row in rows(coded)
        ],
        ("Code", "Definition and example", "Use it when", "Take another code for"),
        (22, 34, 21, 23),
        "Drawn from the model, before any interview was read.",
        ("codebook",),
        __name__,
        sortable=True,
    )
