"""Profiles: settings that are laid over the book's own, ``_quarto-NAME.yml``. https://quarto.org/docs/projects/profiles.html."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from paper.errors import ProjectError
from paper.settings import ENDINGS, Yaml, as_list, as_mapping, project_file, read_yaml


def profile_name(given: str | None = None) -> str:
    """Return the profile asked for: by the command's option, else by ``QUARTO_PROFILE``, else none."""
    return given if given is not None else os.environ.get("QUARTO_PROFILE", "")


def shows_synthetic(profile: str) -> bool:
    """Return whether a profile, or one of several with commas or spaces between, shows made-up interviews."""
    return "demo" in names(profile)


def names(value: Any) -> list[str]:
    """Return the names of profiles that are a list, or one text with commas or spaces between."""
    return list(filter(None, re.split(r"[,\s]+", value))) if isinstance(value, str) else _texts(value)


def in_force(config: Yaml, asked: str) -> list[str]:
    """Return the profiles in force: those asked for, else the default ones; and of each group at least its first."""
    settings = as_mapping(config.get("profile"))
    chosen = names(asked) or names(settings.get("default") or [])
    groups = settings.get("group") or []
    for group in groups if groups and isinstance(groups[0], list) else [groups]:
        members = _texts(group)
        if members and not set(members) & set(chosen):
            chosen.append(members[0])
    return chosen


def files(root: Path) -> list[Path]:
    """Return the files of a project's profiles."""
    return sorted(path for path in root.glob("_quarto-*") if path.suffix in ENDINGS)


def output_folders(root: Path) -> set[Path]:
    """Return the folders within a project that builds with its settings write, whatever the profile."""
    results = set()
    for path in (project_file(root), *files(root)):
        with suppress(ProjectError):  # told to who builds with it
            name = as_mapping(read_yaml(path).get("project")).get("output-dir")
            folder = Path(os.path.normpath(root / str(name or "_book")))
            if root in folder.parents:
                results.add(folder)
    return results


def _texts(value: Any) -> list[str]:
    return [str(item) for item in as_list(value or [])]
