"""Internal against external drivers, interview by interview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.analysis import frequencies
from paper.analysis.datafile import rows
from paper.figures import style
from paper.figures.canvas import Anchor, Box, Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.interviews import TABLES, Interviews, shell
from paper.figures.parts import notes
from paper.figures.text import width

if TYPE_CHECKING:
    import pandas as pd

ROW: Final = 26.0
BAR: Final = 15.0
FILLED: Final = (
    "One row for each interview.",
    "To the left, how many of its passages carry a code of the internal drive; to the right, of the external one.",
    "In a column of their own, passages on the context that neither covers.",
)


def figure(interviews: Interviews) -> Figure:
    """Passages by driver and case, internal to the left and external to the right of one line."""
    data = frequencies.drivers(interviews.coded, interviews.codebook, interviews.cases, "case")

    def draw(canvas: Canvas) -> None:
        if interviews.empty:
            shell(canvas, interviews, FILLED)
        else:
            _chart(canvas, data)

    leading = ", ".join(f"{row.group} {row.driver} {row.segments}" for row in rows(data))
    return drawn(
        "drivers_by_case",
        draw,
        data=data,
        source=interviews.source,
        headline="" if interviews.empty else _headline(data),
        describe=f"Passages by driver in each interview: {leading or interviews.progress}",
        inputs=TABLES,
        synthetic=interviews.synthetic,
    )


def _headline(data: pd.DataFrame) -> str:
    """Return in how many interviews the external drive has more passages than the internal one."""
    counts = data.pivot(index="group", columns="driver", values="segments")
    leading = int((counts["external"] > counts["internal"]).sum())
    return f"In {leading} of {len(counts)} interviews more passages speak of the external than of the internal drive"


def _chart(canvas: Canvas, data: pd.DataFrame) -> None:
    cases = list(dict.fromkeys(data["group"]))
    number = {(row.group, row.driver): int(row.segments) for row in rows(data)}
    lead = max(width(case, style.TEXT) for case in cases) + 12
    last = width("Context", style.SMALL, bold=True) + 8
    count = width("000", style.SMALL) + 6
    middle = lead + (canvas.width - last - lead) / 2
    room = middle - lead - count
    scale = room / max(1, *(number[case, name] for case in cases for name in ("internal", "external")))
    y = canvas.height
    heads: tuple[tuple[float, Anchor, str, str], ...] = (
        (middle - 6, "right", "Internal", style.BLUE),
        (middle + 6, "left", "External", style.ORANGE),
        (canvas.width, "right", "Context", style.MUTED),
    )
    for x, side, words, colour in heads:
        head = canvas.text(x, y, words, size=style.SMALL, colour=colour, bold=True, anchor=side)
    y = first = head.bottom + 6
    for case in cases:
        at = y + (ROW - BAR) / 2
        canvas.text(lead - 12, y + 4, case, anchor="right")
        for driver, colour, sign in (("internal", style.BLUE, -1), ("external", style.ORANGE, 1)):
            value = number[case, driver]
            long = value * scale
            bar = Box(middle - long if sign < 0 else middle, at, long, BAR)
            if value:
                canvas.box(bar.x, bar.y, bar.w, bar.h, fill=colour, radius=2)
            end = middle + sign * (long + 5)
            anchor: Anchor = "right" if sign < 0 else "left"
            canvas.text(end, y + 4.5, str(value), size=style.SMALL, colour=colour, anchor=anchor)
            canvas.link(bar, f"{case}: {value} passages, {driver} drive")
        context = str(number[case, "context"])
        canvas.text(canvas.width, y + 4.5, context, size=style.SMALL, colour=style.MUTED, anchor="right")
        y += ROW
    canvas.beneath([(middle, first - 2), (middle, y)], colour=style.LINE)
    words = "Passages that carry at least one code of the driver; a passage may count for several drivers."
    canvas.height = notes(canvas, y + 8, [words])
