"""A figure as chapters get it: drawn once, shown from its committed renderings in every format.

`figures.NAME()` returns a `publishing.figure.Figure`: the sheet (`drawing.canvas.Canvas`) for print and pages and a
narrow one for phones, the data, where they come from, whether they are made up. `_repr_mimebundle_` answers
`text/html` (inline SVG that follows light and dark by CSS variables, over it a second with a link for each mark that
`Canvas.link` named: a plain `<a>` with a title, to a passage, a table's row (`#row-ID`) or a work; tools, data
table), `image/svg+xml`, `image/png`. Renderings live in `assets/figures/NAME.{svg,png}` and `NAME-narrow.svg`, the
data in `assets/data/fig-NAME.csv`; `assets/figures/manifest.json` holds the hash of each figure shown; what is made
up stands in `demo/` beneath both. `figures.every(root)` gives the functions that draw (name → function); the public
name also draws anew a rendering, and writes a data file, that is out of step. So a change of data, or one more
citation, reaches every format under either engine, and a build says that the new files are to be committed. No figure
may have the name of a module of the package.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.drawing import parts, style
from paper.drawing.canvas import Canvas

if TYPE_CHECKING:
    import pandas as pd

MARK = "Synthetic data"


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure and all that is known of it."""

    name: str
    figure: Canvas
    """The drawing for pages and print, ``style.WIDE`` px wide."""
    data: pd.DataFrame
    """What is drawn, as a table."""
    source: str
    """Where the data come from, in words."""
    synthetic: bool = False
    """Made-up data, so marked as such."""
    narrow: Canvas | None = None
    """The same for phones."""
    describe: str = ""
    """What the picture shows, for those who can't see it (a chapter's ``fig-alt`` takes its place on the page)."""
    inputs: tuple[str, ...] = ()
    """The tables in ``data/`` that it comes from."""

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, Any]:
        """Return the committed renderings, which are never old: HTML for pages, SVG for print, PNG for DOCX."""
        from paper.project import find_root
        from paper.publishing.page import fragment
        from paper.publishing.renderings import current_files

        root = find_root(Path.cwd())
        files = current_files(self, root)
        bundle: dict[str, Any] = {
            "text/html": fragment(self, files, root),
            "image/svg+xml": files["svg"].read_text("utf8"),
            "image/png": files["png"].read_bytes(),
            "text/plain": self.describe or self.name,
        }
        # Quarto takes a drawing before a picture even for Word, which shows none without a converter: it says
        # which form it wants.
        if os.environ.get("QUARTO_FIG_FORMAT") == "png":
            del bundle["image/svg+xml"]
        return {
            kind: value
            for kind, value in bundle.items()
            if (not include or kind in include) and not (exclude and kind in exclude)
        }


def build_figure(
    name: str,
    draw: Callable[[Canvas], None],
    *,
    data: pd.DataFrame,
    source: str,
    describe: str,
    inputs: tuple[str, ...],
    headline: str = "",
    synthetic: bool = False,
) -> Figure:
    """Lay the figure out twice, for print and for phones; made-up data is marked inside the drawing.

    headline: what the figure shows, in one sentence; it stands in the drawing and begins its description.
    """
    wide, narrow = (
        sheet(draw, width, headline=headline, synthetic=synthetic) for width in (style.WIDE, style.NARROW)
    )
    says = f"{headline}. {describe}" if headline else describe
    return Figure(name, wide, data, source, synthetic, narrow, says, inputs)


def sheet(
    draw: Callable[[Canvas], None], width: float, *, headline: str = "", synthetic: bool = False
) -> Canvas:
    """Lay one form of a figure out. ``draw`` starts at the sheet's height so far and leaves it at the new one."""
    canvas = Canvas(width)
    if synthetic:
        mark = canvas.text(8, 4, MARK, size=style.SMALL, colour=style.SYNTHETIC, bold=True)
        canvas.box(0, 1, mark.w + 16, mark.h + 6, fill="", line=style.SYNTHETIC, width=1.4)
        canvas.height = mark.bottom + 12
    if headline:
        parts.headline(canvas, headline)
    draw(canvas)
    return canvas
