"""Plotly's SVG, reduced to what is drawn: flat, small, without ids, styles or anything that varies by run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from paper.errors import ToolError
from paper.figures import style

_NS: Final = "{http://www.w3.org/2000/svg}"
_KEPT: Final = {
    "fill": "#000000",
    "fill-opacity": "1",
    "stroke": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-dasharray": "none",
    "opacity": "1",
}
_FONT_KEPT: Final = {"font-size": "", "font-weight": "normal", "font-style": "normal"}
_SHIFT: Final = re.compile(r"translate\(\s*(-?[\d.]+)(?:[\s,]+(-?[\d.]+))?\s*\)|rotate\(\s*0[\d.,\s]*\)")


def tidy(raw: str, *, centimetres: float | None = None) -> str:
    """Plotly's SVG as one line an element, each with literal attributes (no style, class, id or clipping).

    centimetres: the width to print it at; None leaves it in pixels. Raises ToolError where the picture has
    something that this reduction would lose.
    """
    root = etree.fromstring(raw.encode(), parser=etree.XMLParser(resolve_entities=False, no_network=True))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    if centimetres:
        size = f'width="{centimetres:g}cm" height="{_n(centimetres * height / width)}cm"'
    else:
        size = f'width="{_n(width)}" height="{_n(height)}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_n(width)} {_n(height)}" '
        f'font-family="{html.escape(style.FONT)}">'
    )
    return "\n".join([head, *_drawn(root, 0.0, 0.0), "</svg>"]) + "\n"


def themed(svg: str, *, kind: str, label: str) -> str:
    """The SVG for a page: scales to its room, takes its colours from CSS variables, and says what it is."""
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


def _drawn(element: Any, dx: float, dy: float) -> Iterator[str]:
    """The elements that leave ink, in their order, moved to where their groups put them."""
    for child in element:
        tag = str(child.tag).removeprefix(_NS)
        if tag == "defs" or not isinstance(child.tag, str):
            continue
        x, y = _moved(child, dx, dy)
        if tag == "g":
            yield from _drawn(child, x, y)
        elif tag == "text":
            yield _text(child, x, y)
        elif tag in ("path", "rect"):
            look = _look(child)
            if _inked(child, look):
                look.update({"transform": f"translate({_n(x)},{_n(y)})"} if x or y else {})
                shape = {key: child.get(key) for key in ("d", "x", "y", "width", "height") if child.get(key)}
                shape = {key: _numbers(value) for key, value in shape.items()}
                yield f"<{tag}{_attributes({**shape, **look})}/>"
        else:
            raise ToolError(
                f"a figure's SVG has an element <{tag}>, which no figure here should draw",
                remedy="draw it with paper.figures.canvas.Canvas, which uses paths and texts only",
            )


def _text(element: Any, dx: float, dy: float) -> str:
    """A text, its lines at absolute places."""
    look = _look(element, fonts=True)
    size = float(look.get("font-size", "12"))
    lines = element.findall(f"{_NS}tspan[@class='line']")
    anchor = element.get("text-anchor", "start")
    head = _attributes({**({"text-anchor": anchor} if anchor != "start" else {}), **look})
    if not lines:
        x, y = float(element.get("x", "0")) + dx, float(element.get("y", "0")) + dy
        return f'<text x="{_n(x)}" y="{_n(y)}"{head}>{_runs(element)}</text>'
    spans = []
    for line in lines:
        x = float(line.get("x", "0")) + dx
        y = float(line.get("y", "0")) + dy + float(line.get("dy", "0em").removesuffix("em")) * size
        spans.append(f'<tspan x="{_n(x)}" y="{_n(y)}">{_runs(line)}</tspan>')
    # A space between the lines, so that a text taken out of the picture keeps its words apart.
    return f"<text{head}>{' '.join(spans)}</text>"


def _runs(line: Any) -> str:
    """A line's words; a run with a look of its own (bold, italic) in a tspan."""
    out = html.escape(line.text or "", quote=False)
    for run in line:
        look = _attributes(_look(run, fonts=True))
        inner = _runs(run)
        out += f"<tspan{look}>{inner}</tspan>" if look else inner
        out += html.escape(run.tail or "", quote=False)
    return out


def _look(element: Any, *, fonts: bool = False) -> dict[str, str]:
    """The declarations of the style attribute that matter, as presentation attributes, defaults left out."""
    kept = {**_KEPT, **(_FONT_KEPT if fonts else {})}
    look = {}
    for declaration in (element.get("style") or "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in kept and value:
            value = _hex(value.removesuffix("px"))
            if value != kept[key]:
                look[key] = _numbers(value) if not value.startswith("#") else value
    return look


def _inked(element: Any, look: dict[str, str]) -> bool:
    """Whether a path or rectangle shows at all."""
    fill = look.get("fill", "#000000") != "none" and look.get("fill-opacity") != "0"
    stroke = "stroke" in look and look.get("stroke-opacity") != "0" and look.get("stroke-width") != "0"
    if not stroke:
        for key in ("stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"):
            look.pop(key, None)
    elif not fill:
        look["fill"] = "none"
        look.pop("fill-opacity", None)
    return look.get("opacity") != "0" and (fill or stroke) and element.get("d") != "M0,0"


def _moved(element: Any, dx: float, dy: float) -> tuple[float, float]:
    for shift in filter(None, re.split(r"(?<=\))\s*", element.get("transform") or "")):
        match = _SHIFT.fullmatch(shift)
        if not match:
            raise ToolError(f"a figure's SVG is moved by {shift!r}, which is not expected here")
        if match[1]:
            dx, dy = dx + float(match[1]), dy + float(match[2] or 0)
    return dx, dy


def _hex(value: str) -> str:
    match = re.fullmatch(r"rgb\((\d+), ?(\d+), ?(\d+)\)", value)
    return "#" + "".join(f"{int(part):02x}" for part in match.groups()) if match else value


def _attributes(pairs: dict[str, str]) -> str:
    return "".join(f' {key}="{html.escape(value)}"' for key, value in pairs.items())


def _numbers(value: str) -> str:
    return re.sub(r"-?\d+\.\d+", lambda m: _n(float(m[0])), value)


def _n(value: float) -> str:
    return f"{round(value, 2):g}"
