"""Folders at the top of a project that builds and commands write, by the names that they have without settings."""

from __future__ import annotations

_NAMES = frozenset({"_book", "_deposit", "_manuscript", "_word"})


def is_output(name: str) -> bool:
    """Return whether a folder at the top of a project is written by the program: nothing is made from it."""
    return name in _NAMES or name.startswith("_site")
