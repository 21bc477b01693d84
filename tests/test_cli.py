"""`paper --help` shows every command, in the order of an author's day, and what the exit codes mean."""

from __future__ import annotations

import io
import pkgutil
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.waiting import until

from paper import cli
from paper.cli.building import Waiting
from paper.cli.commands import PANELS

PAPER = Path(sys.executable).with_name("paper")
# What puts the commands together, and what two of them do.
BESIDE = {"commands", "parsed", "building", "checking"}


def said(*words: str, **environment: str) -> str:
    done = subprocess.run(
        [PAPER, *words],
        capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": "", "COLUMNS": "100", **environment},
    )  # fmt: skip
    assert done.returncode in (0, 2), done.stderr
    return done.stdout


def test_every_family_of_commands_stands_under_one_heading() -> None:
    shown = [name for modules in PANELS.values() for name in modules]
    assert sorted(shown) == sorted({info.name for info in pkgutil.iter_modules(cli.__path__)} - BESIDE)


def test_the_help_begins_with_what_an_author_needs_and_tells_the_exit_codes() -> None:
    text = said("--help")
    order = ("─ Write", "│ build ", "│ preview ", "│ check ", "─ Give it to others", "│ doctor ")
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert re.sub(r"\s+", " ", text).count("Exit codes: 0 done; 1 a mistake") == 1


def test_what_goes_into_a_pipe_has_no_colours() -> None:
    assert "\x1b" not in said("--help") + said("check", "--help")


def test_waiting_is_told_on_one_line_of_a_terminal_and_seldom_in_a_log() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        with Waiting(stream, first=0.01, often=0.02, seldom=60) as waiting:
            waiting.step("pages")
            if stream is terminal:
                until(lambda: terminal.getvalue().count("pages") > 2)
            else:
                time.sleep(0.1)  # what it must not do has no sign that could be waited for
            waiting.step("PDF")
    assert terminal.getvalue().count("pages") > 2
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[2K")
    assert log.getvalue() == "  … pages (0 s)\n"


def test_verbose_shows_each_program_that_a_command_runs_and_changes_no_page(
    book: Callable[..., Path],
) -> None:
    cell = "import subprocess, sys\nfrom paper.tools import pandoc\nsubprocess.run([sys.executable, '-c', '1 + 1'])"
    root = book(one=f"# One\n\n```{{python}}\n{cell}\n```\n")
    done = subprocess.run(
        [PAPER, "--verbose", "build"], cwd=root, capture_output=True, text=True, check=True, timeout=120
    )
    shown = [line.split()[1:] for line in done.stderr.splitlines() if line.startswith("$ ")]
    programs = " ".join(word for words in shown for word in words)
    assert all(
        name in programs for name in ("pandoc --from=", "typst compile", "cells.inside.launch", "pagefind")
    )
    assert "$ " not in (root / "_site/one.html").read_text("utf8")
    quiet = subprocess.run([PAPER, "build"], cwd=root, capture_output=True, text=True, check=True)
    assert not re.search(r"^\$ ", quiet.stderr, re.MULTILINE)


def test_lines_of_processes_side_by_side_stay_whole() -> None:
    script = (
        "import os, sys\n"
        "from paper.tools import trace\n"
        "trace.begin()\n"
        "workers = [os.fork() for _ in range(3)]\n"
        "for number in range(2000):\n"
        "    trace.show(['program', number])\n"
        "if all(workers):\n"
        "    [os.waitpid(worker, 0) for worker in workers]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert all(re.fullmatch(r"\$ program \d+", line) for line in done.stderr.splitlines())
