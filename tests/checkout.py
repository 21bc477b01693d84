"""The checkout that the tests are of: copied for tests that change it, and left as it was found."""

from __future__ import annotations

import fnmatch
import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@cache
def _rules() -> list[tuple[str, str, bool]]:
    """What ``.gitignore`` says: folder ("" for any), pattern of the name, whether such names are ignored."""
    found = []
    for line in (ROOT / ".gitignore").read_text("utf8").splitlines():
        if line and not line.startswith("#"):
            folder, _, name = line.removeprefix("!").removeprefix("**/").rstrip("/").rpartition("/")
            anchored = line.startswith("/") and not folder
            found.append(("." if anchored else folder.strip("/"), name, not line.startswith("!")))
    return found


def _made(folder: str, names: list[str]) -> set[str]:
    """What of a folder git ignores: what builds, renders and earlier tests have left there."""
    here = Path(folder).relative_to(ROOT).as_posix()
    found = {".git"}
    for where, pattern, ignored in _rules():
        if where in ("", here):
            matching = fnmatch.filter(names, pattern)
            found = found.union(matching) if ignored else found.difference(matching)
    return found


def copy(root: Path, *left_out: str) -> None:
    """Copy the project's sources as a clone of them would be, with what isn't committed yet.

    left_out: patterns of further names.
    """
    further = shutil.ignore_patterns(*left_out)
    shutil.copytree(ROOT, root, ignore=lambda folder, names: _made(folder, names) | further(folder, names))


class LeftAsFound:
    """Fails the run when a file of the checkout is another one after the tests: each owns its folder."""

    def __init__(self) -> None:
        self._before: dict[str, str] | None = None
        self._changed: list[str] = []

    def pytest_sessionstart(self) -> None:
        self._before = self._state()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        after = self._state()
        if self._before is None or after is None:
            return
        before = self._before
        self._changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        if self._changed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._changed:
            terminalreporter.section("files of the checkout changed while the tests ran", red=True)
            for name in self._changed:
                terminalreporter.line(name)
            terminalreporter.line(
                "A test must write into a folder of its own (or did you edit them meanwhile?)."
            )

    @staticmethod
    def _state() -> dict[str, str] | None:
        """Each file that isn't as the last commit has it, with what it holds; None where there is no repository."""
        if not (ROOT / ".git").exists():
            return None
        done = subprocess.run(
            ["git", "--no-optional-locks", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return None
        found = {}
        for entry in filter(None, done.stdout.split("\0")):
            path = ROOT / entry[3:]
            held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[entry[3:]] = entry[:2] + held
        return found
