"""The names of settings that Quarto knows, by where they stand: data in ``quarto_keys.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

Group = str  # "project", "book", "execute", "document" or "cell"


@cache
def quarto_keys() -> dict[Group, frozenset[str]]:
    """Return the names that Quarto knows, by group."""
    text = Path(__file__).with_suffix(".yml").read_text("utf8")
    return {
        group: frozenset(map(str, names)) for group, names in yaml.load(text, Loader=yaml.CSafeLoader).items()
    }
