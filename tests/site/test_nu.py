"""Every page of a site is valid to the Nu HTML checker, which runs on Java."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.many_constructs import write_book
from tests.npm import package
from tests.validators import NU, java, nu

from paper import build

Errors = dict[Path, list[str]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with faults that a checker must notice."""
    path = tmp_path_factory.mktemp("faulty") / "faulty.html"
    path.write_text(
        '<!DOCTYPE html><html lang="en"><head><title>Faulty</title></head><body>\n'
        '<span id="one"><div id="one">Twice</div></span>\n<ul><p>No item</p></ul>\n</body></html>\n',
        "utf8",
    )
    return path


@pytest.fixture(scope="module")
def constructs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a small book of many constructs, as pages and as one file."""
    root = write_book(tmp_path_factory.mktemp("nu") / "book")
    return build.build(root, targets={"html", "onefile"}).out


@pytest.fixture(scope="module", autouse=True)
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the checker; skip, before anything is built, where it can't be had or run."""
    java()
    return package(*NU, tmp_path_factory.mktemp("npm")) / "build" / "dist" / "vnu.jar"


@pytest.fixture(scope="module")
def errors(checker: Path, constructs: Path, faulty: Path) -> Errors:
    """What the checker has against both, in one run: to start takes it longer than to look."""
    return nu(checker, faulty, *sorted(constructs.rglob("*.html")))


@pytest.mark.slow
def test_every_page_of_the_paper_is_valid(checker: Path, built_paper: Path) -> None:
    told = nu(checker, *sorted((built_paper / "_site").rglob("*.html")))
    assert len(told) >= 20
    assert {page.name: wrong for page, wrong in told.items() if wrong} == {}


@pytest.mark.slow  # six seconds of Java
def test_every_page_with_many_constructs_is_valid(errors: Errors, constructs: Path) -> None:
    told = {page: wrong for page, wrong in errors.items() if page.is_relative_to(constructs.resolve())}
    assert len(told) > 8
    assert {page.name: wrong for page, wrong in told.items() if wrong} == {}


def test_the_checker_would_notice(errors: Errors, faulty: Path) -> None:
    said = " ".join(errors[faulty.resolve()])
    assert "Duplicate ID" in said
    assert "not allowed as child of element" in said
