"""A link to another chapter's source leads to its page, and to its place in the PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdf
from bs4 import BeautifulSoup

from paper.render import build

CHAPTERS = {
    "first": "# First {#sec-first}\n\nSee [a claim](second.qmd#claim-x){.claim} and [the chapter](second.qmd).\n",
    "second": "# Second {#sec-second}\n\n::: {#claim-x .claim-evidence}\nIts evidence.\n:::\n",
}


def test_on_pages_it_is_an_address(book: Callable[..., Path]) -> None:
    root = book(**CHAPTERS)
    build.build(root, targets=["html"])
    page = BeautifulSoup((root / "_site/first.html").read_text("utf8"), "html5lib")
    assert [link["href"] for link in page.select("main p a")] == ["second.html#claim-x", "second.html"]
    second = BeautifulSoup((root / "_site/second.html").read_text("utf8"), "html5lib")
    assert "Its evidence." in second.select_one("#claim-x").text


def test_in_the_pdf_it_leads_to_a_place_in_the_same_file(book: Callable[..., Path]) -> None:
    root = book(**CHAPTERS)
    build.build(root, targets=["pdf"])
    reader = pypdf.PdfReader(root / "_site/A-small-book.pdf")
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots") or []]
    assert not [note for note in notes if ".qmd" in str(note.get("/A"))]
    within = [note for note in notes if "/Dest" in note or (note.get("/A") or {}).get("/S") == "/GoTo"]
    assert len(within) >= 2
