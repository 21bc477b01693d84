"""A work gets another key wherever the project names it, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_books import Book

from paper.bibliography.reader import read_text
from paper.bibliography.rename import rename
from paper.bibliography.tidy import tidy_text
from paper.errors import CitationError
from paper.project import load as load_project

BIB = """\
@book{hood1991, author = {Hood, C.}, title = {Hood1991}, year = {1991}}
@book{hood1991b, author = {Hood, C.}, title = {B}, year = {1991}}
@incollection{knox2008, crossref = {hood1991}, title = {K}, note = {hood1991}}
"""
TEXT = """\
---
nocite: "@hood1991"
---
As @hood1991 and [see @hood1991, p. 4; -@{hood1991}]; not @hood1991b, nor hood1991 or a@hood1991.
See [the list](#ref-hood1991). @hood1991: it says. @hood1991.
"""
BRIEF = 'One.\n\n[Two.]{from="sec-a hood1991 hood1991b" says="hood1991"}\n'
DATA = 'id,source\r\n1,hood1991\r\n2,"hood1991, p. 4"\r\n3,hood1991b\r\n4,a hood1991\r\n'


@pytest.fixture
def root(book: Book) -> Path:
    root = book({"index.qmd": TEXT, "references.bib": BIB, "brief/brief.qmd": BRIEF})
    for name in ("data", "data/private", "scripts/figures"):
        (root / name).mkdir(parents=True)
    (root / "data" / "a.csv").write_bytes(DATA.encode())
    (root / "data" / "private" / "a.csv").write_bytes(DATA.encode())
    (root / "other.qmd").write_text("Of another profile: @hood1991.\n", "utf8")
    (root / "scripts" / "figures" / "x.py").write_text('A = 1\nKEY = "hood1991"\n', "utf8")
    return root


def test_a_key_is_renamed_in_texts_brief_and_data(root: Path) -> None:
    done = rename(load_project(root), "hood1991", "hood1990")
    assert set(done.files) == {"references.bib", "brief/brief.qmd", "index.qmd", "data/a.csv", "other.qmd"}
    assert (
        (root / "index.qmd").read_text("utf8")
        == """\
---
nocite: "@hood1990"
---
As @hood1990 and [see @hood1990, p. 4; -@{hood1990}]; not @hood1991b, nor hood1991 or a@hood1991.
See [the list](#ref-hood1990). @hood1990: it says. @hood1990.
"""
    )
    bib = (root / "references.bib").read_text("utf8")
    assert bib == BIB.replace("{hood1991,", "{hood1990,").replace(
        "crossref = {hood1991}", "crossref = {hood1990}"
    )
    assert 'from="sec-a hood1990 hood1991b" says="hood1991"' in (root / "brief" / "brief.qmd").read_text(
        "utf8"
    )
    assert (root / "data" / "a.csv").read_bytes().decode() == (
        'id,source\r\n1,hood1990\r\n2,"hood1990, p. 4"\r\n3,hood1991b\r\n4,a hood1990\r\n'
    )
    assert (root / "data" / "private" / "a.csv").read_bytes().decode() == DATA
    assert done.left == ["scripts/figures/x.py:2"]


def test_a_tidy_file_stays_in_order(root: Path) -> None:
    (root / "references.bib").write_text(tidy_text(read_text(BIB)), "utf8")
    rename(load_project(root), "hood1991b", "abel1991")
    text = (root / "references.bib").read_text("utf8")
    assert text.startswith("@book{abel1991,") and tidy_text(read_text(text)) == text


def test_a_dry_run_tells_and_changes_nothing(root: Path) -> None:
    done = rename(load_project(root), "hood1991", "hood1990", dry=True)
    assert done.files == {
        "references.bib": 2,
        "brief/brief.qmd": 1,
        "index.qmd": 7,
        "data/a.csv": 3,
        "other.qmd": 1,
    }
    assert (root / "index.qmd").read_text("utf8") == TEXT


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nobody1", "x2000", "no entry has"),
        ("hood1991", "knox2008", "is taken"),
        ("hood1991", "Hood", "off the pattern"),
    ],
)
def test_a_key_that_is_not_there_taken_or_odd_changes_nothing(
    root: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(CitationError, match=said):
        rename(load_project(root), old, new)
    assert (root / "references.bib").read_text("utf8") == BIB


def test_a_key_that_is_a_word_is_renamed_where_it_is_a_key(root: Path) -> None:
    (root / "references.bib").write_text("@misc{lean, title={Lean}}\n", "utf8")
    (root / "data" / "a.csv").write_text(
        'id,source,words\n1,lean,the lean way\n2,"lean, p. 4",go lean\n', "utf8"
    )
    rename(load_project(root), "lean", "womack1996")
    assert (root / "data" / "a.csv").read_text("utf8") == (
        'id,source,words\n1,womack1996,the lean way\n2,"womack1996, p. 4",go lean\n'
    )
