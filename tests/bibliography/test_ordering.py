"""Cyrillic and Latin names stand in the order that the author or the style sets, titles in all the forms given."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_books import Book

from paper.bibliography.formatted import entries, write
from paper.errors import ProjectError
from paper.numbering import citing
from paper.project import load
from paper.tools import pandoc

BIB = """\
@book{zed2001, author = {Zed, A.}, title = {Zeal}, date = {2001}, publisher = {P}}
@book{ivanov2002, author = {Иванов, И.}, title = {Реформа в Казахстане}, date = {2002}, publisher = {П},
  title-transliterated = {Reforma v Kazakhstane}, title-translated = {Reform in {Kazakhstan}}}
@book{adams2003, author = {Adams, B.}, title = {Aims}, date = {2003}, publisher = {P}}
@book{yarov2004, author = {Яров, Я.}, title = {Язык}, date = {2004}, publisher = {П}}
@book{ivanov2001, author = {Иванов, И.}, title = {Власть}, date = {2001}, publisher = {П}}
"""
LATIN = ["adams2003", "zed2001", "ivanov2001", "ivanov2002", "yarov2004"]
CYRILLIC = ["ivanov2001", "ivanov2002", "yarov2004", "adams2003", "zed2001"]
TOGETHER = ["adams2003", "ivanov2001", "ivanov2002", "yarov2004", "zed2001"]
CITED = "All: @zed2001, @ivanov2002, @adams2003, @yarov2004, @ivanov2001.\n"


def book_of(book: Book, csl: str, order: str = "") -> Path:
    own = f"paper:\n  references:\n    order: {order}\n" if order else ""
    return book({"index.qmd": CITED, "references.bib": BIB}, f"csl: {csl}\n{own}")


@pytest.mark.parametrize(
    ("csl", "order", "keys"),
    [
        ("apa", "", LATIN),
        ("apa", "latin-first", LATIN),
        ("apa", "cyrillic-first", CYRILLIC),
        ("apa", "together", TOGETHER),
        ("harvard-cite-them-right", "together", TOGETHER),
        ("gost-r-7-0-5-2008-numeric-alphabetical", "", CYRILLIC),
        ("gost-r-7-0-5-2008-numeric-alphabetical", "latin-first", LATIN),
    ],
)
def test_the_list_stands_in_the_order_that_is_set(book: Book, csl: str, order: str, keys: list[str]) -> None:
    assert list(entries(load(book_of(book, csl, order)))) == keys


def test_pages_are_given_the_same_list(book: Book) -> None:
    project = load(book_of(book, "apa", "cyrillic-first"))
    given = citing.citation_args(project)
    files = [Path(arg.partition("=")[2]) for arg in given if arg.startswith(("--bibliography", "--csl"))]
    assert len(files) == 2 and all(".paper/references" in path.as_posix() for path in files)
    assert "library = {a}" in files[0].read_text("utf8")
    assert len(files[0].read_text("utf8").splitlines()) == len(BIB.splitlines())


def test_citations_in_one_bracket_stand_in_the_same_order(book: Book) -> None:
    project = load(book_of(book, "apa", "cyrillic-first"))
    text = "[@zed2001; @yarov2004; @adams2003]\n"
    plain = pandoc.run(text, source="markdown", to="plain", args=citing.citation_args(project))
    assert plain.startswith("(Яров, 2004; Adams, 2003; Zed, 2001)")


def test_original_transliteration_and_translation_are_printed_in_their_order(book: Book) -> None:
    project = load(book_of(book, "apa", "together"))
    [blocks] = entries(project, frozenset({"ivanov2002"})).values()
    assert "Реформа в Казахстане (Reforma v Kazakhstane) [Reform in Kazakhstan]" in write(blocks, "plain")


@pytest.mark.parametrize(
    ("csl", "order", "said"),
    [("apa", "by-length", "there is no order 'by-length'"), ("ieee", "together", "the style has none")],
)
def test_an_order_that_cannot_be_is_told_with_its_line(book: Book, csl: str, order: str, said: str) -> None:
    with pytest.raises(ProjectError, match=rf"_quarto\.yml:\d+: .*{said}"):
        entries(load(book_of(book, csl, order)))
