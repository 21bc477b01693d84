"""The picture that a shared link shows: title, author and status on one card, set by Typst."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from functools import partial

from paper.errors import ToolError
from paper.project import Project
from paper.tools import installed
from paper.tools.cache import Cache, digest

SIZE = (1200, 630)
_SOURCE = r"""
#let card = json(bytes(CARD))
#set document(date: none)
#set page(width: 600pt, height: 315pt, margin: (x: 46pt, top: 44pt, bottom: 36pt), fill: rgb("#fdfcf9"))
#set text(font: "Libertinus Serif", fill: rgb("#1e2023"), hyphenate: false)
#set par(leading: 0.45em)
#place(top + left, dx: -46pt, dy: -44pt, rect(width: 600pt, height: 9pt, fill: rgb("#0b5a6b")))
#text(size: if card.title.len() > 90 { 26pt } else { 34pt }, weight: "semibold", card.title)
#v(1fr)
#text(size: 15pt, card.author)
#v(-4pt)
#text(size: 12pt, fill: rgb("#55595f"), card.foot)
"""


def png(project: Project, cache: Cache) -> bytes:
    """Draw the card, 1200 × 630 pixels; the same bytes for the same words, as only Typst's own fonts are used."""
    title = project.title
    foot = [str(project.variables.get("status") or ""), project.date_text]
    card = {
        "title": title if len(title) <= 170 else title[:169] + "…",
        "author": ", ".join(author.name for author in project.authors),
        "foot": " · ".join(part for part in foot if part),
    }
    source = _SOURCE.replace("CARD", json.dumps(json.dumps(card, ensure_ascii=False), ensure_ascii=False))
    kept = cache.kept("card", digest(source, installed.version("typst")), partial(_drawn, source))
    return b64decode(kept)


def _drawn(source: str) -> str:
    """Return the card as PNG in base 64."""
    import typst

    try:
        result = typst.compile(source.encode(), format="png", ppi=144, ignore_system_fonts=True)
    except (typst.TypstError, RuntimeError) as error:
        raise ToolError("the card for shared links could not be set", detail=str(error)) from None
    return b64encode(result if isinstance(result, bytes) else result[0]).decode()
