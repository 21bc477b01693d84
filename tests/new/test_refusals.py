"""``paper new`` refuses what would overwrite, confuse or show nothing, and then changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from paper.cli.new import app
from paper.errors import MachineError, PaperError, SourceError
from paper.new import dataset
from paper.new.plan import Plan, carry_out

REPOSITORY = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What ``paper new`` reads of the project, copied; the working directory is there."""
    for name in ("_quarto.yml", "index.qmd", "references.bib"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for name in ("chapters", "data", "scripts/figures", "scripts/tables"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=LEFT_OUT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def state(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("chapter findings", "there is a chapter called 'findings' already"),
        ("chapter Findings", "can't be the name"),
        ("chapter new --after nowhere", "there is no chapter 'nowhere'"),
        ("chapter problem", "the label sec-problem is taken"),
        ("dataset events", "there is a table called 'events' already"),
        ("dataset new Column", "can't be the name of a column"),
        ("dataset new id", "the column 'id' would be there twice"),
        ("dataset new day:date", "'date' is not a type"),
        ("dataset new kind:a,a", "is not a list of words"),
        ("dataset new class", "a word of Python's own"),
        ("figure drivers --data events", "something called 'drivers' already"),
        ("figure curve --data events", "something called 'curve' already"),
        ("figure project --data events", "something called 'project' already"),
        ("figure new --data nothing", "there is no table 'nothing'"),
        ("figure new --data segments", "is about people"),
        ("figure new --data events --by nothing", "'nothing' is not a column to count by"),
        ("figure new --data events --by event", "different values, too many for bars"),
        ("figure new --data events --chapter nowhere", "there is no chapter 'nowhere'"),
        ("table contrast --data events", "the label tbl-contrast is taken"),
        ("table corrections --data events", "something called 'corrections' already"),
        ("table new --data cases", "is about people"),
        ("table stakeholder-list --data events", "can't be the name of a table"),
    ],
)  # fmt: skip
def test_it_refuses_and_changes_nothing(project: Path, command: str, said: str) -> None:
    before = state(project)
    result = CliRunner().invoke(app, command.split())
    assert isinstance(result.exception, SourceError), result.output
    assert said in str(result.exception)
    assert result.exception.remedy
    assert state(project) == before


@pytest.mark.parametrize(
    ("there", "command"),
    [
        ("chapters/sources.qmd", "chapter sources"),
        ("chapters/Sources.qmd", "chapter sources"),
        ("data/visits.csv", "dataset visits office"),
        ("scripts/figures/visits.py", "figure visits --data events"),
        ("tests/figures/test_visits_figure.py", "figure visits --data events"),
        ("tests/tables/test_visits_table.py", "table visits --data events"),
    ],
)
def test_a_file_that_is_there_is_never_overwritten(project: Path, there: str, command: str) -> None:
    (project / there).parent.mkdir(parents=True, exist_ok=True)
    (project / there).write_text("mine")
    before = state(project)
    result = CliRunner().invoke(app, command.split())
    assert isinstance(result.exception, SourceError), result.output
    assert state(project) == before


def test_a_table_without_rows_has_nothing_to_show(project: Path) -> None:
    assert CliRunner().invoke(app, ["dataset", "visits", "office"]).exit_code == 0
    before = state(project)
    result = CliRunner().invoke(app, ["figure", "visits"])
    assert "no rows yet" in str(result.exception)
    assert state(project) == before


def test_a_step_that_fails_puts_everything_back(project: Path) -> None:
    before = state(project)

    def fail() -> None:
        raise PermissionError(13, "Permission denied", str(project / "data/README.md"))

    with pytest.raises(MachineError, match=r"README\.md.*Permission denied"):
        carry_out(dataset.plan(project, "visits", ["office"]), project, then=fail)
    assert state(project) == before


def test_a_folder_in_the_way_is_told_without_a_trace(project: Path) -> None:
    before = state(project)
    plan = Plan(created={"new/file.txt": "a", "references.bib/file.txt": "b"})
    with pytest.raises(MachineError):
        carry_out(plan, project)
    assert state(project) == before


def test_settings_that_cannot_be_read_are_told_with_their_line(project: Path) -> None:
    (project / "_quarto.yml").write_text("project:\n  type: book\nbook: [\n")
    result = CliRunner().invoke(app, ["chapter", "new"])
    assert isinstance(result.exception, PaperError)
    assert "_quarto.yml:" in str(result.exception)
