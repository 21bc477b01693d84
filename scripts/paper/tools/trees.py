"""Pandoc's document trees: of Markdown, of pandoc's JSON and back, as panflute's objects."""

from __future__ import annotations

import gc
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import panflute as pf

from paper.tools import building, lists, pandoc


class _AnyFormat(frozenset[str]):
    """Raw text may be of any format, as in pandoc; panflute's own list lacks Typst, among others."""

    def __contains__(self, _: object) -> bool:
        return True


pf.elements.RAW_FORMATS = _AnyFormat()
lists.quicken()


def parse(text: str) -> pf.Doc:
    """Parse Markdown into a tree, in pandoc's terms."""
    return load(pandoc.run(text, source=pandoc.READER, to="json"))


def load(tree: str) -> pf.Doc:
    """Load a tree from pandoc's JSON."""
    collecting = gc.isenabled()
    gc.disable()  # which looks, at each few hundred new elements, for what none of them can be
    try:
        return building.build(json.loads(tree))
    finally:
        if collecting:
            gc.enable()


def dump(doc: pf.Doc) -> str:
    """Pandoc's JSON of a tree."""
    stream = io.StringIO()
    pf.dump(doc, stream)
    return stream.getvalue()


def copy(doc: pf.Doc) -> pf.Doc:
    """Return a tree of its own that may be changed."""
    return load(dump(doc))


def elements(tree: Sequence[Any]) -> list[pf.Element]:
    """Return a list of pandoc's JSON as elements of its own."""
    return [] if not tree else list(building.build(list(tree)))


def inlines(text: str) -> list[pf.Element]:
    """Return the inlines of a line of Markdown, such as a caption given as an attribute."""
    if re.fullmatch(r"[\w ,;:()]*", text):  # nothing that pandoc would read otherwise
        words = [pf.Str(word) for word in text.split()]
        return [part for word in words for part in (pf.Space(), word)][1:]
    blocks = parse(text).content
    return list(blocks[0].content) if blocks and hasattr(blocks[0], "content") else []
