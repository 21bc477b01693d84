"""The chapters' cells against the lists of figures and tables: every call exists, everything is called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from paper.figures import FIGURES
from paper.tables import TABLES

REPOSITORY = Path(__file__).parents[2]
CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.M | re.S)


def cells() -> list[tuple[str, dict[str, str], list[tuple[str, str]]]]:
    """File, options, and calls (package, name) of each cell of the book that shows a figure or table."""
    found = []
    for path in sorted([REPOSITORY / "index.qmd", *(REPOSITORY / "chapters").glob("*.qmd")]):
        for code in CELL.findall(path.read_text("utf8")):
            options = yaml.safe_load("\n".join(re.findall(r"^#\| ?(.*)$", code, re.M))) or {}
            calls = re.findall(r"^(figures|tables)\.(\w+)\(\)$", code, re.M)
            if calls:
                found.append((path.name, options, calls))
    return found


def called(package: str) -> list[str]:
    return [name for _, _, calls in cells() for kind, name in calls if kind == package]


@pytest.mark.parametrize(("package", "known"), [("figures", FIGURES), ("tables", TABLES)])
def test_every_call_exists_and_everything_is_called_once(package: str, known: dict[str, object]) -> None:
    assert sorted(called(package)) == sorted(known)


def test_every_cell_makes_one_thing_with_a_label_of_its_kind() -> None:
    for file, options, calls in cells():
        kind = {"figures": "fig", "tables": "tbl"}[calls[0][0]]
        assert len(calls) == 1, file
        assert str(options["label"]).startswith(f"{kind}-"), file
        assert len(options[f"{kind}-cap"]) > 15, file


def test_every_figure_has_an_alternative_text_that_says_more_than_its_caption() -> None:
    for file, options, [(package, name)] in cells():
        if package == "figures":
            alt = options.get("fig-alt", "")
            assert len(alt) > 80, f"{file}: {name}"
            assert alt != options["fig-cap"]
