"""``paper manuscript``: the files that a journal asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import project_root

if TYPE_CHECKING:
    from paper.documents.manuscript.make import Manuscript

app = typer.Typer()
GROUP = None


@app.command()
def manuscript(
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="nothing in the text or in its files tells who wrote it")
    ] = False,
    journal: Annotated[
        str,
        typer.Option(help="what a journal asks for: one that comes with the program, or journals/NAME.yml"),
    ] = "",
    without: Annotated[
        list[str] | None,
        typer.Option(help="appendices, the id of a section, or figures-in-text, tables-in-text: to the end"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="words that the journal allows; 8000 by default")
    ] = None,
    spacing: Annotated[
        float | None, typer.Option(min=1, max=3, help="distance of lines: 2 is double")
    ] = None,
    line_numbers: Annotated[
        bool | None,
        typer.Option("--line-numbers/--no-line-numbers", help="number the lines; see `paper line`"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="the folder to write to, instead of _manuscript")] = None,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
) -> None:
    """Write text and title page for a journal as DOCX and PDF, and count the words; exit 1 above the limit."""
    from paper import project
    from paper.documents.manuscript import journals
    from paper.documents.manuscript.make import make
    from paper.report import print_notices

    root = project_root()
    folder = out or root / "_manuscript"
    asked = journals.load(root, journal)
    wanted = replace(
        asked,
        words=limit or asked.words,
        without=tuple(dict.fromkeys([*asked.without, *(without or [])])),
        spacing=spacing or asked.spacing,
        line_numbers=asked.line_numbers if line_numbers is None else line_numbers,
    )
    result = make(project.load(root, profile), folder, anonymous=anonymous, journal=wanted)
    print_notices(result.notices)
    _tell(result)
    for path in result.files:
        typer.echo(f"  {path.relative_to(root) if path.is_relative_to(root) else path}")
    over_abstract = wanted.abstract and result.words("abstract") > wanted.abstract
    if result.total > wanted.words or over_abstract:
        raise typer.Exit(1)


def _tell(made: Manuscript) -> None:
    """Print the words by chapter and by part, against the limit."""
    from rich.console import Console
    from rich.table import Table

    from paper.documents.manuscript.journals import PARTS

    journal = made.journal
    table = Table("", "Chapter", "Words", box=None)
    table.columns[2].justify = "right"
    for count in made.counts:
        words = f"{count.words:,}"
        table.add_row(count.number, count.title, words if count.counted else f"({words})")
    Console().print(table)
    parts = []
    for part in PARTS:
        if words_of := made.words(part):
            number = f"{words_of:,}"
            parts.append(f"{part} {number if part in journal.counts else f'({number})'}")
    typer.echo(", ".join(parts))
    limit = journal.words
    over = made.total - limit
    message = f"{over:,} over the limit" if over > 0 else f"{-over:,} under the limit"
    typer.echo(f"{made.total:,} words, {message} of {limit:,}; what stands in brackets doesn't count")
    if journal.abstract:
        words_of = made.words("abstract")
        more = f", {words_of - journal.abstract} too many" if words_of > journal.abstract else ""
        typer.echo(f"Abstract: {words_of} words of {journal.abstract}{more}")
    if journal.instructions:
        typer.echo(f"{journal.name}: {journal.instructions} (read {journal.read})")
