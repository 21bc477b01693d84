"""Reforms in time: each event on a line of its own, as precise as the draft dates it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
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
MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
EMPTY: Final = 8.0  # years without an event, from which on the axis leaves them out
GAP: Final = 18.0  # px that the left-out years take
MARGIN: Final = 0.5  # years before the first event, after the last, and at the gap


def decimal(date: str, *, end: bool = False) -> float:
    """An ISO date (year, month or day) as a year with decimals; ``end``: the end of that year, month or day."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, *(0, 0))[:3]
    if not month:
        return year + (1.0 if end else 0.0)
    if not day:
        return year + (month - (0 if end else 1)) / 12
    return year + (month - 1) / 12 + (day - (0 if end else 1)) / 372


def label(row: Any) -> str:
    """What stands before an event: its date as the draft prints it, or the year that follows from it."""
    return f"about {row.start}" if row.precision == "derived" else short(row.date_as_printed)


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
        lead = max(width(label(row), style.SMALL, bold=True) for row in rows(dated)) + 12
        left = 340.0 if wide else 6.0
        axis = Axis.of(dated, left, canvas.width - 8)
        y = top = canvas.height
        y += 24
        for row in rows(dated):
            y = _row(canvas, row, axis, y, (lead, left - 20) if wide else None)
        _years(canvas, axis, top, y)
        kinds = dict.fromkeys(KINDS.get(row.kind, OTHER) for row in rows(dated))
        items = [("disc", colour, words) for words, colour in kinds]
        if (dated["precision"] == "derived").any():
            items.append(("ring", style.MUTED, "derived, not stated"))
        y = key(canvas, y + 8, items)
        if len(undated):
            words = "Without a date in the draft: " + "; ".join(undated["event"]) + "."
            y = notes(canvas, y + 2, [words])
        canvas.height = y

    return drawn(
        "reform_timeline",
        draw,
        data=events,
        source="Coded from the draft and its list of references by the project.",
        describe="Timeline: " + "; ".join(f"{r.date_as_printed}: {r.event}" for r in rows(dated)) + ".",
        inputs=("events",),
    )


@dataclass(frozen=True)
class Axis:
    """Years as places on the sheet; a long stretch without events is left out.

    parts: (first year, last year, place of the first in px) of the stretches that are shown; scale: px a year.
    """

    parts: tuple[tuple[float, float, float], ...]
    scale: float

    @classmethod
    def of(cls, dated: pd.DataFrame, left: float, right: float) -> Axis:
        """The axis for the events of ``dated``, from left to right in px."""
        spans = sorted((decimal(row.start), decimal(row.end, end=True)) for row in rows(dated))
        shown = [[spans[0][0], spans[0][1]]]
        for start, end in spans[1:]:
            if start - shown[-1][1] > EMPTY:
                shown.append([start, end])
            shown[-1][1] = max(shown[-1][1], end)
        years = sum(end - start + 2 * MARGIN for start, end in shown)
        scale = (right - left - GAP * (len(shown) - 1)) / years
        parts, x = [], left
        for start, end in shown:
            parts.append((start - MARGIN, end + MARGIN, x))
            x += (end - start + 2 * MARGIN) * scale + GAP
        return cls(tuple(parts), scale)

    def place(self, year: float) -> float:
        """Where a year stands, in px; a year that is left out stands where its gap begins."""
        first, last, x = max((part for part in self.parts if part[0] <= year), default=self.parts[0])
        return x + (min(max(year, first), last) - first) * self.scale

    def ticks(self) -> list[int]:
        """Every fifth year of the stretches shown, and a year for a stretch too short to have one."""
        found: list[int] = []
        for first, last, _ in self.parts:
            fifth = list(range(math.ceil(first / 5) * 5, math.floor(last) + 1, 5))
            found += fifth or [math.floor(first + MARGIN)]
        return found

    def gaps(self) -> list[float]:
        """Where the left-out stretches stand: the middles of their gaps, in px."""
        return [x - GAP / 2 for _, _, x in self.parts[1:]]


def _row(canvas: Canvas, row: Any, axis: Axis, y: float, columns: tuple[float, float] | None) -> float:
    """One event: its date and words, and its mark. Returns where the next one begins.

    columns: where its words begin and end, left of the axis; None: the words stand above the mark.
    """
    colour = KINDS.get(row.kind, OTHER)[1]
    date = canvas.text(0, y, label(row), size=style.SMALL, colour=colour, bold=True)
    if columns:
        text = canvas.text(columns[0], y, row.event, size=style.SMALL, room=columns[1] - columns[0])
        middle = (y + text.bottom) / 2
    else:
        beside = date.w + 10 + width(row.event, style.SMALL) <= canvas.width
        text = canvas.text(
            date.w + 10 if beside else 0,
            y if beside else date.bottom,
            row.event,
            size=style.SMALL,
            room=canvas.width,
        )
        middle = text.bottom + 9
    start, end = axis.place(decimal(row.start)), axis.place(decimal(row.end, end=True))
    if row.precision in ("decade", "interval", "derived") or row.start != row.end:
        derived = row.precision == "derived"
        canvas.box(
            start,
            middle - 4.5,
            max(end - start, 5),
            9,
            fill=style.PAPER if derived else colour,
            line=colour,
            width=1.4,
            radius=4.5,
            dash="3px,2px" if derived else "solid",
        )
    else:
        canvas.mark((start + end) / 2, middle, "disc", colour=colour, size=9)
    doubt = f" Doubt: {row.doubt}." if row.doubt else ""
    canvas.hover(
        (start + end) / 2,
        middle,
        f"{row.date_as_printed}: {row.event}. Precision: {row.precision}.{doubt}\nDraft: {row.locator}",
    )
    return (text.bottom if columns else middle + 6) + 9


def _years(canvas: Canvas, axis: Axis, top: float, bottom: float) -> None:
    """Years over the marks, a faint line down from each, and a sign where years are left out."""
    for year in axis.ticks():
        x, half = axis.place(year), width(str(year), style.SMALL) / 2
        place = min(max(x, half), canvas.width - half)
        canvas.text(place, top, str(year), size=style.SMALL, colour=style.MUTED, anchor="center")
        canvas.beneath([(x, top + 20), (x, bottom - 4)], colour=style.RULE)
    for x in axis.gaps():
        for shift in (-2.5, 2.5):
            ends = [(x + shift - 2.5, top + 15), (x + shift + 2.5, top + 7)]
            canvas.line(ends, colour=style.LINE, width=1.2)
