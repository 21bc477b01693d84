"""One chapter alone as DOCX or PDF, with the numbers that it has in the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from paper import prepare
from paper.cells.execute import Executor
from paper.chapters import Chapter
from paper.documents.manuscript.arrangement import unlinked
from paper.errors import ProjectError, did_you_mean
from paper.numbering.book import number_with_images, read_book
from paper.project import Project
from paper.release import guard
from paper.report import Fault
from paper.settings import place_of
from paper.tools.cache import Cache
from paper.tools.files import write_atomic
from paper.writers import docx
from paper.writers.typst import book_pdf

FOLDER = "_manuscript"


def chapter_of(project: Project, named: Path) -> Chapter:
    """Return the chapter that a path names, from the working directory or the root. Raises ProjectError."""
    tried = {named.resolve(), (project.root / named).resolve()}
    for chapter in project.chapters:
        if (project.root / chapter.path).resolve() in tried:
            return chapter
    known = [str(chapter.path) for chapter in project.chapters]
    raise ProjectError(
        f"{named} is no chapter of this book",
        place=place_of(project.root),
        remedy=did_you_mean(named.as_posix(), known, "name one that _quarto.yml lists"),
    )


def write(project: Project, path: PurePosixPath, forms: Iterable[str]) -> tuple[list[Path], list[Fault]]:
    """Write a chapter alone into ``_manuscript/``; return the files and what there is to tell of it.

    forms: ``docx``, ``pdf``. The whole book is read, so that numbers and references are the book's; what stands in
    another chapter is referred to in words. Raises PaperError as a build does.
    """
    guard.refuse_sources(project)
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    prepare.vendor(project.root)
    with Executor(project, cache) as executor:
        read = read_book(project, work, cache, executor)
    notices = [notice for chapter in read if chapter.chapter.path == path for notice in chapter.notices]
    fresh = work / "excerpt"
    fresh.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for form in sorted(set(forms)):
        target = "typst" if form == "pdf" else form
        numbered = [c for c in number_with_images(project, read, target, cache) if c.path == str(path)]
        unlinked(numbered)
        alone = replace(project, config={**project.config, "book": {**project.book, "author": []}})
        file = fresh / f"{path.stem}.{form}"
        if form == "pdf":
            notices += book_pdf(alone, numbered, file, work, toc=False)
        else:
            docx.write(alone, numbered, [docx.styled("Title", project.title)], docx.properties(project), file)
        files.append(file)
    guard.refuse_leaks(project, fresh)
    folder = project.root / FOLDER
    folder.mkdir(exist_ok=True)
    results = []
    for file in files:
        write_atomic(folder / file.name, file.read_bytes())
        file.unlink()
        results.append(folder / file.name)
    return results, notices
