"""What could harm an interviewee stops a build: in its sources before anything runs, and in what it made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paper.coding.data import package
from paper.coding.privacy import Beside, check_built, check_sources, has_interviews
from paper.coding.privacy import look_ahead as look
from paper.errors import DataError, PaperError
from paper.project import Project
from paper.release import record
from paper.report import Fault
from paper.settings import ENDINGS
from paper.tools.cache import of_project
from paper.tools.files import write_atomic

SHOWN = 20
_TEXTS = (".qmd", ".md", ".ipynb")


def refuse_sources(project: Project) -> None:
    """Raise DataError when what the book is made of holds what `paper privacy check` refuses, before anything runs.

    Pictures are looked at once they are built: what a camera wrote into them isn't published.
    """
    root = project.root
    if not has_interviews(project):
        return
    try:
        if (root / package.FILE).exists():
            package.tables(root)
    except DataError:
        return  # the check of the data tells what is wrong with its description, and stops the build, too
    sources = {path for path in _sources(project) if path.is_file()}
    pages = {
        chapter.path.as_posix(): chapter.path.with_suffix(".html").as_posix() for chapter in project.chapters
    }
    notices = [
        (f"{fault.place} ({pages[fault.file]})" if fault.file in pages else fault.place, fault)
        for fault in check_sources(project, sources, of_project(project.root))
        if fault.severity == "error" and fault.file != ".gitignore"
    ]
    _refuse(notices, "the book holds what must not be published", "take it out, then build again")


def refuse_leaks(project: Project, folder: Path, beside: Beside | None = None) -> None:
    """Raise DataError when the folder, or the data that it is made from, hold what `paper privacy check` refuses.

    beside: begins to apply a function to a part of the files in another process.
    A book without interviews has nobody to guard: an address or a photograph's camera is its author's own affair.
    """
    if not has_interviews(project):
        return
    root = project.root.resolve()
    new = folder.resolve()
    within = f"{new.relative_to(root).as_posix() if new.is_relative_to(root) else folder}/"
    notices = [
        (fault.place.removeprefix(within), fault)  # the place within the site, not in what is thrown away
        for fault in check_built(project, folder, of_project(project.root), beside)
        if fault.severity == "error" and fault.file.startswith((within, "data/"))
    ]
    _refuse(
        notices, "the build holds what must not be published", "take it out of the source, then build again"
    )


def look_ahead(project: Project, folder: Path, writing: Collection[Path]) -> None:
    """Look at what a folder holds already while these files are still written, so that less is left to do at the end.

    What reads PDFs is imported meanwhile, where one is among them: that takes as long as to read them.
    """
    if has_interviews(project):
        if any(path.suffix == ".pdf" for path in writing):
            import pypdf  # noqa: F401
            import pypdfium2  # noqa: F401
        look(project, folder, of_project(project.root), {path.resolve() for path in writing})


def _refuse(told: Iterable[tuple[str, Fault]], said: str, remedy: str) -> None:
    faults = list(told)
    if not faults:
        return
    lines = [f"{place}: {fault.message}" for place, fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"… and {len(faults) - SHOWN} more")
    raise DataError(
        f"{said} ({len(faults)} found)",
        detail="\n".join(lines),
        remedy=f"{remedy}; what may be public stands in _quarto.yml under paper: privacy: allow:, each text with its "
        "reason, as `info@example.org: a public address`; `paper privacy check` shows each place with what to do",
    )


@contextmanager
def assets_as_they_were(root: Path) -> Iterator[None]:
    """Put back what cells renewed in ``assets/`` where the build is refused."""
    before = {path: path.read_bytes() for path in _renewable(root)}
    try:
        yield
    except PaperError:
        for path in set(_renewable(root)) - set(before):
            path.unlink()
        for path, content in before.items():
            if not path.is_file() or path.read_bytes() != content:
                write_atomic(path, content)
        raise


def _renewable(root: Path) -> list[Path]:
    return [path for folder in record.RENEWED for path in (root / folder).rglob("*") if path.is_file()]


def _sources(project: Project) -> Iterable[Path]:
    root = project.root
    chapters = [root / chapter.path for chapter in project.chapters]
    for folder in {*(path.parent for path in chapters), root / "brief"} - {root}:
        yield from (path for path in folder.rglob("*") if path.suffix in _TEXTS)  # what they include, too
    yield from chapters
    yield from project.bibliography
    yield from (path for path in root.glob("_*") if path.suffix in ENDINGS)
    yield from (root / "data").rglob("*")
