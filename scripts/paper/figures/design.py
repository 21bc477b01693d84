"""Who designs public services: the two shares that the draft gives, and how little stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper.analysis.datafile import rows
from paper.figures import style
from paper.figures.canvas import Anchor, Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import notes

if TYPE_CHECKING:
    import pandas as pd

HUES = (style.BLUE, style.ORANGE)


def figure(shares: pd.DataFrame) -> Figure:
    """One bar of the shares. shares: ``documents.design_shares``, in per cent, the largest first."""
    total = float(shares["percent"].sum())

    def draw(canvas: Canvas) -> None:
        y, tall = canvas.height + 42, 34.0
        x, room = 1.0, canvas.width - 2
        for place, row in enumerate(rows(shares)):
            w = room * row.percent / total
            colour = HUES[place % len(HUES)]
            last = place == len(shares) - 1
            canvas.box(x, y, w - (0 if last else 2), tall, fill=colour, radius=2)
            edge = x + w if last else x
            anchor: Anchor = "right" if last else "left"
            name = canvas.text(edge, y - 40, _label(row.body), colour=style.INK, bold=True, anchor=anchor)
            canvas.text(edge, name.bottom, row.said, colour=colour, bold=True, anchor=anchor)
            canvas.hover(
                x + w / 2,
                y + tall / 2,
                f"{row.body}: {row.does}.\nCoded from {row.locator}",
                size=34,
            )
            x += w
        canvas.height = notes(canvas, y + tall + 8, ["Share of all public services."])

    return drawn(
        "design_shares",
        draw,
        data=shares,
        source="Coded from manuscript and references; without a published source.",
        describe=(
            "A bar in two parts: "
            + ", ".join(f"{_label(row.body)} {row.said}" for row in rows(shares))
            + " of public services."
        ),
        inputs=("relations",),
    )


def _label(body: str) -> str:
    return body[:1].upper() + body[1:]
