"""``paper verify``: is a published site what this checkout gives?"""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None
SHOWN = 20


@app.command()
def verify(
    site: Annotated[str, typer.Argument(help="a folder, or an http(s) address")],
    profile: Annotated[str | None, typer.Option(help="the profile that the site was built with")] = None,
) -> None:
    """Compare a site's files with its manifest and its sources with this checkout; exit 1 where they differ."""
    from paper.release.verify import verify as compare

    verdict = compare(this_project(profile), site)
    for what, names in (
        ("not as the manifest says", verdict.damaged),
        ("no file that the manifest names", verdict.added),
        ("another source than here", verdict.sources),
        ("otherwise than this checkout builds it", verdict.different),
        ("made from other sources than the site's pages", verdict.stale),
    ):
        for name in names[:SHOWN]:
            typer.echo(f"{name}: {what}")
        if len(names) > SHOWN:
            typer.echo(f"… and {len(names) - SHOWN} more: {what}")
    for tool, (there, here) in verdict.tools.items():
        typer.echo(f"made with {tool} {there}; here it is {here}")
    typer.echo(
        "The site is what this checkout gives" if verdict.same else "The site differs from this checkout"
    )
    raise typer.Exit(0 if verdict.same else 1)
