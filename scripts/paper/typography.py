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


def plain_text(text: str) -> str:
    """Return a line of a setting that may be Markdown as plain text: without marks, notes and citations."""
    if not re.search(r"[*_`$\[\]^~\\]", text):
        return text
    text = re.sub(r"\^\[[^\]]*\]|\[\^[^\]]*\]|\s*\[[^\]]*@[^\]]*\]", "", text)
    text = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
    text = re.sub(r"(?<!\\)(\$|`+)(?=\S)([^$`]+?)(?<=\S)\1", r"\2", text)
    for _ in range(3):  # marks within marks
        text = re.sub(r"(?<!\\)(\*\*|\*|\^|~~|~)(?=\S)([^*`$^~]+?)(?<=\S)\1", r"\2", text)
        text = re.sub(r"(?<![\w\\])(__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
