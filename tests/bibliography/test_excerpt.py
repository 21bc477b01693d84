"""A bibliography cut down to what is cited gives the same list as the whole one, and is asked for less."""

from __future__ import annotations

from pathlib import Path

import pytest

from paper.bibliography.excerpt import excerpt
from paper.tools import pandoc

WORKS = """
Free text between entries.
@string{pr = "A Press"}
@preamble{"\\newcommand{\\x}[1]{#1}"}
@xdata{place, location = {Almaty}, publisher = pr}
@book{whole, title = {The Whole}, editor = {Ed, Ina}, year = 2001, xdata = {place}}
@incollection{part, title = {A Part of {NPM}}, author = {Doe, Jane}, crossref = {WHOLE}, pages = {1--2}}
@article{other, title = {Another}, author = {Doe, Jane}, journal = {J}, year = 2003, ids = {alias, second}}
@article{uncited, title = {Unseen}, author = {Roe, R.}, journal = {J}, year = 2004}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "works.bib"
    path.write_text(WORKS, "utf8")
    return path


def cited(path: Path, *keys: str) -> str:
    text = " ".join(f"[@{key}]" for key in keys)
    return pandoc.run(text, source="markdown", to="plain", args=["--citeproc", f"--bibliography={path}"])


@pytest.mark.parametrize(
    "keys", [("part",), ("alias",), ("other", "whole"), ("part", "missing"), ("uncited",)]
)
def test_the_list_is_that_of_the_whole_file(bib: Path, keys: tuple[str, ...]) -> None:
    text = excerpt(bib, keys)
    assert text is not None and len(text) < len(WORKS)
    cut = bib.with_name("cut.bib")
    cut.write_text(text, "utf8")
    assert cited(cut, *keys) == cited(bib, *keys)


def test_it_holds_what_a_work_refers_to_and_no_other_work(bib: Path) -> None:
    text = excerpt(bib, ["part"])
    assert text is not None
    assert [word for word in ("whole", "place", "pr =", "part") if word not in text] == []
    assert "uncited" not in text and "another" not in text.lower() and "Free text" not in text


@pytest.mark.parametrize("case", ["all", "a fault", "another kind"])
def test_the_whole_file_is_read_where_that_may_matter(bib: Path, case: str) -> None:
    if case == "a fault":
        bib.write_text(WORKS + "@book{open, title = {Never closed\n", "utf8")
    if case == "another kind":
        bib = bib.rename(bib.with_suffix(".ris"))
    assert excerpt(bib, ["*"] if case == "all" else ["part"]) is None
