"""The command ``paper``: one module a family of commands, each thin: parse, call, print.

Workers are imported inside the commands, so that ``paper --help`` and a build with nothing to do start fast.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from paper.errors import PaperError

if TYPE_CHECKING:
    from paper.project import Project

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
        "verify",
        "diff",
        "drafts",
    ),
    "This machine": ("doctor",),
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog=EXIT_CODES,
)


@app.callback()
def paper(
    verbose: Annotated[bool, typer.Option("--verbose", help="show each program that is run")] = False,
) -> None:
    """Build, check and renew the paper."""
    if verbose:
        from paper.tools import trace

        trace.begin()


def _wire() -> None:
    """Add each module of this package: its ``app``, under the name ``GROUP`` or, where that is None, at the top."""
    for panel, modules in PANELS.items():
        for name in modules:
            family = importlib.import_module(f"{__name__}.{name}")
            for command in family.app.registered_commands:
                command.rich_help_panel = panel if family.GROUP is None else None
            app.add_typer(family.app, name=family.GROUP, rich_help_panel=panel)


def main() -> None:
    """Run the command line; a fault ends with one message and its exit code, never with a traceback."""
    _wire()
    try:
        app()
    except PaperError as error:
        print(f"paper: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print("paper: interrupted", file=sys.stderr)
        raise SystemExit(130) from None


def project_root() -> Path:
    """Return the folder of the project that the command was called in."""
    from paper.project import find_root

    return find_root(Path.cwd())


def this_project(profile: str | None = None) -> Project:
    """Return the settings of the project that the command was called in. Raises ProjectError for what is wrong."""
    from paper.project import load

    return load(project_root(), profile)
