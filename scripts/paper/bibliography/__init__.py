"""``references.bib``: read, audit, tidy, show, add, export; and where the text cites it.

The names below are all that other modules and the chapters' cells use. Each is imported on first use, so
that ``import paper.bibliography`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paper.bibliography.citations import cited_in as cited_in
    from paper.bibliography.formatted import further_reading as further_reading

_HOMES = {
    "cited_in": "citations",
    "further_reading": "formatted",
}

__all__ = ["cited_in", "further_reading"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
