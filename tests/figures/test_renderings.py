"""Committed renderings: what is stale is found, and drawn anew before it is shown."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from paper import figures, renewal, tables
from paper.cli.figures import app
from paper.drawing.canvas import Canvas
from paper.drawing.svg import svg_markup
from paper.errors import MachineError
from paper.publishing import renderings
from paper.publishing.figure import Figure, build_figure

REPOSITORY = Path(__file__).parents[2]
RENDERINGS = "assets/figures"
NEEDED = (
    "_quarto.yml",
    "_variables.yml",
    "index.qmd",
    "chapters",
    "references.bib",
    "data",
    "scripts/analysis",
    "scripts/figures",
    "scripts/tables",
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

    return build_figure(
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


def test_a_change_of_data_is_drawn_anew_by_the_cell_itself(project: Path) -> None:
    replace(project / "data/relations.csv", ",75,", ",70,")
    before = (project / "assets/figures/service_chain.svg").read_text("utf8")
    bundle = figures.service_chain()._repr_mimebundle_()
    assert "70%" in bundle["text/html"] and "70%" in bundle["image/svg+xml"]
    assert "70%" not in before
    assert (project / "assets/figures/service_chain.svg").read_text("utf8") == bundle["image/svg+xml"]
    assert "service_chain" not in "".join(fault.file for fault in renewal.check(project))


def test_a_change_of_data_renews_the_file_that_a_table_links_to(project: Path) -> None:
    replace(project / "data/questionnaire.csv", "General questions", "Special questions")
    tables.questionnaire()
    assert "Special questions" in (project / "assets/data/tbl-questionnaire.csv").read_text("utf8")


def test_one_more_citation_needs_nothing_but_python(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The figure of the literature by chapter counts citations: whoever cites must be able to draw it."""
    monkeypatch.setenv("PATH", str(project / "nothing"))
    with (project / "chapters/conclusion.qmd").open("a", encoding="utf8") as chapter:
        chapter.write("\nReform travels [@hood1991].\n")
    before = (project / "assets/figures/literature_by_chapter.svg").read_bytes()
    figures.literature_by_chapter()
    after = (project / "assets/figures/literature_by_chapter.svg").read_bytes()
    assert after.count(b"<path") == before.count(b"<path") + 2  # the mark, and its chapter's rule
    assert renewal.check(project, ["literature_by_chapter"]) == []


def test_what_was_changed_by_hand_is_not_shown(project: Path) -> None:
    (project / "assets/figures/drivers.svg").write_text("<svg/>")
    assert "Internal drive" in figures.drivers()._repr_mimebundle_()["image/svg+xml"]


def test_two_figures_drawn_at_once_both_enter_the_manifest(tmp_path: Path) -> None:
    names = [f"figure_{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: renderings.renew([small(name)], tmp_path), names))
    assert sorted(renderings.read_manifest(tmp_path / RENDERINGS)) == names


def test_a_folder_that_cant_be_written_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "assets/figures/drivers.svg")

    monkeypatch.setattr(renderings, "write_atomic", refuse)
    (project / "assets/figures/drivers.svg").unlink()
    with pytest.raises(MachineError, match=r"assets/figures/drivers\.svg could not be written"):
        figures.drivers()


def test_a_check_finds_all_that_is_out_of_step(project: Path) -> None:
    drawn = sorted((project / RENDERINGS).glob("*.png"))
    drawn[0].unlink()
    drawn[1].with_suffix(".svg").write_text("<svg/>")
    (project / "assets/data/fig-drivers.csv").unlink()
    (project / f"{RENDERINGS}/old.svg").write_text("<svg/>")
    faults = renewal.check(project)
    for rule, said in (
        ("figure-stale", f"is missing: {drawn[0].name}"),
        ("figure-stale", "changed by hand"),
        ("data-file-stale", "is missing"),
        ("figure-unknown", "no figure or table"),
    ):
        assert [fault.rule for fault in faults if said in fault.message and fault.rule == rule] == [rule], (
            said
        )
    assert len(faults) == 4 and all(fault.remedy for fault in faults)


