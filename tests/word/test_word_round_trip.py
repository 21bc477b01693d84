"""The round trip with a co-author: what is taken, what asks, what is only listed, and what is in conflict."""

from __future__ import annotations

import copy
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tests.word.edits import Document, W, back, sent_book
from typer.testing import CliRunner

from paper import project as projects
from paper.cli import word as command
from paper.documents.word import merge, received, sent
from paper.documents.word.patch import Proposal

SETTINGS = """
project:
  type: book
book:
  title: A small book
  author: Aigerim Example
  chapters: [index.qmd, first.qmd, second.qmd]
bibliography: references.bib
"""
WORKS = """@article{hood1991,
  author = {Hood, Christopher},
  title = {A Public Management for All Seasons?},
  journal = {Public Administration},
  year = {1991}
}
"""
FIRST = """
# First {#sec-first}

The opening sentence stands alone here.
A second one cites a work [@hood1991] and *stresses a word* in passing.
A number, {{< var count >}}, a [link to a place](https://example.org/place), and $x^2$ too.[Is it so?]{.query}

- An item of a list with several words.
- Another item of the list, for good measure.

## Under it

A paragraph that may go as a whole, with nothing else in it.

Before the last comes this, see @sec-first for more.[^1]

The last paragraph ends the chapter quietly.

[^1]: A note that explains the matter at length.

| head one | head two |
|----------|----------|
| cell with words | other cell |

: A caption of the table {#tbl-words}
"""
SECOND = """---
title: Second chapter of two
---

{{< include _more.qmd >}}

Text after what was included, in plain words.
"""
FILES = {
    "_quarto.yml": SETTINGS,
    "_variables.yml": "count: seven\n",
    "references.bib": WORKS,
    "index.qmd": "# Preface {.unnumbered}\n\nWords before the first chapter begins.\n",
    "first.qmd": FIRST.lstrip(),
    "second.qmd": SECOND,
    "_more.qmd": "Text that stands in another file, included here.\n",
}


