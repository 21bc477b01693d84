"""``paper data``: the coded tables."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Check, describe and exchange the coded data.")
GROUP = "data"


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Find everything that is wrong with the tables in data/: form, values, keys, references, releases."""
    from paper.coding.check import check_data
    from paper.report import has_errors, print_report

    faults = check_data(project_root())
    print_report(faults, form, what="data")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def readme() -> None:
    """Renew the list of tables and columns in data/README.md from data/datapackage.json."""
    from paper.coding import readme

    changed = readme.update(project_root())
    typer.echo(f"{readme.README} {'renewed' if changed else 'was up to date'}")
