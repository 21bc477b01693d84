"""Colours of CSS as Typst and Word write them."""

from __future__ import annotations

import re


def typst(style: str, name: str) -> str:
    """Return the colour that a style declares by ``name``, as an expression of Typst's; "" where it has none."""
    colour = declared(style, name)
    return f'rgb("{colour}")' if colour else ""


def declared(style: str, name: str) -> str:
    """Return the colour (#rrggbb) that a style declares by ``name`` (``color``, ``background-color``), or ""."""
    short = "|background" if name == "background-color" else ""
    match = re.search(rf"(?:^|;)\s*(?:{name}{short})\s*:\s*([^;!]+)", style, re.I)
    if match is None:
        return ""
    import webcolors  # type: ignore[import-untyped]

    value = match[1].strip().lower()
    try:
        if value.startswith("rgb"):
            red, green, blue = (int(float(n)) for n in re.findall(r"\d+(?:\.\d+)?", value)[:3])
            return str(webcolors.rgb_to_hex((red, green, blue)))
        if value.startswith("#"):
            return str(webcolors.normalize_hex(value))
        return str(webcolors.name_to_hex(value))
    except ValueError:
        return ""


WORD = "Colour"  # how the names of Word's styles for words in colour begin


def word_style(style: str) -> str:
    """Return the name of Word's character style for a style's colours, as ``Colour 9C2B2B on FFF3C4``; "" for none."""
    ink, ground = (declared(style, name).lstrip("#").upper() for name in ("color", "background-color"))
    return f"{WORD} {ink or 'auto'}{f' on {ground}' if ground else ''}" if ink or ground else ""
