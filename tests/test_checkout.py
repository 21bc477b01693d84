"""Tests leave the checkout as they found it, and copy of it what a clone would hold."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests import checkout, order


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with a chapter and a page, in which a build and a render have left what git ignores."""
    root = tmp_path / "paper"
    for name, text in {
        ".gitignore": "_site/\n/chapters/*_files/\ndata/private/*\n!data/private/README.md\n",
        "chapters/one.qmd": "# One\n",
        "chapters/one_files/plot.png": "made",
        "_site/index.html": "made",
        "data/private/README.md": "Nothing of this folder is committed.\n",
        "data/private/interview.txt": "private",
        "notes_files/kept.txt": "of the author",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=T", "-c", "user.email=t@e", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    monkeypatch.setattr(checkout, "ROOT", root)
    checkout._rules.cache_clear()
    yield root
    checkout._rules.cache_clear()


def changed(repository: Path, name: str, text: str) -> tuple[int, list[str]]:
    """What a run ends with whose tests write a file, and the files it names."""
    guard, session = checkout.LeftAsFound(), SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    guard.pytest_sessionstart()
    (repository / name).write_text(text)
    guard.pytest_sessionfinish(session)  # type: ignore[arg-type]
    said: list[str] = []
    reporter: Any = SimpleNamespace(section=lambda *_, **__: None, line=said.append)
    guard.pytest_terminal_summary(reporter)
    return session.exitstatus, said[:-1]


@pytest.mark.parametrize("name", ["chapters/one.qmd", "chapters/two.qmd"])
def test_a_run_that_changes_a_file_of_the_checkout_fails_and_names_it(repository: Path, name: str) -> None:
    assert changed(repository, name, "# Other\n") == (pytest.ExitCode.TESTS_FAILED, [name])


def test_what_was_changed_before_may_stay_as_it_is(repository: Path) -> None:
    (repository / "chapters/one.qmd").write_text("# Being written\n")
    assert changed(repository, "_site/index.html", "made again") == (pytest.ExitCode.OK, [])
    assert changed(repository, "chapters/one.qmd", "# By a test\n")[1] == ["chapters/one.qmd"]


def test_a_copy_holds_what_a_clone_would(repository: Path, tmp_path: Path) -> None:
    checkout.copy(tmp_path / "copy")
    listed = subprocess.run(["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True)
    copied = {path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*.*")}
    assert set(listed.stdout.split()) == {name for name in copied if (tmp_path / "copy" / name).is_file()}
    assert "data/private/README.md" in copied and "notes_files/kept.txt" in copied


def test_files_that_are_named_as_long_are_there() -> None:
    assert [name for name in order.LONGEST if not (Path(__file__).parent / name).is_file()] == []
