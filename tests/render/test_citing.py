"""Citations follow the book's settings and what a chapter's front matter adds to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from paper.errors import CitationError
from paper.render import build

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
    with pytest.raises(CitationError, match=r"one\.qmd:2: \.\./own\.bib is outside the project"):
        build.build(root, targets=["html"])


def test_works_may_be_listed_without_being_cited(page: Page) -> None:
    assert works(page(one='---\nnocite: "@hood1991"\n---\n\n# One\n\nNothing.\n').main) == ["Hood"]


def test_works_may_be_written_in_the_front_matter(page: Page) -> None:
    reference = (
        "references:\n  - id: self2003\n    type: book\n    title: Self\n    author:\n      - family: Self\n"
    )
    told = page(one=f"---\n{reference}---\n\n# One\n\n[@self2003]\n")
    assert works(told.main) == ["Self. n.d. Self."]


def test_the_list_may_be_left_out_or_given_a_heading(page: Page) -> None:
    assert works(page(one="---\nsuppress-bibliography: true\n---\n\n# One\n\n@hood1991\n").main) == []
    told = page(one="---\nreference-section-title: Works\n---\n\n# One\n\n@hood1991\n")
    assert [h.get_text() for h in told.main.select("h1")][1:] == ["Works"]
