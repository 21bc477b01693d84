"""What ``paper check`` does, without what parses its words: the same words are parsed once (``parsed``)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from paper.checks import unchanged
from paper.cli import project_root
from paper.errors import SourceError
from paper.project import load
from paper.report import Format, has_errors, of_error, print_report
from paper.text.reading import reading_once
from paper.tools.beside import Processes

if TYPE_CHECKING:
    from paper.project import Project
    from paper.report import Fault

Check = Callable[["Project"], "list[Fault]"]


def run(form: Format, *, strict: bool, fix: bool) -> None:
    """Check the book of the working directory, and print what was found. Raises SystemExit where there is an error."""
    root = project_root()
    if fix:
        _fix(root)
    evidence = unchanged.Evidence(root)
    try:
        book = load(root)
    except SourceError as error:
        faults = of_error(error, "_quarto.yml")
    else:
        with reading_once(), Processes() as processes, ThreadPoolExecutor() as threads:
            processes.fork(1)
            others = processes.beside(_of_several, (ELSEWHERE, book))
            programs = [threads.submit(_faults, check, book) for check in (_spelling, _history)]
            results = _of_several((HERE, book)) | others()
            faults = [fault for check in CHECKS for fault in results[check.__name__]]
            faults += [fault for program in programs for fault in program.result()]
    printed = unchanged.Copied(sys.stdout)
    print_report(faults, form, what="check", to=cast("TextIO", printed))
    refused = has_errors(faults) or (strict and any(fault.severity == "warning" for fault in faults))
    if not fix:
        evidence.keep(sys.argv[1:], printed.text, int(refused))
    if refused:
        raise SystemExit(1)


def _of_several(part: tuple[tuple[Check, ...], Project]) -> dict[str, list[Fault]]:
    """Return what each of several checks finds, by its name."""
    checks, book = part
    return {check.__name__: _faults(check, book) for check in checks}


def _faults(check: Check, book: Project) -> list[Fault]:
    """Return what a check finds; a mistake that keeps it from looking is a fault like others, in every format."""
    try:
        return check(book)
    except SourceError as error:
        return of_error(error, "_quarto.yml")


def _text(book: Project) -> list[Fault]:
    from paper.checks.before_build import check_book

    return check_book(book)


def _data(book: Project) -> list[Fault]:
    from paper.checks.before_build import check_data

    return check_data(book)


def _references(book: Project) -> list[Fault]:
    """Return the audit's faults without its notes, and without what the text tells already."""
    from paper.bibliography.audit import check_references
    from paper.checks.before_build import goes_on

    if not book.bibliography and not (book.root / "references.bib").is_file():
        return []
    pages = {str(chapter.path) for chapter in book.chapters}
    of_text = ("cited-not-listed", "cited-case")
    faults = [fault for fault in check_references(book) if fault.severity != "note"]
    return [goes_on(f) for f in faults if not (f.file in pages and f.rule in of_text)]


def _claims(book: Project) -> list[Fault]:
    from paper.checks.kept import kept
    from paper.coding.claims.check import check_claims, text_state
    from paper.coding.data.state import state

    return kept(book, "claims", state(book) + text_state(book), check_claims)


def _expectations(book: Project) -> list[Fault]:
    from paper.checks.kept import kept
    from paper.coding.claims.expectations import check_expectations
    from paper.coding.data.state import state

    return kept(book, "expectations", state(book), check_expectations)


def _history(book: Project) -> list[Fault]:
    from paper.coding.interviews.history import check_history

    return check_history(book)


def _reporting(book: Project) -> list[Fault]:
    from paper.coding.interviews.reporting import check_reporting

    return check_reporting(book)


def _privacy(book: Project) -> list[Fault]:
    from paper.coding.privacy import check_privacy, has_interviews
    from paper.tools.cache import of_project

    cache = of_project(book.root)
    return check_privacy(book, kept=cache) if has_interviews(book) else []


def _brief(book: Project) -> list[Fault]:
    from paper.documents.brief.check import check_brief

    return check_brief(book)


def _prose(book: Project) -> list[Fault]:
    from paper.checks.prose_check import check_prose

    return check_prose(book)


def _spelling(book: Project) -> list[Fault]:
    from paper.checks.spelling_check import check_spelling

    return check_spelling(book)


# Programs do the rest, beside these: of spelling, and of the codebook's history.
CHECKS: tuple[Check, ...] = (
    _text, _data, _references, _claims, _expectations, _reporting, _privacy, _brief, _prose
)  # fmt: skip
# Those that are made in a process of their own: half of the work, also where nothing is known of the data yet.
ELSEWHERE: tuple[Check, ...] = (_references, _data, _claims, _expectations, _reporting, _brief, _prose)
HERE = tuple(check for check in CHECKS if check not in ELSEWHERE)


def _fix(root: Path) -> None:
    from paper.bibliography.tidy import tidy_file
    from paper.coding.data.normalise import normalise_csv_files

    if (root / "data/datapackage.json").is_file():
        for file in normalise_csv_files(root):
            print(f"{file} has its form now")
    path = root / "references.bib"
    if path.is_file() and tidy_file(path):
        print("references.bib is tidy now")
