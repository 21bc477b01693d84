"""Showing a work: how it prints, where it is cited, what is wrong."""

from __future__ import annotations

import pytest
from small_books import Book

from paper.bibliography.show import show
from paper.errors import CitationError
from paper.project import load as load_project

BIB = """\
@article{hood1991,
  author = {Hood, C.}, title = {A Public Management for All Seasons?}, journaltitle = {Public Administration},
  date = {1991}, volume = {69}, number = {1}, pages = {19--3},
  audit-ignore = {missing-doi: none is known},
}
@book{salamon2002, author = {Salamon, L. M.}, title = {The Tools}, publisher = {OUP}, date = {2002}}
"""


def test_shows_print_places_faults_and_exemptions(book: Book) -> None:
    root = book(
        {
            "index.qmd": "# A\n\nAs @hood1991 [p. 4] says.\n",
            "chapters/one.qmd": "Text.\n\nMore [see @hood1991; @salamon2002].\n",
            "references.bib": BIB,
        }
    )
    work = show(load_project(root), "hood1991")
    assert work.place == "references.bib:1"
    assert work.printed.startswith(
        "Hood, C. (1991). A public management for all seasons? Public Administration,"
    )
    assert [(c.file, c.line, c.suffix) for c in work.cited] == [
        ("index.qmd", 3, "p. 4"),
        ("chapters/one.qmd", 3, ""),
    ]
    assert [(fault.rule, fault.line) for fault in work.faults] == [("pages", 3)]
    assert work.exemptions == [("missing-doi", "none is known")]
    assert work.source.startswith("@article{hood1991,") and work.source.endswith("}")


@pytest.mark.parametrize(
    "asked, near", [("hod1991", "hood1991"), ("salamon", "salamon2002"), ("tools", "salamon2002")]
)
def test_a_key_that_isnt_there_brings_the_nearest(book: Book, asked: str, near: str) -> None:
    root = book({"index.qmd": "A\n", "references.bib": BIB})
    with pytest.raises(CitationError, match=f"did you mean .*{near}"):
        show(load_project(root), asked)


def test_nothing_near_leads_to_adding(book: Book) -> None:
    root = book({"index.qmd": "A\n", "references.bib": BIB})
    with pytest.raises(CitationError, match="paper refs add"):
        show(load_project(root), "qqqqqqqq")
