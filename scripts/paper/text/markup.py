"""Markdown that is written: fenced Divs, blocks of code and raw text, attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable


def div(
    content: str,
    *,
    identifier: str = "",
    classes: Iterable[str] = (),
    attributes: dict[str, str] | None = None,
) -> str:
    """Return a fenced ``Div``, longer than those inside it."""
    fence = ":" * (max((len(m) for m in re.findall(r"^[ \t]*(:{3,})", content, re.M)), default=2) + 1)
    return f"{fence} {attributes_of(identifier, list(classes), attributes or {}) or '{.cell}'}\n{content}\n{fence}"


def raw_fence(content: str, info: str, attributes: dict[str, str] | None = None, *, raw: bool = False) -> str:
    """Return a fenced code block (or, with ``raw``, a raw block) that nothing in its content can end."""
    fence = "`" * (max((len(m) for m in re.findall(r"`{3,}", content)), default=2) + 1)
    if raw:
        return f"{fence}{{{info}}}\n{content}\n{fence}"
    extra = " ".join(f'{k}="{_quoted(v)}"' for k, v in (attributes or {}).items())
    inside = " ".join(part for part in (info, extra) if part)
    return f"{fence}{f'{{{inside}}}' if inside else ''}\n{content}\n{fence}"


def attributes_of(identifier: str, classes: list[str], attributes: dict[str, str]) -> str:
    """Return attributes in braces; "" for none."""
    parts = [f"#{identifier}"] if identifier else []
    parts += [f".{name}" for name in classes]
    parts += [f'{name}="{_quoted(value)}"' for name, value in attributes.items()]
    return "{" + " ".join(parts) + "}" if parts else ""


def _quoted(value: str) -> str:
    return re.sub(r"\s+", " ", value).replace("\\", "\\\\").replace('"', '\\"')
