"""What Jupyter says of a display beside its representations, kept among them: the size of an image, for instance.

https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

METADATA: Final = "application/x-paper-metadata"


def with_metadata(content: Mapping[str, Any], as_text: Callable[[Any], str]) -> dict[str, str]:
    """Return the representations of a display's message, as text, and what it says of them under ``METADATA``."""
    data = {kind: as_text(value) for kind, value in content.get("data", {}).items()}
    said = {kind: value for kind, value in (content.get("metadata") or {}).items() if kind in data and value}
    return {**data, METADATA: json.dumps(said)} if said else data


def size(bundle: Mapping[str, str], mimetype: str) -> dict[str, float]:
    """Return the width and height (pixels) that the display asks for in one representation, as far as it does."""
    said = json.loads(bundle.get(METADATA, "{}")).get(mimetype)
    results: dict[str, float] = {}
    for name in ("width", "height"):
        value = str(said.get(name, "")).removesuffix("px") if isinstance(said, dict) else ""
        if value.replace(".", "", 1).isdecimal() and float(value) > 0:
            results[name] = float(value)
    return results
