"""Colours of CSS as Typst writes them."""

from __future__ import annotations

import re


def typst(style: str, name: str) -> str:
    """The colour that a style declares by ``name`` (``color``, ``background-color``); "" where it has none."""
    short = "|background" if name == "background-color" else ""
    match = re.search(rf"(?:^|;)\s*(?:{name}{short})\s*:\s*([^;!]+)", style, re.I)
    if match is None:
        return ""
    import webcolors  # type: ignore[import-untyped]

    value = match[1].strip().lower()
    try:
        if value.startswith("rgb"):
            red, green, blue = (int(float(n)) for n in re.findall(r"\d+(?:\.\d+)?", value)[:3])
            return f'rgb("{webcolors.rgb_to_hex((red, green, blue))}")'
        if value.startswith("#"):
            return f'rgb("{webcolors.normalize_hex(value)}")'
        return f'rgb("{webcolors.name_to_hex(value)}")'
    except ValueError:
        return ""
