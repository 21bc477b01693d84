"""Widgets of ipywidgets, which live in a notebook with its kernel: none is left when a chapter is published."""

from __future__ import annotations

import re

from paper.project import FORMATS
from paper.render.displays import Bundle, Context


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Nothing, and the widget's name told; a picture or table that it brings stays."""
    said = bundle.get("text/plain", "")
    named = re.match(r"[\w.]+", said)
    others = {
        kind: data for kind, data in bundle.items() if not kind.startswith(("text/plain", "application/"))
    }
    if not others:
        context.lost(
            f"the widget {named[0] if named else ''}".rstrip(),
            FORMATS,
            "show what it controls as a figure or table; for a bar of progress, import tqdm from tqdm",
        )
    return others
