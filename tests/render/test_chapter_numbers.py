"""Chapters, sections and what stands in them are numbered as Quarto numbers a book's pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import panflute as pf
import pytest
from bs4 import BeautifulSoup
from tests.conftest import numbered
from tests.render.reading import built, main, said, text

from paper.checks.settings_check import check_settings
from paper.project import load

Book = Callable[..., Path]
FIGURE = "\n![A figure](a.svg){#fig-x}\n"


def test_a_front_page_without_unnumbered_takes_the_first_number(book: Book) -> None:
    site = built(book(index="# Opening {#sec-open}\n\n## Part\n", one="# One\n\nAfter @sec-open.\n" + FIGURE))
    assert text(main(site, "index")) == "A small book 1 Opening 1.1 Part"
    assert "2 One After Chapter 1. Figure 2.1: A figure" in text(main(site, "one"))


def test_a_heading_of_level_one_in_the_text_begins_the_next_chapter(book: Book) -> None:
    root = book(
        one="# One\n"
        + FIGURE
        + "\n# Another {#sec-other}\n\n## Deep\n\n![B](a.svg){#fig-y}\n\n@sec-other, @fig-y.\n"
    )
    assert "2 Another 2.1 Deep Figure 2.1: B Chapter 2, Figure 2.1." in said(root)


def test_an_unnumbered_page_counts_without_a_chapter(book: Book) -> None:
    root = book(
        index="# Preface {.unnumbered}\n\n## Why {#sec-why}\n" + FIGURE, one="# One\n\n@fig-x and @sec-why.\n"
    )
    site = built(root)
    assert text(main(site, "index")) == "A small book Preface Why Figure 1: A figure"
    assert "Figure 1 and Section 1." in text(main(site, "one"))


def test_a_skipped_level_counts_as_nought(book: Book) -> None:
    assert "1.1 A 1.1.0.1 B" in said(book(one="# One\n\n## A\n\n#### B\n"))


def test_the_title_leaves_its_id_to_a_section_of_the_same_name(book: Book) -> None:
    page = main(built(book(one="# Design\n\n## Design\n\n## Design\n")), "one")
    assert [section.get("id") for section in page.select("section[id]")] == ["design", "design-1"]


def test_the_first_heading_is_the_title_whatever_its_level(book: Book) -> None:
    assert said(book(one="## One\n\nText.\n")) == "1 One Text."


def test_without_numbered_sections_a_reference_gives_the_title(book: Book) -> None:
    root = book(
        one="# One {#sec-one}\n\n## Data {#sec-data}\n\nSee @sec-data, @sec-one, @fig-x.\n" + FIGURE,
        settings="number-sections: false\n",
    )
    site = built(root)
    assert text(main(site, "one")) == "One Data See Data, One, Figure 1.1. Figure 1.1: A figure"
    contents = BeautifulSoup((site / "index.html").read_text("utf8"), "lxml").select("#contents .number")
    assert [text(number) for number in contents] == ["", ""]


def test_deeper_headings_than_asked_show_no_number(book: Book) -> None:
    root = book(one="# One\n\n## A\n\n### B {#sec-b}\n\n@sec-b\n", settings="number-depth: 2\n")
    assert "1.1 A B Section 1.1.1" in said(root)


def test_the_books_own_words_and_styles_of_numbers(book: Book) -> None:
    settings = """
crossref:
  fig-title: Abb.
  fig-prefix: Abb.
  title-delim: " –"
  fig-labels: roman i
  eq-prefix: ""
  subref-labels: alpha A
"""
    pair = "::: {#fig-p}\n![L](a.svg){#fig-l}\n\n![R](a.svg){#fig-r}\n\nBoth\n:::\n"
    one = "# One\n\n@fig-r, @Fig-x, @eq-a.\n" + FIGURE + "\n" + pair + "\n$$ a $$ {#eq-a}\n"
    shown = said(book(one=one, settings=settings))
    assert "Abb. 1.ii (B), Abb. 1.i, 1.1." in shown
    assert "Abb. 1.i – A figure (A) L (B) R Abb. 1.ii – Both" in shown


def test_a_book_may_number_without_chapters_and_define_a_kind(book: Book) -> None:
    settings = """
