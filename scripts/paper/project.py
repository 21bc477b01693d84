"""``_quarto.yml`` and its profiles, read once into plain objects."""

from __future__ import annotations

from pathlib import Path

from paper.errors import ProjectError


def find_root(start: Path) -> Path:
    """The nearest folder upwards whose ``_quarto.yml`` describes a book.

    A nested project (the brief) is passed over. Raises ProjectError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = folder / "_quarto.yml"
        if settings.is_file() and "type: book" in settings.read_text("utf8", errors="replace"):
            return folder
    raise ProjectError(
        f"no book was found in {start} or above it",
        remedy="call the command in the project's folder, the one that holds _quarto.yml",
    )
