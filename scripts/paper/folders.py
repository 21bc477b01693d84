"""Folders of a project from which nothing is made: those that the program writes, and libraries."""

from __future__ import annotations

from collections.abc import Iterable

_OUTPUTS = frozenset({"_book", "_deposit", "_manuscript", "_word"})
# https://docs.python.org/3/library/venv.html, and conda's
_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})


def is_output(name: str) -> bool:
    """Return whether a folder at the top of a project has the name of one that the program writes."""
    return name in _OUTPUTS or name.startswith("_site")


def is_environment(names: Iterable[str]) -> bool:
    """Return whether a folder with these names in it is an environment of Python, whatever it is called itself."""
    return not _MARKS.isdisjoint(names)
