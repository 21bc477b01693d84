"""The chapters' cells against the lists of figures and tables: every call exists, everything is called."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import paper.figures
import paper.tables

REPOSITORY = Path(__file__).parents[2]
FIGURES = paper.figures.every(REPOSITORY)
TABLES = paper.tables.every(REPOSITORY)
CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.M | re.S)


def cells(*folders: str) -> list[tuple[str, dict[str, str], list[tuple[str, str]]]]:
    """File, options, and calls (package, name) of each cell that shows a figure or table."""
    found = []
    paths = [path for folder in folders for path in (REPOSITORY / folder).glob("*.qmd")]
    for path in sorted([REPOSITORY / "index.qmd", *paths]):
        for code in CELL.findall(path.read_text("utf8")):
            options = yaml.safe_load("\n".join(re.findall(r"^#\| ?(.*)$", code, re.M))) or {}
            calls = re.findall(r"^(figures|tables)\.(\w+)\(\)$", code, re.M)
            leads = (
                path.name == "index.qmd" and "label" not in options
            )  # a chapter's figure, shown on the front page
            if calls and not leads:
                found.append((path.name, options, calls))
    return found


def called(package: str) -> list[str]:
    return [name for _, _, calls in cells("chapters", "brief") for kind, name in calls if kind == package]


@pytest.mark.parametrize(
    ("package", "known"), [(paper.figures, FIGURES), (paper.tables, TABLES)], ids=["figures", "tables"]
)
def test_every_call_exists_and_every_figure_and_table_is_called_once(
    package: ModuleType, known: dict[str, object]
) -> None:
    calls = called(package.__name__.removeprefix("paper."))
    assert [name for name in calls if not callable(getattr(package, name, None))] == []
    assert sorted(name for name in calls if name in known) == sorted(known)


def test_every_cell_makes_one_thing_with_a_label_and_a_caption_of_its_kind() -> None:
    for file, options, calls in cells("chapters"):
        [(package, name)] = calls
        if name in FIGURES or name in TABLES:
            kind = {"figures": "fig", "tables": "tbl"}[package]
            assert str(options["label"]).startswith(f"{kind}-"), f"{file}: {name}"
            assert len(options[f"{kind}-cap"]) > 15, f"{file}: {name}"


def test_every_figure_has_an_alternative_text_that_says_more_than_its_caption() -> None:
    for file, options, [(package, name)] in cells("chapters"):
        if package == "figures":
            alt = options.get("fig-alt", "")
            assert len(alt) > 80, f"{file}: {name}"
            assert alt != options["fig-cap"]
