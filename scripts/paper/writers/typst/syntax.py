"""Pieces of Typst's language."""

from __future__ import annotations

import re

import panflute as pf

MARK = "// block: "  # begins the line before a block of the document, and is followed by its number
EQUATION = "typst-equation"  # the class of an equation that ``text`` has still to set
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?)\s*(%|px|pt|cm|mm|in|em)?$")


def string(text: str, *, spaces: bool = False) -> str:
    """Return a string literal. spaces: whether several in a row stay; others than that of no break become one."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    if not spaces:
        text = re.sub(r"[ \t\r\n\f\v]+", " ", text)
    return '"' + text.replace("\n", " ").replace("\r", " ") + '"'


def label(identifier: str) -> str:
    """Return the label that a link or reference names."""
    if re.fullmatch(r"[\w\-]+([.:][\w\-]+)*", identifier):
        return f"<{identifier}>"
    return f"label({string(identifier)})"


def attached(identifier: str) -> str:
    """Return the label behind what it marks; "" where there is none."""
    if not identifier:
        return ""
    result = label(identifier)
    return f" {result}" if result.startswith("<") else f" #{result}"


def length(value: str) -> str:
    """Return a width or height as Typst knows it (a pixel is 1/96 inch); "" for what is none."""
    match = _LENGTH.match(value.strip())
    if not match:
        return ""
    number, unit = match[1], match[2] or "px"
    return f"{float(number) * 0.75:g}pt" if unit == "px" else f"{number}{unit}"


def block(text: str) -> pf.RawBlock:
    """Return a block of Typst's language."""
    return pf.RawBlock(text, format="typst")


def inline(text: str) -> pf.RawInline:
    """Return a piece of Typst's language within a line."""
    return pf.RawInline(text, format="typst")
