"""The size and form of the figures that cells draw: ``fig-width``, ``fig-height``, ``fig-dpi``, ``fig-format``.

Quarto's defaults for pages, 7 by 5 inches at 96 dpi and twice the pixels for sharp screens. A cell may set its own,
which Quarto doesn't heed under Jupyter.
https://quarto.org/docs/reference/cells/cells-jupyter.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from paper.project import Project
from paper.text.source import Cell, Source

OPTIONS = ("fig-width", "fig-height", "fig-dpi", "fig-format")
FORMATS = ("retina", "png", "jpeg", "svg", "pdf")


@dataclass(frozen=True)
class FigureSettings:
    """width and height in inches, dots per inch, and one of ``FORMATS``."""

    width: float = 7.0
    height: float = 5.0
    dpi: float = 96.0
    form: str = "retina"

    def code(self) -> str:
        """Return the code that sets them in a kernel."""
        return f"__import__('paper.cells.inside.inline_figures', fromlist=['use']).use{astuple(self)!r}"


def of(project: Project, source: Source, cell: Cell | None = None) -> FigureSettings:
    """Return the settings of a chapter, or of one of its cells.

    A nearer one comes first: the cell's, the chapter's, the book's; each at the top, for pages, or for execution.
    """
    given: dict[str, Any] = {}
    for settings in (project.config, source.meta):
        formats = settings.get("format")
        page = formats.get("html") if isinstance(formats, Mapping) else None
        for part in (settings.get("execute"), page, settings):
            if isinstance(part, Mapping):
                given |= {name: part[name] for name in OPTIONS if part.get(name) is not None}
    if cell is not None:
        given |= {name: cell.options[name] for name in OPTIONS if cell.options.get(name) is not None}
    default = FigureSettings()
    form = str(given.get("fig-format", default.form))
    return FigureSettings(
        _positive(given.get("fig-width"), default.width),
        _positive(given.get("fig-height"), default.height),
        _positive(given.get("fig-dpi"), default.dpi),
        form if form in FORMATS else default.form,
    )


def _positive(value: Any, default: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return default
    return number if 0 < number < 10_000 else default
