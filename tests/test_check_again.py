"""A check with nothing new to look at prints the report that it had; whatever changes, all is looked at again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from paper.checks import unchanged

WORDS = ["check"]
RUN = """
import json, sys
from paper.cli import main
sys.argv = ["paper", *json.loads(sys.argv[1])]
try:
    main()
    code = 0
except SystemExit as end:
    code = end.code
print("code", code, "paper.project" in sys.modules)
"""
FILES = {
    ".gitignore": "data/private/*\n_site/\n.paper/\n.venv/\n.mypy_cache/\nmade/\nlibraries/\n",
    "libraries/pyvenv.cfg": "",
    "others/pyvenv.cfg": "",
    "data/private/names.txt": "Aigul Nurlanova\n",
    "data/codebook.csv": "code,name\nhelp,Help\n",
    "scripts/figures/dots.py": "def dots():\n    return None\n",
    "assets/figures/dots.svg": "<svg/>",
    "made/table.md": "a table",
    "_site/old.html": "old",
    "_variables.yml": "place: Almaty\n",
    ".mypy_cache/kept": "",
    ".paper/cache/kept": "",
}


def check(root: Path, *words: str) -> tuple[str, int, bool]:
    """Call a check; return what it printed, its exit code, and whether it looked at anything."""
    said = subprocess.run(
        [sys.executable, "-c", RUN, str(["check", *words]).replace("'", '"')],
        cwd=root, capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    report, _, end = said.rpartition("code ")
    code, looked = end.split()
    return report, int(code), looked == "True"


def git(root: Path, *words: str) -> None:
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(root), *person, *words], check=True, capture_output=True)


def keep(root: Path) -> None:
    """Keep a report, as soon as files are old enough to be sure of."""
    for _ in range(100):
        unchanged.Evidence(root).keep(WORDS, "the report\n", 0)
        if unchanged.answer(WORDS) == 0:
            return
        time.sleep(0.02)
    raise AssertionError("the state was never sure")


@pytest.fixture
def root(book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    root = book(FILES, one="# One\n\nWords, and @hood1991.\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "begin")
    monkeypatch.chdir(root)
    return root


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Change a file without changing its size and its date."""

    def change(root: Path) -> None:
        path = root / name
        found = path.stat()
        assert old in path.read_text("utf8")
        path.write_text(path.read_text("utf8").replace(old, new), "utf8")
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))

    return change


def written(name: str, text: str = "words") -> Callable[[Path], object]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf8")

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "a chapter": replaced("one.qmd", "Words", "Wards"),
    "a new chapter": written("three.qmd"),
    "a lost chapter": lambda root: (root / "three.qmd").unlink(),
    "settings": replaced("_quarto.yml", "small", "smell"),
    "a profile": written("_quarto-demo.yml", "lang: en\n"),
    "a variable": replaced("_variables.yml", "Almaty", "Astana"),
    "data": written("data/segments.csv", "segment\n"),
    "the codebook": replaced("data/codebook.csv", "Help", "Hope"),
    "the bibliography": replaced("references.bib", "hood1991", "hood1992"),
    "an asset": replaced("assets/figures/dots.svg", "<svg/>", "<svg />"),
    "the private list": replaced("data/private/names.txt", "Aigul", "Botan"),
    "a private file": written("data/private/interview.txt"),
    "a script": replaced("scripts/figures/dots.py", "dots", "dash"),
    "a file that git ignores": replaced("made/table.md", "table", "tuble"),
    "what is installed where git would have it": written("others/lib/module.py"),
    "a built file": written("_site/new.html"),
    "a new hidden folder": written(".notes/interview.txt"),
    "a file in it": written(".notes/other.txt"),
    "what git ignores": replaced(".gitignore", "made/", "mode/"),
    "what git ignores besides": written(".git/info/exclude", "*.log\n"),
    "a commit": lambda root: git(root, "commit", "-q", "-a", "-m", "more"),
    "a commit taken back": lambda root: git(root, "reset", "-q", "--soft", "HEAD~1"),
    "a remote": lambda root: git(root, "remote", "add", "origin", "https://example.org/x.git"),
    "a hidden folder that git ignores no more": written(".gitignore", "data/private/*\n.paper/\n"),
}  # fmt: skip
SEEN_BY_NO_CHECK: dict[str, Callable[[Path], object]] = {
    "what is kept": written(".paper/cache/kept"),
    "what is installed": written("libraries/lib/module.py"),
    "what a tool keeps": written(".mypy_cache/3.11/more"),
}


def test_whatever_changes_is_noticed(root: Path) -> None:
    keep(root)
    for kind, change in SEEN_BY_NO_CHECK.items():
        change(root)
        assert unchanged.answer(WORDS) == 0, kind
    for kind, change in CHANGES.items():
        change(root)
        assert unchanged.answer(WORDS) is None, kind
        keep(root)


def test_the_day_and_the_environment_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(root)
    for name in ("QUARTO_PROFILE", "PAPER_PRIVACY_CELLS", "SOURCE_DATE_EPOCH", "PATH"):
        with monkeypatch.context() as other:
            other.setenv(name, "1764403200")
            assert unchanged.answer(WORDS) is None, name
    with monkeypatch.context() as later:
        later.setattr(unchanged.time, "strftime", lambda *_: "2030-01-01")
        assert unchanged.answer(WORDS) is None
    monkeypatch.setenv("SHLVL", "9")
    assert unchanged.answer(WORDS) == 0
    assert unchanged.answer(["check", "--strict"]) is None


def test_without_git_whatever_changes_is_noticed_too(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(FILES, one="# One\n")
    monkeypatch.chdir(root)
    keep(root)
    for change in (written("one.qmd"), written(".notes/interview.txt"), lambda root: git(root, "init")):
        change(root)
        assert unchanged.answer(WORDS) is None
        keep(root)
    (root / ".paper/unchanged").rename(root / ".paper/was")
    monkeypatch.setenv("PATH", "")  # what git would tell may be other tomorrow
    unchanged.Evidence(root).keep(WORDS, "the report\n", 0)
    assert not (root / ".paper/unchanged").exists()


def test_the_same_is_told_with_the_same_code_and_a_new_fault_is_seen(root: Path) -> None:
    written("one.qmd", "# One\n\nZhanar Akhmet waits, see @fig-none, and @hood1991.\n")(root)
    first = check(root)
    while (again := check(root))[2]:
        assert again == first
    assert again == (first[0], first[1], False)
    assert "fig-none" in first[0] and first[1] == 1
    assert check(root, "--format", "json")[2]
    written("data/private/names.txt", "Zhanar Akhmet\n")(root)
    told, code, looked = check(root)
    assert looked and code == 1 and re.search(r"one\.qmd\n(.*\n)*?.*\[name\]", told), told
    assert check(root, "--fix")[2] and check(root, "--fix")[2]


def test_what_the_machine_alone_knows_is_asked_each_time(root: Path) -> None:
    written("one.qmd", "---\njupyter: another-kernel\n---\n\n# One\n\n```{python}\n1\n```\n")(root)
    time.sleep(0.05)
    assert check(root)[2]
    assert check(root)[2]


def test_who_reads_no_further_hears_of_no_broken_pipe(root: Path) -> None:
    _, code, looked = check(root)
    while looked:  # until files are old enough to be sure of
        _, code, looked = check(root)
    unread, end = os.pipe()
    os.close(unread)
    words = ["from paper.cli import main; import sys; sys.argv = ['paper', 'check']; main()"]
    with os.fdopen(end) as out:
        done = subprocess.run(
            [sys.executable, "-c", *words],
            cwd=root,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (code, "")
