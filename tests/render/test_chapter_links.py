"""A link to another chapter's source leads to its page, and to its place in the PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdf
from bs4 import BeautifulSoup

from paper import build

CHAPTERS = {
    "first": "# First {#sec-first}\n\nSee [a claim](second.qmd#claim-x){.claim} and [the chapter](second.qmd).\n",
    "second": "# Second {#sec-second}\n\n::: {#claim-x .claim-evidence}\nIts evidence.\n:::\n",
}


def test_on_pages_it_is_an_address(book: Callable[..., Path]) -> None:
    root = book(**CHAPTERS)
    build.build(root, targets=["html"])
    page = BeautifulSoup((root / "_site/first.html").read_text("utf8"), "html5lib")
    assert [link["href"] for link in page.select("main > p a")] == ["second.html#claim-x", "second.html"]
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


def test_a_space_in_a_name_is_written_as_addresses_have_it(book: Callable[..., Path]) -> None:
    """Quarto writes the space: https://github.com/quarto-dev/quarto-cli/issues/10542"""
    second = "# B {#sec-b}\n\nSays @hood1991.\n"
    first = "# A\n\nSee @sec-b, [b](<sub dir/b c.qmd>) and @hood1991.\n"
    root = book({"sub dir/b c.qmd": second}, one=first, references="# References\n\n::: {#refs}\n:::\n")
    settings = (root / "_quarto.yml").read_text("utf8")
    settings = settings.replace("- one.qmd", '- one.qmd\n    - "sub dir/b c.qmd"')
    (root / "_quarto.yml").write_text(
        settings.replace("book:\n", "book:\n  site-url: https://example.org/x\n", 1), "utf8"
    )
    build.build(root, targets=["html"])
    for path in [*(root / "_site").rglob("*.html"), root / "_site/sitemap.xml", root / "_site/feed.xml"]:
        soup = BeautifulSoup(path.read_text("utf8"), "xml" if path.suffix == ".xml" else "lxml")
        led = [str(e[name]) for name in ("href", "src") for e in soup.select(f"[{name}]")]
        led += [loc.get_text() for loc in soup.select("loc")]
        assert not [address for address in led if " " in address], path
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    assert {a["href"] for a in page.select("main p a")} >= {"sub%20dir/b%20c.html"}
