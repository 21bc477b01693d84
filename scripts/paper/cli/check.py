"""``paper check``: everything that can be known without building."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import project_root, this_project
from paper.report import Format

if TYPE_CHECKING:
    from paper.project import Project
    from paper.report import Fault

app = typer.Typer()
GROUP = None


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="warnings are errors")] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="first mend what is safe: tables as spreadsheets save them, the layout of the bibliography",
        ),
    ] = False,
) -> None:
    """Check text, data, references, claims, the brief, privacy, language and spelling; exit 1 when one has an error."""
    from concurrent.futures import ThreadPoolExecutor

    from paper.errors import SourceError
    from paper.report import has_errors, of_error, print_report

    if fix:
        _fix(project_root())
    try:
        book = this_project()
    except SourceError as error:
        faults = of_error(error, "_quarto.yml")
    else:
        with ThreadPoolExecutor() as pool:
            result = pool.map(lambda check: _faults(check, book), _checks())
        faults = [fault for one in result for fault in one]
    print_report(faults, form, what="check")
    if has_errors(faults) or (strict and any(fault.severity == "warning" for fault in faults)):
        raise typer.Exit(1)


def _faults(check: Callable[[Project], list[Fault]], book: Project) -> list[Fault]:
    """Return what a check finds; a mistake that keeps it from looking is a fault like others, in every format."""
    from paper.errors import SourceError
    from paper.report import of_error

    try:
        return check(book)
    except SourceError as error:
        return of_error(error, "_quarto.yml")


def _checks() -> list[Callable[[Project], list[Fault]]]:
    from paper.bibliography.audit import check_references
    from paper.checks.before_build import check_book, goes_on
    from paper.checks.prose_check import check_prose
    from paper.checks.spelling_check import check_spelling
    from paper.coding.claims.check import check_claims
    from paper.coding.claims.expectations import check_expectations
    from paper.coding.data.check import check_data
    from paper.coding.interviews.history import check_history
    from paper.coding.interviews.reporting import check_reporting
    from paper.coding.privacy import check_privacy, has_interviews
    from paper.documents.brief.check import check_brief
    from paper.tools.cache import Cache

    def references(book: Project) -> list[Fault]:
        """Return the audit's faults without its notes, and without what the text tells already."""
        if not book.bibliography and not (book.root / "references.bib").is_file():
            return []
        pages = {str(chapter.path) for chapter in book.chapters}
        of_text = ("cited-not-listed", "cited-case")
        faults = [fault for fault in check_references(book) if fault.severity != "note"]
        return [goes_on(f) for f in faults if not (f.file in pages and f.rule in of_text)]

    def privacy(book: Project) -> list[Fault]:
        cache = Cache(book.root / ".paper" / "cache")
        return check_privacy(book, kept=cache) if has_interviews(book) else []

    return [
        check_book,
        check_data,
        references,
        check_claims,
        check_expectations,
        check_history,
        check_reporting,
        privacy,
        check_brief,
        check_prose,
        check_spelling,
    ]


def _fix(root: Path) -> None:
    from paper.bibliography.tidy import tidy_file
    from paper.coding.data.normalise import normalise_csv_files

    if (root / "data/datapackage.json").is_file():
        for file in normalise_csv_files(root):
            typer.echo(f"{file} has its form now")
    path = root / "references.bib"
    if path.is_file() and tidy_file(path):
        typer.echo("references.bib is tidy now")
