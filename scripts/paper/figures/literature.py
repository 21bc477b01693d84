"""The literature over time: the works that the draft cites, by field, year and stance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from paper.figures import style
from paper.figures.canvas import Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import key, notes
from paper.figures.text import width

if TYPE_CHECKING:
    import pandas as pd

MARKS: Final[dict[str, tuple[str, str, str]]] = {
    "support": ("disc", style.BLUE, "supports"),
    "descriptive": ("ring", style.MUTED, "describes"),
    "mixed": ("half", style.PURPLE, "weighs both"),
    "critique": ("diamond", style.ORANGE, "criticises"),
}
STEP: Final = 12.0  # between the marks of one work
ROW: Final = 19.0


def figure(works: pd.DataFrame, names: Mapping[str, str], unsourced: int) -> Figure:
    """The works. works: ``literature.over_time``; names: what to call a work ("Hood 1991") by its key."""
    first, last = int(works["year"].min()) // 5 * 5, -(-int(works["year"].max()) // 5) * 5

    def draw(canvas: Canvas) -> None:
        left, right = 10.0, canvas.width - 10

        def x_of(year: float) -> float:
            return left + (right - left) * (year - first) / (last - first)

        y = key(canvas, canvas.height, [MARKS[name] for name in MARKS]) + 4
        top = y
        y += 20
        for name, group in works.groupby("field", sort=False):
            y = canvas.text(0, y + 4, str(name), size=style.SMALL, bold=True).bottom + 3
            y = _field(canvas, group, names, x_of, y) + 3
            canvas.line([(0, y), (canvas.width, y)], colour=style.RULE, width=1)
        for year in range(first, last + 1, 10):
            x = x_of(year)
            anchor = "left" if year == first else "right" if year == last else "center"
            shift = {"left": -left, "right": right - x + 10, "center": 0}[anchor]
            canvas.text(x + shift, top, str(year), size=style.SMALL, colour=style.MUTED, anchor=anchor)
            canvas.beneath([(x, top + 18), (x, y)], colour=style.RULE)
        rest = f"Not shown: {unsourced} further claims that the draft makes without naming a source."
        canvas.height = notes(canvas, y + 6, [rest])

    return drawn(
        "literature_over_time",
        draw,
        data=works,
        source="Coded from the draft by the project; years as corrected in the list of references.",
        describe=(
            f"{works['source'].nunique()} works from {works['year'].min()} to {works['year'].max()}, in rows by field, "
            "each with marks for the stances in which the draft uses it."
        ),
        inputs=("literature_claims",),
    )


def _field(canvas: Canvas, group: pd.DataFrame, names: Mapping[str, str], x_of: Any, y: float) -> float:
    """One field's works, each on the first line where there is room for it. Returns where the field ends."""
    ends: list[list[tuple[float, float]]] = []
    for row in group.itertuples():
        label = names.get(row.source, row.source)
        stances = row.stances.split("; ")
        wide = width(label, style.SMALL)
        x = x_of(row.year)
        marks = STEP * (len(stances) - 1)
        after = x + marks + 10 + wide <= canvas.width
        start, end = (x - 6, x + marks + 10 + wide) if after else (x - 10 - wide, x + marks + 6)
        line = next(
            (n for n, taken in enumerate(ends) if all(end + 8 < a or start > b + 8 for a, b in taken)),
            len(ends),
        )
        if line == len(ends):
            ends.append([])
        ends[line].append((start, end))
        at = y + line * ROW
        middle = at + 8.5
        for place, stance in enumerate(stances):
            mark, colour, _ = MARKS[stance]
            canvas.mark(x + STEP * place, middle, mark, colour=colour, size=8.5)
        canvas.text(
            x + marks + 10 if after else x - 10,
            at,
            label,
            size=style.SMALL,
            anchor="left" if after else "right",
        )
        plural = "s" if row.claims != 1 else ""
        canvas.hover(
            x,
            middle,
            f"{label}: {row.themes}. {row.claims} claim{plural}, {row.stances}.\nRows {row.ids}",
            size=18,
        )
    return y + len(ends) * ROW
