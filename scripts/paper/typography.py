"""How text from data is set beside prose."""

from __future__ import annotations

import re


def amount(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural but for one: ``1 coder``, ``2 coders``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def curly(text: str) -> str:
    """Return the text with curly quotation marks and apostrophes, as the prose around it has them."""
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")


def capital(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
