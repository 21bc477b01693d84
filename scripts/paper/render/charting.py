"""Runs inside the kernel: plotting libraries hand over what a figure is, whatever renderer an author chose.

Nothing is imported here: IPython's formatters go by the names of types, and Plotly's ``show`` is replaced when the
author's own import loads it. So ``fig.show()`` opens no browser, and ``pio.renderers.default`` loses no figure.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

PLOTLY = "application/vnd.plotly.v1+json"
_RENDERERS = "plotly.io._renderers"
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
    sys.meta_path.insert(0, _Finder())


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
    """The specification of an Altair chart, with its data."""
    try:
        spec = chart.to_dict()
    except ValueError:  # charts of VegaFusion have a form in Vega alone
        spec = chart.to_dict(format="vega")
    kind = "vegalite" if "vega-lite" in str(spec.get("$schema")) else "vega"
    return {f"application/vnd.{kind}.v5+json": spec, "text/plain": "Chart()"}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds Plotly's renderers where they are, and sets them when they are loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != _RENDERERS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, own: Any) -> None:
        self._own = own

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._own.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        self._own.exec_module(module)
        module.show = _show_plotly  # type: ignore[attr-defined]
        module.renderers._activate_pending_renderers = lambda *_, **__: None
