"""A Plotly figure as a cell shows it: what is drawn of it, in what size, and what can't be drawn."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from paper.plots import theme

MIMETYPE: Final = "application/vnd.plotly.v1+json"
WIDTH, HEIGHT = 640, 420  # px, where neither figure nor cell says so
NARROW = 380
ABREAST = 340  # the least width of figures side by side: narrower ones are drawn smaller
PX_MARGIN: Final = {"t": 60}  # what Plotly Express sets where there is no title
# Kinds of traces in the partial bundles; see ``bundles/build.mjs``.
BASIC: Final = frozenset({"scatter", "bar", "pie"})
CHARTS: Final = BASIC | {
    "barpolar", "box", "candlestick", "choropleth", "contour", "funnel", "funnelarea", "heatmap", "histogram",
    "histogram2d", "histogram2dcontour", "icicle", "image", "indicator", "ohlc", "parcats", "sankey", "scattergeo",
    "scatterpolar", "scattersmith", "scatterternary", "sunburst", "table", "treemap", "violin", "waterfall",
}  # fmt: skip
# What differs only in that the graphics card draws it; Plotly Express takes these for many points.
AS_SVG: Final = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}
# Settings of colour that mean data: a scale must look the same in its bar and in what it colours.
Path = tuple[str | int, ...]
_SCALES: Final = ("colorscale", "coloraxis", "sequential", "sequentialminus", "diverging", "colorscales")


@dataclass(frozen=True)
class Figure:
    """A figure of Plotly's."""

    data: list[dict[str, Any]]
    """Its traces, as Plotly's JSON has them."""
    layout: dict[str, Any]
    """Its layout."""
    frames: list[dict[str, Any]]
    """The states of its animation."""
    width: int
    """In pixels."""
    height: int
    """In pixels."""
    sized: bool
    """Whether the author chose a width."""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its traces, as the page draws them live."""
        return frozenset(str(trace.get("type") or "scatter") for trace in self.data)

    @property
    def undrawable(self) -> list[str]:
        """Kinds of traces that only a graphics card draws."""
        return sorted(kind for kind in self.kinds if AS_SVG.get(kind, kind) not in CHARTS)

    @property
    def themed(self) -> bool:
        """Whether it stands on the page's own ground, so that its colours may follow the reader's theme."""
        return theme.is_light(str(self.layout["paper_bgcolor"]))

    @property
    def title(self) -> str:
        """Its title as plain text, "" where it has none."""
        title = self.layout.get("title")
        text = title.get("text") if isinstance(title, dict) else title
        return str(text or "")


def read(text: str, size: tuple[float | None, float | None] = (None, None), columns: int = 1) -> Figure:
    """Parse a figure of the mimetype ``MIMETYPE``.

    size: width and height in px that the cell asks for, if it does; columns: how many figures stand side by side.
    Raises ValueError where the text is no figure.
    """
    given = json.loads(text)
    if not isinstance(given, dict) or not isinstance(given.get("data"), list):
        raise ValueError("no Plotly figure")
    layout = given.get("layout") or {}
    template = (layout.get("template") or {}).get("layout") or {}
    for key, default in (("paper_bgcolor", "#ffffff"), ("plot_bgcolor", "#ffffff")):
        layout.setdefault(key, template.get(key, default))
    room = WIDTH if columns < 2 else max(ABREAST, WIDTH // columns)
    title = layout.get("title")
    if not (title.get("text") if isinstance(title, dict) else title) and layout.get("margin") in (
        None,
        {},
        PX_MARGIN,
    ):
        layout["margin"] = {"t": 32}  # the caption says what it is: no room for a title
    width = layout.get("width") or template.get("width") or size[0]
    height = layout.get("height") or template.get("height") or size[1]
    return Figure(
        [trace for trace in given["data"] if isinstance(trace, dict)],
        layout,
        [frame for frame in given.get("frames") or [] if isinstance(frame, dict)],
        round(width or room),
        round(height or HEIGHT * (1 if room == WIDTH else 0.75)),
        bool(width),
    )


def still(figure: Figure, *, narrow: bool = False) -> dict[str, Any]:
    """Return what is drawn: the first state of an animation, without controls that a picture has no use for.

    narrow: for a phone, with the legend beneath.
    """
    layout = copy.deepcopy(figure.layout)
    for controls in ("updatemenus", "sliders"):
        layout.pop(controls, None)
    layout["width"], layout["height"] = figure.width, figure.height
    layout["autosize"] = False
    if narrow:
        layout["width"] = NARROW
        legend = layout.setdefault("legend", {})
        if not {"x", "y", "orientation"} & set(legend):
            legend |= {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"}
        margin = layout.setdefault("margin", {})
        margin |= {side: min(margin.get(side, 80), 24) for side in ("l", "r")}
    data = []
    for trace in figure.data:
        kind = str(trace.get("type") or "scatter")
        data.append({**trace, "type": AS_SVG.get(kind, kind)})
    return {"data": data, "layout": layout}


def live(figure: Figure) -> str:
    """Return what the page's script draws, as JSON: the figure, and in ``paper`` how it fits the page.

    paper: ``sized``, whether its width is the author's; ``dark``, what changes on a dark page, as pairs of a path
    into the figure and the colour there.
    """
    layout = {**figure.layout, "height": figure.height}
    whole: dict[str, Any] = {"data": figure.data, "layout": layout, "frames": figure.frames}
    dark: list[tuple[Path, str]] = []
    if figure.themed:
        layout["paper_bgcolor"] = "rgba(0,0,0,0)"
        dark = [*_dark(layout, ("layout",)), *_dark(figure.data, ("data",))]
    if figure.sized:
        layout["width"] = figure.width
    whole["paper"] = {"sized": figure.sized, "dark": dark}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def bundle(figure: Figure) -> str:
    """Return the script that draws the figure on a page: the smallest that knows its kinds of traces."""
    kinds = figure.kinds | {
        str(t.get("type") or "scatter") for frame in figure.frames for t in frame.get("data") or []
    }
    if kinds <= BASIC:
        return "plotly-basic.min.js"
    return "plotly-charts.min.js" if kinds <= CHARTS else "plotly.min.js"


def _dark(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the colours that change on a dark page: all but those of data, and of words on areas."""
    if isinstance(value, dict):
        kind = str(value.get("type") or "scatter") if path[0] == "data" and len(path) == 2 else ""
        for name, part in value.items():
            if name.startswith(_SCALES) or name in ("meta", "colorway"):
                continue
            if name == "marker":  # areas keep their colours
                yield from _dark({"line": (part or {}).get("line")}, (*path, name))
            elif not (name in ("textfont", "insidetextfont") and kind != "scatter"):
                yield from _dark(part, (*path, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _dark(part, (*path, number))
    elif isinstance(value, str) and any("color" in str(step) for step in path[-2:]):
        opposite = theme.dark(value, text=True)
        if opposite != value:
            yield path, opposite
