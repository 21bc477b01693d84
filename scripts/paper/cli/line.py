"""``paper line``: where a numbered line of the manuscript stands in the chapters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None


@app.command()
def line(
    number: Annotated[int, typer.Argument(min=1, help="the number beside a line")],
    pdf: Annotated[
        Path | None,
        typer.Option(help="the PDF with the numbers, instead of _manuscript/manuscript.pdf; a proof, too"),
    ] = None,
) -> None:
    """Show where in the chapters a numbered line of the manuscript stands."""
    from paper.documents.manuscript.lines import look_up

    book = this_project()
    shown, found = look_up(book, pdf or book.root / "_manuscript" / "manuscript.pdf", number)
    for one in shown:
        typer.echo(f"{one.number} (page {one.page}): {one.text}")
    for place in found:
        typer.echo(f"{place.file}:{place.line}: {place.text}")
    if not found:
        typer.echo(
            "in no chapter's text: a title, a table or a figure, the list of works, or text that has changed since"
        )
        raise typer.Exit(1)
