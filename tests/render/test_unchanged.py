"""A build with nothing to do is known by signatures of files, without the engine; whatever changes, it is noticed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paper import build
from paper.release import unchanged
from paper.tools.signature import Signature

PAPER = Path(sys.executable).with_name("paper")
WORDS = ["build", "--to", "html"]
PUT_BACK = 5  # of the changes below, the one that is undone at once
HEAVY = (
    "typer",
    "rich",
    "yaml",
    "pandas",
    "pydantic",
    "typing",
    "dataclasses",
    "pathlib",
    "paper.project",
    "paper.build",
)
RUN = """
import json, sys
from paper.cli import main
sys.argv = ["paper", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as end:
    assert not end.code
print("imported", *sorted(sys.modules))
"""
CELL = """
# One

```{python}
import os
from pathlib import Path
print(os.environ.get("CITY"), Path("../beside.txt").read_text())
```
"""


def run(root: Path, *words: str) -> str:
    """Call a command and return what it prints, with all that it has imported, which is not what measures coverage."""
    variables = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_CONFIG"}
    return subprocess.run(
        [sys.executable, "-c", RUN, str(list(words)).replace("'", '"')],
        cwd=root, env=variables, capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip


def settle(root: Path) -> bool:
    """Build until files are old enough to be sure; returns whether a build had something to do."""
    anew = False
    for _ in range(5):
        report = build.build(root, targets={"html"})
        anew |= not report.unchanged
        unchanged.keep(root, WORDS, report.state, {"notices": "", "counted": "", "outputs": ""})
        if report.state and unchanged.answer(WORDS):
            return anew
        time.sleep(0.05)
    raise AssertionError("the state was never sure")


@pytest.fixture
def built(book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    files = {
        "../beside.txt": "beside", "data/private/names.txt": "Aigul Nurlanova\n", ".gitignore": "data/private\n",
        "notes/plain.txt": "plain", "assets/data.txt": "",
    }  # fmt: skip
    root = book(files, one=CELL)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    monkeypatch.setenv("CITY", "Almaty")
    monkeypatch.chdir(root)
    assert settle(root)
    yield root


def test_little_is_imported_and_the_same_is_told(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nSee @fig-none.\n")
    first, second, third = (run(root, "build", "--to", "html") for _ in range(3))
    assert "typer" in first.split()
    told, _, imported = third.partition("imported")
    assert not set(HEAVY) & set(imported.split())
    assert re.search(
        r"Nothing has changed since the last build \(\d+\.\d s\), 1 warning\n  website    _site/index\.html\n",
        told,
    )
    for other in (first, second):
        assert told.splitlines()[2:] == other.partition("imported")[0].splitlines()[2:]
    assert (
        "typer" in run(root, "build", "--to", "html", "--strict" if "1 note" in told else "--verbose").split()
    )


def test_whatever_changes_is_noticed(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unchanged.answer(WORDS)
    assert not unchanged.answer(["build"])

    def same_size_and_date() -> None:
        path = built / "one.qmd"
        found = path.stat()
        path.write_text(path.read_text().replace("# One", "# Two"))
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))

    changes: list[tuple[Callable[[], object], bool]] = [
        (same_size_and_date, True),
        (lambda: (built / "notes/new.txt").write_text("new"), True),
        (lambda: (built / "notes/new.txt").unlink(), True),
        (lambda: (built.parent / "beside.txt").write_text("others"), True),
        (lambda: (built / "_site/one.html").write_text("by hand"), True),
        (
            lambda: (built / "_site/search.html").write_text("x") and (built / "_site/search.html").unlink(),
            False,
        ),
        (lambda: monkeypatch.setenv("CITY", "Astana"), True),
        (lambda: (built / ".git/info/exclude").write_text("notes/\n"), False),
        (lambda: (built / "notes/plain.txt").touch(), False),
    ]
    for number, (change, anew) in enumerate(changes):
        change()
        assert not unchanged.answer(WORDS) or (not anew and number == 5), number
        assert settle(built) == anew, number
        assert unchanged.answer(WORDS), number


def test_a_name_new_to_the_private_list_is_seen_also_behind_a_link(built: Path, tmp_path: Path) -> None:
    (built / "data/private/names.txt").write_text("Dana\n")
    assert not unchanged.answer(WORDS)
    (built / "data/private").rename(tmp_path / "disk")
    (built / "data/private").symlink_to(tmp_path / "disk")
    settle(built)
    assert unchanged.answer(WORDS)
    (tmp_path / "disk/names.txt").write_text("Hello\n")
    assert not unchanged.answer(WORDS)


def test_what_is_kept_names_no_file_of_the_project_and_is_as_good_as_none_when_damaged(built: Path) -> None:
    (path,) = (built / ".paper/unchanged").iterdir()
    kept = path.read_text()
    assert "names.txt" not in kept and "plain" not in kept
    for damage in ("", "{}", '{"state": {}}', "[]", "\x00", '{"state": null}', kept[:-9]):
        path.write_text(damage)
        assert not unchanged.answer(WORDS), damage


def test_a_file_as_young_as_the_look_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("one")
    signature = Signature()
    signature.add_folder(str(tmp_path))
    assert signature.newest == max(path.stat().st_mtime_ns, path.stat().st_ctime_ns)


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    signature = Signature()
    signature.add_folder(str(tmp_path))
    assert str(tmp_path / "round") in signature.folders


def test_words_that_were_parsed_before_mean_the_same_without_what_parses_them(
    book: Callable[..., Path],
) -> None:
    root = book(one="# One\n\nWords.\n")
    for command in (["build", "--to", "html", "--verbose"], ["check"]):
        (root / "one.qmd").write_text(f"# One\n\nWords for {command[0]}.\n")
        assert "typer" in run(root, *command).split()
        (root / "one.qmd").write_text(f"# One\n\nOther words for {command[0]}.\n")
        again = run(root, *command)
        assert "paper.project" in again.split() and "typer" not in again.split()
    assert "Other words for build" in (root / "_site/one.html").read_text()
    (root / "one.qmd").write_text("# One\n\nSee @fig-none.\n")
    for words, code in (["build", "--to", "html", "--strict"], 1), (["check", "--strict"], 1):
        for _ in range(2):
            (root / "index.qmd").touch()
            done = subprocess.run([PAPER, *words], cwd=root, capture_output=True, text=True, check=False)
            assert done.returncode == code and "fig-none" in done.stdout + done.stderr, done
