"""Problems of delivery: what the draft diagnoses, by kind, and what it offers as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
from paper.figures import style
from paper.figures.canvas import Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.text import LINE_HEIGHT, width

if TYPE_CHECKING:
    import pandas as pd

# By ``documents.support_of``: (mark, colour, words).
SUPPORT: Final[dict[str, tuple[str, str, str]]] = {
    "source": ("square", style.GREEN, "a source that is named"),
    "figure": ("square", style.PURPLE, "a figure without a source"),
    "argument": ("square", style.LINE, "an argument of its own"),
    "none": ("frame", style.LINE, "nothing"),
}
SIDE: Final = 20.0
STEP: Final = SIDE + 4
COLUMN: Final = 250.0  # room for the key beside the squares, in px


def figure(problems: pd.DataFrame) -> Figure:
    """One square a problem, with a key that counts. problems: ``documents.delivery_problems``."""
    sizes = problems["category"].value_counts(sort=False)
    names = {category: f"{str(category)[:1].upper()}{str(category)[1:]}" for category in sizes.index}

    def draw(canvas: Canvas) -> None:
        lead = max(width(name, style.TEXT) for name in names.values()) + 10
        across = lead + sizes.max() * STEP + 24
        beside = across + COLUMN <= canvas.width
        top = canvas.height
        # half of a square's line lies outside the square
        y = top + 1 if beside else _key(canvas, problems, 0, top) + 12
        for category, group in problems.groupby("category", sort=False):
            canvas.text(lead - 10, y + 1.5, names[category], anchor="right")
            for place, row in enumerate(rows(group)):
                _square(canvas, row, lead + place * STEP, y)
            canvas.text(lead + len(group) * STEP + 4, y + 1.5, str(len(group)), colour=style.MUTED)
            y += SIDE + 8
        if beside:
            y = max(y, _key(canvas, problems, canvas.width - COLUMN, top))
        canvas.height = y

    return drawn(
        "delivery_problems",
        draw,
        data=problems,
        source="Coded from manuscript and references.",
        describe=(
            f"{len(problems)} problems by kind: "
            + ", ".join(f"{name} {count}" for name, count in sizes.items())
            + f". For {(problems['support'] == 'none').sum()} of them there is no evidence."
        ),
        inputs=("document_problems",),
    )


def _square(canvas: Canvas, row: Any, x: float, y: float) -> None:
    mark, colour, _ = SUPPORT[row.support]
    canvas.box(
        x, y, SIDE, SIDE, fill=style.PAPER if mark == "frame" else colour, line=colour, width=1.6, radius=3
    )
    text = f"{row.problem}. Evidence: {row.evidence or 'none'}.\nCoded from {row.locator}"
    canvas.hover(x + SIDE / 2, y + SIDE / 2, text, size=18)


def _key(canvas: Canvas, problems: pd.DataFrame, x: float, y: float) -> float:
    """What the squares' looks mean, and how many there are of each. Returns where the key ends."""
    counts = problems["support"].value_counts()
    words = "One square a problem; it rests on"
    y = canvas.text(x, y, words, size=style.SMALL, colour=style.MUTED, room=canvas.width - x).bottom + 5
    for name, (mark, colour, meaning) in SUPPORT.items():
        if name in counts:
            middle = y + style.SMALL * LINE_HEIGHT / 2
            canvas.mark(x + 6, middle, mark, colour=colour, size=11)
            y = canvas.text(x + 20, y, f"{meaning}: {counts[name]}", size=style.SMALL).bottom + 4
    return y
