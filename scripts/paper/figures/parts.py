"""Parts that several figures share: cards, keys, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paper.figures import style
from paper.figures.canvas import Box, Canvas
from paper.figures.text import LINE_HEIGHT, height, width, wrap

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
    return canvas.text(x, y, text, size=style.TITLE, colour=colour, bold=True)


def notes(canvas: Canvas, y: float, lines: Sequence[str], *, x: float = 0) -> float:
    """Small notes beneath a figure, one under another. Returns where they end."""
    for line in lines:
        y = canvas.text(x, y, line, size=style.SMALL, colour=style.MUTED, room=canvas.width - x).bottom + 3
    return y


def key(canvas: Canvas, y: float, items: Sequence[tuple[str, str, str]], *, x: float = 0) -> float:
    """A key to marks or lines, in rows that fit the width. Returns where it ends.

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
