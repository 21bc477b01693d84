"""Runs inside the kernel: gives Matplotlib and plotnine the size and form that a chapter or cell sets for figures.

A library is set when a cell imports it, so that chapters without figures don't wait for it; what an author sets
comes later and holds.
"""

from __future__ import annotations

import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

LIBRARIES = ("matplotlib", "plotnine")


def use(width: float, height: float, dpi: float, form: str) -> None:
    """Draw figures of this size (inches), resolution and form (``figure_settings.FORMATS``) from now on."""
    finder = next((f for f in sys.meta_path if isinstance(f, _Finder)), None)
    if finder is None:
        finder = _Finder()
        sys.meta_path.insert(0, finder)
    finder.settings = (width, height, dpi, form)
    for name in LIBRARIES:
        if name in sys.modules:
            finder.apply(name)


class _Finder(MetaPathFinder):
    """Finds the libraries as others do, and sets them once they are loaded."""

    settings: tuple[float, float, float, str] = (7.0, 5.0, 96.0, "retina")

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002
        if fullname not in LIBRARIES:
            return None
        sys.meta_path.remove(self)
        try:
            spec = find_spec(fullname)
        finally:
            sys.meta_path.insert(0, self)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            self.apply(fullname)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def apply(self, name: str) -> None:
        width, height, dpi, form = self.settings
        if name == "plotnine":
            options = sys.modules["plotnine"].options
            options.figure_size, options.dpi = (width, height), dpi
            options.figure_format = "retina" if form == "pdf" else form
            return
        import matplotlib

        # what the backend says of itself, in the author's cell and to no use of theirs
        warnings.filterwarnings("ignore", "InlineBackend", DeprecationWarning)
        matplotlib.rcParams.update(
            {
                "figure.figsize": (width, height),
                "figure.dpi": dpi,
                "savefig.dpi": dpi,
                "svg.hashsalt": "paper",  # else each build names parts of a drawing anew
            }
        )
        from matplotlib_inline.config import InlineBackend

        # a page takes pixels, which suit thousands of points as well as ten; the PDF takes lines
        formats = {"retina", "svg"} if form in ("retina", "pdf") else {form}
        shell: Any = __import__("IPython.core.getipython", fromlist=["get_ipython"]).get_ipython()
        shell.config.InlineBackend.figure_formats = formats
        if InlineBackend.initialized():
            InlineBackend.instance().figure_formats = formats