@pytest.fixture(scope="module")
def sent_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book that was sent."""
    return sent_book(tmp_path_factory.mktemp("sent") / "book", FILES)


@pytest.fixture
def book(sent_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sent_once, tmp_path / "book")


def only(got: received.Received) -> Proposal:
    assert len(got.proposals) == 1, got.proposals
    return got.proposals[0]


def taken(root: Path, got: received.Received) -> str:
    """The first chapter once everything that may be taken is taken."""
    files = received.take(projects.load(root), got, [p.number for p in got.proposals])
    merge.write(root, files)
    return (root / "first.qmd").read_text("utf8")


def test_an_untouched_file_brings_nothing(book: Path) -> None:
    assert back(book, lambda _: None).proposals == []


@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize(
    ("edit", "line", "after"),
    [
        (lambda d: d.insert("opening sentence", " really"), 3, "The opening sentence really stands alone here."),
        (lambda d: d.delete(" alone"), 3, "The opening sentence stands here."),
        (lambda d: d.replace("a word", "one word"), 4,
         "A second one cites a work [@hood1991] and *stresses one word* in passing."),
        (lambda d: d.delete("stresses a word"), 4, "A second one cites a work [@hood1991] and in passing."),
        (lambda d: d.insert("passing.", " One more sentence."), 5, "One more sentence."),
        (lambda d: d.replace("link to a place", "way to it"), 5,
         "A number, {{< var count >}}, a [way to it](https://example.org/place), and $x^2$ too.[Is it so?]{.query}"),
        (lambda d: d.insert("several", " [few] *or* $5 @all"), 7,
         r"- An item of a list with several \[few\] \*or\* \$5 \@all words."),
        (lambda d: d.insert("Under", " all of"), 10, "## Under all of it"),
        (lambda d: d.insert("A caption", " now"), 24, ": A caption now of the table {#tbl-words}"),
    ],
)  # fmt: skip
def test_words_change_in_their_line(
    book: Path, edit: Callable[[Document], None], line: int, after: str, tracked: bool
) -> None:
    got = back(book, edit, tracked=tracked)
    assert {got.state(one) for one in got.proposals} == {"open"}
    assert {one.file for one in got.proposals} == {"first.qmd"}
    assert taken(book, got).split("\n")[line - 1] == after


def test_text_of_an_included_file_and_a_title_in_front_matter_change_there(book: Path) -> None:
    def edit(document: Document) -> None:
        document.replace("another file", "one more file")
        document.replace("chapter of two", "chapter of many")

    taken(book, back(book, edit))
    assert (book / "_more.qmd").read_text("utf8") == "Text that stands in one more file, included here.\n"
    assert "title: Second chapter of many\n" in (book / "second.qmd").read_text("utf8")


@pytest.mark.parametrize("tracked", [True, False])
def test_paragraphs_come_and_go(book: Path, tracked: bool) -> None:
    def edit(document: Document) -> None:
        document.add_paragraph("The opening sentence", "A paragraph of its own.")
        document.remove_paragraph("A paragraph that may go")

    text = taken(book, back(book, edit, tracked=tracked))
    assert "[Is it so?]{.query}\n\nA paragraph of its own.\n\n- An item" in text
    assert "## Under it\n\nBefore the last" in text and "may go as a whole" not in text


def test_what_is_moved_keeps_its_citation(book: Path) -> None:
    words = "A second one cites a work (Hood 1991) and stresses a word in passing."
    got = back(book, lambda document: document.move(words, "The last paragraph ends the chapter quietly."))
    assert [one.change.kind for one in got.proposals] == ["move"]
    text = taken(book, got)
    assert text.count("[@hood1991]") == 1 and text.count("*stresses a word*") == 1
    assert "quietly.A second one cites a work [@hood1991]" in text.replace("\n", "")


def test_a_comment_becomes_a_query_after_its_words(book: Path) -> None:
    got = back(book, lambda document: document.comment("stands alone", "Really?"))
    assert only(got).change.mark.author == "Co Author"
    assert "stands alone[Co Author: Really?]{.query} here." in taken(book, got)


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.replace("seven", "eight"),  # a number from data
        lambda d: d.replace("(Hood", "(Wood"),  # within a citation
        lambda d: d.insert("cell with", " new"),  # a table
        lambda d: d.insert("Table\u00a0", "new"),
        lambda d: d.insert("All Seasons", " new"),  # the list of works
        lambda d: d.replace("A small book", "A large book"),  # from _quarto.yml
    ],
)  # fmt: skip
@pytest.mark.parametrize("tracked", [True, False])
def test_what_is_generated_is_listed_and_never_written(
    book: Path, edit: Callable[[Document], None], tracked: bool
) -> None:
    got = back(book, edit, tracked=tracked)
    assert {got.state(one) for one in got.proposals} == {"listed"} and all(
        one.obstacle for one in got.proposals
    )
    assert taken(book, got) == FIRST.lstrip()


def test_a_citation_goes_only_by_its_number(book: Path) -> None:
    got = back(book, lambda document: document.delete(" (Hood 1991)"))
    assert got.state(only(got)) == "asks" and only(got).removes == ("[@hood1991]",)
    assert "A second one cites a work and *stresses" in taken(book, got)


def restyle(document: Document) -> None:
    paragraph, _ = document.find("Under it")
    paragraph.find(f"{W}pPr/{W}pStyle").set(f"{W}val", "Heading3")


def embolden(document: Document) -> None:
    paragraph, at = document.find("stands alone")
    (run,) = document._cut(paragraph, at, at + len("stands alone"))
    properties = etree.Element(f"{W}rPr")
    etree.SubElement(properties, f"{W}b")
    run.insert(0, properties)


def add_row(document: Document) -> None:
    paragraph, _ = document.find("cell with words")
    row = next(paragraph.iterancestors(f"{W}tr"))
    row.addnext(copy.deepcopy(row))


def change_formula(document: Document) -> None:
    next(document.root.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}t")).text = "y"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (restyle, "heading 2 became heading 3"),
        (embolden, "bold changed"),
        (add_row, "a cell of a table came in: cell with words"),
        (change_formula, "formula y2 was formula x2"),
    ],
)
def test_what_is_no_text_is_listed(book: Path, edit: Callable[[Document], None], says: str) -> None:
    got = back(book, edit)
    assert says in [one.change.words for one in got.proposals]
    assert {got.state(one) for one in got.proposals} == {"listed"}
    assert taken(book, got) == FIRST.lstrip()


def test_a_comment_that_was_sent_and_taken_out_is_listed(book: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUARTO_PROFILE", raising=False)
        (book / "_quarto-working.yml").write_text("lang: en\n", "utf8")
        project = projects.load(book, "working")
        out = sent.send(project)
    document = Document(out.file)
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for mark in list(document.root.iter(f"{W}{tag}")):
            mark.getparent().remove(mark)
    got = received.receive(project, document.save(book / "back.docx"))
    assert [one.change.words for one in got.proposals] == ["the comment “1 Is it so?” was taken out"]


def test_sources_that_moved_on_are_merged_and_conflicts_are_told(book: Path) -> None:
    now = (
        FIRST.lstrip()
        .replace("The opening sentence", "A new line.\n\nThe opening sentence")
        .replace("The last paragraph ends", "The final paragraph closes")
    )
    (book / "first.qmd").write_text(now, "utf8")

    def edit(document: Document) -> None:
        document.replace("alone", "together")
        document.replace("ends the chapter", "finishes the chapter")

    got = back(book, edit)
    assert [got.state(one) for one in got.proposals] == ["open", "conflict"]
    text = taken(book, got)
    assert "A new line.\n\nThe opening sentence stands together here." in text
    assert "The final paragraph closes the chapter" in text
    again = received.receive(projects.load(book), book / "back.docx")
    assert [again.state(one) for one in again.proposals] == ["done", "conflict"]


def test_the_command_shows_takes_and_refuses(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(document: Document) -> None:
        document.replace("alone", "together")
        document.insert("quietly", " and well")
        document.insert("cell with", " new")

    back(book, edit)
    monkeypatch.chdir(book)
    run = CliRunner().invoke
    shown = run(command.app, ["receive", "back.docx"])
    assert shown.exit_code == 0, shown.output
    assert "1. first.qmd:3  replacement  (Co Author)\n      [-alone-] {+together+}" in shown.output
    assert "not written: it stands in what is generated" in shown.output
    assert shown.output.strip().endswith(
        "3 changes: 0 taken, 0 refused, 2 left open, 1 listed and not written"
    )
    assert (book / "first.qmd").read_text("utf8") == FIRST.lstrip()
    asked = run(command.app, ["receive", "back.docx", "--take", "3"])
    assert asked.exit_code == 2 and "can't be taken" in asked.output + asked.stderr
    patch = run(command.app, ["receive", "back.docx", "--take", "all", "--patch", "changes.patch"])
    assert patch.exit_code == 0 and (book / "changes.patch").read_text("utf8").count("\n+") == 3
    done = run(command.app, ["receive", "back.docx", "--take", "1", "--refuse", "2"])
    assert done.exit_code == 0, done.output
    text = (book / "first.qmd").read_text("utf8")
    assert "together" in text and "and well" not in text
    again = run(command.app, ["receive", "back.docx"])
    assert "1 in the sources already" in again.output and "1 refused before" in again.output


def test_a_file_of_another_book_is_told(book: Path, tmp_path: Path) -> None:
    shutil.rmtree(book / "_word")
    with pytest.raises(Exception, match="kept here: none"):
        received.receive(projects.load(book), _blank(tmp_path))
    (tmp_path / "no.docx").write_bytes(b"no archive")
    with pytest.raises(Exception, match="no Word file that can be read"):
        received.receive(projects.load(book), tmp_path / "no.docx")


def _blank(folder: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_paragraph(textwrap.dedent("Words of another book."))
    document.save(str(folder / "other.docx"))
    return folder / "other.docx"
