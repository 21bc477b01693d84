"""HTML that an author or a cell wrote, for formats that aren't HTML, and tables of it for all of them.

A table in HTML becomes a table of the document in every format, as Quarto makes it one. Other HTML stays as it is on
the page; paper gets what pandoc reads in it, and is told of the rest (``blocks``). Tags within a line, such as
``<sub>``, become what they mean (``inlines``).
https://quarto.org/docs/authoring/tables.html#html-tables
"""

from __future__ import annotations

import re
from typing import Final

# An attribute of a Div around a cell's HTML: the cell's place, "file:line".
PLACE: Final = "paper-place"
# An attribute of the Div that holds, while HTML is read, the place of what stood between its tags.
SLOT: Final = "data-paper-slot"
# What has no words that paper could show, or none that are meant to be read.
WORDLESS: Final = (
    "script", "style", "template", "iframe", "object", "embed", "noscript", "head", "title",
    "video", "audio", "canvas",
)  # fmt: skip


def has_table(markup: str) -> bool:
    """Whether there is a table in the HTML."""
    return re.search(r"<table\b", markup, re.I) is not None


def has_text(markup: str) -> bool:
    """Whether there are words, pictures or drawings in the HTML that a reader of paper could be shown."""
    if not markup.strip():
        return False
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml")
    for element in soup(WORDLESS):
        element.decompose()
    return soup.find(["img", "svg"]) is not None or bool(soup.get_text().strip())


def is_only_style(markup: str) -> bool:
    """Whether the HTML says how a page looks and nothing else."""
    return not re.sub(r"<style\b.*?</style\s*>|<!--.*?-->", "", markup, flags=re.S | re.I).strip()
