"""``paper claims``: what Findings claims, against the evidence that it names."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root, this_project
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Hold the claims of Findings against their evidence.")
GROUP = "claims"


@app.callback()
def family() -> None:
    """Hold the claims of Findings against their evidence."""


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Find claims whose support falls below what they say, and expected signs that changed since they were sealed."""
    from paper.coding.claims.check import check_claims
    from paper.coding.claims.expectations import check_expectations
    from paper.report import has_errors, print_report

    book = this_project()
    faults = [*check_claims(book), *check_expectations(book)]
    print_report(faults, form, what="claims")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def seal() -> None:
    """Seal the expected signs in data/expectations.yml by hash and date; best done before the first coding."""
    import datetime as dt

    from paper.coding.claims.expectations import SEALS
    from paper.coding.claims.expectations import seal as seal_signs

    done = seal_signs(project_root(), dt.date.today())
    typer.echo(
        f"sealed on {done.date} with {done.coded} passages coded: SHA-256 {done.sha256}; commit {SEALS}"
    )
