"""References as they print: further reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_books import Book

from paper import bibliography

BIB = """\
@article{hood1991,
  author = {Hood, Christopher}, title = {A Public Management for All Seasons?},
  journal = {Public Administration}, year = {1991}, volume = {69}, number = {1}, pages = {3--19}
}
@book{salamon2002,
  author = {Salamon, Lester M.}, title = {The Tools of {Government}}, publisher = {Oxford University Press},
  year = {2002}
}
@online{egov2017,
  author = {{eGov.kz}}, title = {11 Years & Mail to user@example.org}, year = {2017}, url = {http://egov.kz/a_b}
}
"""


def further(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(root / "chapters")
    return bibliography.further_reading()


def test_prints_each_uncited_work_once_and_no_cited_one(
    book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = book({"index.qmd": "# A\n", "chapters/one.qmd": "Says @hood1991.\n", "references.bib": BIB})
    text = further(root, monkeypatch)
    assert capsys.readouterr().out.rstrip("\n") == text.rstrip("\n")
    assert text.count("::: further-reading") == 2
    assert "Salamon, L. M. (2002). *The tools of Government*. Oxford University Press." in text
    assert "Hood" not in text


def test_what_it_prints_cites_nothing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    root = book({"index.qmd": "# A\n", "chapters/one.qmd": "Nothing.\n", "references.bib": BIB})
    text = further(root, monkeypatch)
    again = book({"index.qmd": "# A\n", "chapters/one.qmd": text, "references.bib": BIB})
    assert bibliography.cited_in(again) == {}


def test_says_so_when_every_work_is_cited(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[@hood1991; @salamon2002] and @egov2017\n"
    root = book({"index.qmd": "# A\n", "chapters/one.qmd": text, "references.bib": BIB})
    assert further(root, monkeypatch) == "Every work of the bibliography is cited in the text.\n"
