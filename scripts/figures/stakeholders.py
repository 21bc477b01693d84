"""Who designs, coordinates, controls, delivers and uses public services.

The places of cards and lines are set here; every word on them comes from the tables, and a line is dashed
where the table says that the relation is proposed, argued or inferred rather than stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.errors import DataError, Place
from paper.publishing.figure import Figure, build_figure

from ..analysis import documents
from ._network_layout import CAST, Narrow, Wide

if TYPE_CHECKING:
    import pandas as pd

ACTORS: Final = (*CAST, "S15")
# Drawn as lines, or told on a card (L04, L08, L16, L33).
RELATIONS: Final = tuple(
    f"L{number:02}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 16, 18, 33)
)


def stakeholders() -> Figure:
    """Draw who designs, coordinates, controls, delivers and uses public services, and what ties them together."""
    people, ties = load.table("stakeholders"), load.table("relations")
    return figure(people, ties, documents.network(people, ties, list(ACTORS), list(RELATIONS)))


def figure(stakeholders: pd.DataFrame, relations: pd.DataFrame, parts: pd.DataFrame) -> Figure:
    """Draw the network. parts: ``documents.network`` of the same tables, for ACTORS and RELATIONS.

    Raises DataError when a table lacks one of them.
    """
    people = _by_id(stakeholders, ACTORS, "stakeholders")
    ties = _by_id(relations, RELATIONS, "relations")

    def draw(canvas: Canvas) -> None:
        (Wide if canvas.width >= style.WIDE else Narrow)(canvas, people, ties).draw()

    told = "; ".join(f"{tie.source_name} {tie.relation} {tie.target_name}" for tie in ties.values())
    return build_figure(
        "stakeholders",
        draw,
        data=parts,
        source="Bodies and relations named in the documents and literature that this paper analyses.",
        headline="Design, delivery, coordination and control of one service lie with different bodies",
        describe=f"Network of stakeholders in public services: {told}.",
        inputs=("stakeholders", "relations"),
    )


def _by_id(table: pd.DataFrame, wanted: tuple[str, ...], name: str) -> dict[str, Any]:
    results = {row.id: row for row in rows(table) if row.id in wanted}
    missing = sorted(set(wanted) - set(results))
    if missing:
        raise DataError(
            f"the figure of stakeholders draws {', '.join(missing)}, which the table lacks",
            place=Place(f"data/{name}.csv"),
            remedy="put the rows back, or change the layout in scripts/figures/stakeholders.py",
        )
    return {name: results[name] for name in wanted}
