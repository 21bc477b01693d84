"""``paper preview``: write, save, look."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root

app = typer.Typer()
GROUP = None


@app.command()
def preview(
    port: Annotated[int, typer.Option(help="0 takes a free one")] = 4200,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="open a browser")] = True,
    pdf: Annotated[bool, typer.Option("--pdf", help="show the PDF, too, as it follows each save")] = False,
) -> None:
    """Serve the site on this machine and rebuild it whenever a source is saved. Ctrl+C ends it.

    The PDF and the other files are made when you open them; /__paper/proof shows the PDF as it follows each save.
    """
    from paper.preview import server
    from paper.preview.session import Session

    def say(line: str) -> None:
        typer.echo(line)
        if browser and line.startswith("http://"):
            typer.launch(line)
            if pdf:
                typer.launch(line + "__paper/proof")

    server.serve(Session(project_root(), profile), port, say)
