"""Codes against interviews: how many passages of each interview carry each code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from paper.analysis import frequencies
from paper.coding.interviews.coded import division, driver_of
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import notes
from paper.drawing.text import height, width, wrap
from paper.figures.interviews import TABLES, Interviews, shell
from paper.publishing.figure import Figure, build_figure

if TYPE_CHECKING:
    import pandas as pd

HUES: Final = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE)  # by the order of the division
DEPTHS: Final = (0.14, 0.28, 0.42, 0.9)  # by quarters of the largest number
ROW: Final = 22.0
MOST: Final = (60, 40)  # codes and interviews on one sheet; the data to take away have all
LEGIBLE: Final = 22.0  # the narrowest cell, in px, that has room for its number
FILLED: Final = (
    "One row for each code of the codebook, one column for each interview.",
    "In each cell, how many passages carry the code: the stronger the colour, the more.",
)


def figure(interviews: Interviews) -> Figure:
    """Draw the matrix, codes in the codebook's order, each in its driver's hue."""
    matrix = frequencies.code_by_case(interviews.coded, interviews.codebook, interviews.cases)
    ranked = matrix.sum(axis=1).sort_values(ascending=False, kind="stable")
    shown = matrix[matrix.index.isin(ranked.index[: MOST[0]])].iloc[:, : MOST[1]]
    names = dict(zip(interviews.codebook["code"], interviews.codebook["name"], strict=True))
    drivers = driver_of(interviews.codebook)

    def draw(canvas: Canvas) -> None:
        if interviews.empty:
            shell(canvas, interviews, FILLED)
        else:
            hues = dict(zip(division(interviews.codebook), HUES, strict=False))
            _matrix(canvas, shown, names, drivers, hues)
            if shown.shape != matrix.shape:
                message = f"Shown are {shown.shape[0]} of {matrix.shape[0]} codes, those with the most passages, and "
                message += f"{shown.shape[1]} of {matrix.shape[1]} interviews; the data have all."
                canvas.height = notes(canvas, canvas.height, [message])

    used = int((matrix.to_numpy() > 0).sum())
    return build_figure(
        "code_case_matrix",
        draw,
        data=matrix.reset_index().iloc[: 0 if interviews.empty else None],
        source=interviews.source,
        headline=_headline(matrix, names) if interviews.enough else "",
        describe=(
            f"Matrix of {len(matrix)} codes by {len(matrix.columns)} interviews; {used} cells have passages."
            if not interviews.empty
            else f"An empty matrix of codes by interviews: {interviews.progress}"
        ),
        inputs=TABLES,
        synthetic=interviews.synthetic,
    )


def _headline(matrix: pd.DataFrame, names: dict[str, str]) -> str:
    """Return which code stands in most interviews; of several the one with the most passages."""
    spread = (matrix > 0).sum(axis=1)
    most = matrix[spread == spread.max()].sum(axis=1).idxmax()
    return f"“{names[str(most)]}” is the code that most interviews share: {spread.max()} of {matrix.shape[1]}"


def _matrix(
    canvas: Canvas, matrix: pd.DataFrame, names: dict[str, str], drivers: pd.Series[str], hues: dict[str, str]
) -> None:
    lead = min(canvas.width * 0.52, max(width(name, style.SMALL) for name in names.values()) + 10)
    side = min(64.0, (canvas.width - lead) / len(matrix.columns))
    y = _heads(canvas, list(matrix.columns), lead, side)
    most = max(1, int(matrix.to_numpy().max()))
    before = ""
    for code, counts in matrix.iterrows():
        name, driver = names[str(code)], str(drivers[str(code)])
        hue, first = hues.get(driver, style.LINE), driver != before
        y += 8 if first and before else 0
        lines = wrap(name, lead - 10, style.SMALL, bold=first)
        tall = max(ROW, height(len(lines), style.SMALL) + 4)
        # A driver's codes begin with the driver itself, whose name in its hue stands for a key.
        canvas.text(
            0,
            y + (tall - height(len(lines), style.SMALL)) / 2,
            "\n".join(lines),
            size=style.SMALL,
            colour=hue if first else style.INK,
            bold=first,
        )
        for place, (case, count) in enumerate(counts.items()):
            _cell(canvas, lead + place * side, y, side, tall, int(count), most, hue)
            if count:
                words = f"{name}, {case}: {count} passage{'s' if count != 1 else ''}"
                canvas.link_mark(lead + (place + 0.5) * side, y + tall / 2, words)
        y, before = y + tall, driver
    words = "Passages by code and interview; the stronger the colour, the more. An empty cell is none."
    canvas.height = notes(canvas, y + 8, [words])


def _heads(canvas: Canvas, cases: list[str], lead: float, side: float) -> float:
    """Draw the interviews' names over their columns, or their numbers where too long. Returns their end."""
    y = canvas.height
    short = cases
    if max(width(case, style.SMALL) for case in cases) > side - 4:
        short = [str(number) for number in range(1, len(cases) + 1)]
        pairs = [f"{number} {case}".replace(" ", "\u00a0") for number, case in zip(short, cases, strict=True)]
        y = notes(canvas, y, [f"Interviews: {', '.join(pairs)}."]) + 4
    # Where columns are narrow, every second, third, … has its name.
    every = math.ceil(max(width(name, style.SMALL, bold=True) + 3 for name in short) / side)
    for place, name in enumerate(short):
        if (place + 1) % every == 0:
            half = width(name, style.SMALL, bold=True) / 2
            x = min(lead + (place + 0.5) * side, canvas.width - half)
            canvas.text(x, y, name, size=style.SMALL, bold=True, anchor="center")
    return y + height(1, style.SMALL) + 4


def _cell(canvas: Canvas, x: float, y: float, w: float, h: float, count: int, most: int, hue: str) -> None:
    if not count:
        canvas.beneath([(x + 1, y + h - 1), (x + w - 1, y + h - 1)], colour=style.RULE)
        return
    depth = DEPTHS[min(len(DEPTHS) - 1, (count - 1) * len(DEPTHS) // most)]
    canvas.box(x + 1, y + 1, w - 2, h - 2, fill=hue, radius=2, opacity=depth)
    if w >= LEGIBLE:
        colour = style.PAPER if depth == DEPTHS[-1] else style.INK
        middle = y + (h - height(1, style.SMALL)) / 2
        canvas.text(x + w / 2, middle, str(count), size=style.SMALL, colour=colour, anchor="center")
