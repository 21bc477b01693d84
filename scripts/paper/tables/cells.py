"""Small things that several tables fill their cells with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from paper.tables.markdown import Again, Cite

CODED: Final = "Coded from the draft by the project, with a locator for each row."


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def once(names: Iterable[str]) -> list[str | Again]:
    """A group's name where it begins; after that only for those who see one row at a time."""
    found: list[str | Again] = []
    last = None
    for name in names:
        found.append(Again(name) if name == last else name)
        last = name
    return found


def cited(text: str, keys: Iterable[str]) -> Cite | str:
    """A text that is a citation key, or begins with one and a comma, as a citation; any other as it is."""
    key, _, after = text.partition(",")
    return Cite((key,), after.strip()) if re.fullmatch(r"[a-z0-9]+", key) and key in set(keys) else text
