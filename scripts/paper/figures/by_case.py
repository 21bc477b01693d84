"""The two sides of the codebook's division, as two drivers, interview by interview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.analysis import frequencies
from paper.analysis.datafile import rows
from paper.coding.interviews.coded import division, sides
from paper.drawing import style
from paper.drawing.canvas import Anchor, Box, Canvas
from paper.drawing.parts import notes
from paper.drawing.text import width
from paper.figures.interviews import TABLES, Interviews, shell
from paper.publishing.figure import Figure, build_figure
from paper.typography import amount, capital

if TYPE_CHECKING:
    import pandas as pd

ROW: Final = 26.0
BAR: Final = 15.0


def figure(interviews: Interviews) -> Figure:
    """Draw passages by side and case, the first to the left and the second to the right of one line.

    Raises DataError where the codebook has no two sides.
    """
    one, other = sides(interviews.codebook)
    beside = division(interviews.codebook)[2:]
    data = frequencies.drivers(interviews.coded, interviews.codebook, interviews.cases, "case")

    def draw(canvas: Canvas) -> None:
        if interviews.empty:
            shell(canvas, interviews, _filled(one, other, beside))
        else:
            _chart(canvas, data, (one, other), beside)

    leading = ", ".join(f"{row.group} {row.driver} {row.segments}" for row in rows(data))
    return build_figure(
        "drivers_by_case",
        draw,
        data=data,
        source=interviews.source,
        headline=_headline(data, one, other) if interviews.enough else "",
        describe=f"Passages by driver in each interview: {leading or interviews.progress}",
        inputs=TABLES,
        synthetic=interviews.synthetic,
    )


def _filled(one: str, other: str, beside: list[str]) -> list[str]:
    lines = [
        "One row for each interview.",
        f"To the left, how many of its passages carry a code of the {one} drive; to the right, of the {other} one.",
    ]
    return [*lines, *(f"In a column of their own, passages on the {name}." for name in beside[:1])]


def _headline(data: pd.DataFrame, one: str, other: str) -> str:
    """Return in how many interviews the second side has more passages than the first."""
    counts = data.pivot(index="group", columns="driver", values="segments")
    leading = int((counts[other] > counts[one]).sum())
    of = amount(len(counts), "interview")
    return f"In {leading} of {of} more passages speak of the {other} than of the {one} drive"


def _chart(canvas: Canvas, data: pd.DataFrame, sides_: tuple[str, str], beside: list[str]) -> None:
    one, other = sides_
    third = beside[0] if beside else ""
    cases = list(dict.fromkeys(data["group"]))
    number = {(row.group, row.driver): int(row.segments) for row in rows(data)}
    lead = max(width(case, style.TEXT) for case in cases) + 12
    last = width(capital(third), style.SMALL, bold=True) + 8 if third else 0.0
    count = width("000", style.SMALL) + 6
    middle = lead + (canvas.width - last - lead) / 2
    room = middle - lead - count
    scale = room / max(1, *(number[case, name] for case in cases for name in sides_))
    y = canvas.height
    heads: list[tuple[float, Anchor, str, str]] = [
        (middle - 6, "right", capital(one), style.BLUE),
        (middle + 6, "left", capital(other), style.ORANGE),
    ]
    if third:
        heads.append((canvas.width, "right", capital(third), style.MUTED))
    for x, side, words, colour in heads:
        head = canvas.text(x, y, words, size=style.SMALL, colour=colour, bold=True, anchor=side)
    y = first = head.bottom + 6
    for case in cases:
        at = y + (ROW - BAR) / 2
        canvas.text(lead - 12, y + 4, case, anchor="right")
        for driver, colour, sign in ((one, style.BLUE, -1), (other, style.ORANGE, 1)):
            value = number[case, driver]
            long = value * scale
            bar = Box(middle - long if sign < 0 else middle, at, long, BAR)
            if value:
                canvas.box(bar.x, bar.y, bar.w, bar.h, fill=colour, radius=2)
            end = middle + sign * (long + 5)
            anchor: Anchor = "right" if sign < 0 else "left"
            canvas.text(end, y + 4.5, str(value), size=style.SMALL, colour=colour, anchor=anchor)
            canvas.link(bar, f"{case}: {amount(value, 'passage')}, {driver} drive")
        if third:
            said = str(number[case, third])
            canvas.text(canvas.width, y + 4.5, said, size=style.SMALL, colour=style.MUTED, anchor="right")
        y += ROW
    canvas.beneath([(middle, first - 2), (middle, y)], colour=style.LINE)
    words = "Passages that carry at least one code of the driver; a passage may count for several drivers."
    canvas.height = notes(canvas, y + 8, [words])
