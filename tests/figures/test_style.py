"""Colours: the same on page and in files, legible in light and in dark."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from paper.drawing import style

REPOSITORY = Path(__file__).parents[2]
CSS = (REPOSITORY / "scripts/paper/assets/css/figures.css").read_text("utf8")
VARIABLES = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--fig-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
}
WORDS = ("ink", "muted", "blue", "orange", "green", "purple", "synthetic")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_has_a_variable_with_its_light_value_and_a_dark_one() -> None:
    assert {name: light for name, (light, _) in VARIABLES.items()} == style.PALETTE


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_words_have_a_contrast_of_4_5_and_lines_of_3(theme: int, ground: str) -> None:
    paper = VARIABLES[ground][theme]
    for name in WORDS:
        assert contrast(VARIABLES[name][theme], paper) >= 4.5, name
    assert contrast(VARIABLES["line"][theme], paper) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_on_a_tint_have_a_contrast_of_4_5(theme: int) -> None:
    for hue in ("blue", "orange", "green", "purple"):
        tint = VARIABLES[f"{hue}-soft"][theme]
        for name in ("ink", "muted", hue):
            assert contrast(VARIABLES[name][theme], tint) >= 4.5, f"{name} on {hue}-soft"


# Simulation of colour blindness: Viénot, Brettel & Mollon (1999), linear RGB.
BLIND = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def seen(colour: str, kind: str) -> tuple[float, ...]:
    """The colour as a colour-blind reader sees it, in CIE Lab."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    ]
    if kind:
        linear = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in BLIND[kind]]
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [max(sum(a * b for a, b in zip(row, linear, strict=True)), 0) for row in matrix]
    f = [
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["", "protan", "deutan"])
def test_hues_stay_apart_for_colour_blind_readers(theme: int, kind: str) -> None:
    hues = [seen(VARIABLES[name][theme], kind) for name in ("blue", "orange", "green", "purple", "ink")]
    for one, other in combinations(hues, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 15
