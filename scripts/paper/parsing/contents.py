"""``{{< contents ID >}}``: a part of a chapter, such as what a cell gives, shown at another place of it.

https://github.com/quarto-dev/quarto-cli/blob/main/src/resources/filters/quarto-pre/contentsshortcode.lua
"""

from __future__ import annotations

from typing import Final

import panflute as pf

from paper.parsing.tree import IDENTIFIED, walk
from paper.report import Fault, warning
from paper.text.source import Source

PLACE: Final = "paper-contents"  # the class of the span that the shortcode leaves


def move(doc: pf.Doc, source: Source) -> list[Fault]:
    """Move the parts that are shown elsewhere to their places, in place; returns the names that nothing has."""
    wanted: set[str] = set()
    walk(doc, lambda e, _: wanted.add(e.attributes["ref"]) if _is_place(e) else None, pf.Span)
    if not wanted:
        return []
    parts: dict[str, pf.Element] = {}

    def take(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        name = element.identifier
        if name not in wanted or name in parts or isinstance(element, pf.Header):
            return None
        parts[name] = element
        return []

    def put(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if (
            isinstance(element, pf.Para | pf.Plain)
            and len(element.content) == 1
            and _is_place(element.content[0])
        ):
            part = parts.get(element.content[0].attributes["ref"])
            if part is None:
                return []
            return part if isinstance(part, pf.Block) else pf.Para(part)
        alone = isinstance(element.parent, pf.Para | pf.Plain) and len(element.parent.content) == 1
        if _is_place(element) and not alone:
            part = parts.get(element.attributes["ref"])
            return part if part is not None and isinstance(part, pf.Inline) else []
        return None

    walk(doc, take, *IDENTIFIED)
    walk(doc, put, pf.Para, pf.Plain, pf.Span)
    remedy = "give a block or cell this id, or correct the name"
    return [
        warning(
            source.find(f"contents {name}"),
            "shortcode",
            f"nothing in the chapter has the id {name!r}",
            remedy,
        )
        for name in sorted(wanted - set(parts))
    ]


def _is_place(element: pf.Element) -> bool:
    return isinstance(element, pf.Span) and PLACE in element.classes
