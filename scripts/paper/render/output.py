"""The folder that a build writes: new beside the last one, one build at a time."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from paper.errors import BusyError, MachineError, Place
from paper.project import Project


def fresh_folder(out: Path) -> Path:
    """A new folder beside the output, on the same file system; left-overs of killed builds are removed."""
    try:
        for left in out.parent.glob(f".{out.name}-*.new"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=".new", dir=out.parent))
        folder.chmod(0o755)
    except OSError as error:
        raise MachineError(
            f"the output can't be written: {error.strerror}",
            place=Place(out),
            remedy="free space or mend the permissions of the folder",
        ) from None
    return folder


def carry_over(old: Path, new: Path, targets: set[str], files: dict[str, Path]) -> None:
    """A build of some targets keeps what the last one made of the others.

    files: the file of each target but the pages, which are all the rest of the folder.
    """
    if not old.is_dir():
        return
    kept = {path.name for target, path in files.items() if target not in targets}
    made = {path.name for target, path in files.items() if target in targets}
    for path in old.iterdir():
        of_pages = path.name not in kept | made
        if (path.name in kept or (of_pages and "html" not in targets)) and not (new / path.name).exists():
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, new / path.name)


def copy_resources(project: Project, out: Path) -> None:
    """Files that ``project: resources:`` names go to the site at the same place."""
    given = (project.config.get("project") or {}).get("resources") or []
    for pattern in [given] if isinstance(given, str) else given:
        for path in sorted(project.root.glob(str(pattern))):
            if path.is_file() and path.resolve().is_relative_to(project.root.resolve()):
                target = out / path.relative_to(project.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def lock(project: Project) -> AbstractContextManager[Any]:
    """The right to build this output; a build that died has lost it. Raises BusyError or MachineError.

    ``PAPER_LOCK_TIMEOUT`` (seconds, 0 by default) says how long to wait for another build.
    """
    from filelock import FileLock, Timeout

    folder = project.root / ".paper"
    try:
        folder.mkdir(exist_ok=True)
        held = FileLock(folder / f"{project.output_dir.name}.lock")
        return held.acquire(timeout=float(os.environ.get("PAPER_LOCK_TIMEOUT", "0")))
    except Timeout:
        raise BusyError(
            "another build of this book is running",
            place=Place(project.output_dir),
            remedy="wait until it ends, or stop it",
        ) from None
    except OSError as error:
        raise MachineError(
            f"{folder} can't be written: {error.strerror}", remedy="mend the folder's permissions"
        ) from None
