"""The literature over time: the works that the paper cites, by field, year and stance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import Lane, key
from paper.figures.works import labels, page_of
from paper.publishing.figure import Figure, build_figure

from ..analysis import literature
from ._years import Years

if TYPE_CHECKING:
    import pandas as pd

MARKS: Final[dict[str, tuple[str, str, str]]] = {
    "support": ("disc", style.BLUE, "supports"),
    "descriptive": ("ring", style.MUTED, "describes"),
    "mixed": ("half", style.PURPLE, "weighs both"),
    "critique": ("diamond", style.ORANGE, "criticises"),
}
STEP: Final = 12.0  # between the marks of one work


def literature_over_time() -> Figure:
    """Draw the works that the paper cites, by field, year and the stance in which it uses them."""
    return figure(literature.over_time(load.table("literature_claims")), labels())


def figure(works: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Draw the works. works: ``literature.over_time``; names: what to call a work ("Hood 1991") by its key."""

    def draw(canvas: Canvas) -> None:
        years = Years.spanning(int(works["year"].min()), int(works["year"].max()), canvas)
        y = key(canvas, canvas.height, [MARKS[name] for name in MARKS]) + 4
        top = y
        y += 20
        for name, group in works.groupby("field", sort=False):
            y = canvas.text(0, y + 4, str(name), size=style.SMALL, bold=True).bottom + 3
            y = _field(canvas, group, names, years, y) + 3
            canvas.line([(0, y), (canvas.width, y)], colour=style.RULE, width=1)
        years.draw(canvas, top, y)
        canvas.height = y + 2

    return build_figure(
        "literature_over_time",
        draw,
        data=works,
        source="The works cited in this paper, coded by the stance in which it uses them.",
        headline=_headline(works),
        describe=(
            f"{works['source'].nunique()} works from {works['year'].min()} to {works['year'].max()}, in rows by field, "
            "each with marks for the stances in which the paper uses it."
        ),
        inputs=("literature_claims",),
    )


def _field(canvas: Canvas, group: pd.DataFrame, names: Mapping[str, str], years: Years, y: float) -> float:
    """Draw one field's works, each on the first row where there is room for it. Returns where the field ends."""
    lane = Lane(canvas, y)
    for row in rows(group):
        stances = row.stances.split("; ")
        x = years.place(row.year)
        name = names.get(row.source, row.source)
        middle = lane.place(x, x + STEP * (len(stances) - 1), name)
        for place, stance in enumerate(stances):
            mark, colour, _ = MARKS[stance]
            canvas.mark(x + STEP * place, middle, mark, colour=colour, size=8.5)
        words = f"{name}: {row.themes} ({row.stances})"
        canvas.link(lane.taken, words, page_of(row.source))
    return lane.bottom


def _headline(works: pd.DataFrame) -> str:
    """Return when doubts about re-engineering begin among the works, or "" where there are none."""
    field = works[works["field"] == "Business process re-engineering"]
    doubts = field[field["stances"].str.contains("critique|mixed")]["year"]
    if doubts.empty or doubts.min() <= field["year"].min():
        return ""
    return (
        f"Re-engineering entered the literature in {field['year'].min()}; "
        f"among the works cited, doubts about it begin in {doubts.min()}"
    )
