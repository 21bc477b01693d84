"""How an inline expression's value is put into prose; imported by the kernel."""

from __future__ import annotations

import re
from typing import Any


def show(value: Any) -> None:
    """Display a value as Markdown: as its own Markdown where it has one, else as text that prints literally."""
    from IPython.display import Markdown, display

    own = getattr(value, "_repr_markdown_", None)
    text = own() if callable(own) else None
    display(Markdown(text if isinstance(text, str) else literal(str(value))))  # type: ignore[no-untyped-call]


def literal(text: str) -> str:
    """Markdown that prints ``text`` as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$@^'\"-])", r"\\\1", text)
