"""A small project folder for imports and exports, and what can be seen in it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

TABLES = ("codebook", "cases", "coders", "segments", "memos")


def furnish(root: Path, repository: Path) -> Path:
    """A project folder with the real description of the data and empty tables."""
    (root / "data" / "private").mkdir(parents=True)
    settings = "project:\n  type: book\nbook:\n  title: A study\n  chapters: [index.qmd]\n"
    (root / "_quarto.yml").write_text(settings, "utf8")
    (root / "index.qmd").write_text("# A study\n", "utf8")
    shutil.copy(repository / "data" / "datapackage.json", root / "data")
    for name in TABLES:
        header = (repository / "data" / f"{name}.csv").read_text("utf8").split("\n", 1)[0]
        (root / "data" / f"{name}.csv").write_text(header + "\n", "utf8")
    return root


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table in data/."""
    with (root / "data" / f"{name}.csv").open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(root: Path, name: str, table: list[dict[str, str]]) -> None:
    """Put rows into a table, as an author does by hand."""
    columns = (root / "data" / f"{name}.csv").read_text("utf8").split("\n", 1)[0].split(",")
    with (root / "data" / f"{name}.csv").open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def everything(root: Path) -> dict[str, bytes]:
    """Every file of the data, as bytes."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in (root / "data").rglob("*")
        if path.is_file()
    }
