"""Parts that several figures share: headlines, cards, lanes, keys, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from paper.drawing import style
from paper.drawing.canvas import Anchor, Box, Canvas
from paper.drawing.text import LINE_HEIGHT, height, width, wrap

PAD = 9.0


@dataclass(frozen=True)
class Card:
    """A box with a line in its colour, a name in bold and a few words; each part may be ""."""

    over: str
    name: str
    detail: str
    colour: str

    def _parts(self, w: float) -> list[tuple[str, float, str, bool]]:
        """Text, size, colour, bold of each part that is there, wrapped to the card's width."""
        parts = [
            (self.over, style.SMALL, self.colour, True),
            (self.name, style.TEXT, style.INK, True),
            (self.detail, style.SMALL, style.MUTED, False),
        ]
        room = w - 2 * PAD
        return [
            ("\n".join(wrap(text, room, size, bold=bold)), size, colour, bold)
            for text, size, colour, bold in parts
            if text
        ]

    def height(self, w: float) -> float:
        """Return how high the card is at a width."""
        return (
            2 * PAD - 4 + sum(height(text.count("\n") + 1, size) + 2 for text, size, _, _ in self._parts(w))
        )

    def draw(
        self, canvas: Canvas, x: float, y: float, w: float, h: float | None = None, *, fill: str = ""
    ) -> Box:
        """Draw it at (x, y); h: at least so high."""
        tall = max(self.height(w), h or 0)
        box = canvas.box(x, y, w, tall, fill=fill or style.PAPER, line=self.colour, width=1.4)
        at = y + PAD - 2 + (tall - self.height(w)) / 2
        for text, size, colour, bold in self._parts(w):
            placed = canvas.text(x + PAD, at, text, size=size, colour=colour, bold=bold)
            at = placed.bottom + 2
        return box


def heading(canvas: Canvas, x: float, y: float, text: str, colour: str = style.INK) -> Box:
    """Write a heading in bold."""
    return canvas.text(x, y, text, size=style.TITLE, colour=colour, bold=True)


@dataclass
class Lane:
    """A band of marks in time, each with its label beside it, on the first row where both have room."""

    canvas: Canvas
    top: float
    """Where the band begins, in px; rows are ``step`` px apart."""
    step: float = 19.0
    taken: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    """The block, with its mark and label, that was placed last."""
    _taken: list[list[tuple[float, float]]] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """Return where the band ends, in px."""
        return self.top + len(self._taken) * self.step

    def place(
        self, start: float, end: float, label: str, *, lead: str = "", colour: str = style.INK
    ) -> float:
        """Write a label beside a mark that reaches from start to end, and return the middle of the mark's row.

        lead: words in bold and in the colour before the label, such as a date.
        """
        before, after = start - 10, self.canvas.width - end - 10
        lead_width = width(f"{lead}  ", style.SMALL, bold=True) if lead else 0.0
        whole = lead_width + width(label, style.SMALL)
        right = whole <= after or after >= before
        room = max(before, after)
        one_line = whole <= room
        lines = [label] if one_line else [*([lead] if lead else []), *wrap(label, room, style.SMALL)]
        long = whole if one_line else max(width(line, style.SMALL, bold=line == lead) for line in lines)
        edges = (start - 6, end + 10 + long) if right else (start - 10 - long, end + 6)
        row = self._free_row(len(lines), *edges)
        y = self.top + row * self.step
        self.taken = Box(edges[0], y - 1, edges[1] - edges[0], len(lines) * height(1, style.SMALL) + 2)
        edge = end + 10 if right else start - 10
        anchor: Anchor = "left" if right else "right"
        if lead and one_line:
            left = edge if right else edge - whole
            self.canvas.text(left, y, lead, size=style.SMALL, colour=colour, bold=True)
            self.canvas.text(left + lead_width, y, label, size=style.SMALL)
        else:
            for number, line in enumerate(lines):
                is_lead = bool(lead) and number == 0
                tint = colour if is_lead else style.INK
                at = y + number * height(1, style.SMALL)
                self.canvas.text(edge, at, line, size=style.SMALL, colour=tint, anchor=anchor, bold=is_lead)
        return y + 8.5

    def _free_row(self, lines: int, start: float, end: float) -> int:
        """Return the first row from which so many rows are free between start and end, and take them."""

        def is_free(row: int) -> bool:
            return row >= len(self._taken) or all(end + 8 < a or start > b + 8 for a, b in self._taken[row])

        row = next(n for n in range(len(self._taken) + 1) if all(is_free(n + more) for more in range(lines)))
        self._taken += [[] for _ in range(row + lines - len(self._taken))]
        for number in range(row, row + lines):
            self._taken[number].append((start, end))
        return row


def headline(canvas: Canvas, text: str) -> None:
    """Write what the figure shows in one bold sentence across the top of the sheet."""
    # Readers' bold faces run up to a tenth wider than reckoned, and a headline is the longest bold line there is.
    room = canvas.width * 0.9
    block = canvas.text(0, canvas.height, text, size=style.TITLE, bold=True, room=room)
    canvas.height = block.bottom + 10


def notes(canvas: Canvas, y: float, lines: Sequence[str], *, x: float = 0) -> float:
    """Return small notes beneath a figure, one under another. Returns where they end."""
    for line in lines:
        y = canvas.text(x, y, line, size=style.SMALL, colour=style.MUTED, room=canvas.width - x).bottom + 3
    return y


def key(canvas: Canvas, y: float, items: Sequence[tuple[str, str, str]], *, x: float = 0) -> float:
    """Return a key to marks or lines, in rows that fit the width. Returns where it ends.

    items: (kind, colour, words); kind is a mark's name, or ``line``, ``dash``.
    """
    at, row = x, height(1, style.SMALL) + 4
    for kind, colour, words in items:
        lead = 26 if kind in ("line", "dash") else 15
        room = lead + width(words, style.SMALL) + 16
        if at > x and at + room - 16 > canvas.width:
            at, y = x, y + row
        middle = y + style.SMALL * LINE_HEIGHT / 2
        if kind in ("line", "dash"):
            canvas.line(
                [(at, middle), (at + 22, middle)],
                colour=colour,
                width=1.6,
                dash="solid" if kind == "line" else style.DASH,
            )
        else:
            canvas.mark(at + 5, middle, kind, colour=colour)
        canvas.text(at + lead, y, words, size=style.SMALL, colour=style.MUTED)
        at += room
    return y + row