crossref:
  chapters: false
  custom:
    - kind: float
      key: vid
      reference-prefix: Vid.
      caption-prefix: Video
"""
    one = "# One\n\n## A\n\n@fig-x @vid-a\n" + FIGURE + "\n::: {#vid-a}\nMoving.\n\nCap\n:::\n"
    assert said(book(one=one, settings=settings)).endswith(
        "1 A Figure 1 Vid. 1 Figure 1: A figure Moving. Video 1: Cap"
    )


def test_names_come_in_the_books_language(book: Book) -> None:
    one = "# Eins {#sec-eins}\n\n## Zwei {#sec-zwei}\n\n@sec-eins, @sec-zwei, @fig-x, @sec-app.\n" + FIGURE
    one += "\n::: {.callout-note}\nText.\n:::\n\n::: {.proof}\nKlar.\n:::\n"
    site = built(book(one=one, appendix="# Mehr {#sec-app}\n", settings="lang: de\n"))
    shown = text(main(site, "one"))
    assert (
        "Kapitel 1, Kapitel 1.1, Abbildung 1.1, Anhang A. Abbildung 1.1: A figure Hinweis Text. Beweis. Klar."
        in shown
    )
    assert text(main(site, "appendix")) == "Anhang A — Mehr"


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("es", "Capítulo 1, Sección 1.1, Figura 1.1. Figura 1.1: A figure Nota Text. Demostración. Listo."),
        ("fr", "Chapitre 1, Section 1.1, Figure 1.1. Figure 1.1: A figure Note Text. Preuve. Listo."),
        ("pt", "Capítulo 1, Seção 1.1, Figura 1.1. Figura 1.1: A figure Nota Text. Comprovação. Listo."),
        ("pt-BR", "Capítulo 1, Seção 1.1, Figura 1.1. Figura 1.1: A figure Nota Text. Comprovação. Listo."),
        (
            "ru-RU",
            "Глава 1, Глава 1.1, Рисунок 1.1. Рисунок 1.1: A figure Уведомление Text. Доказательство. Listo.",
        ),
        ("zh", "章节 1, 小节 1.1, 图 1.1. 图 1.1: A figure 注记 Text. 证明. Listo."),
        ("zh-TW", "章 1, 節 1.1, 圖 1.1. 圖 1.1: A figure 註釋 Text. 證明. Listo."),
    ],
)
def test_names_are_those_that_quarto_has_for_the_language_and_its_region(
    book: Book, lang: str, names: str
) -> None:
    one = "# Uno {#sec-one}\n\n## Dos {#sec-two}\n\n@sec-one, @sec-two, @fig-x.\n" + FIGURE
    one += "\n::: {.callout-note}\nText.\n:::\n\n::: {.proof}\nListo.\n:::\n"
    site = built(book(one=one, settings=f"lang: {lang}\n"))
    assert names in text(main(site, "one"))


def test_a_language_that_quarto_has_not_keeps_english_names_and_says_so(book: Book) -> None:
    root = book(one="# Бір\n" + FIGURE, settings="lang: kk\n")
    assert "Figure 1.1: A figure" in said(root)
    [note] = [fault for fault in check_settings(load(root), []) if fault.rule == "language"]
    assert (note.file, note.severity) == ("_quarto.yml", "note")
    assert "lang kk" in note.message
    (root / "_language.yml").write_text("crossref-fig-title: Сурет\n", "utf8")
    assert "Сурет 1.1: A figure" in said(root)
    assert not [fault for fault in check_settings(load(root), []) if fault.rule == "language"]


def test_the_language_of_one_word_may_be_set(book: Book) -> None:
    settings = "language:\n  crossref-fig-title: Drawing\n  callout-note-title: Mark\n"
    one = "# One\n\n@fig-x\n" + FIGURE + "\n::: {.callout-note}\nText.\n:::\n"
    assert said(book(one=one, settings=settings)) == "1 One Drawing 1.1 Drawing 1.1: A figure Mark Text."


def test_a_page_that_opens_a_part_takes_no_number(book: Book) -> None:
    root = book(one="# One {#sec-one}\n", two="# Two {#sec-two}\n\nAfter @sec-one.\n")
    (root / "part.qmd").write_text("# The second part\n\n## Why\n", "utf8")
    settings = (root / "_quarto.yml").read_text("utf8")
    listed = "    - part: part.qmd\n      chapters:\n        - two.qmd\n"
    (root / "_quarto.yml").write_text(settings.replace("    - two.qmd\n", listed), "utf8")
    site = built(root)
    assert text(main(site, "part")) == "The second part Why"
    assert text(main(site, "two")) == "2 Two After Chapter 1."


def test_a_page_without_a_number_refers_to_sections_by_their_titles(book: Book) -> None:
    index = "# Preface {.unnumbered}\n\n## Why {#sec-why}\n\nSee @sec-why, @sec-a, @sec-one, @sec-z, -@sec-a, @fig-x.\n"
    root = book(
        index=index,
        one="# One thing {#sec-one}\n\n## A *b* {#sec-a}\n\nSee @sec-a, @sec-why.\n" + FIGURE,
        appendix="# Forms {#sec-z}\n",
    )
    site = built(root)
    expected = "See Why, A b, 1 One thing, Appendix A — Forms, A b, Figure 1.1."
    assert text(main(site, "index")).endswith(expected)
    assert "See Section 1.1, Section 1." in text(main(site, "one"))  # as everywhere else


def test_a_title_in_the_front_pages_settings_heads_files_of_the_whole_book_and_is_text_on_the_page(
    book: Book,
) -> None:
    """Quarto shows it nowhere on the page, and an author would look for it in vain."""
    root = book(index="---\ntitle: Preface {.unnumbered}\n---\n\nHello.\n\n## Why\n", one="# One\n")
    page = main(built(root), "index")
    assert text(page) == "A small book Preface Hello. Why"
    assert [heading.get_text() for heading in page.select("h1, h2")] == ["A small book", "Why"]
    _, (front, _) = numbered(root, "", "docx")
    assert pf.stringify(front.doc.content[0]) == "Preface"


def test_in_files_of_the_whole_book_that_page_refers_by_number(book: Book) -> None:
    index = "# Preface {.unnumbered}\n\nSee @sec-a and @sec-one.\n"
    _, (front, _) = numbered(book(index=index, one="# One {#sec-one}\n\n## A {#sec-a}\n"), "", "docx")
    assert "See Section 1.1 and Chapter 1." in pf.stringify(front.doc).replace("\xa0", " ")


def test_a_link_to_an_id_finds_the_section_in_another_chapter(book: Book) -> None:
    root = book(
        one="# One {#sec-one}\n\n## Deep {#deep}\n",
        two="# Two\n\n[a](#deep) [b](#sec-one) [c](#own)\n\n## Own {#own}\n",
    )
    links = main(built(root), "two").select("p a")
    assert [link["href"] for link in links] == ["one.html#deep", "one.html", "#own"]


def test_references_may_be_words_only_and_names_come_from_a_file(book: Book) -> None:
    files = {"_language.yml": "crossref-fig-title: Plate\n"}
    root = book(files, one="# One\n\nSee @fig-x.\n" + FIGURE, settings="crossref:\n  ref-hyperlink: false\n")
    page = main(built(root), "one")
    assert text(page) == "1 One See Plate 1.1. Plate 1.1: A figure"
    assert not page.select("p a")
