"""How text from data is set beside prose."""

from __future__ import annotations

import re


def curly(text: str) -> str:
    """The text with curly quotation marks and apostrophes, as the prose around it has them."""
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")


def capital(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
