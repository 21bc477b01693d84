"""``paper refs`` on the command line: what it prints, what it changes, how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_books import Book
from typer.testing import CliRunner

from paper.bibliography.rules import load
from paper.cli.refs import app

BIB = """\
@article{hood1991, title = {All Seasons}, author = {Hood, C.}, journaltitle = {PA}, date = {1991}, pages = {3-19}}
"""


@pytest.fixture
def root(book: Book, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = book({"index.qmd": "As @hood1991 and @nobody2000.\n", "references.bib": BIB})
    monkeypatch.chdir(root)
    return root


def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*arguments], input=given)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.usefixtures("root")
def test_check_reports_for_people_scripts_and_github() -> None:
    code, text, _ = run("check")
    assert code == 1 and "@nobody2000 is cited, and not listed" in text and "references: 1 error" in text
    code, text, _ = run("check", "--format", "json")
    assert (
        code == 1
        and {"file": "index.qmd", "line": 1, "rule": "cited-not-listed"}.items()
        <= json.loads(text)[0].items()
    )
    code, text, _ = run("check", "--format", "github")
    assert code == 1 and text.startswith("::error file=index.qmd,line=1,title=cited-not-listed::")


@pytest.mark.usefixtures("root")
def test_check_tells_the_counts_first_then_errors_before_notes_each_rule_once(root: Path) -> None:
    (root / "index.qmd").write_text("As @hood1991, @nobody2000, @nobody2001 and *x*.\n", "utf8")
    text = run("check")[1]
    assert text.startswith("references: 2 errors, ")
    *heads, verified = [line for line in text.split("\n") if line and not line.startswith(" ")]
    assert verified.startswith("never verified")
    assert heads[1] == "error  cited-not-listed  2" and all(line.startswith("note  ") for line in heads[2:])
    assert text.count("cited-not-listed") == 1 and text.index("nobody2000") < text.index("nobody2001")
    assert text.count("→ add the work (paper refs add), or correct the key") == 1


def test_check_passes_with_notes_alone(root: Path) -> None:
    (root / "index.qmd").write_text("As @hood1991.\n", "utf8")
    code, text, _ = run("check")
    assert code == 0 and "references: 1 note" in text


@pytest.mark.usefixtures("root")
def test_check_takes_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@misc{A, title={On Things.}}", "utf8")
    code, text, _ = run("check", str(tmp_path / "a.bib"))
    assert code == 0 and "title-full-stop" in text and "nobody2000" not in text


def test_rules_lists_every_rule() -> None:
    code, text, _ = run("rules")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines() if not line.startswith(" ")] == sorted(load())


def test_tidy_shows_what_it_would_change_and_changes_it_when_told(root: Path) -> None:
    code, text, said = run("tidy")
    assert code == 1 and "+  pages        = {3--19}," in text and "can be tidied" in said
    assert (root / "references.bib").read_text("utf8") == BIB
    code, text, said = run("tidy", "--write")
    assert code == 0 and "references.bib tidied" in said
    assert "  pages        = {3--19},\n" in (root / "references.bib").read_text("utf8")
    code, text, said = run("tidy")
    assert (code, text) == (0, "") and "references.bib is tidy" in said


def test_tidy_says_that_faults_keep_it_from_ordering(root: Path) -> None:
    (root / "references.bib").write_text(BIB + "@misc{open, title={x", "utf8")
    assert "faults keep its entries from being moved" in run("tidy")[2]


@pytest.mark.usefixtures("root")
def test_show_prints_the_work_and_its_places() -> None:
    code, text, _ = run("show", "hood1991")
    assert code == 0
    assert "Hood, C. (1991). All seasons." in text and "index.qmd:1:4" in text and "missing-doi" in text


def test_export_to_the_terminal_and_to_a_file(root: Path) -> None:
    code, text, _ = run("export", "--to", "csljson", "hood1991")
    assert code == 0 and json.loads(text)[0]["id"] == "hood1991"
    code, text, said = run("export", "--to", "ris", "-o", "out.ris")
    assert (code, text) == (0, "") and "out.ris written" in said
    assert (root / "out.ris").read_bytes().startswith(b"TY  - JOUR\r\n")


def test_add_shows_and_writes(root: Path) -> None:
    entry = "@book{x, author={Hammer, M.}, title={Reengineering}, publisher={H}, year={1993}}"
    code, text, said = run("add", "--dry-run", entry)
    assert code == 0 and text.startswith("@book{hammer1993,") and "would be added" in said
    assert (root / "references.bib").read_text("utf8") == BIB
    code, text, said = run("add", "-", given=entry)
    assert (
        code == 0
        and "hammer1993 added" in said
        and "hammer1993" in (root / "references.bib").read_text("utf8")
    )


def test_a_mistake_ends_with_one_message_and_no_traceback(root: Path) -> None:
    command = [sys.executable, "-c", "from paper.cli import main; main()", "refs", "show", "hod1991"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert (
        done.stderr == "paper: references.bib: no entry has the key 'hod1991'\n  → did you mean hood1991?\n"
    )
