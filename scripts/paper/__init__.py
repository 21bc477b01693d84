"""A research paper that builds itself.

What a paper's cells and its own scripts import comes from here and keeps its name and form from version to version::

    from paper import figures, tables            # in a cell: the figures and tables of the paper, by name
    from paper import look                       # in a cell: the paper's colours for Plotly, matplotlib and Altair
    from paper import Table, load_table, rows    # in scripts/tables/NAME.py

All else belongs to the program. Its rooms, and which of them may use which, are listed in ``CONTRIBUTING.md``.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # `typing` takes a third of the time that a build with nothing to do has
if TYPE_CHECKING:
    from paper import bibliography, catalogue, figures, look, quarto, tables
    from paper.analysis.datafile import rows
    from paper.coding.data.load import table as load_table
    from paper.documents.brief import reach
    from paper.drawing import style
    from paper.drawing.canvas import Canvas
    from paper.drawing.parts import notes as draw_notes
    from paper.drawing.text import LINE_HEIGHT
    from paper.drawing.text import width as text_width
    from paper.publishing.figure import Figure, build_figure
    from paper.publishing.markdown import AnnotatedCell, Cite, CodedName, QueriedCell, RepeatedCell, Strong
    from paper.publishing.table import Table
    from paper.writers import cite

__all__ = [
    "LINE_HEIGHT", "AnnotatedCell", "Canvas", "Cite", "CodedName", "Figure", "QueriedCell", "RepeatedCell", "Strong",
    "Table", "bibliography", "build_figure", "catalogue", "cite", "draw_notes", "figures", "load_table", "look",
    "quarto", "reach", "rows", "style", "tables", "text_width",
]  # fmt: skip

# Where each name stands that isn't a module of the package itself: module and name in it, "" for the module.
_FROM: dict[str, tuple[str, str]] = {
    "LINE_HEIGHT": ("paper.drawing.text", "LINE_HEIGHT"),
    "Canvas": ("paper.drawing.canvas", "Canvas"),
    "Figure": ("paper.publishing.figure", "Figure"),
    "Table": ("paper.publishing.table", "Table"),
    "build_figure": ("paper.publishing.figure", "build_figure"),
    "cite": ("paper.writers.cite", ""),
    "draw_notes": ("paper.drawing.parts", "notes"),
    "load_table": ("paper.coding.data.load", "table"),
    "reach": ("paper.documents.brief.reach", ""),
    "rows": ("paper.analysis.datafile", "rows"),
    "style": ("paper.drawing.style", ""),
    "text_width": ("paper.drawing.text", "width"),
    **{
        name: ("paper.publishing.markdown", name)
        for name in ("AnnotatedCell", "Cite", "CodedName", "QueriedCell", "RepeatedCell", "Strong")
    },
}


def __getattr__(name: str) -> object:
    # Each is imported when asked for: a command that needs none of them starts without pandas.
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, own = _FROM[name]
    return getattr(import_module(module), own) if own else import_module(module)
