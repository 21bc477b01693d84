"""``paper privacy``: what protects the people who were interviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import project_root
from paper.report import Format

app = typer.Typer(
    no_args_is_help=True, help="Keep what could harm an interviewee out of git and of the site."
)
GROUP = "privacy"


@app.callback()
def family() -> None:
    """Keep what could harm an interviewee out of git and of the site."""


@app.command()
def check(
    site: Annotated[Path | None, typer.Option(help="a folder of built files to look at, too")] = None,
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Look for interview text, names, addresses and numbers of people in what git would commit, and in a built site."""
    from paper.coding.privacy import check_privacy
    from paper.report import has_errors, print_report
    from paper.tools.cache import Cache

    root = project_root()
    faults = check_privacy(root, site, kept=Cache(root / ".paper" / "cache"))
    print_report(faults, form, what="privacy")
    if has_errors(faults):
        raise typer.Exit(1)
