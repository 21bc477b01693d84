"""The reply to reviewers: points from a pasted report, answers and changes checked, a letter with pages and lines."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from paper.cli import manuscript, reply
from paper.documents.reply import check, points

REPORT = """Reviewer #1:

A careful paper. Some points follow.

1. The case is not
   described.

It needs a table.
2) Define "driver".

Reviewer 2
Comments to the Author

Too long.

No theory.
"""
FILES = {
    "_quarto.yml": (
        "project:\n  type: book\nbook:\n  title: A small book\n  author: Aigerim Example\n"
        "  chapters: [index.qmd, first.qmd]\n"
    ),
    "index.qmd": "# Preface {.unnumbered}\n\nWords before the first chapter, which nobody changes.\n",
    "first.qmd": (
        "# First\n\nThe case is a project that trained officials in several regions.\n\nA driver moves somebody.\n"
    ),
}


def git(root: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "As the reviewers read it")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(reply.app, list(arguments))
    return f"{done.exit_code} {done.output}{done.exception if done.exception else ''}"


def test_a_report_becomes_numbered_points() -> None:
    found = points.points_of_report(REPORT)
    assert [(one.name, one.words) for one in found] == [
        ("1.1", "A careful paper. Some points follow."),
        ("1.2", "The case is not described.\n\nIt needs a table."),
        ("1.3", 'Define "driver".'),
        ("2.1", "Too long."),
        ("2.2", "No theory."),
    ]


MESSY = """From: editor@example.org
Dear author, your paper was read.

Reviewer: 1
Comments to the Author
Good, but:

1) Too short.
Minor:
- a slip on p. 3
- "quay" misspelt

Reviewer #2 (Remarks to the Author):

Claims too much.

**Referee C**

* Nothing more
"""


def test_a_report_as_journals_send_it_keeps_its_reviewers_apart() -> None:
    found = points.points_of_report(MESSY)
    assert [(one.name, one.who, one.words) for one in found] == [
        ("E.1", "Editor", "From: editor@example.org Dear author, your paper was read."),
        ("1.1", "Reviewer 1", "Good, but:"),
        ("1.2", "Reviewer 1", "Too short."),
        ("1.3", "Reviewer 1", "a slip on p. 3"),
        ("1.4", "Reviewer 1", '"quay" misspelt'),
        ("2.1", "Reviewer 2", "Claims too much."),
        ("C.1", "Referee C", "Nothing more"),
    ]


def test_points_are_answered_checked_and_written_as_a_letter(book: Path) -> None:
    (book / "report.txt").write_text(REPORT, "utf8")
    assert run("start", "report.txt") == "0 replies/round-1.md: 5 points\n"
    file = book / "replies/round-1.md"
    unanswered = run("check")
    assert unanswered.startswith("1 ") and unanswered.count("has no answer") == 5
    assert unanswered.count("names no change") == 5

    (book / "first.qmd").write_text(
        FILES["first.qmd"].replace(
            "A driver moves somebody.", "A driver is what moves an official to change a service."
        ),
        "utf8",
    )
    text = file.read_text("utf8").replace("Answer:\n", "Answer: Thank you, it *now* does.\n")
    changes = iter(["none", "first.qmd:3", "first.qmd:5", "nowhere.qmd:1", "first.qmd:5-90"])
    file.write_text(
        "".join(
            f"Changes: {next(changes)}\n" if line == "Changes:\n" else line
            for line in text.splitlines(keepends=True)
        ),
        "utf8",
    )
    wrong = run("check")
    for said in (
        "point 1.1 says none without a reason",
        "point 1.2 names first.qmd:3, where nothing has changed since",
        "point 2.1 names nowhere.qmd, which is no file",
        "point 2.2 names lines that first.qmd hasn't: 5–90",
    ):
        assert said in wrong
    assert "point 1.3" not in wrong

    text = file.read_text("utf8").replace("Changes: none\n", "Changes: none, because it is praise.\n")
    for bad in ("first.qmd:3", "nowhere.qmd:1", "first.qmd:5-90"):
        text = text.replace(f"Changes: {bad}\n", "Changes: first.qmd:5\n")
    file.write_text(text, "utf8")
    assert run("check").startswith("0 ")
    assert "make it: paper manuscript --line-numbers" in run("letter")
    made = CliRunner().invoke(manuscript.app, ["--line-numbers", "--spacing", "2"])
    assert made.exit_code == 0, made.output
    assert run("letter").startswith("0 ")
    letter = [p.text for p in docx.Document(str(book / "replies/round-1.docx")).paragraphs]
    assert "Point 1.3" in letter and "Define “driver”." in letter and "Thank you, it now does." in letter
    (place,) = {line for line in letter if line.startswith("Changed: ")}
    assert place.startswith("Changed: page ") and "line" in place
    assert "A driver is what moves an official to change a service." in letter
    pdf = PdfReader(book / "replies/round-1.pdf").pages[0].extract_text()
    assert "Point 1.3" in pdf and "Aigerim" not in pdf + " ".join(letter)
    (book / "second.txt").write_text("1. Better.", "utf8")
    assert run("start", "second.txt") == "0 replies/round-2.md: 1 points\n"


def test_lines_that_were_only_taken_away_count_as_changed(book: Path) -> None:
    commit = git(book, "rev-parse", "HEAD")
    (book / "first.qmd").write_text(FILES["first.qmd"].replace("\nA driver moves somebody.\n", ""), "utf8")
    assert check.hunks(book, commit, "first.qmd") == [(3, 4)]


@pytest.mark.usefixtures("book")
def test_no_reply_yet_is_told() -> None:
    assert "paper reply start REPORT.txt" in run("check")
