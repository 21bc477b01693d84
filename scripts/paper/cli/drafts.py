"""``paper drafts``: published drafts keep their address."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from paper.cli import this_project
from paper.errors import MachineError, Place

app = typer.Typer(help="Published drafts keep their address.", no_args_is_help=True)
GROUP = "drafts"


@app.callback()
def drafts() -> None:
    """Keep published drafts at their address."""


@app.command()
def keep(
    published: Annotated[
        str | None, typer.Option(help="the site as it is published: a folder or an http(s) address")
    ] = None,
    first: Annotated[
        bool, typer.Option("--first", help="this is the first publication: nothing is at that address yet")
    ] = False,
    site: Annotated[Path | None, typer.Option(help="the finished site; the book's own by default")] = None,
) -> None:
    """Fold the finished site into its drafts/DATE/, beside the drafts that the published site keeps."""
    from paper.release import crate, record
    from paper.release.verify import fetch, manifest_of, nothing_there, reader
    from paper.site import drafts as kept

    book = this_project()
    folder = site or book.output_dir
    manifest = manifest_of(reader(str(folder)), str(folder))
    with tempfile.TemporaryDirectory(prefix="paper-drafts-") as name:
        before = Path(name)
        if published is not None and nothing_there(published):
            if not first:
                raise MachineError(
                    "nothing is published there, so no earlier draft could be kept",
                    place=Place(published),
                    remedy="mend the address; for the very first publication, add --first",
                )
        elif published is not None:
            fetch(published, "drafts", before)
        dates = kept.keep(book, folder, before)
    crate.write(book, manifest, folder / "drafts" / str(book.date))  # whose pages have a notice now
    crate.write(book, manifest, folder)
    record.renew(manifest, folder)
    for date in dates:
        typer.echo(f"drafts/{date.isoformat()}/")
