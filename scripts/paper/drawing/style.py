"""How every figure looks: colours, type, widths. One change here restyles them all.

A colour has a name. On the page it is the CSS variable ``--fig-NAME``, so that a figure follows the
reader's light or dark theme; in files (PDF, DOCX, downloads) it is the light value below.
``assets/css/figures.css`` gives the dark values. Hues are those of Okabe and Ito (2008), "Color Universal
Design", darkened to at least 4.5:1 against white where words have them and 3:1 elsewhere; purple is plum, so
that it stays apart from blue for the colour-blind.
"""

from __future__ import annotations

from typing import Final

# Part of every figure's hash: raise it when a change here or in the drawing alters the renderings.
STYLE_VERSION: Final = 3

PALETTE: Final[dict[str, str]] = {
    "ink": "#1e2023",  # text
    "muted": "#55595f",  # secondary text
    "line": "#7d828b",  # edges, outlines
    "rule": "#d5d8dd",  # grid: decoration, carries no meaning
    "paper": "#ffffff",  # behind marks that need a ground
    "panel": "#f3f4f6",  # quiet areas
    "blue": "#1f5fa8",
    "blue-soft": "#e3edf8",
    "orange": "#a8500c",
    "orange-soft": "#fbebdd",
    "green": "#17714f",
    "green-soft": "#e0f1ea",
    "purple": "#6a2a66",
    "purple-soft": "#f2e7f1",
    "synthetic": "#7a1f5c",  # the mark on made-up data
}

INK, MUTED, LINE, RULE = (PALETTE[name] for name in ("ink", "muted", "line", "rule"))
PAPER, PANEL = PALETTE["paper"], PALETTE["panel"]
BLUE, ORANGE, GREEN, PURPLE = (PALETTE[name] for name in ("blue", "orange", "green", "purple"))
SYNTHETIC = PALETTE["synthetic"]


def soft(colour: str) -> str:
    """Return the quiet tint of one of the four hues."""
    name = next(name for name, value in PALETTE.items() if value == colour)
    return PALETTE[f"{name}-soft"]


DASH: Final = "4px,3px"  # lines that the draft doesn't state

# Faces that run about as wide as ``text`` reckons. The last one is Typst's own, for machines that have no other.
FONT: Final = "Source Sans 3, Noto Sans, Helvetica Neue, Liberation Sans, Arial, Libertinus Serif, sans-serif"

# The drawing's own pixels. In print the wide one fills a column of 15.5 cm, so 1 px is 0.73 pt.
WIDE: Final = 600
NARROW: Final = 340
PRINT_CM: Final = 15.5
PNG_CM: Final = 16.0
PNG_DPI: Final = 220

# Sizes of type in px; the smallest is 9 pt in print and 12 px on a phone 360 px wide.
TITLE: Final = 14.6
TEXT: Final = 13.0
SMALL: Final = 12.4
