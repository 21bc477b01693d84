"""Data shown as JSON, which a notebook unfolds: its text, indented."""

from __future__ import annotations

import json

from paper.cells.displays import Bundle, Context
from paper.text.markup import raw_fence


def represent(bundle: Bundle, _: Context) -> Bundle:
    """Return the data as a block of code."""
    try:
        read = json.loads(bundle["application/json"])
    except ValueError:
        return bundle
    text = json.dumps(read, indent=2, ensure_ascii=False)
    return {"text/markdown": raw_fence(text, ".json"), **bundle}
