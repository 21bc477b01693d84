"""The benchmark's parts do what they say; how long things take is for `make bench`, not for tests."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from benchmarks import books, floor, machine, report
from benchmarks.cases import CHECK, READ, SIZES, Result
from benchmarks.floor import PROGRAMS
from benchmarks.measure import Failed, Measured, measure, watched
from lxml import etree

from paper.bibliography.audit import check_references
from paper.checks.sources_check import check_sources
from paper.project import load
from paper.project import load as load_project

REPOSITORY = Path(__file__).parent.parent


def results() -> list[Result]:
    """Times that are easy to reckon with: a build takes 3 s, each program of the floor 0.5 s."""
    found = [
        Result("paper", what, "embedded", Measured((3.0, 3.5, 4.0), 200.0, (2.0,)))
        for what in ("cold", READ, CHECK)
    ]
    found += [Result("paper", program, "floor", Measured((0.5,), 50.0, (0.4,))) for program in PROGRAMS]
    found += [Result(f"{size} chapters", "cold", "embedded", Measured((size / 10,), 300.0)) for size in SIZES]
    return found


def test_a_made_up_book_is_sound_and_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        books.write(tmp_path / name, 3, figures=2)
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
    assert check_sources(load(tmp_path / "one")) == []
    assert [
        fault for fault in check_references(load_project(tmp_path / "one")) if fault.rule == "unknown-key"
    ] == []


def test_an_edit_changes_the_chapter_each_time_without_making_it_longer(tmp_path: Path) -> None:
    books.write(tmp_path / "book", 1)
    texts = []
    for run in range(3):
        books.edit(tmp_path / "book", "chapters/c000.qmd", run)
        texts.append((tmp_path / "book/chapters/c000.qmd").read_text())
    assert len(set(texts)) == 3
    assert len({len(text) for text in texts}) == 1


def test_memory_is_that_of_all_processes_together(tmp_path: Path) -> None:
    child = "x = bytearray(80_000_000); import time; time.sleep(0.3)"
    parent = f"x = bytearray(60_000_000); import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measured = measure([sys.executable, "-c", parent], tmp_path, repeats=1)
    assert 140 < measured.megabytes < 240
    assert len(measured.seconds) == 1


def test_a_command_that_fails_has_no_time(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such luck"):
        measure([sys.executable, "-c", "import sys; sys.exit('no such luck')"], tmp_path)


def test_the_page_tells_medians_the_floor_and_which_aims_are_met() -> None:
    page = report.markdown(results(), machine.describe(), 3)
    assert "| cold | embedded | 3.50 s (3.00–4.00) | 2.00 s | 200 MB |" in page
    assert "| *floor, the four together* | | *2.00 s* | *1.60 s* | |" in page
    assert "| pages, PDF and brief, cold: 5 s | 3.50 s | met |" in page
    assert "| the same, time of processors: at most 1.5 × that of the floor | 1.25 × | met |" in page
    assert "| the same: at most a fifth of Quarto's | not measured |  |" in page
    assert "| `paper check` after an edited sentence: 1.2 s | 3.50 s | missed |" in page
    assert "| 200 chapters, peak memory: 1,000 MB | 300 MB | met |" in page
    assert "1.00 × | met |" in page


def test_the_picture_is_svg_with_a_bar_for_each_build() -> None:
    picture = etree.fromstring(report.plot(results()).encode())
    bars = picture.findall(".//{*}rect")
    assert {bar.get("class") for bar in bars} == {"embedded", "floor"}
    assert float(bars[0].get("width")) == pytest.approx(float(bars[1].get("width")) * 3.5 / 2, rel=0.01)
    assert len(picture.findall(".//{*}polyline")) == 1
    assert picture.get("aria-label")


def test_what_is_published_names_no_folder_of_the_machine() -> None:
    for name in ("results.md", "results.svg"):
        text = (REPOSITORY / "benchmarks" / name).read_text("utf8")
        assert not re.search(r"(?<![\w.])/(?:home|root|tmp|Users|work)/", text)


def test_the_floor_is_laid_by_what_a_build_uses(tmp_path: Path) -> None:
    root, work = tmp_path / "book", tmp_path / "work"
    books.write(root, 2)
    floor.prepare(root, work)
    floor.run_pandoc(root, work)
    page = (work / "whole.html5").read_text("utf8")
    assert "csl-entry" in page
    assert json.loads((work / "floor.json").read_text())["cells"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["prose", "cell", "pdf"])
def test_the_preview_is_measured_from_save_to_page(tmp_path: Path, kind: str) -> None:
    books.write(tmp_path, 2)
    command = (sys.executable, "-m", "benchmarks.preview", tmp_path, "chapters/c000.qmd", kind, "1")
    _, said = watched(command, REPOSITORY)
    assert len(json.loads(said.splitlines()[-1])) == 1
