"""Whose hands a public service passes through: who designs, coordinates, controls, takes in and delivers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import Card
from paper.publishing.figure import Figure, build_figure

from ..analysis import documents

if TYPE_CHECKING:
    import pandas as pd

STEPS: Final = {
    "design": "Design",
    "coordination": "Rules",
    "control": "Control",
    "front office": "Counter",
    "back office": "Delivery",
}
COLOURS: Final = {"central": style.BLUE, "local": style.ORANGE}
GAP: Final = 7.0


def service_chain() -> Figure:
    """Draw which bodies a public service passes through, from its design to its delivery."""
    return figure(documents.service_chain(load.table("relations"), load.table("stakeholders")))


def figure(chain: pd.DataFrame) -> Figure:
    """Draw a card for each body in the order of its step. chain: ``documents.service_chain``."""

    def draw(canvas: Canvas) -> None:
        cards = [
            Card(STEPS[row.step], row.body, row.share, COLOURS.get(row.level, style.GREEN))
            for row in rows(chain)
        ]
        across = len(cards) if canvas.width >= style.WIDE else 2
        w = (canvas.width - 2 - (across - 1) * GAP) / across
        y = canvas.height + 1
        for start in range(0, len(cards), across):
            line = cards[start : start + across]
            tall = max(card.height(w) for card in line)
            for place, card in enumerate(line):
                card.draw(canvas, 1 + place * (w + GAP), y, w, tall, fill=style.soft(card.colour))
            y += tall + GAP
        canvas.height = y - GAP + 1

    return build_figure(
        "service_chain",
        draw,
        data=chain,
        source="The analysis of documents in this paper.",
        headline="Many bodies share a service, and none clearly sees the whole",
        describe="In order: "
        + "; ".join(
            f"{STEPS[row.step].lower()}, {row.body}{row.share and f', {row.share}'}" for row in rows(chain)
        )
        + ".",
        inputs=("relations", "stakeholders"),
    )
