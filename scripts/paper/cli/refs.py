"""``paper refs``: the bibliography and the citations in the text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import project_root
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Check, tidy, show, add and export references.")
GROUP = "refs"

Form = Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")]


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="other .bib files, each by itself")
    ] = None,
    form: Form = "text",
) -> None:
    """Find what is wrong with references.bib and with every citation in the text.

    With files given, look at these instead, without any text.
    """
    from paper.bibliography import audit
    from paper.report import has_errors, print_report

    if files:
        faults = [fault for file in files for fault in audit.check_file(file)]
    else:
        faults = audit.check_references(project_root())
    print_report(faults, form, what="references")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def rules() -> None:
    """List what the check looks for: each rule with its severity and what to do about it."""
    from paper.bibliography.rules import load

    for rule in sorted(load().values(), key=lambda rule: rule.name):
        typer.echo(f"{rule.name} ({rule.severity}): {rule.finds}\n    → {rule.remedy}")
