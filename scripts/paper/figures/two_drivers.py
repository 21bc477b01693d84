"""The two drivers of local re-engineering and their indicators: Figure 2 of the draft as a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from paper.analysis.datafile import rows
from paper.figures import style
from paper.figures.canvas import Box, Canvas
from paper.figures.figure import Figure, drawn
from paper.figures.parts import PAD, heading, notes
from paper.figures.text import height, wrap

if TYPE_CHECKING:
    import pandas as pd

OUTCOME: Final = "Re-engineering of public services at the local level"
SIDES: Final = {"internal": ("Internal drive", style.BLUE), "external": ("External drive", style.ORANGE)}
GROUPS: Final = {"indicator": "Indicators", "approach": "Expected approach"}


def figure(drivers: pd.DataFrame) -> Figure:
    """The diagram. drivers: ``documents.drivers``."""
    doubts: dict[str, int] = {}
    for row in rows(drivers):
        if row.doubt and row.driver in SIDES:
            doubts[row.id] = len(doubts) + 1

    def draw(canvas: Canvas) -> None:
        top = canvas.height
        if canvas.width >= style.WIDE:
            gap = 18.0
            w = (canvas.width - 2 - gap) / 2
            sides = [
                (_side(canvas, drivers, "internal", doubts, 1, top, w, level=True), style.BLUE),
                (_side(canvas, drivers, "external", doubts, 1 + w + gap, top, w, level=True), style.ORANGE),
            ]
            low = max(box.bottom for box, _ in sides)
            outcome = _outcome(canvas, 1, low + 34, canvas.width - 2)
            for box, colour in sides:
                canvas.under(Box(box.x, top, w, low - top), fill=style.soft(colour))
                x = box.x + w / 2
                canvas.line([(x, low), (x, outcome.y)], colour=colour, heads="end", width=2)
            bottom = outcome.bottom
        else:
            w, middle = canvas.width - 2, canvas.width / 2
            left = _side(canvas, drivers, "internal", doubts, 1, top, w)
            outcome = _outcome(canvas, 1, left.bottom + 30, w)
            right = _side(canvas, drivers, "external", doubts, 1, outcome.bottom + 30, w)
            for box, colour in ((left, style.BLUE), (right, style.ORANGE)):
                canvas.under(box, fill=style.soft(colour))
            canvas.line([(middle, left.bottom), (middle, outcome.y)], colour=style.BLUE, heads="end", width=2)
            canvas.line(
                [(middle, right.y), (middle, outcome.bottom)], colour=style.ORANGE, heads="end", width=2
            )
            bottom = right.bottom
        bottom = _context(canvas, drivers, bottom + 14)
        said = {row.id: row.doubt for row in rows(drivers)}
        canvas.height = notes(
            canvas, bottom + 10, [f"[{number}] {said[name]}." for name, number in doubts.items()]
        )

    return drawn(
        "drivers",
        draw,
        data=drivers,
        source="Coded from the draft by the project, with the coder's doubts.",
        describe=(
            "Diagram: an internal drive, with the new public management behind it, and an external drive, with "
            "institutionalism and mimicry behind it, lead to the re-engineering of public services at the local level. "
            "Each has its indicators and its expected approach."
        ),
        inputs=("factors",),
    )


def _side(
    canvas: Canvas,
    drivers: pd.DataFrame,
    driver: str,
    doubts: dict[str, int],
    x: float,
    y: float,
    w: float,
    *,
    level: bool = False,
) -> Box:
    """One driver: its name, the theory behind it, its indicators, its approach. Returns the card's place.

    level: each part begins where it would for the driver whose parts are longer, so that two cards align.
    """
    name, colour = SIDES[driver]
    room, start = w - 2 * PAD, y
    y = heading(canvas, x + PAD, y + PAD - 2, name, colour).bottom
    theory = _theory(drivers, driver, room)
    canvas.text(x + PAD, y, "\n".join(theory), size=style.SMALL, colour=style.MUTED)
    theories = [_theory(drivers, side, room) for side in SIDES] if level else [theory]
    y += max(height(len(lines), style.SMALL) for lines in theories)
    for part, title in GROUPS.items():
        y = canvas.text(x + PAD, y + 10, title, size=style.SMALL, colour=colour, bold=True).bottom + 2
        begin = y
        for row in rows(_rows(drivers, driver, part)):
            y = _item(canvas, row, doubts.get(row.id), colour, x + PAD, y, room) + 2
        if level:
            y = max(begin + _tall(drivers, side, part, doubts, room) for side in SIDES)
    return Box(x, start, w, y + PAD - start)


def _rows(drivers: pd.DataFrame, driver: str, part: str) -> pd.DataFrame:
    return drivers[(drivers["driver"] == driver) & (drivers["part"] == part)]


def _theory(drivers: pd.DataFrame, driver: str, room: float) -> list[str]:
    named = drivers.loc[(drivers["driver"] == driver) & (drivers["theory"] != ""), "theory"]
    return wrap(f"Theory: {' and '.join(dict.fromkeys(named))}", room, style.SMALL)


def _tall(drivers: pd.DataFrame, driver: str, part: str, doubts: dict[str, int], room: float) -> float:
    """How high the items of a part stand."""
    texts = [_said(row, doubts.get(row.id)) for row in rows(_rows(drivers, driver, part))]
    return sum(height(len(wrap(text, room - 15, style.TEXT)), style.TEXT) + 2 for text in texts)


def _said(row: Any, doubt: int | None) -> str:
    return str(row.indicator) + (f"\u00a0[{doubt}]" if doubt else "")


def _item(canvas: Canvas, row: Any, doubt: int | None, colour: str, x: float, y: float, w: float) -> float:
    """One indicator with its mark, and the number of the doubt about it. Returns where it ends."""
    canvas.mark(x + 4, y + 8.5, "disc" if row.part == "indicator" else "diamond", colour=colour, size=6)
    block = canvas.text(x + 15, y, _said(row, doubt), room=w - 15)
    more = f" Doubt: {row.doubt}." if row.doubt else ""
    canvas.hover(
        x + 4, y + 8.5, f"{row.indicator} ({row.indicator_type}).{more}\nDraft: {row.locator}", size=20
    )
    return block.bottom


def _outcome(canvas: Canvas, x: float, y: float, w: float) -> Box:
    lines = wrap(OUTCOME, w - 2 * PAD, style.TEXT, bold=True)
    box = canvas.box(
        x, y, w, height(len(lines), style.TEXT) + 2 * PAD, fill=style.PAPER, line=style.INK, width=1.6
    )
    canvas.text(box.centre[0], y + PAD, "\n".join(lines), anchor="center", bold=True)
    return box


def _context(canvas: Canvas, drivers: pd.DataFrame, y: float) -> float:
    """What the draft names and does not model. Returns where it ends."""
    rows = drivers[drivers["driver"] == "context"]
    if rows.empty:
        return y
    words = "; ".join(rows["indicator"])
    inside = canvas.width - 2 - 2 * PAD
    title = canvas.text(1 + PAD, y + PAD - 2, "In the draft, outside the model", size=style.SMALL, bold=True)
    body = canvas.text(1 + PAD, title.bottom, words, size=style.SMALL, colour=style.MUTED, room=inside)
    canvas.box(
        1,
        y,
        canvas.width - 2,
        body.bottom + PAD - 2 - y,
        fill="",
        line=style.LINE,
        width=1.2,
        dash=style.DASH,
    )
    return body.bottom + PAD - 2
