"""Colours that follow the reader's theme: what each colour of a drawing becomes on a dark page.

Greys (text, axes, grids, grounds) change places with their opposites; hues stay, but are raised where a line or a
word in them would be too dark to see. Lightness and colourfulness are those of OKLCH (Ottosson 2020,
https://bottosson.github.io/posts/oklab/).
"""

from __future__ import annotations

import colorsys
import math
import re
from functools import cache
from typing import Final

from paper.drawing.style import PALETTE

# Colourfulness up to which a colour counts as grey, of areas and of words: Plotly's own are bluish.
GREY: Final = 0.045
GREY_TEXT: Final = 0.075
PAGE: Final = 0.205  # lightness of the dark page (``--fig-paper``)
INK: Final = 0.93  # lightness of the brightest text on it
VISIBLE: Final = 0.66  # lightness from which a hue keeps 4.5:1 on the dark page
_HOME: Final = {value: f"--fig-{name}" for name, value in PALETTE.items()}


def adaptive(colour: str, *, text: bool = False) -> str:
    """Return the colour as CSS that is right in both themes; as it is where nothing changes.

    text: whether it is read or a line; areas in a hue keep it.
    """
    rgba = parse(colour)
    if rgba is None or rgba[3] == 0:
        return colour
    literal = hexadecimal(rgba)
    if name := _HOME.get(literal):
        return f"var({name},{literal})"
    opposite = dark(colour, text=text)
    return colour if opposite == colour else f"light-dark({colour},{opposite})"


@cache
def dark(colour: str, *, text: bool = False) -> str:
    """Return the colour on a dark page, as hexadecimal or ``rgba(…)``; the same string where it stays."""
    rgba = parse(colour)
    if rgba is None or rgba[3] == 0:
        return colour
    lightness, chroma, hue = _oklch(rgba)
    if chroma <= (GREY_TEXT if text else GREY):
        new = PAGE + (1 - lightness) * (INK - PAGE) / (1 - 0.25)
        return hexadecimal((*_rgb(min(new, INK), chroma, hue), rgba[3]))
    if text and lightness < VISIBLE:
        return hexadecimal((*_rgb(VISIBLE, chroma, hue), rgba[3]))
    return colour


def is_light(colour: str) -> bool:
    """Whether it is as good as the white of paper, or nothing at all."""
    rgba = parse(colour)
    return rgba is not None and (rgba[3] == 0 or _oklch(rgba)[0] > 0.97)


@cache
def parse(colour: str) -> tuple[int, int, int, float] | None:
    """Red, green, blue (0 to 255) and opacity of a CSS colour; None for what is none, such as ``url(#a)``."""
    said = colour.strip().lower()
    if said.isalpha() and said != "transparent":
        import webcolors  # type: ignore[import-untyped]

        try:
            said = webcolors.name_to_hex(said)
        except ValueError:
            return None
    if said == "transparent":
        return 0, 0, 0, 0
    if match := re.fullmatch(r"#([0-9a-f]{3,8})", said):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        values = [int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)]
        if len(values) not in (3, 4):
            return None
        return values[0], values[1], values[2], values[3] / 255 if len(values) == 4 else 1
    match = re.fullmatch(r"(rgb|hsl)a?\(([^)]*)\)", said)
    parts = re.findall(r"-?[\d.]+", match[2]) if match else []
    if not match or len(parts) not in (3, 4):
        return None
    a, b, c, opacity = *map(float, parts[:3]), float(parts[3]) if len(parts) == 4 else 1.0
    if match[1] == "hsl":
        red, green, blue = colorsys.hls_to_rgb(a / 360 % 1, c / 100, b / 100)
        a, b, c = 255 * red, 255 * green, 255 * blue
    return round(a), round(b), round(c), opacity


def hexadecimal(rgba: tuple[int, int, int, float]) -> str:
    """Return a colour as CSS writes it: ``#rrggbb``, or ``rgba(…)`` where one sees through it."""
    red, green, blue, opacity = rgba
    return f"#{red:02x}{green:02x}{blue:02x}" if opacity == 1 else f"rgba({red},{green},{blue},{opacity:g})"


def _oklch(rgba: tuple[int, int, int, float]) -> tuple[float, float, float]:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(value) for value in rgba[:3])
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    second = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, second), math.atan2(second, a)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    def gamma(value: float) -> int:
        share = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        return round(255 * min(1.0, max(0.0, share)))

    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (gamma(max(0.0, value)) for value in channels)
    return red, green, blue
