"""Beside a citing sentence stands the page that bears it; the words of the work never leave the author's computer."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from small_books import Book
from typer.testing import CliRunner

from paper.bibliography.audit import check_references
from paper.bibliography.support.citing import FILE, support_by_citation
from paper.bibliography.support.sealing import COLUMNS, PRIVATE, add_rows, check_support
from paper.cli.refs import app
from paper.coding.data.check import check_data
from paper.errors import CitationError
from paper.project import load as load_project
from paper.tools.seals import VARIABLE

KEY = "a key that is long enough for a seal"
BIB = "@book{hood1991, author = {Hood, C.}, title = {Seasons}, date = {1991}, publisher = {S}}\n"
TEXT = """# A

Reform spread far [@hood1991, p. 4]. Nobody else says so.
He wrote that “hands-on professional management of services” came first [@hood1991].
The whole book is about that, as @hood1991 shows and @knox2008 doubts.
"""
KNOX = "@book{knox2008, author = {Knox, C.}, title = {Doubts}, date = {2008}, publisher = {S}}\n"
WORDS = "The doctrine of hands-on professional management of services came first, and all else followed."


@pytest.fixture
def root(book: Book, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = book({"index.qmd": TEXT, "references.bib": BIB + KNOX})
    monkeypatch.setenv(VARIABLE, KEY)
    monkeypatch.chdir(root)
    return root


def write(root: Path, *rows: dict[str, str]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    (root / PRIVATE).parent.mkdir(parents=True, exist_ok=True)
    (root / PRIVATE).write_text(out.getvalue(), "utf8")


SPREAD = {
    "key": "hood1991",
    "sentence": "Reform spread far.",
    "page": "4",
    "words": "It spread.",
    "reason": "Says so.",
}
QUOTED = {
    "key": "hood1991",
    "sentence": "He wrote that “hands-on professional management of services” came first [@hood1991, p. 9].",
    "page": "9",
    "words": WORDS,
    "reason": "The order is his.",
}
ALL = {
    "key": "hood1991",
    "sentence": "The whole book is about that, as @hood1991 shows and @knox2008 doubts.",
    "page": "whole",
}


def test_page_and_reason_are_published_with_seals_and_the_words_are_not(root: Path) -> None:
    write(root, SPREAD, QUOTED, ALL)
    outcome = check_support(load_project(root))
    assert outcome.faults == [] and outcome.stored
    text = (root / FILE).read_text("utf8")
    assert "Says so." in text and "It spread" not in text and "doctrine" not in text
    found = [
        (one.citation.line, one.citation.key, row and (row.scope, row.page))
        for one, row in support_by_citation(load_project(root))
    ]
    assert found == [
        (3, "hood1991", ("passage", "4")),
        (4, "hood1991", ("passage", "9")),
        (5, "hood1991", ("whole", "")),
        (5, "knox2008", None),
    ]
    assert not check_support(load_project(root)).stored


def test_where_the_words_are_not_the_seals_show_a_change(root: Path) -> None:
    write(root, SPREAD)
    check_support(load_project(root))
    (root / PRIVATE).unlink()
    assert check_support(load_project(root)).faults == []
    text = (root / FILE).read_text("utf8")
    (root / FILE).write_text(text.replace(",4,", ",5,"), "utf8")
    assert [fault.rule for fault in check_support(load_project(root)).faults] == ["support-seal"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({**SPREAD, "key": "nobody2000"}, "support-key"),
        ({**SPREAD, "sentence": "Reform spread nowhere."}, "support-changed"),
        ({**SPREAD, "page": ""}, "support-page"),
        ({**SPREAD, "words": ""}, "support-words"),
        ({**QUOTED, "words": "The doctrine of hands-off amateur management came first."}, "support-quote"),
        ({**SPREAD, "words": "word " * 40, "reason": "As he says: " + "word " * 26}, "support-reason"),
    ],
)
def test_a_row_that_is_not_sound_is_told_with_its_line_and_not_published(
    root: Path, row: dict[str, str], rule: str
) -> None:
    write(root, SPREAD, row)
    outcome = check_support(load_project(root))
    assert [(fault.rule, fault.line, fault.file) for fault in outcome.faults] == [(rule, 3, PRIVATE)]
    assert len(outcome.rows) == 1


def test_a_sentence_that_changes_asks_for_another_look(root: Path) -> None:
    write(root, SPREAD)
    check_support(load_project(root))
    moved = TEXT.replace("# A\n", "# A\n\nA new line.\n").replace(
        "[@hood1991, p. 4]", "[see @hood1991, pp. 4-5]"
    )
    (root / "index.qmd").write_text(moved, "utf8")
    assert not [fault for fault in check_references(load_project(root)) if fault.rule == "support-outdated"]
    (root / "index.qmd").write_text(TEXT.replace("spread far", "spread nowhere"), "utf8")
    [fault] = [fault for fault in check_references(load_project(root)) if fault.rule == "support-outdated"]
    assert fault.message.startswith("page 4 of hood1991 was kept for a sentence that was changed")


def test_without_a_key_it_is_published_without_seals_and_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    write(root, SPREAD)
    outcome = check_support(load_project(root))
    assert [fault.rule for fault in outcome.faults] == ["quote-key"] and outcome.rows[0].hmac == ""


def test_rows_to_fill_in_are_added_once_for_each_citing_sentence(root: Path) -> None:
    assert (
        add_rows(load_project(root), ["hood1991"]) == 3
        and add_rows(load_project(root), ["hood1991"]) == 0
        and add_rows(load_project(root)) == 1
    )
    rows = list(csv.DictReader(io.StringIO((root / PRIVATE).read_text("utf8"))))
    assert [row["page"] for row in rows] == ["4", "", "", ""]
    assert rows[0]["sentence"] == "Reform spread far [@hood1991, p. 4]."
    write(root, *rows, {**ALL, "key": "knox2008"})
    assert [fault.rule for fault in check_support(load_project(root)).faults] == [
        "support-words"
    ]  # of the row with a page


def test_the_command_shows_what_has_support_and_describes_the_table(root: Path) -> None:
    write(root, SPREAD, ALL)
    done = CliRunner().invoke(app, ["support"])
    assert done.exit_code == 0
    assert (
        "4 citations: 1 with page and words, 1 to the whole work, 2 without support; 1 quote" in done.output
    )
    assert "hood1991               no support, quotes" in done.output
    assert check_data(load_project(root)) == []
    assert os.fspath(root) not in (root / FILE).read_text("utf8")


def test_a_table_without_its_columns_is_told(root: Path) -> None:
    (root / "data").mkdir()
    (root / FILE).write_text("key,page\n", "utf8")
    with pytest.raises(CitationError, match=r"support\.csv:1: there is no column sentence"):
        check_references(load_project(root))
