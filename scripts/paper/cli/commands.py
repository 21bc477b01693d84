"""The commands together: one module of this package a family, each thin: parse, call, print."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Annotated, Final

import typer

EXIT_CODES = (
    "Exit codes: 0 done; 1 a mistake in the files, told with its line; 2 a wrong command line; 3 the machine lacks or "
    "refuses something; 4 a program that is used failed; 5 another build is running; 130 interrupted."
)
# The modules in the order of an author's day, under the headings of `paper --help`.
PANELS: Final = {
    "Write": ("init", "build", "preview", "check", "queries", "new", "explain"),
    "Data, sources, figures": ("data", "refs", "claims", "quotes", "privacy", "figures"),
    "Give it to others": (
        "brief",
        "word",
        "manuscript",
        "line",
        "reply",
        "publish",
        "deposit",
        "verify",
        "diff",
        "drafts",
    ),
    "This machine": ("doctor",),
}


def assemble(words: Sequence[str] = ()) -> typer.Typer:
    """Return the commands that a command line may mean: those of the family that it names, else all.

    A module's ``app`` stands under the name ``GROUP`` or, where that is None, at the top.
    """
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, epilog=EXIT_CODES
    )
    app.callback()(paper)
    first = next((word for word in words if not word.startswith("-")), "")
    known = {name for modules in PANELS.values() for name in modules}
    for panel, modules in PANELS.items():
        for name in (name for name in modules if first in (name, "") or first not in known):
            family = importlib.import_module(f"paper.cli.{name}")
            for command in family.app.registered_commands:
                command.rich_help_panel = panel if family.GROUP is None else None
            app.add_typer(family.app, name=family.GROUP, rich_help_panel=panel)
    return app


def paper(
    verbose: Annotated[bool, typer.Option("--verbose", help="show each program that is run")] = False,
) -> None:
    """Build, check and renew the paper."""
    if verbose:
        from paper.tools import trace

        trace.begin()
