"""``paper compare``, ``paper publishable`` and ``paper sbom``: the last look before a site goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paper.cli import project_root

app = typer.Typer()
GROUP = None


@app.command()
def compare(
    one: Annotated[Path, typer.Argument(help="a built site")],
    other: Annotated[Path, typer.Argument(help="another one, such as Quarto's")],
) -> None:
    """Say where two renderings differ in text, ids or links; exit 1 where they do."""
    from paper.release.compare import differences

    result = differences(one, other)
    for difference in result:
        typer.echo(str(difference))
    typer.echo(f"{len(result)} differences" if result else "Both say the same")
    raise typer.Exit(1 if result else 0)


@app.command()
def publishable(site: Annotated[Path, typer.Argument(help="a built site")]) -> None:
    """Refuse a site that is damaged, or made with a profile such as demo; exit 1 then."""
    from paper.release.compare import addresses
    from paper.release.compare import publishable as reasons

    result = reasons(site)
    for reason in result:
        typer.echo(f"{site}: {reason}", err=True)
    for note in addresses(site):
        typer.echo(f"{site}: {note}", err=True)
    typer.echo("not to be published" if result else "may be published")
    raise typer.Exit(1 if result else 0)


@app.command()
def sbom(site: Annotated[Path, typer.Argument(help="a built site")]) -> None:
    """Write the list of all packages that a site was made with beside its pages, as CycloneDX (sbom.cdx.json)."""
    from paper.release.sbom import write

    typer.echo(f"{write(project_root(), site)}")
