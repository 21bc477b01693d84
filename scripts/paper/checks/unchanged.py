"""A check with nothing new to look at, known by signatures alone, as ``release.unchanged`` knows such a build.

A check keeps its report under the words that it was called with, with a signature of all that it rests on: every file
of the project that git has or would add, what is private, what builds made (a chapter may link to it), what git
knows, the program, the environment and the day. What the machine alone has (its fonts, its kernels) no signature
tells: a check that asked for it keeps nothing. This runs before anything else, so nothing heavy is imported at the top.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence

from paper.folders import is_environment
from paper.release import unchanged
from paper.tools.pipes import drop_output
from paper.tools.signature import Signature, TooManyError, sure

TYPE_CHECKING = False  # as in `release.unchanged`
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, TextIO

# What tools keep beside a project, which no chapter is made of: passed over where git ignores it.
_OF_TOOLS = frozenset(
    {".git", ".hypothesis", ".mypy_cache", ".paper", ".pytest_cache", ".quarto", ".ruff_cache", ".venv",
     "__pycache__", "node_modules"}
)  # fmt: skip
_OF_SHELLS = frozenset({"_", "OLDPWD", "PWD", "SHLVL"})  # variables that tell nothing of what is asked for
# What is other after a commit, and what says that a clone lacks its past.
_OF_GIT = ("index", "info/exclude", "HEAD", "logs/HEAD", "ORIG_HEAD", "refs/heads", "packed-refs", "shallow")


def answer(words: Sequence[str]) -> int | None:
    """Print the report that the same words had, and return their exit code; None where it may be another now."""
    root = unchanged.nearest_project(os.getcwd())
    try:
        with open(_file(root, words), encoding="utf8") as stream:
            kept = json.load(stream)
        text, code, apart, git = str(kept["text"]), int(kept["code"]), kept["apart"], kept["git"]
        if _signature(root, frozenset(apart), git).digest != kept["digest"]:
            return None
    except (OSError, ValueError, KeyError, TypeError, TooManyError):
        return None  # none is kept, or it is damaged
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
    return code


class Evidence:
    """The signature that a check's report rests on, taken before anything is read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: dict[str, Any] | None = None
        apart = _folders_of_tools(root)
        if apart is None:
            return
        git = unchanged.looks_of_git(root, *_OF_GIT)
        signature = sure(str(root), lambda: _signature(str(root), apart, git))
        if signature is not None:
            self._kept = {"apart": sorted(apart), "git": git, "digest": signature.digest}

    def keep(self, words: Sequence[str], text: str, code: int) -> None:
        """Keep what the same words are answered while all is in this state; forget it where that isn't sure."""
        from contextlib import suppress
        from pathlib import Path

        from paper.cells import kernelspecs
        from paper.tools.files import write_atomic
        from paper.writers.typst import glyphs

        path = Path(_file(str(self._root), words))
        with suppress(OSError):  # the report is printed, and the next one takes longer
            if self._kept is None or kernelspecs.were_asked_for() or glyphs.were_asked_for():
                path.unlink(missing_ok=True)
            else:
                write_atomic(path, json.dumps({**self._kept, "text": text, "code": code}).encode())


class Copied:
    """A stream that keeps what is written to another one."""

    def __init__(self, to: TextIO) -> None:
        self._to = to
        self._parts: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._to, name)

    def write(self, text: str) -> int:
        """Write to the other stream, and keep it."""
        self._parts.append(text)
        return self._to.write(text)

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)


def _signature(root: str, apart: frozenset[str], git: list[str]) -> Signature:
    signature = Signature()
    signature.add(time.strftime("%Y-%m-%d"), time.strftime("%Y-%m-%d", time.gmtime()))
    signature.add(
        *(f"{name}={value}" for name, value in sorted(os.environ.items()) if name not in _OF_SHELLS)
    )
    signature.add_all(root, apart)
    unchanged.add_program(signature, root)
    signature.add_looks(root, [*git, *(f"stat:{folder}/.gitignore" for folder in sorted(apart))])
    return signature


def _folders_of_tools(root: Path) -> frozenset[str] | None:
    """Return the folders that no check reads, as paths, or as names without git; None where git can't be asked.

    What git doesn't ignore would be committed, and so it is looked at for what could harm an interviewee.
    """
    import shutil

    from paper.coding.privacy.files import SKIPPED
    from paper.tools import git

    if shutil.which("git") is None:
        return None
    ignored = git.ask(root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    if ignored is None:
        return _OF_TOOLS & SKIPPED
    names = (name for name in os.fsdecode(ignored).split("\0") if name.endswith("/"))
    folders = [os.path.normpath(os.path.join(root, name)) for name in names]
    return frozenset({".git", *filter(_is_of_tools, folders)})


def _is_of_tools(folder: str) -> bool:
    try:
        return os.path.basename(folder) in _OF_TOOLS or is_environment(os.listdir(folder))
    except OSError:  # it is gone, or nobody may look
        return False


def _file(root: str, words: Sequence[str]) -> str:
    return unchanged.kept_file(root, (*words, "terminal" if sys.stdout.isatty() else ""))
