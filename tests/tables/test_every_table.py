"""What holds for every table of the paper, set from the real data."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pypandoc
import pytest
import typst

import paper.tables
from paper.coding.data.package import described
from paper.figures.works import labels
from paper.publishing.table import Table
from paper.text.citations import is_cross_reference
from paper.tools import pandoc

REPOSITORY = Path(__file__).parents[2]
TABLES = paper.tables.every(REPOSITORY)
FOUND = (
    "agreement",
    "code_frequencies",
    "concentration",
    "cooccurrence",
    "disagreements",
    "dissent",
    "driver_groups",
    "expected_signs",
    "leave_one_out",
    "merged_codes",
    "quotes",
    "sample",
    "sign_odds",
    "signs_by_case",
    "who_coded",
)


@pytest.fixture(autouse=True)
def in_a_chapter(paper_to_draw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells run in the folder of their chapter."""
    monkeypatch.chdir(paper_to_draw / "chapters")


NAMES = [*sorted(TABLES), *(f"{name} of the demonstration" for name in sorted(FOUND))]


@pytest.fixture(params=NAMES)
def made(request: pytest.FixtureRequest) -> Table:
    return every()[request.param]


@cache
def every() -> dict[str, Table]:
    """All tables, those of the interviews twice, made once for all tests that look at them."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for full in NAMES:
            name, _, demonstration = full.partition(" ")
            patch.setenv("QUARTO_PROFILE", "demo" if demonstration else "")
            found[full] = TABLES[name]()
    return found


@cache
def read_as(form: str) -> dict[int, str]:
    """Each table as pandoc reads it and writes it in a format, by the table's id; one call of pandoc for all."""
    mark = "next table"
    text = f"\n\n{mark}\n\n".join(table.markdown() for table in every().values())
    said = pandoc.run(text, source="markdown-smart", to=form, args=["--wrap=none", "--columns=9999"])
    parts = re.split(rf"(?:<p>)?{mark}(?:</p>)?\n", said)
    return {id(table): part for table, part in zip(every().values(), parts, strict=True)}


@cache
def trees() -> dict[int, list[dict[str, Any]]]:
    """The blocks that pandoc reads from each table, by the table's id."""
    rule = "\n\n------\n\n"
    text = rule.join(table.markdown() for table in every().values())
    found: list[list[dict[str, Any]]] = [[]]
    for block in json.loads(pandoc.run(text, source="markdown", to="json"))["blocks"]:
        if block["t"] == "HorizontalRule":
            found.append([])
        else:
            found[-1].append(block)
    return {id(table): blocks for table, blocks in zip(every().values(), found, strict=True)}


@cache
def everything() -> str:
    real = [table for full, table in every().items() if full in TABLES]
    return "\n\n".join(table._repr_mimebundle_()["text/markdown"] for table in real)


def test_a_table_is_called_as_its_function(made: Table) -> None:
    assert TABLES[made.name].__name__ == made.name


def the_table(made: Table) -> Any:
    """The one table that pandoc reads; one that pages search and sort stands in a block of its own."""
    [block] = trees()[id(made)]
    if block["t"] == "Div":
        assert "sortable" in block["c"][0][1] and made.sortable
        [block] = block["c"][1]
    assert block["t"] == "Table"
    return block


def test_pandoc_reads_one_table_with_every_row_and_nothing_left_over(made: Table) -> None:
    table = the_table(made)
    _, _, columns, head, [body], _ = table["c"]
    assert len(columns) == len(made.columns)
    assert len(head[1]) == 1
    assert len(body[3]) == len(made.rows)


def test_what_is_printed_is_all_that_is_taken_away(made: Table) -> None:
    """But in the tables of interviews, which count and choose."""
    assert len(made.rows) == len(made.data) or made.name in FOUND


def test_columns_share_the_line(made: Table) -> None:
    table = the_table(made)
    shares = [width["c"] for _, width in table["c"][2]]
    assert sum(shares) == pytest.approx(1, abs=0.02)
    assert min(shares) > 0.05


