"""Problems of delivery: what the draft diagnoses, by kind, and what it offers as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.figures import style
from paper.figures.canvas import Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import key
from paper.figures.text import width

if TYPE_CHECKING:
    import pandas as pd

# By ``documents.support_of``: (mark, colour, words).
SUPPORT: Final[dict[str, tuple[str, str, str]]] = {
    "source": ("square", style.GREEN, "a source: a conference speech"),
    "figure": ("square", style.PURPLE, "a figure without a source"),
    "argument": ("square", style.LINE, "the draft's own argument"),
    "none": ("frame", style.LINE, "nothing"),
}
SIDE: Final = 20.0


def figure(problems: pd.DataFrame) -> Figure:
    """One square a problem. problems: ``documents.delivery_problems``."""

    def draw(canvas: Canvas) -> None:
        y = (
            canvas.text(
                0,
                canvas.height,
                "Each square is one problem; its evidence in the draft is",
                size=style.SMALL,
                colour=style.MUTED,
            ).bottom
            + 3
        )
        used = dict.fromkeys(problems["support"])
        y = key(canvas, y, [SUPPORT[name] for name in SUPPORT if name in used]) + 6
        names = {
            category: str(category)[:1].upper() + str(category)[1:]
            for category in problems["category"].unique()
        }
        lead = max(width(name, style.TEXT) for name in names.values()) + 10
        for category, group in problems.groupby("category", sort=False):
            canvas.text(lead - 10, y + 1.5, names[category], anchor="right")
            x = lead
            for row in group.itertuples():
                mark, colour, _ = SUPPORT[row.support]
                fill = style.PAPER if mark == "frame" else colour
                canvas.box(x, y, SIDE, SIDE, fill=fill, line=colour, width=1.6, radius=3)
                canvas.hover(
                    x + SIDE / 2,
                    y + SIDE / 2,
                    f"{row.problem}. Evidence: {row.evidence or 'none'}.\nDraft: {row.locator}",
                    size=18,
                )
                x += SIDE + 4
            canvas.text(x + 6, y + 1.5, str(len(group)), colour=style.MUTED)
            y += SIDE + 8
        canvas.height = y

    counts = problems["category"].value_counts(sort=False)
    return drawn(
        "delivery_problems",
        draw,
        data=problems,
        source="Coded from the draft by the project.",
        describe=(
            f"{len(problems)} problems by kind: "
            + ", ".join(f"{name} {count}" for name, count in counts.items())
            + f". For {(problems['support'] == 'none').sum()} of them the draft offers no evidence."
        ),
        inputs=("document_problems",),
    )
