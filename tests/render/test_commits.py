"""Comparing with a commit, and one chapter alone."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from tests.render.test_reply import FILES, git
from typer.testing import CliRunner

from paper.cli import build, diff


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "inner"  # a project within its repository
    root.mkdir()
    git(tmp_path, "init", "-q")
    for name, text in FILES.items():
        (root / name).write_text(text, "utf8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "One")
    chapter = (
        FILES["first.qmd"].replace("several", "many") + "\n## Under it {#sec-under}\n\nSee @sec-second.\n"
    )
    (root / "first.qmd").write_text(chapter, "utf8")
    (root / "second.qmd").write_text("# Second {#sec-second}\n\nSee @sec-under.\n", "utf8")
    (root / "_quarto.yml").write_text(
        FILES["_quarto.yml"].replace("first.qmd]", "first.qmd, second.qmd]"), "utf8"
    )
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Two")
    monkeypatch.chdir(root)
    return root


def test_two_commits_are_compared_each_built_once(book: Path) -> None:
    shown = CliRunner().invoke(diff.app, ["HEAD~1", "HEAD"])
    assert shown.exit_code == 0, shown.output + str(shown.exception)
    assert "[-several-] {+many+}" in shown.output and "Second (new page)" in shown.output
    built = sorted((book / ".paper/commits").glob("*/_built"))
    times = [path.stat().st_mtime_ns for path in built]
    assert len(built) == 2
    again = CliRunner().invoke(diff.app, ["HEAD~1", "HEAD"])
    assert again.output == shown.output and [path.stat().st_mtime_ns for path in built] == times
    assert not (book / "_site").exists()


def test_a_commit_is_compared_with_what_is_here_though_nothing_was_built_yet(book: Path) -> None:
    (book / "second.qmd").write_text("# Second {#sec-second}\n\nSee @sec-under, not yet committed.\n", "utf8")
    shown = CliRunner().invoke(diff.app, ["HEAD"])
    assert shown.exit_code == 0, shown.output + str(shown.exception)
    assert "not yet committed" in shown.output
    assert (book / "_book/index.html").is_file()


@pytest.mark.usefixtures("book")
def test_what_is_no_commit_is_told() -> None:
    shown = CliRunner().invoke(diff.app, ["v9.9"])
    assert "there is no draft or commit v9.9" in str(shown.exception)


def test_one_chapter_alone_keeps_the_book_s_numbers(book: Path) -> None:
    done = CliRunner().invoke(build.app, ["--only", "second.qmd", "--to", "docx", "--to", "pdf"])
    assert done.exit_code == 0, done.output + str(done.exception)
    words = [p.text for p in docx.Document(str(book / "_manuscript/second.docx")).paragraphs]
    assert (
        "2 Second" in words
        and "See Section\u00a01.1." in words
        and not any("officials" in text for text in words)
    )
    pdf = PdfReader(book / "_manuscript/second.pdf").pages[0].extract_text()
    assert "2" in pdf and "Second" in pdf and "Section 1.1" in pdf.replace("\u00a0", " ")
    for arguments in (["--only", "second.qmd"], ["--only", "second.qmd", "--to", "html"]):
        assert CliRunner().invoke(build.app, arguments).exit_code == 2
    wrong = CliRunner().invoke(build.app, ["--only", "secnd.qmd", "--to", "docx"])
    assert "secnd.qmd is no chapter of this book" in str(wrong.exception)