def test_the_data_to_take_away_say_where_they_come_from(made: Table) -> None:
    assert {"coder", "locator", "where_"} & set(made.data.columns) or made.name in (
        *FOUND,
        "codebook_history",
    )
    assert made.source.endswith(".")


def test_every_doubt_is_printed(made: Table) -> None:
    """But the one that the source column says already."""
    doubts = made.data["doubt"] if "doubt" in made.data.columns else pd.Series(dtype=str)
    said = read_as("plain")[id(made)]
    words = " ".join(said.split())
    assert [doubt for doubt in doubts if doubt != "No source" and doubt not in words] == []


def test_on_a_card_each_filled_cell_but_its_title_says_its_column(made: Table) -> None:
    html = read_as("html")[id(made)]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.S)[1:]
    for row in rows:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        for number, (column, cell) in enumerate(zip(made.columns, cells, strict=True)):
            if number == made.title:
                assert "cell-label" not in cell
            else:
                assert not cell or cell.startswith(f'<span class="cell-label">{column}</span>')


def test_citations_in_cells_have_their_entries() -> None:
    keys = set(re.findall(r"(?<![\\\w])@([\w:-]+)", everything()))
    assert {"hood1991", "fritz2018"} <= keys
    assert {key for key in keys if not is_cross_reference(key)} <= set(labels())


def test_what_is_for_pages_stays_off_paper() -> None:
    said = pandoc.run(everything(), source="markdown", to="typst", args=["--wrap=none"])
    assert "cell-label" not in said and "cell-again" not in said
    assert "CSV" not in said


def test_every_table_can_be_set_in_pdf_and_word() -> None:
    cite = ["--citeproc", f"--bibliography={REPOSITORY / 'references.bib'}"]
    tree = pandoc.run(everything(), source="markdown", to="json")
    source = pandoc.run(tree, source="json", to="typst", args=["--standalone", *cite])
    assert typst.compile(source.encode(), ignore_system_fonts=True).startswith(b"%PDF")
    document = docx.Document(BytesIO(pandoc_docx(tree)))
    assert len(document.tables) == len(TABLES)
    assert document.element.xpath("//w:tbl//w:br")


def pandoc_docx(tree: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "--from=json", "--to=docx", "--output=-"]
    return subprocess.run(command, input=tree.encode(), capture_output=True, check=True).stdout


def test_a_page_offers_the_data_and_says_how_the_table_was_made(made: Table) -> None:
    bundle = made._repr_mimebundle_()
    assert list(bundle) == ["text/markdown"]
    tools = bundle["text/markdown"].split("```{=html}")[1]
    folder = "demo/" if made.synthetic else "working/" if made.working else ""
    assert f'href="../assets/data/{folder}tbl-{made.name}.csv"' in tools
    assert f"<code>tables.{made.name}()</code>" in tools
    files = (
        name if "/" in name else described(name, REPOSITORY).file(synthetic=made.synthetic)
        for name in made.inputs
    )
    assert all(file in tools for file in files)


def test_every_public_table_can_be_called_by_its_name() -> None:
    """No module of the package has a table's name, which importing it would take over."""
    modules = {info.name for info in pkgutil.iter_modules(paper.tables.__path__)}
    assert not modules & set(TABLES)
    for name in sorted(modules):
        importlib.import_module(f"paper.tables.{name}")
    assert all(callable(getattr(paper.tables, name)) for name in TABLES)


def test_corrections_and_open_questions_are_all_rows_between_them() -> None:
    made, open_ = TABLES["corrections"](), TABLES["open_questions"]()
    rows = (REPOSITORY / "data/corrections.csv").read_text("utf8").count("\nI-")
    assert len(made.data) + len(open_.data) == rows
    assert set(open_.data["status"]) == {"open"}


def test_the_tools_of_a_table_are_for_pages_alone(made: Table) -> None:
    markdown = made._repr_mimebundle_()["text/markdown"]
    before, tools = markdown.split('::: {.content-visible when-format="html:js"}\n')
    assert "figure-tools" not in before
    assert tools.startswith("```{=html}") and tools.endswith("```\n:::\n")
