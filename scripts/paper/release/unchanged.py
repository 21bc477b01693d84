"""A build with nothing to do, known by signatures alone: no file is read, and the command line is not parsed.

A build that ends well keeps, under the words that it was called with, what it told and the signatures of all that its
answer rests on: the project's files, private ones too (a name may be new to the private list), what git ignores, the
engine and the libraries, what cells looked at elsewhere, and the output itself. Where these are the same, the same
words have the same answer. Where they aren't, or files are too young to be sure, a build finds out by content.
This runs before anything else, so nothing heavy is imported at the top.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence

from paper.tools.pipes import drop_output
from paper.tools.signature import Signature, TooManyError, sure

TYPE_CHECKING = False  # `typing` itself takes longer to import than all of this
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

BEGUN = "Building with the embedded engine"
SAME = "Nothing has changed since the last build"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_VARIABLES = ("QUARTO_PROFILE", "HOME", "XDG_CONFIG_HOME")
_OF_OURS_AND_GIT = ("PAPER_", "GIT_")


def answer(words: Sequence[str]) -> bool:
    """Tell that there is nothing to do, as the build does that is asked for in these words; False where there may be.

    The project is the one of the working directory.
    """
    begun = time.perf_counter()
    root = nearest_project(os.getcwd())
    try:
        with open(kept_file(root, words), encoding="utf8") as stream:
            kept = json.load(stream)
        if not _is_the_same(root, **kept["state"]):
            return False
        told = [str(kept[part]) for part in ("notices", "counted", "outputs")]
    except (OSError, ValueError, KeyError, TypeError, TooManyError):
        return False  # none is kept, or it is damaged
    try:
        print(BEGUN, flush=True)
        print(told[0], end="", file=sys.stderr, flush=True)
        print(summary(SAME, time.perf_counter() - begun, told[1]), told[2], sep="\n", end="", flush=True)
    except BrokenPipeError:
        drop_output()
    return True


def keep(root: Path, words: Sequence[str], state: dict[str, Any] | None, told: dict[str, str]) -> None:
    """Keep what the same words are answered while all is in this state; forget it where that isn't sure.

    told: ``notices``, what they come to ("3 warnings") as ``counted``, and the lines of ``outputs``.
    """
    from contextlib import suppress
    from pathlib import Path

    from paper.tools.files import write_atomic

    path = Path(kept_file(str(root), words))
    with suppress(OSError):  # the build is done, and the next one takes longer
        if state is None:
            path.unlink(missing_ok=True)
        else:
            write_atomic(path, json.dumps({"state": state, **told}).encode())


def summary(message: str, seconds: float, counted: str) -> str:
    """Return the line that ends a build."""
    return ", ".join(filter(None, (f"{message} ({seconds:.1f} s)", counted)))


class Evidence:
    """The signatures that a build's answer rests on, taken before anything is read."""

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out = str(root), os.path.normpath(out)
        self._git = looks_of_git(root, "index", "info/exclude")
        self._sources = sure(self._root, lambda: _sources(self._root, self._out, self._git))
        self._output = sure(self._root, lambda: _output(self._out))

    def of_new_output(self) -> None:
        """Take the signature of the output again, which was made just now."""
        for wait in (
            0.02,
            0.02,
            0.0,
        ):  # as finely as most file systems tell time; where not, the next build does it
            self._output = sure(self._root, lambda: _output(self._out))
            if self._output is not None:
                return
            time.sleep(wait)

    def state(self, looks: Iterable[str]) -> dict[str, Any] | None:
        """Return all signatures, None where files are too young or too many to be sure.

        looks: of the cells, which have to see the same after this.
        """
        if self._sources is None or self._output is None:
            return None
        elsewhere = [look for look in looks if not self._sources.covers(self._root, look)]
        beside = sure(self._root, lambda: _beside(self._root, elsewhere))
        if beside is None:
            return None
        digests = [one.digest for one in (self._sources, self._output, beside)]
        return {"out": self._out, "git": self._git, "looks": elsewhere, "digests": digests}


def _is_the_same(root: str, out: str, git: list[str], looks: list[str], digests: list[str]) -> bool:
    return [one.digest for one in (_sources(root, out, git), _output(out), _beside(root, looks))] == digests


def _sources(root: str, out: str, git: list[str]) -> Signature:
    signature = Signature()
    variables = [name for name in os.environ if name in _VARIABLES or name.startswith(_OF_OURS_AND_GIT)]
    signature.add_looks(root, [f"env:{name}" for name in sorted(variables)])
    signature.add_project(root, frozenset((out, os.path.join(root, "assets", "vendor"))))  # what builds make
    add_program(signature, root)
    signature.add_looks(root, git)
    return signature


def add_program(signature: Signature, root: str) -> None:
    """Take in Python, this package and, by the dates of their folders, the libraries."""
    signature.add(sys.version, sys.prefix, *sys.path)
    if _PACKAGE not in signature.folders:
        signature.add_folder(_PACKAGE)
    installed = [os.path.normpath(os.path.join(root, folder)) for folder in sys.path]
    signature.add_looks(root, [f"stat:{folder}" for folder in installed if folder not in signature.folders])


def _output(out: str) -> Signature:
    signature = Signature()
    signature.add_folder(out)
    return signature


def _beside(root: str, looks: list[str]) -> Signature:
    signature = Signature()
    signature.add_looks(root, looks)
    return signature


def looks_of_git(root: Path, *names: str) -> list[str]:
    """Return, as looks, the files that tell git what belongs to the project and what it ignores.

    names: of further files in git's own folder.
    """
    from paper.tools import git

    def ask(*words: str) -> list[str]:
        return [line for line in os.fsdecode(git.ask(root, *words) or b"").split("\n") if line]

    at_home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    paths = [os.path.expanduser("~/.gitconfig"), *(f"{at_home}/git/{name}" for name in ("config", "ignore"))]
    for line in ask("config", "--list", "--show-origin"):
        origin, _, setting = line.partition("\t")
        paths.append(origin.removeprefix("file:"))
        if setting.startswith("core.excludesfile="):
            paths.append(os.path.expanduser(setting.partition("=")[2]))
    paths += ask("rev-parse", *(word for name in names for word in ("--git-path", name)))
    above = [root, *root.parents]
    paths += [f"{folder}/.gitignore" for folder in above]
    return [*(f"kind:{folder}/.git" for folder in above), *(f"stat:{path}" for path in dict.fromkeys(paths))]


def nearest_project(folder: str) -> str:
    """Return the nearest folder upwards with settings of Quarto's, which may be no book; "" where there is none."""
    while not any(os.path.isfile(os.path.join(folder, f"_quarto.{ending}")) for ending in ("yml", "yaml")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return folder


def kept_file(root: str, words: Sequence[str]) -> str:
    """Return the path of what is kept under the words of a command."""
    named = "\0".join((*words, os.environ.get("QUARTO_PROFILE", "")))
    key = hashlib.blake2b(named.encode("utf8", "surrogateescape"), digest_size=16).hexdigest()
    return os.path.join(root, ".paper", "unchanged", f"{key}.json")
