"""Text that a spreadsheet would run as a formula, made harmless, and back again.

OWASP, "CSV Injection": a cell that begins with one of these signs may be run when the file is opened.
"""

from __future__ import annotations

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guard(text: str) -> str:
    """Put an apostrophe before dangerous text, and before text that an apostrophe guards already."""
    return "'" + text if _runs(text) else text


def unguard(text: str) -> str:
    """Return what ``guard`` was called with."""
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    return text.lstrip("'").startswith(DANGEROUS)
