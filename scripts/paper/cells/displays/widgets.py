"""Widgets of ipywidgets, which live in a notebook with its kernel: a page has them as they stand (``interactive``)."""

from __future__ import annotations

import re

from paper.cells.displays import Bundle, Context
from paper.project import FORMATS


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return what a widget brings besides itself (page, picture, table), with a notice where there is none."""
    if "text/html" in bundle:
        return {kind: data for kind, data in bundle.items() if "widget-view" not in kind}
    said = bundle.get("text/plain", "")
    named = re.match(r"[\w.]+", said)
    others = {
        kind: data for kind, data in bundle.items() if not kind.startswith(("text/plain", "application/"))
    }
    if not others and not said.startswith("Output("):  # what that holds is shown where it was printed
        context.lost(
            f"the widget {named[0] if named else ''}".rstrip(),
            FORMATS,
            "show what it controls as a figure or table; for a bar of progress, import tqdm from tqdm",
        )
    return others
