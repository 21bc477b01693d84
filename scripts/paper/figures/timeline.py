"""Reforms in time: each event on a line of its own, as precise as the draft dates it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from paper.figures import style
from paper.figures.canvas import Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import key, notes
from paper.figures.text import width

if TYPE_CHECKING:
    import pandas as pd

# What an event is, as the figure tells kinds apart: (words, colour).
KINDS: Final[dict[str, tuple[str, str]]] = {
    "law": ("law and regulation", style.BLUE),
    "regulation": ("law and regulation", style.BLUE),
    "training": ("project and training", style.GREEN),
    "project": ("project and training", style.GREEN),
    "fieldwork": ("this study", style.PURPLE),
}
OTHER: Final = ("state and reform", style.INK)
BREAK: Final = (1993.0, 2004.0)  # years that the axis leaves out
MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
TICKS: Final = (1991, 2005, 2010, 2015, 2020)


def decimal(date: str, *, end: bool = False) -> float:
    """An ISO date (year, month or day) as a year with decimals; ``end``: the end of that year, month or day."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, *(0, 0))[:3]
    if not month:
        return year + (1.0 if end else 0.0)
    if not day:
        return year + (month - (0 if end else 1)) / 12
    return year + (month - 1) / 12 + (day - (0 if end else 1)) / 372


def short(date: str) -> str:
    """A printed date in fewer letters: months by three, an interval with a dash."""
    date = re.sub(r"between (\d{4}) and (\d{4})", r"\1–\2", date)
    date = re.sub(r"^(\d{4})-(\d\d(?:\d\d)?)$", r"\1–\2", date)
    return re.sub(rf"\b({MONTHS})[a-z]*\b(?: of)?", r"\1", date)


def figure(events: pd.DataFrame) -> Figure:
    """The timeline. events: ``documents.timeline``."""
    dated = events[events["start"] != ""]
    undated = events[events["start"] == ""]

    def draw(canvas: Canvas) -> None:
        wide = canvas.width >= style.WIDE
        axis = (318.0, canvas.width - 8) if wide else (6.0, canvas.width - 8)
        y = canvas.height
        label = axis[0] - 20 if wide else canvas.width
        top = y
        y += 24
        first = y
        for row in dated.itertuples():
            y = _row(canvas, row, axis, y, label, wide=wide)
        _axis(canvas, axis, top, first, y)
        kinds = dict.fromkeys(KINDS.get(row.kind, OTHER) for row in dated.itertuples())
        items = [("disc", colour, words) for words, colour in kinds]
        y = key(canvas, y + 8, [*items, ("ring", style.MUTED, "derived, not stated")])
        if len(undated):
            words = "Without a date in the draft: " + "; ".join(undated["event"]) + "."
            y = notes(canvas, y + 2, [words])
        canvas.height = y

    return drawn(
        "reform_timeline",
        draw,
        data=events,
        source="Coded from the draft and its list of references by the project.",
        describe="Timeline: "
        + "; ".join(f"{r.date_as_printed}: {r.event}" for r in dated.itertuples())
        + ".",
        inputs=("events",),
    )


def place(year: float, axis: tuple[float, float]) -> float:
    """Where a year stands on the axis, in px; the years of BREAK take a short gap."""
    before, gap = 26.0, 18.0
    if year <= BREAK[0]:
        return axis[0] + before * max(0.0, year - 1990.5) / (BREAK[0] - 1990.5)
    start = axis[0] + before + gap
    return start + (axis[1] - start) * (max(year, BREAK[1]) - BREAK[1]) / (2020.5 - BREAK[1])


def _row(canvas: Canvas, row: Any, axis: tuple[float, float], y: float, room: float, *, wide: bool) -> float:
    """One event: its date and words, and its mark. Returns where the next one begins."""
    colour = KINDS.get(row.kind, OTHER)[1]
    date = canvas.text(0, y, short(row.date_as_printed), size=style.SMALL, colour=colour, bold=True)
    words = row.event[:1].upper() + row.event[1:]
    lead = 116.0 if wide else date.w + 8
    if not wide and width(words, style.SMALL) > room - lead:
        text = canvas.text(0, date.bottom, words, size=style.SMALL, room=room)
    elif width(words, style.SMALL) <= room - lead or wide:
        text = canvas.text(lead, y, words, size=style.SMALL, room=room - lead)
    middle = (y + text.bottom) / 2 if wide else text.bottom + 9
    if row.precision in ("decade", "interval", "derived") or row.start != row.end:
        x0, x1 = place(decimal(row.start), axis), place(decimal(row.end, end=True), axis)
        derived = row.precision == "derived"
        canvas.box(
            x0,
            middle - 4.5,
            max(x1 - x0, 5),
            9,
            fill=style.PAPER if derived else colour,
            line=colour,
            width=1.4,
            radius=4.5,
            dash="3px,2px" if derived else "solid",
        )
        at = (x0 + x1) / 2
    else:
        at = place((decimal(row.start) + decimal(row.end, end=True)) / 2, axis)
        canvas.mark(at, middle, "disc", colour=colour, size=9)
    doubt = f" Doubt: {row.doubt}." if row.doubt else ""
    canvas.hover(
        at,
        middle,
        f"{row.date_as_printed}: {words}. Precision: {row.precision}.{doubt}\nDraft: {row.locator}",
    )
    return (text.bottom if wide else middle + 6) + 9


def _axis(canvas: Canvas, axis: tuple[float, float], top: float, first: float, bottom: float) -> None:
    """Years over the marks, a faint line down from each, and the break in the axis."""
    for year in TICKS:
        x = place(year, axis)
        half = width(str(year), style.SMALL) / 2
        canvas.text(max(x, half), top, str(year), size=style.SMALL, colour=style.MUTED, anchor="center")
        canvas.beneath([(x, first - 4), (x, bottom - 4)], colour=style.RULE)
    x = place(BREAK[0], axis) + 9
    for shift in (-2.5, 2.5):
        canvas.line(
            [(x + shift - 2.5, first - 1), (x + shift + 2.5, first - 9)], colour=style.LINE, width=1.2
        )
