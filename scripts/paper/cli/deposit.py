"""``paper deposit``: the folder that an archive such as Zenodo takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None


@app.command()
def deposit(
    out: Annotated[Path | None, typer.Option(help="the folder to write to, instead of _deposit")] = None,
) -> None:
    """Put documents, website, data and code of this commit into a folder with its metadata; nothing is sent."""
    from paper.release.deposit import make
    from paper.report import print_notices

    project = this_project()
    folder = (out or project.root / make.FOLDER).absolute()
    result = make.make(project, folder)
    print_notices(result.gaps)
    for name, size in make.sizes(result):
        typer.echo(f"  {size / 1000:>9,.1f} kB  {name}")
    where = folder.relative_to(project.root) if folder.is_relative_to(project.root) else folder
    typer.echo(f"{where}: the deposit of commit {result.commit[:12]}; nothing was sent")
