"""The paper's colours and type for whatever draws: ``from paper import look`` in a cell is all there is to do.

It holds for the rest of the chapter, for Plotly, matplotlib (with seaborn and plotnine) and Altair, whether they are
imported before or after. ``COLOURS`` are the hues in their order, for those who name one.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from paper.afterimport import after_import
from paper.drawing import style

COLOURS: Final = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.LINE)
SCALE: Final = (style.PALETTE["blue-soft"], style.BLUE)
_INCHES: Final = (style.PRINT_CM / 2.54, style.PRINT_CM / 2.54 * 0.62)


def _plotly(pio: ModuleType) -> None:
    axis = {
        "gridcolor": style.RULE, "linecolor": style.LINE, "zerolinecolor": style.LINE, "automargin": True,
        "title": {"standoff": 10}, "ticks": "outside", "tickcolor": style.LINE, "ticklen": 4,
    }  # fmt: skip
    layout: dict[str, Any] = {
        "font": {"family": style.FONT, "size": style.TEXT, "color": style.INK},
        "title": {"font": {"size": style.TITLE}, "x": 0, "xref": "paper"},
        "paper_bgcolor": style.PAPER, "plot_bgcolor": style.PAPER, "colorway": list(COLOURS),
        "colorscale": {"sequential": [[0, SCALE[0]], [1, SCALE[1]]]},
        "coloraxis": {"colorbar": {"outlinewidth": 0}},
        "margin": {"l": 48, "r": 16, "t": 40, "b": 48}, "xaxis": {**axis, "showgrid": False}, "yaxis": axis,
        "hoverlabel": {"align": "left", "bgcolor": style.PANEL, "font": {"color": style.INK}},
    }  # fmt: skip
    pio.templates["paper"] = {"layout": layout}
    pio.templates.default = "paper"


def _matplotlib(pyplot: ModuleType) -> None:
    from cycler import cycler

    pyplot.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=list(COLOURS)),
            "figure.figsize": _INCHES,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "font.size": 9,
            "grid.color": style.RULE,
            "legend.frameon": False,
            "svg.hashsalt": "paper",  # the same ids on each run
            **dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor"), style.INK),
            **dict.fromkeys(("xtick.color", "ytick.color"), style.INK),
            "axes.edgecolor": style.LINE,
        }
    )
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    if shell is not None:
        shell.run_line_magic("config", "InlineBackend.figure_formats = ['svg']")


def _altair(altair: ModuleType) -> None:
    words = {
        "labelColor": style.INK,
        "titleColor": style.INK,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
    }
    lines = {"gridColor": style.RULE, "domainColor": style.LINE, "tickColor": style.LINE}
    config: dict[str, Any] = {
        "font": style.FONT, "background": style.PAPER, "view": {"stroke": None, "continuousWidth": 460},
        "axis": {**words, **lines, "titleFontSize": 12},
        "title": {"color": style.INK, "anchor": "start", "fontSize": style.TITLE},
        "legend": words, "header": words,
        "range": {"category": list(COLOURS), "ordinal": list(SCALE), "ramp": list(SCALE), "heatmap": list(SCALE)},
        "mark": {"color": style.BLUE}, "text": {"color": style.INK}, "rule": {"color": style.LINE},
    }  # fmt: skip
    altair.theme.register("paper", enable=True)(lambda: {"config": config})


after_import("plotly.io", _plotly)
after_import("matplotlib.pyplot", _matplotlib)
after_import("altair", _altair)
