"""The literature over time: the works that the draft cites, by field, year and stance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
from paper.figures import style
from paper.figures.canvas import Anchor, Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import key, notes
from paper.figures.text import width, wrap

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


def figure(
    works: pd.DataFrame, names: Mapping[str, str], unsourced: int, unidentified: Sequence[str]
) -> Figure:
    """The works. works: ``literature.over_time``; names: what to call a work ("Hood 1991") by its key.

    unsourced: how many claims have no source; unidentified: citations that match no work.
    """
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
        for year in range(-(-first // 10) * 10, last + 1, 10):
            x, half = x_of(year), width(str(year), style.SMALL) / 2
            place = min(max(x, half), canvas.width - half)
            canvas.text(place, top, str(year), size=style.SMALL, colour=style.MUTED, anchor="center")
            canvas.beneath([(x, top + 18), (x, y)], colour=style.RULE)
        rest = [f"Not shown: {unsourced} claims that the draft makes without naming a source."]
        if unidentified:
            rest.append(f"Cited, but matching no work in the list: {', '.join(unidentified)}.")
        canvas.height = notes(canvas, y + 6, rest)

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
    taken: list[list[tuple[float, float]]] = []
    for row in rows(group):
        stances = row.stances.split("; ")
        x = x_of(row.year)
        reach = x + STEP * (len(stances) - 1)
        name, after = _label(names.get(row.source, row.source), x - 10, canvas.width - reach - 10)
        long = max(width(line, style.SMALL) for line in name)
        start, end = (x - 6, reach + 10 + long) if after else (x - 10 - long, reach + 6)
        line = _free(taken, len(name), start, end)
        at = y + line * ROW
        for place, stance in enumerate(stances):
            mark, colour, _ = MARKS[stance]
            canvas.mark(x + STEP * place, at + 8.5, mark, colour=colour, size=8.5)
        anchor: Anchor = "left" if after else "right"
        edge = reach + 10 if after else x - 10
        canvas.text(edge, at, "\n".join(name), size=style.SMALL, anchor=anchor)
        plural = "s" if row.claims != 1 else ""
        canvas.hover(
            x,
            at + 8.5,
            f"{' '.join(name)}: {row.themes}. {row.claims} claim{plural}, {row.stances}.\nRows {row.ids}",
            size=18,
        )
    return y + len(taken) * ROW


def _label(name: str, before: float, after: float) -> tuple[list[str], bool]:
    """The name's lines, and whether they stand after the marks; before, after: the room at either side."""
    long = width(name, style.SMALL)
    if long <= max(before, after):
        return [name], long <= after
    return wrap(name, max(before, after), style.SMALL), after >= before


def _free(taken: list[list[tuple[float, float]]], lines: int, start: float, end: float) -> int:
    """The first line from which so many lines are free between start and end; they are taken then."""

    def free(line: int) -> bool:
        return line >= len(taken) or all(end + 8 < a or start > b + 8 for a, b in taken[line])

    line = next(n for n in range(len(taken) + 1) if all(free(n + more) for more in range(lines)))
    taken += [[] for _ in range(line + lines - len(taken))]
    for number in range(line, line + lines):
        taken[number].append((start, end))
    return line