def test_a_check_without_a_manifest_finds_each_figure_stale(project: Path) -> None:
    (project / f"{RENDERINGS}/manifest.json").unlink()
    faults = renewal.check(project)
    assert {fault.rule for fault in faults} == {"figure-stale"}
    assert "is missing" in faults[0].message and faults[0].remedy


@pytest.mark.parametrize("text", ["{", "[]", "<<<<<<< HEAD\n{}\n=======\n"])
def test_after_a_merge_that_broke_the_manifest_all_is_drawn_anew(tmp_path: Path, text: str) -> None:
    where = renderings.folder(tmp_path, synthetic=False)
    where.mkdir(parents=True)
    (where / "manifest.json").write_text(text)
    renderings.current_files(small("a"), tmp_path)
    assert list(renderings.read_manifest(where)) == ["a"]


def test_the_command_lists_what_is_stale_and_exits_1(project: Path) -> None:
    assert CliRunner().invoke(app, ["--check"]).exit_code == 0
    replace(project / "data/factors.csv", "client orientation", "clients")
    result = CliRunner().invoke(app, ["--check"])
    assert result.exit_code == 1
    assert "assets/figures/drivers.svg" in result.output
    assert "assets/data/tbl-drivers.csv" in result.output
    assert "service_chain" not in result.output


@pytest.mark.usefixtures("project")
def test_the_command_says_which_figures_there_are() -> None:
    result = CliRunner().invoke(app, ["driver"])
    assert result.exit_code == 2
    assert "drivers" in result.output


def test_the_command_renews_data_files_and_drawings(project: Path) -> None:
    replace(project / "data/questionnaire.csv", "General questions", "Special questions")
    replace(project / "data/factors.csv", "client orientation", "clients")
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0, result.output
    assert "written  assets/data/tbl-questionnaire.csv" in result.output
    assert "Special" in (project / "assets/data/tbl-questionnaire.csv").read_text("utf8")
    assert "drawn    drivers" in result.output
    assert "drawn    service_chain" not in result.output
    assert renewal.check(project) == []


def test_the_command_tells_of_a_file_that_nothing_makes(project: Path) -> None:
    (project / "assets/figures/old.svg").write_text("<svg/>")
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 1
    assert "assets/figures/old.svg" in result.output and "figure-unknown" in result.output


def test_made_up_data_is_marked_in_the_drawing_and_kept_apart(tmp_path: Path) -> None:
    figure = small("it", synthetic=True)
    assert "Synthetic data" in svg_markup(figure.figure)
    assert "Synthetic data" in svg_markup(figure.narrow)
    assert renderings.folder(tmp_path, synthetic=True).name == "demo"
    assert renderings.data_path(figure) == "assets/data/demo/fig-it.csv"


def test_equal_drawings_have_equal_hashes_and_others_differ() -> None:
    assert renderings.digest(small("a")) == renderings.digest(small("a"))
    assert renderings.digest(small("a")) != renderings.digest(small("a", "other words"))


def test_a_figure_that_is_no_more_takes_its_renderings_along_unless_somebody_changed_them(
    tmp_path: Path,
) -> None:
    renderings.renew([small("gone"), small("a")], tmp_path)
    where = renderings.folder(tmp_path, synthetic=False)
    (where / "gone.svg").write_text("<svg>mine</svg>")
    (where / "own.svg").write_text("<svg/>")
    renderings.tidy([small("a")], tmp_path)
    assert list(json.loads((where / "manifest.json").read_text())) == ["a"]
    left = {path.name for path in where.iterdir() if path.is_file()}
    assert {"a.svg", "a.png", "gone.svg", "own.svg"} <= left
    assert "gone.png" not in left
