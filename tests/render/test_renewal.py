"""Data that change reach the page with one command: what they have outgrown in assets/ is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from paper import build


@pytest.fixture
def small_copy(paper_copy: Path) -> Path:
    """The project with one chapter: a table and a figure of the same data."""
    root = paper_copy
    settings = root / "_quarto.yml"
    lines = [
        line for line in settings.read_text().splitlines() if "- chapters/" not in line or "documents" in line
    ]
    lines.insert(lines.index("    - index.qmd") + 1, "    - one.qmd")
    settings.write_text("\n".join(line for line in lines if line.strip() != "appendices:") + "\n")
    (root / "index.qmd").write_text("# Preface\n\nHello.\n")
    cell = "```{python}\n#| label: %s\n#| %s-cap: x\n#| fig-alt: x\nfrom paper import figures, tables\n%s()\n```\n"
    (root / "one.qmd").write_text(
        "# One\n\n"
        + cell % ("tbl-a", "tbl", "tables.drivers")
        + "\n"
        + cell % ("fig-a", "fig", "figures.drivers")
    )
    shutil.rmtree(root / "brief")
    return root


def change(root: Path) -> None:
    table = root / "data" / "factors.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:-2]))


def test_changed_data_are_drawn_anew_and_told(small_copy: Path) -> None:
    first = build.build(small_copy, targets={"html"})
    assert not first.renewed
    drawing = small_copy / "assets/figures/drivers.svg"
    before = drawing.read_bytes()
    change(small_copy)
    second = build.build(small_copy, targets={"html"})
    assert second.renewed
    assert drawing.read_bytes() != before
    assert drawing.read_bytes() == (small_copy / "_site/assets/figures/drivers.svg").read_bytes()
    assert build.build(small_copy, targets={"html"}).unchanged
