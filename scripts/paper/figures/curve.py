"""When new interviews stop bringing new codes: the curve, the base and the runs held against it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from paper.analysis import saturation as method
from paper.analysis.datafile import rows
from paper.analysis.saturation import Saturation
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import key, notes
from paper.drawing.text import LINE_HEIGHT, width
from paper.figures.interviews import TABLES, Interviews, shell
from paper.publishing.figure import Figure, build_figure

if TYPE_CHECKING:
    import pandas as pd

TALL: Final = 190.0
FILLED: Final = (
    "One point for each interview, in the order of the data: codes met so far, and codes met for the first time.",
    "Beneath, the first interviews as the base, and the runs of later ones that are held against it.",
)


def figure(interviews: Interviews) -> Figure:
    """Draw new and cumulative codes by interview, with the answer after Guest, Namey and Chen (2020)."""
    new = method.new_codes(interviews.coded, interviews.cases)
    answer = method.saturation(new["new"])

    def draw(canvas: Canvas) -> None:
        if interviews.empty:
            shell(canvas, interviews, FILLED)
        else:
            _chart(canvas, new, answer)
            canvas.height = notes(canvas, canvas.height + 4, _notes(interviews, answer))

    counts = ", ".join(str(row.cumulative) for row in rows(new))
    return build_figure(
        "saturation",
        draw,
        data=new,
        source=interviews.source,
        headline=_headline(new) if interviews.enough else "",
        describe=(
            f"Curve of the codes met after each interview: {counts}. Saturation: {answer.notation}."
            if not interviews.empty
            else f"An empty curve: {interviews.progress}"
        ),
        inputs=TABLES,
        synthetic=interviews.synthetic,
    )


def _headline(new: pd.DataFrame) -> str:
    """Return after which interview no code was met for the first time any more."""
    last = int(new.loc[new["new"] > 0, "interview"].max())
    if last == len(new):
        return "The last interview still brought a new code"
    return f"No interview after number {last} of {len(new)} brought a new code"


def _notes(interviews: Interviews, answer: Saturation) -> list[str]:
    threshold = f"{answer.threshold * 100:g}%"
    lines = [
        f"Guest, Namey & Chen (2020): base of {answer.base}, runs of {answer.run}, threshold {threshold}. "
        + (f"Saturation at {answer.notation}." if answer.at else f"Not reached: {answer.why_not}.")
    ]
    if answer.why_not and answer.runs.empty:
        return lines
    orders = method.over_orders(interviews.coded, interviews.cases, answer.base, answer.run, answer.threshold)
    never = float(orders.loc[orders["at"] == 0, "share"].sum())
    total = int(orders["orders"].sum())
    return [*lines, f"In {total} random orders of the interviews it is reached in {1 - never:.0%}."]


def _chart(canvas: Canvas, new: pd.DataFrame, answer: Saturation) -> None:
    items = [("square", style.BLUE, "new codes"), ("disc", style.INK, "codes so far")]
    top = key(canvas, canvas.height, items) + 18
    most = max(1, int(new["cumulative"].max()))
    floor = top + TALL
    left = width(str(most), style.SMALL) + 12
    step = (canvas.width - left - 8) / len(new)
    bar = min(34.0, step * 0.5)
    for tick in _ticks(most):
        y = floor - TALL * tick / most
        canvas.beneath([(left, y), (canvas.width, y)], colour=style.RULE)
        middle = y - style.SMALL * LINE_HEIGHT / 2
        canvas.text(left - 6, middle, str(tick), size=style.SMALL, colour=style.MUTED, anchor="right")
    every = max(
        1, -(-26 // int(max(step, 1)))
    )  # where the columns are narrow, only every so many is labelled
    points = []
    for row in rows(new):
        x = left + (row.interview - 0.5) * step
        points.append((x, floor - TALL * row.cumulative / most))
        _interview(canvas, row, x, floor, bar, most, said=row.interview % every == 0 or row.interview == 1)
    for (x0, y0), (x1, y1) in pairwise(points):
        canvas.beneath([(x0, y0), (x1, y1)], colour=style.INK, width=1.6)
    canvas.height = _runs(canvas, answer, left, step, floor + 24)


def _interview(
    canvas: Canvas, row: Any, x: float, floor: float, bar: float, most: int, *, said: bool
) -> None:
    tall = TALL * row.new / most
    high = floor - TALL * row.cumulative / most
    if row.new:
        canvas.box(x - bar / 2, floor - tall, bar, tall, fill=style.BLUE, radius=2, opacity=0.45)
    canvas.mark(x, high, "disc", colour=style.INK, size=7)
    plural = "s" if row.new != 1 else ""
    canvas.link_mark(x, high, f"{row.case}: {row.new} new code{plural}, {row.cumulative} so far")
    if said:
        canvas.text(x, high - 20, str(row.cumulative), size=style.SMALL, bold=True, anchor="center")
        canvas.text(x, floor + 4, str(row.interview), size=style.SMALL, colour=style.MUTED, anchor="center")
        if row.new and row.cumulative != row.new and high < floor - tall - 40:
            canvas.text(
                x, floor - tall - 18, str(row.new), size=style.SMALL, colour=style.BLUE, anchor="center"
            )


def _ticks(most: int) -> list[int]:
    """Round numbers from 0, at most six of them."""
    step = next(
        size * 10**power for power in range(9) for size in (1, 2, 5) if most / (size * 10**power) <= 5
    )
    return list(range(0, most + 1, step))


def _runs(canvas: Canvas, answer: Saturation, left: float, step: float, y: float) -> float:
    """Draw the base and the run that tells as lines beneath their interviews. Returns where they end."""
    notices = [
        (
            1,
            min(answer.base, round((canvas.width - left) / step)),
            f"base: {answer.base_codes} codes",
            style.MUTED,
        )
    ]
    met = answer.runs[answer.runs["reached"]] if len(answer.runs) else answer.runs
    telling = met.head(1) if len(met) else answer.runs.tail(1)
    for run in rows(telling):
        words = f"interviews {run.start}–{run.end}: {run.new} new, {run.ratio:.0%} of the base"
        notices.append((run.start, run.end, words, style.GREEN if run.reached else style.ORANGE))
    for start, end, words, colour in notices:
        x0, x1 = left + (start - 1) * step + 4, left + end * step - 4
        canvas.line([(x0, y), (x1, y)], colour=colour, width=3)
        wide = width(words, style.SMALL)
        x = min(max(left, (x0 + x1 - wide) / 2), canvas.width - wide)
        y = canvas.text(x, y + 4, words, size=style.SMALL, colour=colour).bottom + 8
    return y
