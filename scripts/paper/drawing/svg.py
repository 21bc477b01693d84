"""A sheet as SVG: flat, small, without ids, styles or anything that varies by run or machine."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable
from typing import Final

from paper.drawing import style
from paper.drawing.canvas import Canvas, Stroke, Words
from paper.drawing.text import LINE_HEIGHT

_ANCHOR: Final = {"left": "start", "center": "middle", "right": "end"}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_markup(canvas: Canvas, *, centimetres: float | None = None) -> str:
    """Return the sheet as one line an element, each with literal attributes; texts stay texts, above the strokes.

    centimetres: the width to print it at; None leaves it in pixels.
    """
    width, height = math.ceil(canvas.width), math.ceil(canvas.height)
    if centimetres:
        size = f'width="{centimetres:g}cm" height="{_n(centimetres * height / width)}cm"'
    else:
        size = f'width="{width}" height="{height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" '
        f'font-family="{html.escape(style.FONT)}">'
    )
    shapes = [_path(stroke) for stroke in canvas.strokes if stroke.fill or stroke.line]
    return "\n".join([head, *shapes, *(_text(words) for words in canvas.words), "</svg>"]) + "\n"


def page_markup(svg: str, *, kind: str, label: str) -> str:
    """Return the SVG for a page: scales to its room, takes its colours from CSS variables, and says what it is."""
    names = {value: f"var(--fig-{name},{value})" for name, value in style.PALETTE.items()}
    svg = re.sub(r'(fill|stroke)="(#[0-9a-f]{6})"', lambda m: f'{m[1]}="{names.get(m[2], m[2])}"', svg)
    # The search index takes the words of one drawing, not of the same drawing twice.
    unindexed = " data-pagefind-ignore" if kind == "figure-narrow" else ""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure-drawing {kind}" role="img" '
        f'aria-label="{html.escape(label)}"{unindexed} '
    )
    head = re.compile(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>')
    return head.sub(lambda match: f"{opening}{match[1]}>", svg, count=1).strip()


def link_overlay(canvas: Canvas, to: Callable[[str], str], *, kind: str, label: str) -> str:
    """Return the sheet's links as a second SVG to lay over the drawing, in the marks' order; "" without any.

    The drawing itself is one picture to a screen reader; these are a list of links with words. to: turns a target
    into an address from the page, "" where the book has no such page; then the words alone are there.
    """
    if not canvas.links:
        return ""
    marks = []
    for link in canvas.links:
        box = link.place
        words = html.escape(_NOT_XML.sub("", link.words))
        shape = (
            f'<title>{words}</title><rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" '
            f'height="{_n(box.h)}" rx="4"/>'
        )
        address = html.escape(to(link.target)) if link.target else ""
        marks.append(f'<a href="{address}">{shape}</a>' if address else f"<g>{shape}</g>")
    size = f"{math.ceil(canvas.width)} {math.ceil(canvas.height)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="figure-marks {kind}" role="group" '
            f'aria-label="{html.escape(label)}" data-pagefind-ignore viewBox="0 0 {size}">',
            *marks,
            "</svg>",
        ]
    )


def _path(stroke: Stroke) -> str:
    look = {"fill": stroke.fill or "none"}
    if stroke.line:
        look |= {"stroke": stroke.line, "stroke-width": _n(stroke.width)}
        if stroke.dash != "solid":
            look["stroke-dasharray"] = stroke.dash.replace("px", "")
    if stroke.opacity < 1:
        look["opacity"] = _n(stroke.opacity)
    return f"<path{_attributes({'d': stroke.path, **look})}/>"


def _text(words: Words) -> str:
    """Return a text, its lines at absolute places."""
    look = {"text-anchor": _ANCHOR[words.anchor]} if words.anchor != "left" else {}
    look |= {"font-size": _n(words.size), "fill": words.colour}
    look |= {"font-weight": "bold"} if words.bold else {}
    look |= {"font-style": "italic"} if words.italic else {}
    places = [
        f'x="{_n(words.x)}" y="{_n(words.y + words.size * (1 + LINE_HEIGHT * number))}"'
        for number in range(len(words.lines))
    ]
    lines = [html.escape(_NOT_XML.sub("", line), quote=False) for line in words.lines]
    if len(lines) == 1:
        return f"<text {places[0]}{_attributes(look)}>{lines[0]}</text>"
    spans = [f"<tspan {place}>{line}</tspan>" for place, line in zip(places, lines, strict=True)]
    # A space between the lines, so that a text taken out of the picture keeps its words apart.
    return f"<text{_attributes(look)}>{' '.join(spans)}</text>"


def _attributes(pairs: dict[str, str]) -> str:
    return "".join(f' {key}="{html.escape(value)}"' for key, value in pairs.items())


def _n(value: float) -> str:
    return f"{round(value, 2):g}"
