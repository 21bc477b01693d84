"""The folder that a build writes: new beside the last one, one build at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any

from paper import limits
from paper.errors import BusyError, MachineError, Place, ProjectError
from paper.project import Project, is_private

# One of these lies in whatever a build, or Quarto, made; the last alone after `quarto render brief`.
MARKS = ("manifest.json", "index.html", "brief.pdf")


def refuse_foreign(out: Path) -> None:
    """Raise ProjectError when something stands in the output's place that no build made: it would be lost."""
    said = ""
    if out.is_symlink():
        said = "is a link"
    elif out.exists() and not out.is_dir():
        said = "is a file"
    elif out.is_dir() and not any((out / name).is_file() for name in MARKS) and any(out.iterdir()):
        said = "holds files that no build made"
    if said:
        raise ProjectError(
            f"the output folder {said}, and would be replaced",
            place=Place(out),
            remedy="move it away, or name another folder under project: output-dir: in _quarto.yml",
        )


def refuse_collisions(project: Project, reserved: Collection[str]) -> None:
    """Raise ProjectError when two pages would have one address, on systems too that don't tell A from a.

    reserved: addresses of what stands in the site beside the chapters.
    """
    taken = {name.casefold(): "a page of the site's own" for name in reserved}
    taken["brief.pdf"] = "the brief"
    for chapter in project.chapters:
        other = taken.setdefault(chapter.page.casefold(), str(chapter.path))
        if other != str(chapter.path):
            raise ProjectError(
                f"{chapter.path} would be written to {chapter.page}, where {other} stands",
                place=Place("_quarto.yml"),
                remedy="give the chapter's file another name",
            )
    for name in (f"{project.output_file}.html", f"{project.output_file}.pdf"):
        if other := taken.get(name.casefold(), ""):
            raise ProjectError(
                f"book.output-file would be written to {name}, where {other} stands",
                place=Place("_quarto.yml"),
                remedy="give the paper's file another name, such as my-paper",
            )


def fresh_folder(out: Path) -> Path:
    """A new folder beside the output, on the same file system; left-overs of killed builds are removed."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
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
    for pattern in given if isinstance(given, list) else [given]:
        name = PurePosixPath(str(pattern))
        if not name.parts or name.is_absolute() or ".." in name.parts or "\0" in str(name):
            raise ProjectError(
                f"project.resources names {str(pattern)[:80]!r}, which is not within the project",
                place=Place("_quarto.yml"),
                remedy="name files or folders of the project, such as downloads/*.csv",
            )
        for path in sorted(project.root.glob(str(name))):
            own = path.resolve().is_relative_to(project.root.resolve())
            if is_private(project.root, path):
                raise ProjectError(
                    f"project.resources names {str(pattern)[:80]!r}, which takes in private data",
                    place=Place("_quarto.yml"),
                    remedy="name only what may be published",
                )
            if own and path.is_file() and path.relative_to(project.root).parts[0][0] != ".":
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
        return held.acquire(timeout=limits.value("PAPER_LOCK_TIMEOUT"))
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
