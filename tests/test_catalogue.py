"""A paper's own figures and tables are files of its own, called by their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper import catalogue, figures, tables
from paper.errors import SourceError

TABLE = """\
import pandas as pd

from paper.publishing.table import Table

from ..analysis import counts
from ._words import SOURCE


def waits() -> Table:
    data = pd.DataFrame({"office": ["North"], "days": [counts.days()]})
    return Table("waits", data, [("North", "3")], ("Office", "Days"), (50, 50), SOURCE, ())
"""


@pytest.fixture
def paper(book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    root = book(
        {
            "scripts/tables/waits.py": TABLE,
            "scripts/tables/_words.py": 'SOURCE = "Counted by hand."\n',
            "scripts/analysis/counts.py": "def days():\n    return 3\n",
        }
    )
    monkeypatch.chdir(root)
    return root


def test_a_file_is_a_table_and_one_with_an_underscore_a_helper(paper: Path) -> None:
    assert catalogue.names(paper, "tables") == ["waits"]
    assert list(tables.every(paper)) == ["waits"]
    assert tables.waits().source == "Counted by hand."


def test_the_call_keeps_the_data_that_pages_link_to(paper: Path) -> None:
    tables.waits()
    assert (paper / "assets/data/tbl-waits.csv").read_text() == "office,days\nNorth,3\n"


def test_two_papers_do_not_mix(paper: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "scripts/analysis").mkdir(parents=True)
    (other / "scripts/analysis/counts.py").write_text("def days():\n    return 9\n")
    assert catalogue.module(paper, "analysis.counts").days() == 3
    assert catalogue.module(other, "analysis.counts").days() == 9


@pytest.mark.usefixtures("paper")
def test_what_isn_t_there_is_named_with_its_file() -> None:
    with pytest.raises(AttributeError, match=r"no figure 'waits': scripts/figures/waits\.py isn't there"):
        figures.waits()


def test_a_file_without_its_function_is_told(paper: Path) -> None:
    (paper / "scripts/tables/visits.py").write_text("def other(): ...\n")
    with pytest.raises(SourceError, match=r"scripts/tables/visits\.py.*no function visits\(\)"):
        tables.visits()


def test_a_name_of_the_package_is_refused(paper: Path) -> None:
    """A cell would get the module in the place of the table."""
    (paper / "scripts/tables/findings.py").write_text("def findings(): ...\n")
    with pytest.raises(SourceError, match=r"scripts/tables/findings\.py.*a module of the package"):
        tables.every(paper)


@pytest.mark.usefixtures("paper")
def test_modules_of_the_package_are_imported_as_ever() -> None:
    from paper.drawing import canvas
    from paper.publishing import markdown

    assert canvas.Canvas and markdown.pipe_table
