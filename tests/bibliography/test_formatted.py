"""References as they print: further reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_books import Book

from paper import bibliography
from paper.bibliography.formatted import entries, write
from paper.numbering.citing import citation_args
from paper.project import load
from paper.project import load as load_project

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
    assert bibliography.cited_in(load_project(again)) == {}


def test_says_so_when_every_work_is_cited(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[@hood1991; @salamon2002] and @egov2017\n"
    root = book({"index.qmd": "# A\n", "chapters/one.qmd": text, "references.bib": BIB})
    assert further(root, monkeypatch) == "Every work of the bibliography is cited in the text.\n"


def test_titles_in_cyrillic_keep_their_capitals_without_being_told_their_language(book: Book) -> None:
    bib = """\
@book{abay1999, author = {Абай, К.}, title = {Управление в Республике Казахстан}, publisher = {Н}, year = {1999}}
@book{abay2000, author = {Абай, К.}, title = {Қазақстан Республикасының Үкіметі}, publisher = {Н}, year = {2000}}
@book{ring1999, author = {Ring, A.}, title = {On the Keys of Doors}, publisher = {N}, year = {1999}}
"""
    root = book({"index.qmd": "@abay1999\n", "references.bib": bib})
    printed = {key: write(blocks, "plain") for key, blocks in entries(load_project(root)).items()}
    assert "Управление в Республике Казахстан" in printed["abay1999"]
    assert "Қазақстан Республикасының Үкіметі" in printed["abay2000"]
    assert "On the keys of doors" in printed["ring1999"]
    assert (root / "references.bib").read_text("utf8") == bib
    (arguments,) = [one for one in citation_args(load(root)) if one.startswith("--bibliography=")]
    copy = Path(arguments.removeprefix("--bibliography=")).read_text("utf8")
    assert copy.count("langid") == 2 and copy.count("\n") == bib.count("\n")
