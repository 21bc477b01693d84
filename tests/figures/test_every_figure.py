"""What holds for every figure of the paper, drawn from the real data."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import paper.figures
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.svg import svg_markup
from paper.publishing import figure, renderings
from paper.publishing.figure import Figure

REPOSITORY = Path(__file__).parents[2]
FIGURES = paper.figures.every(REPOSITORY)
# Figures of the record that the author keeps of the draft.
OF_THE_RECORD = {"literature_by_chapter"}


INTERVIEWS = ("code_case_matrix", "drivers_by_case", "saturation")


@pytest.fixture(autouse=True)
def in_a_chapter(paper_to_draw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells run in the folder of their chapter."""
    monkeypatch.chdir(paper_to_draw / "chapters")


@pytest.fixture(params=[*sorted(FIGURES), *(f"{name} of the demonstration" for name in INTERVIEWS)])
def drawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Figure:
    name, _, demonstration = request.param.partition(" ")
    monkeypatch.setenv("QUARTO_PROFILE", "demo" if demonstration else "")
    return draw_once(request.param, name)


@cache
def draw_once(_: str, name: str) -> Figure:
    """The figure as the profile has it, drawn once for all tests that look at it."""
    return FIGURES[name]()


def test_a_figure_is_called_as_its_function(drawn: Figure) -> None:
    assert FIGURES[drawn.name].__name__ == drawn.name


def test_a_figure_has_data_a_description_and_a_source(drawn: Figure) -> None:
    assert len(drawn.data) or "0 of 5–7 interviews are coded" in drawn.describe
    assert len(drawn.describe) > 40
    assert drawn.source.endswith(".")
    assert drawn.inputs


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_no_text_overlaps_another_or_leaves_the_sheet(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets: list[Canvas] = []

    def watched(draw: Callable[[Canvas], None], wide: float, **options: Any) -> Canvas:
        sheet = lay_out(draw, wide, **options)
        if wide == width:
            sheets.append(sheet)
        return sheet

    lay_out = figure.sheet
    monkeypatch.setattr(figure, "sheet", watched)
    for draw in FIGURES.values():
        draw()
    assert len(sheets) == len(FIGURES)
    assert [clash for sheet in sheets for clash in sheet.clashes()] == []


def test_a_drawing_says_nothing_to_the_author(drawn: Figure) -> None:
    """Doubts and places in the draft are queries, which the working edition lists; no reader meets them."""
    if drawn.name in OF_THE_RECORD:
        return
    words = [line for text in drawn.figure.words for line in text.lines]
    links = [link.words for link in drawn.figure.links]
    for line in [*words, *links, drawn.source, drawn.describe]:
        assert "draft" not in line.lower() and "doubt:" not in line.lower(), line


def test_figures_of_interviews_and_they_alone_are_marked_in_the_demonstration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUARTO_PROFILE", "demo")
    marked = [name for name, draw in FIGURES.items() if figure.MARK in svg_markup(draw().figure)]
    assert sorted(marked) == sorted(INTERVIEWS)


def test_letters_are_nine_points_in_print_and_eleven_pixels_on_a_phone(drawn: Figure) -> None:
    point = style.PRINT_CM / 2.54 * 72 / style.WIDE
    assert min(sizes(drawn.figure)) * point >= 9
    assert min(sizes(drawn.narrow)) * (360 - 36) / style.NARROW >= 11


def sizes(drawing: Canvas | None) -> list[float]:
    assert drawing is not None
    return [words.size for words in drawing.words]


def test_a_drawing_uses_the_palette_only(drawn: Figure) -> None:
    """Else a colour would not follow the page's theme."""
    for drawing in (drawn.figure, drawn.narrow):
        assert drawing is not None
        colours = {words.colour for words in drawing.words} | {s.fill for s in drawing.strokes}
        colours |= {stroke.line for stroke in drawing.strokes}
        assert colours <= {"", *style.PALETTE.values()}


def test_committed_renderings_show_the_figures_as_they_are(drawn: Figure, paper_to_draw: Path) -> None:
    files = renderings.current_files(drawn, paper_to_draw)
    assert set(files) == {"svg", "png", "narrow-svg"}


def test_a_committed_drawing_is_plain_and_the_same_on_every_run(drawn: Figure, paper_to_draw: Path) -> None:
    for kind, path in renderings.current_files(drawn, paper_to_draw).items():
        if kind.endswith("svg"):
            tree = etree.fromstring(path.read_bytes())
            assert {etree.QName(e).localname for e in tree.iter()} <= {"svg", "path", "text", "tspan"}
            names = {name for e in tree.iter() for name in e.attrib}
            assert not names & {"id", "class", "style", "href", "onload"}
            assert tree.get("font-family") == style.FONT


def test_words_of_a_drawing_can_be_taken_out_of_it(drawn: Figure, paper_to_draw: Path) -> None:
    """They stand in the SVG as text, so that a PDF's reader can search and copy them."""
    svg = renderings.current_files(drawn, paper_to_draw)["svg"].read_bytes()
    said = " ".join("".join(text.itertext()) for text in etree.fromstring(svg).iterfind(".//{*}text"))
    assert len(said.split()) > 10
    assert re.search(r"[a-z]{4,} [a-z]{2,}", said)


def test_every_public_figure_can_be_called_by_its_name() -> None:
    """No module of the package has a figure's name, which importing it would take over."""
    modules = {info.name for info in pkgutil.iter_modules(paper.figures.__path__)}
    assert not modules & set(FIGURES)
    for name in sorted(modules):
        importlib.import_module(f"paper.figures.{name}")
    assert all(callable(getattr(paper.figures, name)) for name in FIGURES)
