"""``paper check``: everything that can be known without building."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import project_root
from paper.report import Format

if TYPE_CHECKING:
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

    from paper.report import has_errors, print_report

    root = project_root()
    if fix:
        _fix(root)
    with ThreadPoolExecutor() as pool:
        faults = [
            fault for found in pool.map(lambda check: _found(check, root), _checks()) for fault in found
        ]
    print_report(faults, form, what="check")
    if has_errors(faults) or (strict and any(fault.severity == "warning" for fault in faults)):
        raise typer.Exit(1)


def _found(check: Callable[[Path], list[Fault]], root: Path) -> list[Fault]:
    """Return what a check finds; a mistake that keeps it from looking is a fault like others, in every format."""
    from paper.errors import SourceError
    from paper.report import of_error

    try:
        return check(root)
    except SourceError as error:
        return of_error(error, "_quarto.yml")


def _checks() -> list[Callable[[Path], list[Fault]]]:
    from paper import project
    from paper.bibliography.audit import check_references
    from paper.checks.before_build import check_book, goes_on
    from paper.checks.prose_check import check_prose
    from paper.checks.spelling_check import check_spelling
    from paper.coding.claims.check import check_claims
    from paper.coding.claims.expectations import check_expectations
    from paper.coding.data.check import check_data
    from paper.coding.interviews.reporting import check_reporting
    from paper.coding.privacy import check_privacy, has_interviews
    from paper.documents.brief.check import check_brief
    from paper.tools.cache import Cache

    def text(root: Path) -> list[Fault]:
        return check_book(project.load(root))

    def brief(root: Path) -> list[Fault]:
        return check_brief(project.load(root))

    def prose(root: Path) -> list[Fault]:
        return check_prose(project.load(root))

    def references(root: Path) -> list[Fault]:
        """Return the audit's faults without its notes, and without what the text tells already."""
        book = project.load(root)
        if not book.bibliography and not (root / "references.bib").is_file():
            return []
        pages = {str(chapter.path) for chapter in book.chapters}
        of_text = ("cited-not-listed", "cited-case")
        faults = [fault for fault in check_references(root) if fault.severity != "note"]
        return [goes_on(f) for f in faults if not (f.file in pages and f.rule in of_text)]

    def privacy(root: Path) -> list[Fault]:
        return check_privacy(root, kept=Cache(root / ".paper" / "cache")) if has_interviews(root) else []

    return [
        text,
        check_data,
        references,
        check_claims,
        check_expectations,
        check_reporting,
        privacy,
        brief,
        prose,
        check_spelling,
    ]


def _fix(root: Path) -> None:
    from paper.bibliography.tidy import tidy_file
    from paper.coding.data import normalise as saved

    if (root / "data/datapackage.json").is_file():
        for file in saved.normalise_csv_files(root):
            typer.echo(f"{file} has its form now")
    path = root / "references.bib"
    if path.is_file() and tidy_file(path):
        typer.echo("references.bib is tidy now")
