"""Cells print what the data say, whatever it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper.analysis import datafile
from paper.publishing.markdown import (
    AnnotatedCell,
    Cite,
    CodedName,
    QueriedCell,
    RepeatedCell,
    Strong,
    cell,
    escape,
    pipe_table,
)
from paper.publishing.table import Table
from paper.tables.cells import blank_repeats, citation_cell
from paper.tools import pandoc
from paper.typography import capital

HOSTILE = (
    "a | b \\| c",
    "`code` and ``more``",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "`<b>`{=html}",
    "[link](javascript:alert(1))",
    "![image](x.png)",
    "@hood1991 and [@hood1991]",
    "a[^1] ^[note] ^up^ ~down~",
    "$x^2$ and \\(x\\)",
    "**bold** __bold__ *it* _it_ ~~out~~",
    "# not a heading",
    "- not a list",
    "1. not a list",
    "::: div :::",
    "{{< var x >}}",
    "{.class #id}",
    "&lt;b&gt; &amp; &nbsp;",
    "http://example.org/a_b https://example.org",
    "a -- b --- c ... d",
    "\\newpage \\\\ \\",
    "=1+1",
    "line\nbreak\r\nand\ttab\u2028and more",
    "Қазақстан – «мемлекеттік» қызметтер",
    "100% of ~5 #tags @ 3:00",
)


def cells_of(rows: list[list[str]]) -> list[list[str]]:
    """What pandoc reads from a table of these texts: the plain words of each cell."""
    markdown = pipe_table(rows, ["x"] * len(rows[0]), [1] * len(rows[0]))
    tree = json.loads(pandoc.run(markdown, source="markdown-smart", to="json"))
    [table] = tree["blocks"]
    return [["".join(words(block) for block in c[4]) for c in row[1]] for row in table["c"][4][0][3]]


def words(node: Any) -> str:
    """The text of a tree that may hold words, spaces and our own raw labels only."""
    if isinstance(node, list):
        return "".join(words(part) for part in node)
    kind, content = node["t"], node.get("c")
    if kind in ("Plain", "Para"):
        return words(content)
    if kind == "Str":
        return str(content)
    if kind == "Space":
        return " "
    assert kind == "RawInline" and content[1] == '<span class="cell-label">x</span>', node
    return ""


def plain(text: str) -> str:
    """The text on one line, as a cell can hold it."""
    return re.sub(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+", " ", text).strip(" ")


def test_hostile_text_is_printed_and_nothing_more() -> None:
    assert cells_of([[text, text] for text in HOSTILE]) == [[plain(text)] * 2 for text in HOSTILE]


@examples(25)
@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\u00a0")
        ).filter(lambda text: text.strip() == text and "  " not in text),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_is_printed_as_it_is(texts: list[str]) -> None:
    found = cells_of([["first", text] for text in texts])
    assert [row[1].split() for row in found] == [plain(text).split() for text in texts]


def test_a_citation_is_the_one_thing_that_is_more_than_text() -> None:
    assert Cite(("hood1991",)).markdown() == "@hood1991"
    assert Cite(("fritz2018",), "p. 1642").markdown() == "@fritz2018 [p\\. 1642]"
    assert Cite(("a", "b"), "p. 1", parenthesis=True).markdown() == "[@a; @b, p\\. 1]"


def test_a_note_stands_on_its_own_line_and_an_empty_one_leaves_no_trace() -> None:
    assert cell(AnnotatedCell("words", "")) == "words"
    assert cell(AnnotatedCell("words", "a *doubt*")).endswith("[*a \\*doubt\\**]{.cell-note}")
    assert "linebreak" in cell(AnnotatedCell("words", "doubt"))
    assert "linebreak" not in cell(AnnotatedCell("", "doubt"))


def test_a_group_is_named_once_and_again_for_cards_only() -> None:
    assert blank_repeats(["a", "a", "b", "a"]) == ["a", RepeatedCell("a"), "b", "a"]
    html = pandoc.run(pipe_table([[RepeatedCell("a|b`<i>")]], ["x"], [1]), source="markdown", to="html")
    assert '<span class="cell-again">a&#124;b&#96;&lt;i&gt;</span>' in html
    assert "a" not in pandoc.run(cell(RepeatedCell("a")), source="markdown", to="plain").strip()


def test_a_name_comes_with_its_code_and_groups_are_strong() -> None:
    assert cell(CodedName(Strong("Drive"), "in-drive")).startswith("**Drive**")
    assert cell(CodedName("Drive", "in-drive")).endswith("[in\\-drive]{.cell-code}")
    assert cell(Strong("")) == ""


def test_numbers_stand_at_the_right_and_text_at_the_left() -> None:
    rows = [["a", 1, "35%", "−0.01"], ["b", 2.5, "…", "–"]]
    rule = pipe_table(rows, ["w", "x", "y", "z"], [1, 1, 1, 1]).splitlines()[1]
    assert re.fullmatch(r"\|:-+\|-+:\|-+:\|-+:\|", rule)
    mixed = pipe_table([["1"], ["2 of 3"], [""]], ["x"], [1]).splitlines()[1]
    assert re.fullmatch(r"\|:-+\|", mixed)


@pytest.mark.parametrize(
    ("rows", "columns", "widths"),
    [([["a"]], ["x", "y"], [1, 1]), ([["a"]], ["x"], [1, 1]), ([["a", "b"], ["a"]], ["x", "y"], [1, 1])],
)
def test_rows_headings_and_widths_must_agree(
    rows: list[list[str]], columns: list[str], widths: list[int]
) -> None:
    with pytest.raises(ValueError, match="rows of another length"):
        pipe_table(rows, columns, widths)


def test_a_rows_anchor_stands_in_the_cell_that_heads_its_card() -> None:
    table = pipe_table([["c", QueriedCell(Strong("A | b </span>"), "", "P01")]], ("X", "Y"), (1, 1), title=1)
    [read] = json.loads(pandoc.run(table, source="markdown", to="json"))["blocks"]
    second = read["c"][4][0][3][0][1][1][4][0]["c"]
    bracketed = pandoc.run("[[**A | b \\</span\\>**]{#row-P01}]{.cell-title}", source="markdown", to="json")
    assert second == json.loads(bracketed)["blocks"][0]["c"]


def test_a_source_is_cited_only_when_it_is_a_key() -> None:
    assert citation_cell("fritz2018, p. 1642", {"fritz2018"}) == Cite(("fritz2018",), "p. 1642")
    assert citation_cell("fritz2018", ["fritz2018"]) == Cite(("fritz2018",))
    assert citation_cell("no source", {"fritz2018"}) == "no source"


def test_small_words() -> None:
    assert capital("coordination") == "Coordination"
    assert escape("  a  b ") == "a b"


def test_a_table_of_made_up_data_says_so_before_it() -> None:
    table = Table("x", pd.DataFrame(), [["a"]], ("A",), (1,), "s.", ("segments",), "m", synthetic=True)
    said = table._repr_mimebundle_()["text/markdown"]
    assert said.startswith("[**Synthetic data")
    assert "assets/data/demo/tbl-x.csv" in said
    assert "data/synthetic/segments.csv" in said


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        (-1, "-1"),
        (0.5, "0.5"),
        (None, '""'),
        (pd.NA, '""'),
        ("a,b", '"a,b"'),
    ],
)
def test_a_csv_holds_nothing_that_a_spreadsheet_would_run(value: object, written: str) -> None:
    frame = pd.DataFrame({"x": pd.Series([value], dtype=object)})
    assert datafile.text(frame) == f"x\n{written}\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (float("nan"), ""), (pd.NA, ""), (0.5, "0.5"), (2.0, "2"), ("a", "a")],
)
def test_values_are_shown_without_needless_signs(value: object, shown: str) -> None:
    assert datafile.format_value(value) == shown
