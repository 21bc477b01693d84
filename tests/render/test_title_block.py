"""Titles, abstracts and what else stands in a title block hold whatever the text may, in every format."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup, Tag

from paper import build
from paper.typography import plain_text

SETTINGS = """\
project: {type: book, output-dir: _site}
book:
  title: "A *marked* title with $x^2$"
  subtitle: "After @hood1991"
  abstract: "Of the book: *emphasis*, [@smith2001] and @sec-one.^[A note of the abstract.]"
  description: "Described `plainly`."
  doi: https://doi.org/10.5555/98765
  author: {name: Olga Owner, affiliations: [{name: A University}]}
  chapters: [index.qmd, one.qmd, two.qmd]
  references: works.qmd
bibliography: references.bib
format: {html: default, typst: default, docx: default}
"""
BIBLIOGRAPHY = """\
@book{hood1991, author = {Hood, Christopher}, title = {Seasons}, publisher = {A Press}, year = {1991}}
@book{smith2001, author = {Smith, Ann}, title = {Queues}, publisher = {A Press}, year = {2001}}
@book{brown2002, author = {Brown, Bo}, title = {Other Things}, publisher = {A Press}, year = {2002}}
"""
ONE = """\
---
title: "Of [@brown2002] and *more*^[A note of the title.]"
subtitle: "Sub *words*"
author:
  - name: Ann Author
    orcid: 0000-0002-1825-0097
    affiliations: [{ref: a}, {name: B University, city: Bern}]
affiliations:
  - {id: a, name: A Institute, department: Some Department}
abstract: |
  This follows @hood1991; see @sec-below.

  A second paragraph.^[A note of the abstract.]
keywords: [one, two]
description: Described words.
date: 6/4/2021
doi: 10.5555/12345678
---

Body.^[A note of the text.]

## Below [@smith2001]^[A note of the section.] {#sec-below}

Text.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("titles")
    files = {
        "_quarto.yml": SETTINGS, "references.bib": BIBLIOGRAPHY, "index.qmd": "# Preface {.unnumbered}\n\nHello.\n",
        "one.qmd": ONE.replace("---\n\nBody", "---\n\nBody").replace("\nkeywords", "\nkeywords"),
        "two.qmd": "# Two {#sec-one}\n\n@sec-below\n", "works.qmd": "# Works {.unnumbered}\n\n::: {#refs}\n:::\n",
    }  # fmt: skip
    for name, text in files.items():
        (root / name).write_text(text)
    report = build.build(root, targets=["html", "pdf", "docx", "jats", "onefile"])
    assert report.notices == []
    return root / "_site"


def page(site: Path, name: str) -> tuple[BeautifulSoup, str]:
    soup = BeautifulSoup((site / name).read_text("utf8"), "lxml")
    main = soup.select_one("main")
    assert isinstance(main, Tag)
    return soup, folded(main.get_text())


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


CHAPTER = (
    "Of (Brown 2002) and more", "Sub words", "Described words.", "Ann Author", "0000-0002-1825-0097",
    "Some Department, A Institute", "B University, Bern", "4 June 2021", "10.5555/12345678", "Abstract",
    "This follows Hood (1991); see Section 1.1.", "A second paragraph.", "one, two",
)  # fmt: skip
BOOK = (
    "A marked title with", "After Hood (1991)", "10.5555/98765", "Of the book: emphasis, (Smith 2001) and Chapter 2.",
    "A note of the abstract.",
)  # fmt: skip


def test_a_chapters_title_block_stands_in_every_format(site: Path) -> None:
    paged, shown = page(site, "one.html")
    orcid = paged.select_one(".quarto-title-meta a.orcid")
    assert orcid is not None
    assert orcid["href"] == "https://orcid.org/0000-0002-1825-0097"
    texts = {
        "html": shown + str(orcid["href"]),
        "pdf": pdf_text(site),
        "docx": docx_text(site),
        "jats": jats(site),
    }
    missing = {form: [words for words in CHAPTER if words not in text] for form, text in texts.items()}
    assert missing == {form: [] for form in texts}
    once = page(site, next(site.glob("A-*.html")).name)[1]
    assert [words for words in CHAPTER if words not in once and words != "0000-0002-1825-0097"] == []


def test_the_books_title_block_stands_in_every_format(site: Path) -> None:
    shown = page(site, "index.html")[1]
    by_number = shown.replace(" and 2 Two.", " and Chapter 2.")  # the front page has no number itself
    texts = {"html": by_number, "pdf": pdf_text(site), "docx": docx_text(site)}
    missing = {form: [words for words in BOOK if words not in text] for form, text in texts.items()}
    assert missing == {form: [] for form in texts}
    assert "Described plainly." in texts["html"]
    article = jats(site)
    assert "<article-title>A <italic>marked</italic> title" in article
    assert '<article-id pub-id-type="doi">10.5555/98765' in article


def test_notes_of_titles_are_numbered_first_and_stand_once(site: Path) -> None:
    paged, _ = page(site, "one.html")
    notes = [folded(note.get_text()).rstrip("↩︎ ") for note in paged.select("section.footnotes li")]
    assert notes == [
        "A note of the title.", "A note of the abstract.", "A note of the text.", "A note of the section.",
    ]  # fmt: skip
    title = paged.select_one("h1 .footnote-ref")
    assert title is not None
    assert title["href"] == "#fn1"


def test_contents_navigation_and_lists_know_what_titles_cite(site: Path) -> None:
    paged, _ = page(site, "one.html")
    assert paged.title is not None
    assert paged.title.get_text().startswith("Of (Brown 2002) and more – A marked title with x^2")
    contents = paged.select_one("#TOC")
    assert contents is not None
    assert folded(contents.get_text()).strip() == "1.1 Below (Smith 2001)"
    navigation = page(site, "two.html")[0].select_one(".page-navigation .previous .name")
    assert navigation is not None
    assert navigation.get_text() == "1 Of (Brown 2002) and more"
    for listing in (paged, page(site, "works.html")[0]):
        assert {str(entry["id"]) for entry in listing.select("#refs > [id]")} >= {
            "ref-hood1991", "ref-brown2002", "ref-smith2001",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("A *b* **c** `d` _e_ f_g_h", "A b c d e f_g_h"),
        ("x^2^ and $n$ of [words](a.html)^[note] [@hood1991]", "x2 and n of words"),
        (r"5 \* 3", "5 * 3"),
        ("***Both***", "Both"),
    ],
)
def test_a_title_has_no_marks_where_only_text_can_stand(marked: str, plain: str) -> None:
    assert plain_text(marked) == plain


def pdf_text(site: Path) -> str:
    document = pypdfium2.PdfDocument(next(site.glob("A-*.pdf")))
    return folded("\n".join(page.get_textpage().get_text_bounded() for page in document))


def docx_text(site: Path) -> str:
    with zipfile.ZipFile(next(site.glob("A-*.docx"))) as archive:
        parts = [archive.read(f"word/{name}.xml").decode() for name in ("document", "footnotes")]
    return folded(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", "\n".join(parts))))


def jats(site: Path) -> str:
    with zipfile.ZipFile(next(site.glob("A-*-jats.zip"))) as archive:
        text = archive.read(next(n for n in archive.namelist() if n.endswith(".xml"))).decode()
    words = folded(re.sub(r"</?(xref|named-content|ext-link|italic)\b[^>]*>", "", text))
    return words + folded(text)
