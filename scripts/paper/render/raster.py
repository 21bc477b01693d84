"""Drawings as pixels, for what shows no SVG: Word, and archives of articles."""

from __future__ import annotations

from pathlib import Path

from paper.figures import pixels
from paper.render.cache import digest, write_atomic

DPI = 300


def as_png(drawing: Path, folder: Path) -> Path:
    """The PNG of an SVG file, on white, in its own size at ``DPI`` dots per inch; kept in ``folder``.

    Set by Typst with the fonts of its wheel, so that every machine gives the same pixels. Raises ToolError.
    """
    content = drawing.read_bytes()
    png = folder / f"{digest('png-1', content, DPI)}.png"
    if not png.is_file():
        write_atomic(png, pixels.drawn(drawing, dpi=DPI))
    return png


def inches(png: Path) -> tuple[float, float]:
    """Width and height of such a PNG."""
    head = png.read_bytes()[16:24]
    return int.from_bytes(head[:4], "big") / DPI, int.from_bytes(head[4:], "big") / DPI
