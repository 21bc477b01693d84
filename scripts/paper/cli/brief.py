"""``paper brief``: the practitioners' brief."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root, this_project
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Hold the practitioners' brief to the paper.")
GROUP = "brief"


@app.callback()
def family() -> None:
    """Hold the practitioners' brief to the paper."""


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Find sentences of the brief that stand on nothing, or on words that the paper no longer has."""
    from paper.documents.brief.check import check_brief
    from paper.report import has_errors, print_report

    faults = check_brief(this_project())
    print_report(faults, form, what="brief")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def translate(
    lang: Annotated[str, typer.Argument(help="the code of the language, such as kk or ru")],
) -> None:
    """Write the frame of a translation: the brief with an empty place for each sentence, for a person to fill."""
    from paper import project
    from paper.documents.brief.translations import begin

    root = project_root()
    typer.echo(begin(project.load(root), lang).relative_to(root).as_posix())
