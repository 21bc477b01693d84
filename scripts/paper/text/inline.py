"""How an inline expression's value is put into prose; ``show`` is called in the kernel."""

from __future__ import annotations

import re
from typing import Any

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$@^.:-])")


def show(value: Any) -> None:
    """Display a value in all its representations; a string's text is itself, without quotation marks."""
    from IPython.core.getipython import get_ipython
    from IPython.display import publish_display_data

    data, _ = get_ipython().display_formatter.format(value)  # type: ignore[union-attr]
    if isinstance(value, str):
        data["text/plain"] = value
    publish_display_data(data)  # type: ignore[no-untyped-call]


def literal(text: str) -> str:
    """Return Markdown that prints ``text`` as it is, but for the curl of quotation marks."""
    return SPECIAL.sub(r"\\\1", re.sub(r"\s*\n\s*", " ", text))


def in_prose(data: dict[str, str]) -> str:
    """Return Markdown of a value's representations, of which each format takes its own."""
    text = data["text/markdown"] if "text/markdown" in data else literal(data.get("text/plain", ""))
    text = text.strip("\n")
    if "text/html" not in data:
        return text
    fence = "`" * (max((len(run) for run in re.findall(r"`+", data["text/html"])), default=0) + 1)
    page = re.sub(r"\s*\n\s*", " ", data["text/html"]).strip()
    return (
        f'[{fence}{page}{fence}{{=html}}]{{.paper-only only="html"}}[{text}]{{.paper-only only="typst docx"}}'
    )
