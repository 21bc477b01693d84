"""``paper diff``: what changed in the text between two drafts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None


@app.command()
def diff(
    old: Annotated[
        str,
        typer.Argument(
            help="the date of a kept draft, the folder of a built site, or a commit such as HEAD~3"
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            help="the same; by default the site that was built last, which is built if there is none"
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(help="the published site, a folder or an http(s) address, that keeps the drafts"),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="write the changes as a web page into this folder, too")
    ] = None,
) -> None:
    """Show what changed in the text between two drafts, chapter by chapter and word by word."""
    from paper.commits import sites
    from paper.release.diff import compare
    from paper.release.verify import fetch
    from paper.site import changes, site
    from paper.site.drafts import DATE

    book = this_project()
    newer = new or str(book.output_dir)
    if new is None and not (book.output_dir / "manifest.json").is_file():
        from paper.build import build

        build(book.root, targets={"html"})
    with tempfile.TemporaryDirectory(prefix="paper-diff-") as name:
        kept = book.output_dir
        if published is not None:
            kept = Path(name)
            fetch(published, "drafts", kept)
        before, after = (
            changes.draft_folder(draft, kept)
            if DATE.fullmatch(draft) or Path(draft).exists()
            else sites.site_at(book.root, draft)
            for draft in (old, newer)
        )
        for line in changes.change_lines(compare(before, after)):
            typer.echo(line)
        if page is not None:
            names = (old, new or "the site that was built last")
            typer.echo(f"{site.write_changes(book, before, after, names, page)}")
