"""Where the cards and lines of the stakeholders' network stand, on a wide sheet and on a narrow one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from paper.drawing import style
from paper.drawing.canvas import Box, Canvas
from paper.drawing.parts import Card, heading, key
from paper.drawing.paths import Point
from paper.drawing.text import height, wrap

STATED: Final = "stated"
SIZE: Final = style.SMALL
ROWS: Final = "chapters/evidence.html"  # its table of stakeholders has an anchor for each
# Where the text speaks of a relation, by its kind; "" for every other.
TOLD: Final = {
    "": "chapters/document-analysis.html#sec-stakeholders",
    "design authority": "chapters/document-analysis.html#sec-design",
    "mimicry": "chapters/theoretical-model.html#sec-external",
    "responsiveness": "chapters/theoretical-model.html#sec-internal",
    "demand": "chapters/theoretical-model.html#sec-internal",
}
WORDED: Final = (
    "L03",
    "L05",
    "L06",
    "L11",
    "L12",
    "L13",
    "L14",
    "L18",
)  # relations with words beside their lines


@dataclass(frozen=True)
class Part:
    """How a stakeholder's card is filled."""

    colour: str
    over: str = ""
    """A word over the name."""
    aside: bool = False
    """The words that its name has in brackets."""
    clauses: tuple[int, ...] = ()
    """Which parts of its role (from 0, parted by semicolons)."""
    also: str = ""
    """A second stakeholder on the same card."""


CAST: Final[dict[str, Part]] = {
    "S01": Part(style.BLUE, aside=True, clauses=(0,)),
    "S07": Part(style.BLUE, clauses=(0,)),
    "S04": Part(style.GREEN, over="Front office", clauses=(1,)),
    "S05": Part(style.GREEN, aside=True),
    "S14": Part(style.GREEN, over="Channels in the law", also="S15"),
    "S02": Part(style.PURPLE, clauses=(0,)),
    "S03": Part(style.PURPLE, clauses=(0,)),
    "S16": Part(style.INK, aside=True),
    "S17": Part(style.INK),
}


class Layout:
    """What both layouts draw with: cards, lines that know their relation, words beside a line."""

    def __init__(self, canvas: Canvas, people: Mapping[str, Any], ties: Mapping[str, Any]) -> None:
        self.canvas = canvas
        self.people = people
        self.ties = ties
        self.boxes: dict[str, Box] = {}

    def card(self, name: str) -> Card:
        part, row = CAST[name], self.people[name]
        title, _, aside = str(row.name).partition(" (")
        clauses = [clause.strip() for clause in str(row.role).split(";")]
        details = [aside.removesuffix(")")] if part.aside and aside else []
        details += [clauses[number] for number in part.clauses if number < len(clauses)]
        if part.also:
            other = str(self.people[part.also].name)
            title += f", {other[:1].lower()}{other[1:]}"
        return Card(part.over, title, "; ".join(details), part.colour)

    def place(self, name: str, x: float, y: float, w: float, h: float | None = None) -> Box:
        box = self.card(name).draw(self.canvas, x, y, w, h)
        row = self.people[name]
        self.canvas.link(box, f"{row.name}: {row.role}", f"{ROWS}#row-{name}")
        self.boxes[name] = box
        return box

    def line(
        self,
        name: str,
        points: list[Point],
        *,
        colour: str = style.LINE,
        heads: Literal["end", "both"] = "end",
        width: float = 1.4,
    ) -> None:
        """Draw a relation's line, dashed unless the relation is stated."""
        tie = self.ties[name]
        dash = "solid" if tie.basis == STATED else style.DASH
        self.canvas.line(points, colour=colour, heads=heads, dash=dash, width=width)
        if name not in WORDED:
            (x0, y0), (x1, y1) = points[0], points[1]
            self._link(name, Box((x0 + x1) / 2 - 12, (y0 + y1) / 2 - 12, 24, 24))

    def _link(self, name: str, place: Box) -> None:
        tie = self.ties[name]
        basis = "" if tie.basis == STATED else f" ({tie.basis})"
        words = f"{tie.source_name} {tie.relation} {tie.target_name}{basis}"
        self.canvas.link(place, words, TOLD.get(tie.kind, TOLD[""]))

    def lines_of(self, name: str, room: float) -> list[str]:
        return wrap(self.ties[name].relation, room, SIZE)

    def words(self, name: str, x: float, middle: float, room: float, *, colour: str = style.MUTED) -> Box:
        """Write the relation in words, beside its line; middle: where the block's middle lies."""
        lines = self.lines_of(name, room)
        box = self.canvas.text(
            x, middle - height(len(lines), SIZE) / 2, "\n".join(lines), size=SIZE, colour=colour
        )
        self._link(name, box)
        return box

    def foot(self, y: float) -> None:
        items = [
            ("line", style.LINE, "reported relation"),
            ("dash", style.LINE, "proposed or inferred relation"),
            ("line", style.ORANGE, "conflict"),
        ]
        self.canvas.height = key(self.canvas, y, items)


