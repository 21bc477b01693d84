"""The words of the interface, one file a language; English stands in for a word that has no translation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "strings"


@cache
def words(lang: str) -> dict[str, str]:
    """Return the interface's words in ``lang`` (a BCP 47 tag; its first part counts), by name."""
    own = lang.split("-")[0].lower()
    return {**_read("en"), **_read(own)}


def _read(lang: str) -> dict[str, str]:
    path = FOLDER / f"{lang}.yml"
    if not path.is_file():
        return {}
    said = yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader) or {}
    return {str(name): str(text) for name, text in said.items()}
