"""Sizes of pictures in a Word file: both sides of each, since pandoc decodes a whole picture to find one of them.

That takes more than a second of a photograph by a telephone. The sizes are those that pandoc would find.
https://github.com/jgm/pandoc/blob/main/src/Text/Pandoc/ImageSize.hs
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

import panflute as pf

_PER_INCH: Final = {"in": 1.0, "cm": 2.54, "mm": 25.4, "pt": 72.0, "pc": 6.0, "px": 96.0, "em": 64 / 11}
_DPI: Final = 72  # of a picture that says nothing of it
_PRINTED: Final = 420 / 72  # inches, where a reference says nothing
# Where a section of Word's says how wide its pages are, and what of that is margin, in twips.
_SIDES: Final = (r"<w:pgSz\b[^>]*\bw:w", r"<w:pgMar\b[^>]*\bw:left", r"<w:pgMar\b[^>]*\bw:right")


def printed_width(reference: Path) -> float:
    """Return the width in inches of the text on the pages of a reference document, as pandoc takes it."""
    try:
        with zipfile.ZipFile(reference) as archive:
            text = archive.read("word/document.xml").decode("utf8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return _PRINTED
    section = "".join(re.findall(r"<w:sectPr\b.*?</w:sectPr>", text, re.S)[-1:])
    sides = [int(match[1]) for side in _SIDES if (match := re.search(rf'{side}="(\d+)"', section))]
    return (sides[0] - sides[1] - sides[2]) // 20 / 72 if len(sides) == len(_SIDES) else _PRINTED


def shrink(image: pf.Image, room: float) -> None:
    """Fit an image into a cell, in place. room: inches."""
    given = str(image.attributes.get("width", ""))
    width = _length(given)
    if share := _share(given):
        width = share * room
    elif width is None:
        pixels = _pixels(Path(image.url))
        width = pixels[0] / _PER_INCH["px"] if pixels else room
    image.attributes = {"width": f"{min(width, room):.3f}in"}


def set_size(image: pf.Image, room: float) -> None:
    """Give an image the side that it lacks, or both, in place; a share of the room is the most that it takes.

    room: inches. What can't be read, and a length of another unit, is left to pandoc.
    """
    given = {name: str(image.attributes[name]) for name in ("width", "height") if name in image.attributes}
    lengths = {name: length for name, text in given.items() if (length := _length(text)) is not None}
    shares = {name: share for name, text in given.items() if (share := _share(text)) is not None}
    if len(lengths) == 2 or len(lengths) + len(shares) < len(given):
        return
    pixels = _pixels(Path(image.url))
    if pixels is None:
        return
    across, down, dpi = pixels
    if not lengths:
        lengths = {"width": across / dpi[0], "height": down / dpi[1]}
    width = lengths["width"] if "width" in lengths else lengths["height"] * across / down
    height = lengths["height"] if "height" in lengths else width * down / across
    most = shares.get("width", 1.0) * room
    if width > most:
        width, height = most, height * most / width
    image.attributes |= {"width": f"{width * 72:.4f}pt", "height": f"{height * 72:.4f}pt"}


def _length(text: str) -> float | None:
    """Return a length in inches; None for what is none."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)([a-z]+)?", text.strip())
    per_inch = _PER_INCH.get(match[2] or "px") if match else None
    return float(match[1]) / per_inch if match and per_inch else None


def _share(text: str) -> float | None:
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)%", text.strip())
    return float(match[1]) / 100 if match else None


def _pixels(picture: Path) -> tuple[int, int, tuple[int, int]] | None:
    """Return the pixels of a picture across and down, and how many of them it says go into an inch of each.

    None for one that can't be read. What it says in its Exif counts no more than it does for pandoc.
    """
    from PIL import Image

    try:
        with Image.open(picture) as opened:
            size, facts, png = opened.size, opened.info, opened.format == "PNG"
    except (OSError, ValueError, SyntaxError):
        return None
    if png:  # whose dots are those of a metre
        dots = [round(dots / 0.0254) * 254 // 10_000 for dots in facts.get("dpi", ())]
    else:
        unit = facts.get("jfif_unit")
        density = facts.get("jfif_density", ()) if unit in (1, 2) else ()
        dots = [dots * 254 // 100 if unit == 2 else dots for dots in density]
    across, down = dots if len(dots) == 2 and all(dots) else (_DPI, _DPI)
    return (*size, (across, down))
