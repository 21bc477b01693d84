"""``paper explain``: why a chapter is or isn't done again."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None


@app.command()
def explain(
    chapter: Annotated[str, typer.Argument(help="its path, or just its name, such as findings")],
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
) -> None:
    """Say what the next build would do with a chapter, and why."""
    from paper.release.explain import explain as state

    typer.echo(str(state(this_project(profile), chapter)))
