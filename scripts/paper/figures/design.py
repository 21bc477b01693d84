"""Who designs public services: the two shares that the draft gives, and how little stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper.figures import style
from paper.figures.canvas import Canvas
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
        for place, row in enumerate(shares.itertuples()):
            w = room * row.percent / total
            colour = HUES[place % len(HUES)]
            last = place == len(shares) - 1
            canvas.box(x, y, w - (0 if last else 2), tall, fill=colour, radius=2)
            almost = "almost " if "almost" in row.doubt else ""
            edge, anchor = (x + w, "right") if last else (x, "left")
            name = canvas.text(edge, y - 40, _label(row.body), colour=style.INK, bold=True, anchor=anchor)
            canvas.text(
                edge, name.bottom, f"{almost}{row.percent:g}%", colour=colour, bold=True, anchor=anchor
            )
            canvas.hover(
                x + w / 2,
                y + tall / 2,
                f"{row.body}: {row.does}. Doubt: {row.doubt}.\nDraft: {row.locator}",
                size=34,
            )
            x += w
        text = "Share of all public services. The draft names no source, no date and no number of services."
        canvas.height = notes(canvas, y + tall + 8, [text])

    return drawn(
        "design_shares",
        draw,
        data=shares,
        source="Coded from the draft by the project; the draft names no source.",
        describe=(
            "A bar in two parts: "
            + ", ".join(f"{_label(row.body)} {row.percent:g} per cent" for row in shares.itertuples())
            + " of public services."
        ),
        inputs=("relations",),
    )


def _label(body: str) -> str:
    """The body's name without its id, with a capital."""
    words = body.split(" ", 1)[1] if body[:1] == "S" and body[1:3].isdigit() else body
    return words[:1].upper() + words[1:]
