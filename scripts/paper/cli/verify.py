"""``paper verify``: is a published site what its sources give?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import this_project
from paper.errors import ProjectError

if TYPE_CHECKING:
    from paper.project import Project
    from paper.release.verify import Verdict

app = typer.Typer()
GROUP = None
SHOWN = 20


@app.command()
def verify(
    site: Annotated[str, typer.Argument(help="a folder, or an http(s) address")],
    profile: Annotated[
        str | None, typer.Option(help="the profile that the site was built with, for a checkout")
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="build the site's sources anew, also within a checkout; elsewhere that is done anyhow",
        ),
    ] = False,
    repository: Annotated[
        str,
        typer.Option(help="where the sources are, if not where the site says; an address or folder for git"),
    ] = "",
) -> None:
    """Say whether a site is what its sources give; exit 1 where it isn't.

    Within a checkout, the site's files are compared with its manifest and its sources with the checkout's. Anywhere
    else its sources are fetched from the repository that it names and built anew, and each file is compared.
    """
    book = None if rebuild or repository else _here(profile)
    if book is None:
        raise typer.Exit(0 if _anew(site, repository) else 1)
    from paper.release.verify import verify as compare

    verdict = compare(book, site)
    _tell(verdict, "another source than here", "otherwise than this checkout builds it")
    for tool, (there, here) in verdict.tools.items():
        typer.echo(f"made with {tool} {there}; here it is {here}")
    typer.echo(
        "The site is what this checkout gives" if verdict.same else "The site differs from this checkout"
    )
    raise typer.Exit(0 if verdict.same else 1)


def _here(profile: str | None) -> Project | None:
    """Return the project that the command was called in; None outside of any."""
    from paper.project import find_root

    try:
        find_root(Path.cwd())
    except ProjectError:
        return None
    return this_project(profile)


def _anew(site: str, repository: str) -> bool:
    """Build a site's sources anew, print what differs, and return whether the site is what they give."""
    from paper.commits.rebuild import rebuild

    with tempfile.TemporaryDirectory(prefix="paper-verify-") as name:
        result = rebuild(site, repository, Path(name), typer.echo)
    _tell(result.verdict, "a source that is in no commit", "otherwise than its sources give")
    for reason in result.reasons:
        typer.echo(f"Why that may be: {reason}")
    if result.published:
        typer.echo(f"{result.published} files that publishing adds were compared with the manifest alone")
    typer.echo(f"{result.same} files are byte for byte what commit {result.commit.name[:12]} gives")
    typer.echo(
        "The site is what its sources give"
        if result.verdict.same
        else "The site differs from what its sources give"
    )
    return result.verdict.same


def _tell(verdict: Verdict, source: str, different: str) -> None:
    """Print what differs, a line a file, in these words for sources and for files."""
    for what, names in (
        ("not as the manifest says", verdict.damaged),
        ("no file that the manifest names", verdict.added),
        (source, verdict.sources),
        (different, verdict.different),
        ("made from other sources than the site's pages", verdict.stale),
    ):
        for name in names[:SHOWN]:
            typer.echo(f"{name}: {what}")
        if len(names) > SHOWN:
            typer.echo(f"… and {len(names) - SHOWN} more: {what}")