class Wide(Layout):
    """Three columns: design, deliver, coordinate and control; users beneath."""

    def draw(self) -> None:
        canvas, w, top = self.canvas, 176.0, self.canvas.height
        left, middle, right = 1.0, 212.0, canvas.width - 177
        heading(canvas, left, top, "Design", style.BLUE)
        heading(canvas, middle, top, "Deliver", style.GREEN)
        heading(canvas, right, top, "Coordinate, control", style.PURPLE)
        y, pad, gap = top + 26, 10.0, 44.0

        inner = w - 2 * pad
        tall = sum(self.card(name).height(inner) for name in ("S04", "S05", "S14"))
        panel = canvas.box(
            middle, y, w, 2 * pad + tall + gap + 12, fill=style.soft(style.GREEN), line="", radius=8
        )
        s04 = self.place("S04", middle + pad, y + pad, inner)
        s05 = self.place("S05", middle + pad, s04.bottom + gap, inner)
        self.place("S14", middle + pad, s05.bottom + 12, inner)
        x = middle + pad + 16
        self.line("L05", [(x, s05.y), (x, s04.bottom)], colour=style.GREEN)
        self.words("L05", x + 10, s04.bottom + gap / 2, inner - 30)

        side = max(self.card(name).height(w) for name in ("S01", "S07", "S02", "S03"))
        s01 = self.place("S01", left, y, w, side)
        s07 = self.place("S07", left, panel.bottom - side, w, side)
        s02 = self.place("S02", right, y, w, side)
        s03 = self.place("S03", right, panel.bottom - side, w, side)
        between = (s01.bottom + s07.y) / 2
        self.line("L11", [(left + 12, s01.bottom), (left + 12, s07.y)], colour=style.BLUE)
        self.words("L11", left + 20, between, 76)
        self.line("L12", [(left + 100, s07.y), (left + 100, s01.bottom)], colour=style.BLUE)
        self.words("L12", left + 108, between, 76)
        self.line(
            "L06",
            [(right + 40, s02.bottom), (right + 40, s03.y)],
            colour=style.ORANGE,
            heads="both",
            width=1.8,
        )
        self.words("L06", right + 52, between, 120, colour=style.ORANGE)
        for name, box, colour in (
            ("L09", s01, style.BLUE),
            ("L10", s07, style.BLUE),
            ("L01", s02, style.PURPLE),
            ("L02", s03, style.PURPLE),
        ):
            start, end = (box.right, panel.x) if box.x < panel.x else (box.x, panel.right)
            self.line(name, [(start, box.centre[1]), (end, box.centre[1])], colour=colour)
        self._users(panel, s07, s03)

    def _users(self, panel: Box, s07: Box, s03: Box) -> None:
        drop = 62.0
        s16 = self.place("S16", panel.x, panel.bottom + drop, panel.w)
        s17 = self.place("S17", s07.x, s16.y, 128, s16.h)
        middle = panel.bottom + drop / 2
        x = s07.x + 12
        self.line("L14", [(x, s17.y), (x, s07.bottom)])
        self.words("L14", x + 8, middle, 116)
        x = s07.x + 149
        self.line("L13", [(x, s07.bottom), (x, s16.centre[1]), (s16.x, s16.centre[1])])
        self.words("L13", x + 8, middle, 130)
        x = s16.centre[0]
        self.line("L18", [(x, panel.bottom), (x, s16.y)], colour=style.GREEN)
        self.words("L18", x + 10, middle, 110)
        x = s03.centre[0]
        self.line("L03", [(x, s03.bottom), (x, s16.centre[1]), (s16.right, s16.centre[1])])
        self.words("L03", s16.right + 14, s16.centre[1] - 20, 90)
        self.foot(s16.bottom + 14)


