"""A sheet as Plotly's JSON: what the page's script draws when a reader wants to explore a figure."""

from __future__ import annotations

import html
import json
import math
from typing import Any

from paper.figures import style
from paper.figures.canvas import Canvas, Stroke, Words


def spec(canvas: Canvas) -> str:
    """The sheet as canonical JSON, of fixed size and transparent: equal sheets give equal text."""
    return json.dumps(_figure(canvas), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _figure(canvas: Canvas) -> dict[str, Any]:
    size = {"width": math.ceil(canvas.width), "height": math.ceil(canvas.height)}
    layout = {
        **size,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "xaxis": {"range": [0, size["width"]], "visible": False},
        "yaxis": {"range": [size["height"], 0], "visible": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": style.FONT, "size": style.TEXT, "color": style.INK},
        "hoverlabel": {"align": "left", "bgcolor": style.PANEL, "font": {"color": style.INK}},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "pan",
        "shapes": [_shape(stroke) for stroke in canvas.strokes],
        "annotations": [_annotation(words) for words in canvas.words],
        "meta": {"palette": {value: f"--fig-{name}" for name, value in style.PALETTE.items()}},
    }
    return {"data": _hovers(canvas), "layout": layout}


def _shape(stroke: Stroke) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "path", "path": stroke.path, "line": {"width": 0}}
    if stroke.opacity < 1:
        shape["opacity"] = stroke.opacity
    if stroke.fill:
        shape["fillcolor"] = stroke.fill
    if stroke.line:
        shape["line"] = {"color": stroke.line, "width": stroke.width, "dash": stroke.dash}
    return shape


def _annotation(words: Words) -> dict[str, Any]:
    text = _lines(words.lines)
    for tag in ("b" * words.bold, "i" * words.italic):
        text = f"<{tag}>{text}</{tag}>" if tag else text
    return {
        "x": words.x,
        "y": words.y,
        # Plotly pads an annotation by 2 px at the sides and 1 px at the top.
        "xshift": {"left": -2, "center": 0, "right": 2}[words.anchor],
        "yshift": 1,
        "text": text,
        "showarrow": False,
        "xanchor": words.anchor,
        "yanchor": "top",
        "align": words.anchor,
        "font": {"size": words.size, "color": words.colour},
    }


def _hovers(canvas: Canvas) -> list[dict[str, Any]]:
    """One trace of marks that can't be seen, each with its words."""
    if not canvas.hints:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [hint.x for hint in canvas.hints],
            "y": [hint.y for hint in canvas.hints],
            "marker": {
                "size": [hint.size for hint in canvas.hints],
                "opacity": 0,
                "color": style.LINE,
            },
            "hovertext": [_lines(hint.lines) for hint in canvas.hints],
            "hoverinfo": "text",
            "cliponaxis": False,
        }
    ]


def _lines(lines: tuple[str, ...]) -> str:
    """Lines in the few tags that Plotly reads; all else is text."""
    return "<br>".join(html.escape(line, quote=False) for line in lines)
