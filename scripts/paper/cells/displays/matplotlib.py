"""matplotlib's drawings in the paper's look: part of the page's text, so that they follow the reader's theme."""

from __future__ import annotations

import re

from paper.cells.displays import Bundle, Context
from paper.drawing import style
from paper.plots import drawing

TOO_LARGE = 1_000_000  # characters that no page should carry in its text


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return the drawing as HTML for pages, where it was made with ``paper.look``; others stay images."""
    svg = bundle["image/svg+xml"]
    ours = "Matplotlib" in svg[:2000] and style.INK in svg and len(svg) < TOO_LARGE
    if not ours or "text/html" in bundle:
        return bundle
    start = svg[svg.index("<svg") :]
    pixels = re.sub(
        r'\b(width|height)="([\d.]+)pt"', lambda m: f'{m[1]}="{float(m[2]) * 4 / 3:.2f}"', start, count=2
    )
    label = context.cell.options.get("fig-cap")
    shown = drawing.for_page(
        drawing.clean(pixels, home=True),
        kind="figure-wide",
        label=label if isinstance(label, str) else "Figure",
    )
    return {
        **bundle,
        "text/html": f'<div class="paper-figure"><div class="figure-static">\n{shown}\n</div></div>',
    }
