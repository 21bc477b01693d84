"""Reforms in time: each event in the lane of its kind, as precise as the sources date it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import Lane, notes
from paper.drawing.text import width
from paper.publishing.figure import Figure, build_figure

from ..analysis import documents

if TYPE_CHECKING:
    import pandas as pd

# What an event is, as the figure tells kinds apart: (words, colour).
KINDS: Final[dict[str, tuple[str, str]]] = {
    "law": ("Law and regulation", style.BLUE),
    "regulation": ("Law and regulation", style.BLUE),
    "training": ("Project and training", style.GREEN),
    "project": ("Project and training", style.GREEN),
    "fieldwork": ("This study", style.PURPLE),
}
# Where the text speaks of an event.
TOLD: Final = {
    "E02": "chapters/introduction.html#sec-introduction",
    "E03": "chapters/introduction.html#sec-problem",
    "E04": "chapters/introduction.html#sec-problem",
    "E05": "chapters/document-analysis.html#sec-design",
    "E07": "chapters/introduction.html#sec-case",
    "E08": "chapters/theoretical-model.html#sec-external",
    "E09": "chapters/introduction.html#sec-problem",
    "E10": "chapters/document-analysis.html#sec-standards",
    "E12": "chapters/methodology.html#sec-sample",
}
OTHER: Final = ("State and reform", style.INK)
MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
EMPTY: Final = 4.0  # years without an event, from which on the axis leaves them out
GAP: Final = 18.0  # px that the left-out years take
MARGIN: Final = 0.5  # years before the first event, after the last, and at the gap


def reform_timeline() -> Figure:
    """Draw the reforms and what bears on them in order, each as precise as the sources date it."""
    return figure(documents.timeline(load.table("events")))


def decimal(date: str, *, end: bool = False) -> float:
    """Return an ISO date (year, month or day) as a year with decimals; ``end``: the end of that year, month or day."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, *(0, 0))[:3]
    if not month:
        return year + (1.0 if end else 0.0)
    if not day:
        return year + (month - (0 if end else 1)) / 12
    return year + (month - 1) / 12 + (day - (0 if end else 1)) / 372


def label(row: Any) -> str:
    """Return what stands before an event: its date as the draft prints it, or the year that follows from it."""
    return f"about {row.start}" if row.precision == "derived" else short(row.date_as_printed)


def short(date: str) -> str:
    """Return a printed date in fewer letters: months by three, an interval with a dash."""
    date = re.sub(r"between (\d{4}) and (\d{4})", r"\1–\2", date)
    date = re.sub(r"^(\d{4})-(\d\d(?:\d\d)?)$", r"\1–\2", date)
    return re.sub(rf"\b({MONTHS})[a-z]*\b(?: of)?", r"\1", date)


def figure(events: pd.DataFrame) -> Figure:
    """Draw the timeline. events: ``documents.timeline``."""
    dated = events[events["start"] != ""]
    undated = events[events["start"] == ""]

    def draw(canvas: Canvas) -> None:
        axis = Axis.spanning(dated, 6.0, canvas.width - 8)
        top = canvas.height
        y = top + 22
        for name, colour in dict.fromkeys((words, colour) for words, colour in (OTHER, *KINDS.values())):
            group = [row for row in rows(dated) if KINDS.get(row.kind, OTHER)[0] == name]
            if group:
                y = canvas.text(0, y + 4, name, size=style.SMALL, colour=colour, bold=True).bottom + 3
                lane = Lane(canvas, y)
                for row in group:
                    _event(canvas, lane, row, axis, colour)
                y = lane.bottom + 3
                canvas.line([(0, y), (canvas.width, y)], colour=style.RULE, width=1)
        _years(canvas, axis, top, y)
        lines = []
        if (dated["precision"] == "derived").any():
            lines.append("A dashed mark: the year follows from another date.")
        if len(undated):
            lines.append("Not dated by the sources used here: " + "; ".join(undated["event"]) + ".")
        canvas.height = notes(canvas, y + 6, lines)

    return build_figure(
        "reform_timeline",
        draw,
        data=events,
        source="Laws, decisions and events named in the sources of this paper.",
        headline=_headline(dated),
        describe="Timeline: " + "; ".join(f"{r.date_as_printed}: {r.event}" for r in rows(dated)) + ".",
        inputs=("events",),
    )


def _headline(dated: pd.DataFrame) -> str:
    """Return what the order of the dates shows, or "" where law or training has no date."""
    rules = dated[dated["kind"].isin(("law", "regulation"))]["start"]
    training = dated[dated["kind"] == "training"]["start"]
    if rules.empty or training.empty or rules.min()[:4] >= training.min()[:4]:
        return ""
    return (
        f"The rules came first, in {rules.min()[:4]}; local officials were trained from {training.min()[:4]}"
    )


@dataclass(frozen=True)
class Axis:
    """Years as places on the sheet; a long stretch without events is left out."""

    parts: tuple[tuple[float, float, float], ...]
    """(first year, last year, place of the first in px) of the stretches that are shown."""
    scale: float
    """Px a year."""

    @classmethod
    def spanning(cls, dated: pd.DataFrame, left: float, right: float) -> Axis:
        """Return the axis for the events of ``dated``, from left to right in px."""
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
        """Return where a year stands, in px; a year that is left out stands where its gap begins."""
        first, last, x = max((part for part in self.parts if part[0] <= year), default=self.parts[0])
        return x + (min(max(year, first), last) - first) * self.scale

    def ticks(self) -> list[int]:
        """Return every fifth year of the stretches shown, and a year for a stretch too short to have one."""
        results: list[int] = []
        for first, last, _ in self.parts:
            fifth = list(range(math.ceil(first / 5) * 5, math.floor(last) + 1, 5))
            results += fifth or [math.floor(first + MARGIN)]
        return results

    def gaps(self) -> list[float]:
        """Return where the left-out stretches stand: the middles of their gaps, in px."""
        return [x - GAP / 2 for _, _, x in self.parts[1:]]


def _event(canvas: Canvas, lane: Lane, row: Any, axis: Axis, colour: str) -> None:
    """Draw one event: its mark as long as it lasted, its date and words beside it."""
    start, end = axis.place(decimal(row.start)), axis.place(decimal(row.end, end=True))
    lasts = row.precision in ("decade", "interval", "derived") or row.start != row.end
    reach = (start, max(end, start + 5)) if lasts else ((start + end) / 2 - 4.5, (start + end) / 2 + 4.5)
    middle = lane.place(*reach, row.event, lead=label(row), colour=colour)
    if lasts:
        derived = row.precision == "derived"
        canvas.box(
            reach[0],
            middle - 4.5,
            reach[1] - reach[0],
            9,
            fill=style.PAPER if derived else colour,
            line=colour,
            width=1.4,
            radius=4.5,
            dash="3px,2px" if derived else "solid",
        )
    else:
        canvas.mark((start + end) / 2, middle, "disc", colour=colour, size=9)
    canvas.link(lane.taken, f"{row.date_as_printed}: {row.event}", TOLD.get(row.id, ""))


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
