"""Paths of a project: what lies within it, what is private, what is there."""

from __future__ import annotations

from pathlib import Path


def is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that no file can have has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_private(root: Path, path: Path) -> bool:
    """Return whether a path leads, by way of links too, to the interviews' private text."""
    return path.resolve().is_relative_to((root / "data" / "private").resolve())


def repository(root: Path) -> Path:
    """Return the folder of the repository that holds a project; the project's own where it is in none."""
    return next((folder for folder in (root, *root.resolve().parents) if (folder / ".git").exists()), root)


def is_below(path: Path, root: Path) -> bool:
    """Return whether a path leads, by way of links too, to a folder or to what is in it."""
    return path.resolve().is_relative_to(root.resolve())
