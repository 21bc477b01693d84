"""Runs inside the kernel: libraries whose output lives in a notebook hand over a page of its own, which needs none.

The page comes as the ``srcdoc`` of a frame, or as scripts, which ``displays.frames`` makes a file of the site.
Nothing is imported here before the author does. Names that are drawn by lot are counted instead, so that two builds
give the same bytes.
"""

from __future__ import annotations

import os
import re
import sys
from types import ModuleType
from typing import Any

from paper.afterimport import after_import

_LOT = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
_FIRST_BOKEH = 1000  # where Bokeh begins to count its models


def start(formatters: Any) -> None:
    """Register with a running IPython's formatters, and wait for the libraries that have a ``show`` of their own."""
    of_html = formatters.formatters["text/html"]
    of_html.for_type_by_name("ipywidgets.widgets.widget", "Widget", _widget)
    of_html.for_type_by_name("bokeh.models.ui.ui_element", "UIElement", _bokeh)
    of_html.for_type_by_name("pyvis.network", "Network", _network)
    after_import("bokeh.io", _notebook_hook)
    after_import("pyvis.network", _network_show)
    after_import("tqdm.notebook", _bars_of_text)
    os.environ.setdefault("BOKEH_BROWSER", "none")


def forget() -> None:
    """Let a chapter's names not depend on the chapters that ran before it."""
    if (counting := sys.modules.get("bokeh.util.serialization")) is not None:
        counting._simple_id = _FIRST_BOKEH - 1  # type: ignore[attr-defined]


def _counted(page: str) -> str:
    drawing = {name: f"{number:032x}" for number, name in enumerate(dict.fromkeys(_LOT.findall(page)), 1)}
    return _LOT.sub(lambda name: drawing[name[0]], page)


def _frame(page: str, *, width: str = "100%", height: str = "450") -> str:
    import html

    size = f'width="{html.escape(str(width))}" height="{html.escape(str(height))}"'
    return f'<iframe {size} srcdoc="{html.escape(_counted(page))}"></iframe>'


def _show(markup: str, name: str) -> None:
    from IPython.display import publish_display_data

    publish: Any = publish_display_data
    publish({"text/html": markup, "text/plain": f"{name}()"})


# -- Bokeh ----------------------------------------------------------------------------------------------------


def _bokeh(model: Any) -> str:
    """Return a plot or layout with Bokeh's scripts, which the installed package brings."""
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    tall = getattr(model, "height", None)
    return _frame(file_html(model, INLINE, "Bokeh"), height=str(tall + 30 if isinstance(tall, int) else 450))


def _notebook_hook(module: ModuleType) -> None:
    """Let ``show`` hand over the plot: by the hook that Bokeh has for notebooks of other makers.

    https://docs.bokeh.org/en/latest/docs/reference/io.html#bokeh.io.install_notebook_hook
    """

    def show(model: Any, *_: Any) -> None:
        _show(_bokeh(model), "bokeh")

    def nothing(*_: Any, **__: Any) -> None:
        pass

    loaded: Any = module
    loaded.install_notebook_hook("jupyter", nothing, show, nothing, overwrite=True)
    loaded.output_notebook(hide_banner=True)


# -- pyvis ----------------------------------------------------------------------------------------------------


def _network(network: Any) -> str:
    """Return a network with the scripts that pyvis brings, though the author would fetch them."""
    given = network.cdn_resources
    network.cdn_resources = "in_line"
    try:
        page = network.generate_html(notebook=False)
    finally:
        network.cdn_resources = given
    tall = re.match(r"(\d+)(?:px)?$", str(network.height))
    return _frame(page, width=network.width, height=str(int(tall[1]) + 30) if tall else network.height)


def _network_show(module: ModuleType) -> None:
    """Let ``show`` write the author's file and hand over the network."""

    def show(network: Any, name: str, notebook: bool = True, **_: Any) -> None:
        network.write_html(name, open_browser=False, notebook=notebook and network.template is not None)
        _show(_network(network), "pyvis")

    loaded: Any = module
    loaded.Network.show = show


# -- ipywidgets -----------------------------------------------------------------------------------------------


def _widget(widget: Any) -> str | None:
    """Return a widget in the state that it has, as ipywidgets embeds it; nothing answers for the kernel.

    https://ipywidgets.readthedocs.io/en/stable/embedding.html
    """
    from ipywidgets.embed import dependency_state, embed_snippet  # type: ignore[import-untyped]
    from ipywidgets.widgets.widget import _instances  # type: ignore[import-untyped]

    if getattr(widget, "_view_name", None) in (None, "OutputView"):
        return None  # what an Output holds is shown where it was printed
    state = dependency_state([widget])
    order = {name: number for number, name in enumerate(_instances)}
    state = dict(sorted(state.items(), key=lambda item: order.get(item[0], len(order))))
    snippet: str = embed_snippet([widget], state=state)
    return _counted(snippet)


def _bars_of_text(module: ModuleType) -> None:
    """Let bars of progress be text, which every format shows, and not widgets, which stand still at nothing."""
    from tqdm import std  # type: ignore[import-untyped]

    loaded: Any = module
    loaded.tqdm = loaded.tqdm_notebook = std.tqdm
    loaded.trange = loaded.tnrange = std.trange
