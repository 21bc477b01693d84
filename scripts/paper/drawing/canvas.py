"""A sheet in pixels on which a figure is laid out: ``svg`` writes it as a picture.

Diagrams and charts are drawn with the same few strokes, so that they look alike, and every text's place is
known: ``clashes`` says which texts would overlap or leave the sheet, and the tests hold every figure to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from paper.drawing import paths, style
from paper.drawing.paths import Point
from paper.drawing.text import height as text_height
from paper.drawing.text import width as text_width
from paper.drawing.text import wrap
from paper.typography import curly

Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, in px from the top left."""

    x: float
    y: float
    w: float
    h: float
    label: str = ""

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.h

    @property
    def centre(self) -> Point:
        """Return the middle."""
        return self.x + self.w / 2, self.y + self.h / 2

    def overlaps(self, other: Box) -> bool:
        """Return whether the two share any area."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True)
class Stroke:
    """A path, in SVG's letters; fill and line are colours, "" for none; dash is "solid" or as "4px,3px"."""

    path: str
    fill: str = ""
    line: str = ""
    width: float = 1.0
    dash: str = "solid"
    opacity: float = 1.0


@dataclass(frozen=True)
class Words:
    """Lines of text whose block begins at y; x is its left edge, middle or right edge, as ``anchor`` says."""

    x: float
    y: float
    lines: tuple[str, ...]
    size: float
    colour: str
    anchor: Anchor
    bold: bool
    italic: bool


@dataclass(frozen=True)
class Link:
    """What a mark stands for, in words, and the place in the book that tells of it."""

    place: Box
    words: str
    target: str
    """"" for none, else ``chapters/references.html#ref-hood1991``, from the site's root."""


@dataclass
class Canvas:
    """The sheet; ``height`` may be set at the end, when all is placed. Words stand above strokes."""

    width: float
    height: float = 0.0
    texts: list[Box] = field(default_factory=list)
    lines: list[tuple[Point, Point]] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = style.TEXT,
        colour: str = style.INK,
        anchor: Anchor = "left",
        bold: bool = False,
        italic: bool = False,
        room: float | None = None,
    ) -> Box:
        """Write a text whose block begins at y; x is its left edge, middle or right edge. Returns its block.

        room: break it into lines that fit so many px.
        """
        text = curly(text)
        lines = text.split("\n") if room is None else wrap(text, room, size, bold=bold)
        w = max(text_width(line, size, bold=bold) for line in lines)
        h = text_height(len(lines), size)
        left = {"left": x, "center": x - w / 2, "right": x - w}[anchor]
        self.words.append(
            Words(_round(x), _round(y), tuple(lines), float(size), colour, anchor, bold, italic)
        )
        box = Box(left, y, w, h, text)
        self.texts.append(box)
        return box

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: str = style.PANEL,
        line: str = "",
        width: float = 1.2,
        radius: float = 5,
        dash: str = "solid",
        opacity: float = 1.0,
    ) -> Box:
        """Draw a rectangle with rounded corners."""
        path = paths.rectangle(x, y, w, h, radius)
        self._path(path, fill=fill, line=line, width=width, dash=dash, opacity=opacity)
        return Box(x, y, w, h)

    def under(self, place: Box, *, fill: str, line: str = "", radius: float = 8) -> None:
        """Draw a rectangle beneath all that stands there already."""
        count = len(self.strokes)
        self.box(place.x, place.y, place.w, place.h, fill=fill, line=line, radius=radius)
        self.strokes[:] = self.strokes[count:] + self.strokes[:count]

    def line(
        self,
        points: Sequence[Point],
        *,
        colour: str = style.LINE,
        width: float = 1.4,
        dash: str = "solid",
        heads: Literal["", "end", "both"] = "",
        bend: float = 8,
    ) -> None:
        """Draw a line through the points, its corners rounded by ``bend`` px, with arrowheads where asked."""
        path = list(points)
        self.lines.extend(pairwise(path))
        if heads:
            path[-1] = self._head(path[-2], path[-1], colour)
        if heads == "both":
            path[0] = self._head(path[1], path[0], colour)
        self._path(paths.rounded_polyline(path, bend), line=colour, width=width, dash=dash)

    def beneath(self, points: Sequence[Point], *, colour: str, width: float = 1.0) -> None:
        """Draw a line of the background, which texts may stand on, beneath all that is there already."""
        count = len(self.strokes)
        self._path(paths.polyline(points), line=colour, width=width)
        self.strokes[:] = self.strokes[count:] + self.strokes[:count]

    def mark(
        self, x: float, y: float, kind: str, *, colour: str, size: float = 9, width: float = 1.6
    ) -> None:
        """Draw one mark: ``disc``, ``ring``, ``diamond``, ``square``, ``frame``, ``half``."""
        ground = style.PAPER if kind in ("ring", "frame", "half") else colour
        self._path(paths.mark(kind, x, y, size / 2), fill=ground, line=colour, width=width)
        if kind == "half":
            self._path(paths.half_disc(x, y, size / 2), fill=colour)

    def link(self, place: Box, words: str, target: str = "") -> None:
        """Let a page say what stands at a place, and lead to the passage, row or work that it stands for."""
        self.links.append(Link(place, curly(words), target))

    def link_mark(self, x: float, y: float, words: str, target: str = "", *, size: float = 18) -> None:
        """Link a mark by its middle, with room around it for a finger."""
        self.link(Box(x - size / 2, y - size / 2, size, size), words, target)

    def clashes(self) -> list[str]:
        """Return which texts overlap one another, are crossed by a line, or leave the sheet."""
        results = []
        for i, text in enumerate(self.texts):
            if (
                text.x < -0.5
                or text.right > self.width + 0.5
                or text.y < 0
                or text.bottom > self.height + 0.5
            ):
                results.append(f"{text.label!r} leaves the sheet")
            results += [
                f"{text.label!r} over {other.label!r}"
                for other in self.texts[i + 1 :]
                if text.overlaps(other)
            ]
            for (x0, y0), (x1, y1) in self.lines:
                path = Box(min(x0, x1), min(y0, y1), max(abs(x1 - x0), 0.1), max(abs(y1 - y0), 0.1))
                straight = x0 == x1 or y0 == y1
                if straight and path.overlaps(text):
                    results.append(f"a line crosses {text.label!r}")
        return results

    def _head(self, before: Point, tip: Point, colour: str) -> Point:
        """Draw an arrowhead at the tip; returns where the line itself must end."""
        path, end = paths.head(before, tip)
        self._path(path, fill=colour)
        return end

    def _path(
        self,
        path: str,
        *,
        fill: str = "",
        line: str = "",
        width: float = 1.0,
        dash: str = "solid",
        opacity: float = 1.0,
    ) -> None:
        self.strokes.append(Stroke(path, fill, line, float(width), dash, float(opacity)))


def _round(value: float) -> float:
    return round(float(value), 2)
