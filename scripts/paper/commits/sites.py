"""The site as it was at a commit: built once, and kept under ``.paper/commits``."""

from __future__ import annotations

import io
import re
import shutil
import tarfile
from functools import partial
from pathlib import Path
from typing import Final

from paper.build import build
from paper.errors import MachineError, PaperError, Place, ToolError
from paper.tools import git

_git: Final = partial(git.run, timeout=120, remedy="install git, or name a kept draft")


def site_at(root: Path, name: str, profile: str | None = None) -> Path:
    """Return the folder of the site at a commit, such as ``HEAD~3``, a tag or a branch; built where it isn't kept.

    Raises MachineError for what is no commit, ToolError where the book can't be built as it was.
    """
    commit = commit_of(root, name)
    kept = root / ".paper" / "commits" / commit[:12]
    if not (kept / "_built").is_file():
        shutil.rmtree(kept, ignore_errors=True)
        _export(root, commit, kept)
        try:
            (kept / "_built").write_text(str(build(kept, targets={"html"}, profile=profile).out), "utf8")
        except PaperError as error:
            raise ToolError(
                f"the book can't be built as it was at {name} ({commit[:12]})",
                detail=str(error),
                remedy="compare with a kept draft, or with the folder of a site that was built then",
            ) from None
    return Path((kept / "_built").read_text("utf8"))


def commit_of(root: Path, name: str) -> str:
    """Return the id of a commit. Raises MachineError where git knows none of that name."""
    done = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        raise MachineError(
            f"there is no draft or commit {name}",
            place=Place(root),
            remedy="give the date of a kept draft, the folder of a built site, or a commit such as HEAD~3",
        )
    return commit


def _export(root: Path, commit: str, folder: Path) -> None:
    """Write the project's files as they were at a commit into a folder."""
    prefix = _git(root, "rev-parse", "--show-prefix").stdout.decode().strip()
    top = Path(_git(root, "rev-parse", "--show-toplevel").stdout.decode().strip() or root)
    export(top, commit, prefix, folder)


def export(repository: Path, commit: str, prefix: str, folder: Path) -> None:
    """Write the files of a commit below a folder of its own, "" for all, into a new folder. Raises ToolError."""
    done = _git(repository, "archive", "--format=tar", f"{commit}:{prefix}")
    if done.returncode:
        raise ToolError(
            f"git can't give the files of {commit[:12]}", detail=done.stderr.decode("utf8", "replace")
        )
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
