"""Tables on the method of interviews: the questionnaire, the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper.analysis.datafile import rows
from paper.publishing.markdown import AnnotatedCell, CodedName, QueriedCell, Strong
from paper.publishing.table import Table
from paper.tables.cells import CODED

if TYPE_CHECKING:
    import pandas as pd


def questionnaire(coded: pd.DataFrame) -> Table:
    """Tabulate the questionnaire's blocks. coded: the data table ``questionnaire``."""
    return Table(
        "questionnaire",
        coded,
        [(row.block, row.topic, QueriedCell(row.purpose, row.doubt, row.block)) for row in rows(coded)],
        ("Block", "Topic", "What it is for"),
        (10, 45, 45),
        CODED,
        ("questionnaire",),
    )


def codebook(coded: pd.DataFrame) -> Table:
    """Tabulate the codes, parents in bold before their own. coded: the data table ``codebook``."""
    return Table(
        "codebook",
        coded,
        [
            (
                CodedName(row.name if row.parent else Strong(row.name), row.code),
                AnnotatedCell(row.definition, row.example),
                row.when_to_use,
                row.when_not_to_use,
            )
            for row in rows(coded)
        ],
        ("Code", "Definition and example", "Use it when", "Take another code for"),
        (22, 34, 21, 23),
        "Drawn from the model, before any interview was read.",
        ("codebook",),
        sortable=True,
    )
