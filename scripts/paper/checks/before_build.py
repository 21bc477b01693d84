"""What is known of a book before anything of it is run: for `paper check` and a build alike, in the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from paper.bibliography.model import BIBTEX
from paper.checks.kept import kept
from paper.checks.sources_check import check_sources
from paper.errors import ChapterError, CitationError, PaperError, ProjectError, SourceError, together
from paper.project import Project
from paper.report import Fault, of_error
from paper.settings import ENDINGS, project_file
from paper.text.reading import read
from paper.tools.cache import digest, file_digest, of_project

# What numbering tells more truly, since it sees what cells print.
OF_NUMBERING = frozenset({"unknown-reference", "cited-not-listed", "label-twice"})


def check_book(project: Project) -> list[Fault]:
    """Find what is wrong in text, settings and bibliographies: errors stop a build, and it goes on with warnings."""
    return [*check_sources(project), *check_bibliographies(project), *check_print(project)]


def check_print(project: Project) -> list[Fault]:
    """Find what the text holds that PDF and DOCX can't show as it is; a build tells it of what it prints."""
    from paper.parsing import formulas
    from paper.writers.typst import glyphs

    sources = []
    for chapter in project.chapters:
        with suppress(PaperError):  # what can't be read is told elsewhere
            sources.append(read(project, chapter.path))
    return [*formulas.check(sources), *glyphs.check(project, sources)]


def check_bibliographies(project: Project) -> list[Fault]:
    """Find what keeps a bibliography from being read, and keys given twice, each with its line."""
    paths = [path for path in project.bibliography if path.suffix in BIBTEX]
    state = digest("bibliographies", [(path, file_digest(path)) for path in paths])
    cache = of_project(project.root)

    def have_keys_once() -> bool:
        from paper.bibliography import audit

        return audit.have_keys_once(project, paths)

    def find(project: Project) -> list[Fault]:
        from paper.bibliography import audit

        return audit.check_readable(project, paths)

    try:
        if cache.kept("keys-once", state, have_keys_once):
            return kept(project, "bibliographies", state, find)
        return find(project)  # which of two entries of a key is taken matters where the text lists it
    except PaperError as error:
        return of_error(error, project_file(project.root).name)


def check_tables(project: Project) -> list[Fault]:
    """Find errors in the coded data, which ``paper check`` tells in the same words.

    A book that describes no data has none to check.
    """
    from paper.coding.data.package import FILE

    if not (project.root / FILE).is_file():
        return []
    # that the explanation for people isn't there, or is old, keeps nothing from being right
    return [
        fault
        for fault in check_data(project)
        if fault.severity == "error" and fault.rule != "readme" and fault.file.startswith("data/")
    ]


def check_data(project: Project) -> list[Fault]:
    """Find everything that is wrong with the coded data; kept while the files are the same."""
    from paper.coding.data.state import state

    def find(project: Project) -> list[Fault]:
        from paper.coding.data.check import check_data as check

        return check(project)

    return kept(project, "data", state(project), find)


def refuse_errors(faults: Collection[Fault]) -> list[Fault]:
    """Return what a build goes on with. Raises SourceError, or several together, for what must stop it."""
    stop(fault for fault in faults if fault.severity == "error")
    return [fault for fault in faults if fault.rule not in OF_NUMBERING]


def stop(faults: Iterable[Fault]) -> None:
    """Raise the faults as SourceError, or several together, where there are any."""
    errors = [_error_of(f.file)(f.message, place=f.at, remedy=f.remedy) for f in faults]
    if errors:
        raise together(errors)


def _error_of(file: str) -> type[SourceError]:
    """Return the kind of error that a fault in such a file is."""
    text = dict.fromkeys((".qmd", ".md", ".ipynb"), ChapterError)
    kinds: dict[str, type[SourceError]] = {
        **text,
        **dict.fromkeys(ENDINGS, ProjectError),
        ".bib": CitationError,
    }
    return next((kind for ending, kind in kinds.items() if file.endswith(ending)), SourceError)


def goes_on(fault: Fault) -> Fault:
    """Return a fault of the bibliography as a build takes it: what doesn't keep it from being read is a warning."""
    from paper.bibliography.audit import UNREADABLE

    stays = fault.severity != "error" or fault.rule in UNREADABLE
    return fault if stays else replace(fault, severity="warning")
