"""The two drivers of local re-engineering and their indicators: Figure 2 of the draft as a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    for row in drivers.itertuples():
        if row.doubt and row.driver in SIDES:
            doubts[row.id] = len(doubts) + 1

    def draw(canvas: Canvas) -> None:
        top = canvas.height
        if canvas.width >= style.WIDE:
            w = 214.0
            left = _side(canvas, drivers, "internal", doubts, 1, top, w)
            right = _side(canvas, drivers, "external", doubts, canvas.width - w - 1, top, w)
            bottom = max(left.bottom, right.bottom)
            room = canvas.width - 2 * (w + 1)
            lines = wrap(OUTCOME, room - 52 - PAD, style.TEXT, bold=True)
            tall = height(len(lines), style.TEXT) + 2 * PAD
            box = Box(w + 27, (top + min(left.bottom, right.bottom) - tall) / 2, room - 52, tall)
            _outcome(canvas, box, lines)
            canvas.line(
                [(left.right, box.centre[1]), (box.x, box.centre[1])], colour=style.BLUE, heads="end", width=2
            )
            canvas.line(
                [(right.x, box.centre[1]), (box.right, box.centre[1])],
                colour=style.ORANGE,
                heads="end",
                width=2,
            )
        else:
            w = canvas.width - 2
            left = _side(canvas, drivers, "internal", doubts, 1, top, w)
            lines = wrap(OUTCOME, w - 2 * PAD, style.TEXT, bold=True)
            box = Box(1, left.bottom + 30, w, height(len(lines), style.TEXT) + 2 * PAD)
            _outcome(canvas, box, lines)
            right = _side(canvas, drivers, "external", doubts, 1, box.bottom + 30, w)
            bottom = right.bottom
            middle = canvas.width / 2
            canvas.line([(middle, left.bottom), (middle, box.y)], colour=style.BLUE, heads="end", width=2)
            canvas.line([(middle, right.y), (middle, box.bottom)], colour=style.ORANGE, heads="end", width=2)
        bottom = _context(canvas, drivers, bottom + 14)
        said = {row.id: row.doubt for row in drivers.itertuples()}
        canvas.height = notes(
            canvas, bottom + 10, [f"{number}  {said[name]}" for name, number in doubts.items()]
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
    canvas: Canvas, drivers: pd.DataFrame, driver: str, doubts: dict[str, int], x: float, y: float, w: float
) -> Box:
    """One driver's card: its name, the theory behind it, its indicators, its approach."""
    name, colour = SIDES[driver]
    rows = drivers[drivers["driver"] == driver]
    theories = [theory for theory in rows["theory"].unique() if theory not in ("", "-")]
    start = y
    y = heading(canvas, x + PAD, y + PAD - 2, name, colour).bottom
    y = canvas.text(
        x + PAD,
        y,
        f"Theory: {' and '.join(theories)}",
        size=style.SMALL,
        colour=style.MUTED,
        room=w - 2 * PAD,
    ).bottom
    for part, title in GROUPS.items():
        y = canvas.text(x + PAD, y + 10, title, size=style.SMALL, colour=colour, bold=True).bottom + 2
        for row in rows[rows["part"] == part].itertuples():
            y = _item(canvas, row, doubts.get(row.id), colour, x + PAD, y, w - 2 * PAD) + 2
    card = Box(x, start, w, y + PAD - start)
    canvas.under(card, fill=style.soft(colour), line="")
    return card


def _item(canvas: Canvas, row: Any, doubt: int | None, colour: str, x: float, y: float, w: float) -> float:
    """One indicator with its mark, and the number of the doubt about it. Returns where it ends."""
    text = str(row.indicator) + (f" [{doubt}]" if doubt else "")
    canvas.mark(x + 4, y + 8.5, "disc" if row.part == "indicator" else "diamond", colour=colour, size=6)
    block = canvas.text(x + 15, y, text, room=w - 15)
    more = f" Doubt: {row.doubt}." if row.doubt else ""
    canvas.hover(
        x + 4, y + 8.5, f"{row.indicator} ({row.indicator_type}).{more}\nDraft: {row.locator}", size=20
    )
    return block.bottom


def _outcome(canvas: Canvas, box: Box, lines: list[str]) -> None:
    canvas.box(box.x, box.y, box.w, box.h, fill=style.PAPER, line=style.INK, width=1.6)
    canvas.text(box.centre[0], box.y + PAD, "\n".join(lines), anchor="center", bold=True)


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
        1, y, canvas.width - 2, body.bottom + PAD - 2 - y, fill="", line=style.LINE, width=1.2, dash="4px,3px"
    )
    return body.bottom + PAD - 2
