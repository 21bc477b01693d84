"""Runs inside the kernel: plotting libraries hand over what a figure is, whatever renderer an author chose.

Nothing is imported here: IPython's formatters go by the names of types, and Plotly's ``show`` is replaced when the
author's own import loads it. So ``fig.show()`` opens no browser, and ``pio.renderers.default`` loses no figure.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from paper.afterimport import after_import
from paper.cells.inside import interactive

PLOTLY = "application/vnd.plotly.v1+json"
_ALTAIR = ("v4", "v5", "v6", "v7")


def start() -> None:
    """Register the formatters with the running IPython, and wait for Plotly."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    formatters: Any = getattr(shell, "display_formatter", None)
    if formatters is None:
        return
    formatters.ipython_display_formatter.for_type_by_name("plotly.basedatatypes", "BaseFigure", _show_plotly)
    bundles = formatters.mimebundle_formatter
    for version in _ALTAIR:
        bundles.for_type_by_name(f"altair.vegalite.{version}.api", "TopLevelMixin", _vega)
    bundles.for_type_by_name(
        "altair.jupyter.jupyter_chart", "JupyterChart", lambda chart, **_: _vega(chart.chart)
    )
    after_import("plotly.io._renderers", _renderers)
    interactive.start(formatters)


def _show_plotly(figure: Any, *_: Any, **__: Any) -> None:
    """Hand over a figure, or a dictionary of one, as Plotly's own JSON."""
    import json

    from IPython.display import publish_display_data

    if not hasattr(figure, "to_plotly_json"):
        from plotly.graph_objects import Figure  # type: ignore[import-untyped]

        figure = Figure(figure)
    publish: Any = publish_display_data
    publish({PLOTLY: json.loads(figure.to_json()), "text/plain": "Figure()"})


def _vega(chart: Any, **_: Any) -> dict[str, Any]:
    """Return the specification of an Altair chart, with its data."""
    try:
        spec = chart.to_dict()
    except ValueError:  # charts of VegaFusion have a form in Vega alone
        spec = chart.to_dict(format="vega")
    kind = "vegalite" if "vega-lite" in str(spec.get("$schema")) else "vega"
    return {f"application/vnd.{kind}.v5+json": spec, "text/plain": "Chart()"}


def _renderers(module: ModuleType) -> None:
    """Let ``show`` hand over the figure, and load no script into the page."""
    loaded: Any = module
    loaded.show = _show_plotly
    loaded.renderers._activate_pending_renderers = lambda *_, **__: None


def forget() -> None:
    """Undo between chapters what one of them set for all its figures (``paper.look``, default templates, themes)."""
    interactive.forget()
    package = sys.modules.get("paper")
    if sys.modules.pop("paper.look", None) is not None and hasattr(package, "look"):
        delattr(package, "look")
    if (pio := sys.modules.get("plotly.io")) is not None:
        pio.templates.default = "plotly"
    if (matplotlib := sys.modules.get("matplotlib")) is not None and "matplotlib.pyplot" in sys.modules:
        backend = matplotlib.rcParams["backend"]
        matplotlib.rcdefaults()
        matplotlib.rcParams["backend"] = backend
        from IPython.core.getipython import get_ipython

        shell: Any = get_ipython()
        shell.run_line_magic("config", "InlineBackend.figure_formats = ['png']")
    if (altair := sys.modules.get("altair")) is not None:
        altair.theme.enable("default")
