"""The two drivers of local re-engineering: what stands behind each, and how the change would differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from paper.analysis.datafile import rows
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Box, Canvas
from paper.drawing.parts import PAD
from paper.drawing.text import height, wrap
from paper.publishing.figure import Figure, build_figure

from ..analysis import documents

if TYPE_CHECKING:
    import pandas as pd

OUTCOME: Final = "Re-engineering of public services at the local level"
SIDES: Final = {"internal": ("Internal drive", style.BLUE), "external": ("External drive", style.ORANGE)}
MARK: Final = 13.0  # px before an item, for its mark
ARROW: Final = 26.0
ROWS: Final = "chapters/evidence.html"  # its table of drivers has an anchor for each indicator


def drivers() -> Figure:
    """Draw the two drivers with their indicators: what moves local bodies, and how it would show."""
    return figure(documents.drivers(load.table("factors")))


@dataclass(frozen=True)
class Line:
    """One line of a card."""

    text: str
    size: float = style.TEXT
    colour: str = style.INK
    bold: bool = False
    row: str = ""
    """The indicator's row in the table of drivers, "" for a heading; it has a mark then."""


def figure(drivers: pd.DataFrame) -> Figure:
    """Draw the diagram. drivers: ``documents.drivers``."""

    def draw(canvas: Canvas) -> None:
        gap = 18.0 if canvas.width >= style.WIDE else 10.0
        w = (canvas.width - 2 - gap) / 2
        columns = {"internal": 1.0, "external": 1 + w + gap}
        y = _pair(canvas, {side: _behind(drivers, side) for side in SIDES}, columns, canvas.height, w)
        outcome = _outcome(canvas, y + ARROW)
        low = _pair(
            canvas, {side: _expected(drivers, side) for side in SIDES}, columns, outcome.bottom + ARROW, w
        )
        for side, x in columns.items():
            middle, colour = x + w / 2, SIDES[side][1]
            canvas.line([(middle, y), (middle, outcome.y)], colour=colour, heads="end", width=2)
            below = [(middle, outcome.bottom), (middle, outcome.bottom + ARROW)]
            canvas.line(below, colour=colour, heads="end", width=2)
        canvas.height = _context(canvas, drivers, low + 14)

    return build_figure(
        "drivers",
        draw,
        data=drivers,
        source="The theoretical model of this paper.",
        headline="Two drivers can lead to the same re-engineering; how it is done would tell them apart",
        describe=(
            "Diagram: an internal drive, with the new public management behind it, and an external drive, with "
            "institutionalism and mimicry behind it, lead to the re-engineering of public services at the local "
            f"level. {_listed(drivers, 'internal')} {_listed(drivers, 'external')}"
        ),
        inputs=("factors",),
    )


def _listed(drivers: pd.DataFrame, side: str) -> str:
    """Return a driver's indicators and its expected approach as one sentence each."""
    signs, approach = (
        ", ".join(line.text for line in _indicators(drivers, side, part))
        for part in ("indicator", "approach")
    )
    name = SIDES[side][0]
    return f"{name}: {signs}; expected approach: {approach}."


def _indicators(drivers: pd.DataFrame, side: str, part: str) -> list[Line]:
    result = drivers[(drivers["driver"] == side) & (drivers["part"] == part)]
    return [Line(row.indicator, row=row.id) for row in rows(result)]


def _behind(drivers: pd.DataFrame, side: str) -> list[Line]:
    """Return the lines of a driver's card: its name, its theory, what shows it."""
    name, colour = SIDES[side]
    theories = drivers.loc[(drivers["driver"] == side) & (drivers["theory"] != ""), "theory"]
    return [
        Line(name, style.TITLE, colour, bold=True),
        Line(f"Theory: {' and '.join(dict.fromkeys(theories))}", style.SMALL, style.MUTED),
        *_indicators(drivers, side, "indicator"),
    ]


def _expected(drivers: pd.DataFrame, side: str) -> list[Line]:
    """Return the lines of the approach that a driver would lead to."""
    where = {"internal": "If it comes from inside, expect", "external": "If it comes from outside, expect"}
    return [
        Line(where[side], style.SMALL, SIDES[side][1], bold=True),
        *_indicators(drivers, side, "approach"),
    ]


def _pair(
    canvas: Canvas, cards: dict[str, list[Line]], columns: dict[str, float], y: float, w: float
) -> float:
    """Draw two cards of one height side by side. Returns where they end."""
    room = w - 2 * PAD
    tall = max(sum(_height(line, room) for line in lines) for lines in cards.values()) + 2 * PAD - 4
    for side, lines in cards.items():
        colour, at = SIDES[side][1], y + PAD - 2
        canvas.box(columns[side], y, w, tall, fill=style.soft(colour), radius=8)
        for line in lines:
            x = columns[side] + PAD
            if line.row:
                canvas.mark(x + 4, at + 8.5, "disc", colour=colour, size=6)
            indent = MARK if line.row else 0.0
            words = canvas.text(
                x + indent,
                at,
                line.text,
                size=line.size,
                colour=line.colour,
                bold=line.bold,
                room=room - indent,
            )
            if line.row:
                place = Box(x - 2, words.y - 1, words.right - x + 4, words.h + 2)
                canvas.link(place, f"{SIDES[side][0]}: {line.text}", f"{ROWS}#row-{line.row}")
            at += _height(line, room)
    return y + tall


def _height(line: Line, room: float) -> float:
    room -= MARK if line.row else 0
    return height(len(wrap(line.text, room, line.size, bold=line.bold)), line.size) + 3


def _outcome(canvas: Canvas, y: float) -> Box:
    w = canvas.width - 2
    lines = wrap(OUTCOME, w - 2 * PAD, style.TEXT, bold=True)
    tall = height(len(lines), style.TEXT) + 2 * PAD
    box = canvas.box(1, y, w, tall, fill=style.PAPER, line=style.INK, width=1.6)
    canvas.text(box.centre[0], y + PAD, "\n".join(lines), anchor="center", bold=True)
    return box


def _context(canvas: Canvas, drivers: pd.DataFrame, y: float) -> float:
    """Draw what surrounds both drivers and is not modelled. Returns where it ends."""
    context = drivers[drivers["driver"] == "context"]["indicator"]
    if context.empty:
        return y - 14
    inside = canvas.width - 2 - 2 * PAD
    title = canvas.text(1 + PAD, y + PAD - 2, "Context, outside the model", size=style.SMALL, bold=True)
    words = "; ".join(context)
    body = canvas.text(1 + PAD, title.bottom, words, size=style.SMALL, colour=style.MUTED, room=inside)
    tall = body.bottom + PAD - 2 - y
    canvas.box(1, y, canvas.width - 2, tall, fill="", line=style.LINE, width=1.2, dash=style.DASH)
    return y + tall
