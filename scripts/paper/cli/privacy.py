"""``paper privacy``: what protects the people who were interviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import this_project
from paper.errors import MachineError
from paper.report import Format

app = typer.Typer(
    no_args_is_help=True, help="Keep what could harm an interviewee out of git and of the site."
)
GROUP = "privacy"


@app.callback()
def family() -> None:
    """Keep what could harm an interviewee out of git and of the site."""


@app.command()
def attack(
    site: Annotated[
        Path | None,
        typer.Option(help="a built site, with the drafts that it keeps; the book's own by default"),
    ] = None,
) -> None:
    """Try to work out what isn't stated of interviewees, from all that is published together."""
    from paper.analysis.disclosure_attack import attack as run
    from paper.analysis.disclosure_files import read_published
    from paper.coding.exchange.generalising import known_by_method
    from paper.typography import amount

    book = this_project()
    root, folder = book.root, site or book.output_dir
    if site and not site.is_dir():
        raise MachineError(f"{site} is not a folder", remedy="build first, or name the folder of the site")
    published = read_published(root, folder if folder.is_dir() else None)
    outcome = run(published)
    typer.echo(
        f"{amount(len(published.open), 'interview')}, {amount(len(published.files), 'file')} that count or describe "
        f"them; {amount(outcome.tried, 'value')} that should not be known"
    )
    for file in outcome.unfit:
        typer.echo(f"left out, since its numbers contradict the others: {file}")
    for inference in outcome.certain:
        typer.echo(f"certain: {inference.what}, from {', '.join(inference.files)}")
    by_method = known_by_method(root)
    for what in by_method:
        typer.echo(f"certain to whoever knows how attributes are withheld: {what}")
    if outcome.certain or by_method:
        typer.echo(
            "Take what these files state or count out of them, or withdraw them: paper data withdraw --help"
        )
        raise typer.Exit(1)
    typer.echo("None of them is certain")


@app.command()
def check(
    site: Annotated[Path | None, typer.Option(help="a folder of built files to look at, too")] = None,
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Look for interview text, names, addresses and numbers of people in what git would commit, and in a built site."""
    from paper.coding.privacy import check_privacy
    from paper.report import has_errors, print_report
    from paper.tools.cache import of_project

    book = this_project()
    faults = check_privacy(book, site, kept=of_project(book.root))
    print_report(faults, form, what="privacy")
    if has_errors(faults):
        raise typer.Exit(1)
