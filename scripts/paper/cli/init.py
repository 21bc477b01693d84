"""``paper init``: begin another paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
GROUP = None


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="a folder that is empty or not there yet")],
    title: Annotated[str, typer.Option(prompt="Title", help="the paper's title")],
    author: Annotated[str, typer.Option(prompt="Author", help="who writes it")],
    licence: Annotated[
        str, typer.Option("--licence", "--license", help="of text and data, as CC BY 4.0", prompt="Licence")
    ] = "CC BY 4.0",
    interviews: Annotated[
        bool,
        typer.Option("--interviews", help="with tables for coded interviews, and a chapter that shows them"),
    ] = False,
    brief: Annotated[bool, typer.Option("--brief", help="with a brief for practitioners")] = False,
) -> None:
    """Begin another paper in FOLDER: it builds at once, with `make` there."""
    import datetime as dt

    from paper.new import project

    today = dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
    wanted = project.Wanted(title, author, licence, today, interviews=interviews, brief=brief)
    for name in project.begin(folder, wanted):
        typer.echo(f"created  {name}")
    if interviews:
        from paper.coding.data import readme

        readme.update(folder)
        typer.echo("created  data/README.md")
    typer.echo(
        f"\nNext:\n  cd {folder}\n  make\n  open _site/index.html, then write in chapters/introduction.qmd"
    )
