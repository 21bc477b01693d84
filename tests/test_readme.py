"""The README is true: what it says of files, folders, keys and commands holds.

That each command that it names exists, and no link is dead, is in test_guides.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from paper import build, project
from paper.bibliography.reader import read
from paper.checks.sources_check import check_sources
from paper.project import Project

REPOSITORY = Path(__file__).parent.parent
TEXT = (REPOSITORY / "README.md").read_text("utf8")


@pytest.fixture(scope="module")
def paper() -> Project:
    return project.load(REPOSITORY, "")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, cell by cell."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_files_that_make_prints_are_those_that_a_build_makes(paper: Project) -> None:
    said = [name for row in table("Build it") for name in names(row[0])]
    files = [*build.target_files(paper).values(), paper.output_dir / "index.html"]
    assert said
    assert set(said) <= {path.relative_to(REPOSITORY).as_posix() for path in files}


def test_folders_and_files_are_where_it_says() -> None:
    rows = table("Where things are")
    assert len(rows) > 7
    for where, _, by_hand in rows:
        for name in names(where):
            made = name.startswith("_site")
            assert made or (REPOSITORY / name).exists(), name
            assert by_hand.startswith("no") or not made


def test_what_the_first_edit_names_is_there(paper: Project) -> None:
    section = TEXT.partition("## Your first edit\n")[2].partition("\n## ")[0]
    pages = [path.removeprefix("_site/") for path in re.findall(r"_site/[\w/.-]+\.html", section)]
    assert pages
    assert set(pages) <= {chapter.page for chapter in paper.chapters}
    assert all((REPOSITORY / name).is_file() for name in re.findall(r"`(chapters/[\w.-]+)`", section))
    cited = set(re.findall(r"\[@(\w+)\]", section))
    assert cited
    assert cited <= {entry.key for path in paper.bibliography for entry in read(path).entries}


def test_labels_and_figures_that_it_names_exist(
    paper: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chapter that held its examples would be sound."""
    from paper import figures

    section = TEXT.partition("## Your first edit\n")[2].partition("\n## ")[0]
    labels = re.findall(r"`@((?:sec|fig|tbl)-[\w-]+)`", section)
    calls = re.findall(r"figures\.(\w+)\(\)", section)
    assert len(labels) == 3
    assert set(calls) <= figures.every(REPOSITORY).keys()
    chapters = [tmp_path / chapter.path for chapter in paper.chapters]
    for path, chapter in zip(chapters, paper.chapters, strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text((REPOSITORY / chapter.path).read_text("utf8"), "utf8")
    for name in ("_quarto.yml", "_variables.yml"):
        (tmp_path / name).write_text((REPOSITORY / name).read_text("utf8"), "utf8")
    with chapters[1].open("a") as file:
        file.write("\n" + " ".join(f"@{label}" for label in labels) + "\n")
    monkeypatch.chdir(tmp_path)
    unknown = [
        fault.message for fault in check_sources(project.load(tmp_path)) if fault.rule == "unknown-reference"
    ]
    assert unknown == []


def test_the_targets_of_make_are_explained() -> None:
    """Each is named in the README, or, what only maintainers need, where it belongs."""
    everything = TEXT + (REPOSITORY / "requirements.in").read_text("utf8")
    targets = re.search(r"^\.PHONY: (.+)$", (REPOSITORY / "Makefile").read_text("utf8"), re.M)
    assert targets
    assert [name for name in targets[1].split() if name != "all" and f"make {name}" not in everything] == []
