"""``paper queries``: what is asked of the author, in one letter."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from paper.cli import project_root, this_project

app = typer.Typer()
GROUP = None


@app.command()
def queries(
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="a letter to the author, or for scripts")
    ] = "text",
) -> None:
    """List what only the author can answer: queries in the text, doubts in coded rows, each with file and line."""
    from dataclasses import asdict

    from paper.editions import WORKING
    from paper.parsing.query_list import compose_letter, list_queries

    book = this_project(WORKING if (project_root() / f"_quarto-{WORKING}.yml").is_file() else None)
    result = list_queries(book)
    typer.echo(
        json.dumps([asdict(one) for one in result], ensure_ascii=False, indent=1)
        if form == "json"
        else compose_letter(book, result)
    )
