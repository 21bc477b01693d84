"""The text of a page as Markdown: what the page says, for programs that read text."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.many_constructs import write_book

from paper import build


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.build(write_book(tmp_path_factory.mktemp("llms") / "book"), targets={"html"}).out


@pytest.fixture(scope="module")
def text(site: Path) -> str:
    return (site / "one.llms.md").read_text("utf8")


def test_it_has_numbers_references_and_citations_written_out(text: str) -> None:
    assert text.startswith("# 1")
    for words in (
        "See Figure 1.1, Table 1.1, Equation 1.1, [Chapter 2](two.llms.md), Section 1.1 and [there](two.llms.md)",
        "(Hood 1991).[^1]",
        "[^1]: A note with *words*.",
        "Figure 1.1: Drawn.",
        "## 1.1 A part",
        "Hood, Christopher. 1991.",
    ):
        assert words in text.replace("\u00a0", " "), words


def test_tables_formulas_and_pictures_are_markdown(text: str) -> None:
    assert "| A   | B   |\n|-----|-----|\n| 1   | 2   |" in text
    assert "x^2 < y" in text and "\\tag{1.1}" in text
    assert "![A flow from left to right](flow.svg)" in text


def test_callouts_and_tabs_keep_their_titles_and_there_is_no_html(text: str) -> None:
    assert "> **Note: Kept open**\n>\n> Called out." in text
    assert "**First tab**\n\nIn the first." in text
    for markup in ("<div", "<span", "<script", "alert(", "<svg", "class="):
        assert markup not in text


def test_links_to_what_is_no_page_stay(site: Path, text: str) -> None:
    assert "[The file](data.csv)" in text
    front = (site / "index.llms.md").read_text("utf8")
    assert front.startswith("# A *small* book") or front.startswith("# A small book")
    assert "Ann van Author" in front.split("\n\n")[1]


def test_a_table_with_lists_in_its_cells_is_still_a_table(site: Path) -> None:
    text = (site / "three.llms.md").read_text("utf8")
    assert "[TABLE]" not in text
    assert "| Head | Two lines |" in text
    assert "• b" in text and "• c" in text
