"""``paper manuscript``: the files that a journal asks for."""

from __future__ import annotations

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
    limit: Annotated[int, typer.Option(min=1, help="words that the journal allows")] = 8000,
    out: Annotated[Path | None, typer.Option(help="the folder to write to, instead of _manuscript")] = None,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
) -> None:
    """Write text and title page for a journal as DOCX and PDF, and count the words; exit 1 above the limit."""
    from paper import project
    from paper.documents.manuscript.make import make
    from paper.report import print_notices

    root = project_root()
    folder = out or root / "_manuscript"
    made = make(project.load(root, profile), folder, anonymous=anonymous)
    print_notices(made.notices)
    _tell(made, limit)
    for path in made.files:
        typer.echo(f"  {path.relative_to(root) if path.is_relative_to(root) else path}")
    if made.total > limit:
        raise typer.Exit(1)


def _tell(made: Manuscript, limit: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "Chapter", "Words", box=None)
    table.columns[2].justify = "right"
    for count in made.counts:
        words = f"{count.words:,}"
        table.add_row(count.number, count.title, words if count.counted else f"({words})")
    Console().print(table)
    over = made.total - limit
    said = f"{over:,} over the limit" if over > 0 else f"{-over:,} under the limit"
    typer.echo(
        f"{made.total:,} words, {said} of {limit:,}; in brackets what doesn't count, and no tables or figures"
    )
