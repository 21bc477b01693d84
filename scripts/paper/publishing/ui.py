"""The words around figures and tables. Without a library of tables, since a writer asks for them too."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_STRINGS = Path(__file__).with_name("strings")


@cache
def ui_strings(lang: str) -> Mapping[str, str]:
    """Return the words around figures and tables in a language; English stands in for what has no translation."""
    results: dict[str, str] = {}
    for name in ("en", lang.split("-")[0].lower()):
        path = _STRINGS / f"{name}.yml"
        if path.is_file():
            results.update(yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader))
    return results


def button_labels(t: Mapping[str, str]) -> str:
    """Return what the page's script says, in the page's language, as attributes of its button."""
    return "".join(
        f' data-{name}="{html.escape(t[name])}"' for name in ("close", "loading", "ready", "failed", "folder")
    )
