"""The command ``paper``: one module a family of commands, each thin: parse, call, print.

Workers are imported inside the commands, so that ``paper --help`` and a build with nothing to do start fast.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import typer

from paper.errors import PaperError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, check and renew the paper.",
)


def _wire() -> None:
    """Add each module of this package: its ``app``, under the name ``GROUP`` or, where that is None, at the top."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        family = importlib.import_module(f"{__name__}.{info.name}")
        app.add_typer(family.app, name=family.GROUP)


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
    """The folder of the project that the command was called in."""
    from paper.project import find_root

    return find_root(Path.cwd())
