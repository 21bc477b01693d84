"""Committed renderings: what is stale is found and said, and never shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from paper import figures, tables
from paper.cli.figures import app
from paper.errors import MachineError, SourceError
from paper.figures import renderings, renewal
from paper.figures.canvas import Canvas
from paper.figures.figure import Figure, drawn

REPOSITORY = Path(__file__).parents[2]
RENDERINGS = "assets/figures"
NEEDED = (
    "_quarto.yml",
    "_variables.yml",
    "index.qmd",
    "chapters",
    "references.bib",
    "data",
    RENDERINGS,
    "assets/data",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what figures need of the project, without the demonstration; the working directory is there."""
    for name in NEEDED:
        source, target = REPOSITORY / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("demo"))
        else:
            shutil.copy(source, target)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new), "utf8")


def small(name: str, words: str = "words", *, synthetic: bool = False) -> Figure:
    def draw(canvas: Canvas) -> None:
        canvas.height = canvas.text(0, canvas.height, words).bottom

    return drawn(
        name,
        draw,
        data=pd.DataFrame({"a": [words]}),
        source="Made up.",
        describe=words,
        inputs=(),
        synthetic=synthetic,
    )


def test_the_repository_holds_nothing_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert renewal.check(REPOSITORY) == []


def test_a_change_of_data_makes_the_cell_fail_with_the_remedy(project: Path) -> None:
    replace(project / "data/relations.csv", ",75,", ",70,")
    with pytest.raises(SourceError) as error:
        figures.design_shares()
    assert "design_shares' shows an earlier state" in str(error.value)
    assert "assets/figures/design_shares.svg" in str(error.value)
    assert "paper render-figures" in error.value.remedy


def test_a_change_of_data_makes_a_table_fail_with_the_remedy(project: Path) -> None:
    replace(project / "data/questionnaire.csv", "General questions", "Special questions")
    with pytest.raises(SourceError, match="doesn't hold the data") as error:
        tables.questionnaire()
    assert "assets/data/tbl-questionnaire.csv" in str(error.value)


@pytest.mark.parametrize(
    ("harm", "rule", "said"),
    [
        (lambda f: (f / f"{RENDERINGS}/drivers.png").unlink(), "figure-stale", "is missing: drivers.png"),
        (lambda f: (f / f"{RENDERINGS}/drivers.svg").write_text("<svg/>"), "figure-stale", "changed by hand"),
        (lambda f: (f / "assets/data/fig-drivers.csv").unlink(), "data-file-stale", "is missing"),
        (
            lambda f: (f / f"{RENDERINGS}/old.svg").write_text("<svg/>"),
            "figure-unknown",
            "no figure or table",
        ),
        (lambda f: (f / f"{RENDERINGS}/manifest.json").unlink(), "figure-stale", "is missing"),
    ],
)
def test_a_check_finds_what_is_out_of_step(
    project: Path, harm: Callable[[Path], object], rule: str, said: str
) -> None:
    harm(project)
    faults = renewal.check(project)
    assert {fault.rule for fault in faults} == {rule}
    assert said in faults[0].message
    assert faults[0].remedy


def test_a_broken_manifest_is_named(project: Path) -> None:
    (project / RENDERINGS / "manifest.json").write_text("{")
    with pytest.raises(SourceError, match="it is not JSON"):
        renewal.check(project)


def test_the_command_lists_what_is_stale_and_exits_1(project: Path) -> None:
    assert CliRunner().invoke(app, ["--check"]).exit_code == 0
    replace(project / "data/factors.csv", "client orientation", "clients")
    result = CliRunner().invoke(app, ["--check"])
    assert result.exit_code == 1
    assert "assets/figures/drivers.svg" in result.output
    assert "assets/data/tbl-drivers.csv" in result.output
    assert "design_shares" not in result.output


@pytest.mark.usefixtures("project")
def test_the_command_says_which_figures_there_are() -> None:
    result = CliRunner().invoke(app, ["driver"])
    assert result.exit_code == 2
    assert "drivers" in result.output


def test_data_files_are_renewed_without_a_browser(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_BROWSER", str(project / "none"))
    replace(project / "data/questionnaire.csv", "General questions", "Special questions")
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0, result.output
    assert "written  assets/data/tbl-questionnaire.csv" in result.output
    assert "Special" in (project / "assets/data/tbl-questionnaire.csv").read_text("utf8")


def test_without_a_browser_the_command_says_what_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_BROWSER", str(project / "none"))
    replace(project / "data/factors.csv", "client orientation", "clients")
    with pytest.raises(MachineError, match="there is no browser") as error:
        renewal.renew(project)
    assert "apt-get install chromium" in error.value.remedy


def test_made_up_data_is_marked_in_the_drawing_and_kept_apart(tmp_path: Path) -> None:
    figure = small("it", synthetic=True)
    assert "Synthetic data" in renderings.spec(figure.figure)
    assert "Synthetic data" in renderings.spec(figure.narrow)
    assert renderings.folder(tmp_path, synthetic=True).name == "demo"
    assert renderings.data_path(figure) == "assets/data/demo/fig-it.csv"


def test_equal_drawings_have_equal_hashes_and_others_differ() -> None:
    assert renderings.digest(small("a")) == renderings.digest(small("a"))
    assert renderings.digest(small("a")) != renderings.digest(small("a", "other words"))


def test_a_figure_that_is_no_more_leaves_the_manifest(tmp_path: Path) -> None:
    where = renderings.folder(tmp_path, synthetic=False)
    where.mkdir(parents=True)
    renderings.write_manifest(where, {"gone": {}, "a": {}})
    renderings.tidy([small("a")], tmp_path)
    assert list(json.loads((where / "manifest.json").read_text())) == ["a"]