class Narrow(Layout):
    """One column for phones, in the order design, deliver, use, control, coordinate; lines pass at its sides."""

    def draw(self) -> None:
        canvas = self.canvas
        left, right, rail = 16.0, canvas.width - 17, canvas.width - 5
        w = right - left
        y = heading(canvas, left, canvas.height, "Design", style.BLUE).bottom + 5
        s01 = self.place("S01", left, y, w)
        s07 = self.place("S07", left, s01.bottom + 56, w)
        middle = (s01.bottom + s07.y) / 2
        self.line("L11", [(30, s01.bottom), (30, s07.y)], colour=style.BLUE)
        self.words("L11", 40, middle, 124)
        self.line("L12", [(184, s07.y), (184, s01.bottom)], colour=style.BLUE)
        self.words("L12", 194, middle, 120)

        s17 = self.place("S17", 90, s07.bottom + 36, right - 90)
        self.line("L14", [(106, s17.y), (106, s07.bottom)])
        self.words("L14", 116, (s07.bottom + s17.y) / 2, right - 120)
        panel = self._deliver(s17.bottom + 20, left, w)
        self.line("L10", [(50, s07.bottom), (50, panel.y)], colour=style.BLUE)
        self._rail("L09", s01, panel, panel.y + 22, style.BLUE)

        s16 = self.place("S16", left, panel.bottom + 58, w)
        middle = (panel.bottom + s16.y) / 2
        self.line("L18", [(60, panel.bottom), (60, s16.y)], colour=style.GREEN)
        self.words("L18", 70, middle, 110)
        across, along = s07.centre[1], s16.centre[1]
        self.line("L13", [(right, across), (rail, across), (rail, along), (right, along)])
        self.words("L13", right - 128, middle, 124)
        s03 = self.place("S03", left, s16.bottom + 36, w)
        self.line("L03", [(60, s03.y), (60, s16.bottom)])
        self.words("L03", 70, (s16.bottom + s03.y) / 2, w - 80)
        s02 = self.place("S02", left, s03.bottom + 36, w)
        self.line("L06", [(60, s03.bottom), (60, s02.y)], colour=style.ORANGE, heads="both", width=1.8)
        self.words("L06", 70, (s03.bottom + s02.y) / 2, w - 80, colour=style.ORANGE)
        self._rail("L02", s03, panel, panel.bottom - 22, style.PURPLE)
        self._rail("L01", s02, panel, panel.bottom - 22, style.PURPLE)
        self.foot(s02.bottom + 14)

    def _rail(self, name: str, start: Box, end: Box, enter: float, colour: str) -> None:
        """Draw a relation's line along the left side, from a card to the panel."""
        x, y = 5.0, start.centre[1]
        self.line(name, [(start.x, y), (x, y), (x, enter), (end.x, enter)], colour=colour)

    def _deliver(self, top: float, left: float, w: float) -> Box:
        canvas, x, inner = self.canvas, left + 11, w - 22
        y = heading(canvas, x, top + 8, "Deliver", style.GREEN).bottom + 5
        s04 = self.place("S04", x, y, inner)
        s05 = self.place("S05", x, s04.bottom + 34, inner)
        s14 = self.place("S14", x, s05.bottom + 10, inner)
        panel = Box(left, top, w, s14.bottom + 12 - top)
        canvas.under(panel, fill=style.soft(style.GREEN))
        self.line("L05", [(x + 20, s05.y), (x + 20, s04.bottom)], colour=style.GREEN)
        self.words("L05", x + 30, (s04.bottom + s05.y) / 2, inner - 40)
        return panel
