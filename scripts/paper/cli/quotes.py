"""``paper quotes``: published quotations against private transcripts."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Verify published quotations against private transcripts.")
GROUP = "quotes"


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
    store: Annotated[
        bool, typer.Option(help="keep a seal of each verified quotation in data/quotes.csv")
    ] = True,
) -> None:
    """Find each released passage in its transcript, or verify its seal where the transcripts are elsewhere."""
    from paper.coding.interviews.quotes import FILE, check_quotes
    from paper.report import has_errors, print_report

    result = check_quotes(project_root(), store=store)
    print_report(result.faults, form, what="quotes")
    if form == "text":
        typer.echo(
            f"{result.compared} found in their transcripts, {result.sealed} verified by their seals, "
            f"{result.unverified} not verified" + (f"; {FILE} renewed" if result.stored else "")
        )
    if has_errors(result.faults):
        raise typer.Exit(1)


@app.command()
def key() -> None:
    """Make the key for the seals, once. Keep a copy of it in a safe place: nobody can make it again."""
    from paper.coding.interviews.quotes import make_key

    root = project_root()
    typer.echo(f"{make_key(root).relative_to(root).as_posix()} made; keep a copy in a safe place")
