"""``paper claims``: what Findings claims, against the evidence that it names."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root
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
    """Find claims whose support falls below what they say, in data/claims.yml and in the chapters."""
    from paper.coding.claims.check import check_claims
    from paper.report import has_errors, print_report

    faults = check_claims(project_root())
    print_report(faults, form, what="claims")
    if has_errors(faults):
        raise typer.Exit(1)
