"""``paper check``: everything that can be known without building."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from paper.report import Format

app = typer.Typer()
GROUP = None


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="warnings are errors")] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="first mend what is safe: tables as spreadsheets save them, the layout of the bibliography",
        ),
    ] = False,
) -> None:
    """Check text, data, references, claims, the brief, privacy, language and spelling; exit 1 when one has an error."""
    from paper.cli import checking, parsed

    options: dict[str, Any] = {"form": form, "strict": strict, "fix": fix}
    parsed.keep("check", options)
    checking.run(**options)
