"""Which files are looked at: those that git would commit, those of a built site, and those kept private."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from paper.report import Fault
from paper.tools import git

PRIVATE: Final = "data/private"
OPEN: Final = f"{PRIVATE}/README.md"  # the one file there that git keeps
# Code of other people, which the build copies or the tests read: it knows nothing of the interviews.
FOREIGN: Final = ("assets/vendor", "site_libs", "_freeze", "scripts/paper/plots/bundles")
FOREIGN_NAMES: Final = (
    "pagefind.js", "pagefind-ui.js", "pagefind-ui.css", "pagefind-worker.js", "jats-publishing-dtd-1.1.zip",
)  # fmt: skip
# What comes with the program, and is of no interview: names there are words of it, unless somebody wrote them in.
PROGRAM: Final = (
    "scripts/paper/", "scripts/generate_synthetic.py", "tests/", "benchmarks/", ".github/", "data/synthetic/",
    "requirements",
)  # fmt: skip
SKIPPED: Final = frozenset(
    {
        ".git",
        ".venv",
        "node_modules",
        "__pycache__",
        ".paper",
        ".quarto",
        "_site",
        "_site-demo",
        "_site-working",
        "_book",
    }
)


def committed(root: Path, under: str = "") -> list[Path]:
    """Return the files that git has, and those that it would add; without git, all but what is never committed.

    under: a folder from the root, whose files alone are wanted.
    """
    asked = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = _git(root, *asked, *(["--", under] if under else []))
    names = [_within(path, root) for path in _walk(root / under)] if answer is None else answer.split("\0")
    return [
        root / name
        for name in dict.fromkeys(names)
        if name and not _is_foreign(name) and _is_public(name) and _is_plain(f"{root}/{name}")
    ]


def built(site: Path) -> list[Path]:
    """Return the files of a built site, without other people's code."""
    return [path for path in _walk(site) if not _is_foreign(_within(path, site))]


def of_the_program(file: str) -> bool:
    """Whether a file, by its name from the project's root, comes with the program."""
    return file.startswith(PROGRAM)


def private_files(root: Path) -> Iterator[Fault]:
    """Private files that git has or would add, and a list of what git ignores that lost them."""
    names = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", PRIVATE)
    if names is None:
        return
    for name in dict.fromkeys(filter(None, names.split("\0"))):
        if name != OPEN:
            remedy = (
                f"take it out of git (git rm --cached), and out of its history; .gitignore holds {PRIVATE}/*"
            )
            yield Fault(name, None, "private-file", "a private file that git keeps or would keep", remedy)
    if (root / PRIVATE).is_dir() and _git(root, "check-ignore", "-q", f"{PRIVATE}/interview.txt") is None:
        message = f"git does not ignore {PRIVATE}"
        yield Fault(".gitignore", None, "private-file", message, f"add the lines {PRIVATE}/* and !{OPEN}")


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _is_foreign(name: str) -> bool:
    return name.rpartition("/")[2] in FOREIGN_NAMES or name.startswith(tuple(f"{name}/" for name in FOREIGN))


def _is_public(name: str) -> bool:
    return name == OPEN or not f"{name}/".startswith(f"{PRIVATE}/")


def _is_plain(path: str) -> bool:
    """Whether it is a file, and no link to one."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git answers as text, as ``git.ask`` does."""
    answer = git.ask(root, *arguments)
    return None if answer is None else os.fsdecode(answer)


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(here) / name for name in sorted(names))
