"""``paper build``: the whole paper, with the embedded engine, or with Quarto where it is asked for."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from paper.cli import this_project

app = typer.Typer()
GROUP = None


class Engine(StrEnum):
    """What renders the sources."""

    embedded = "embedded"
    quarto = "quarto"


class Target(StrEnum):
    """A form of the paper."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    epub = "epub"
    brief = "brief"
    jats = "jats"
    onefile = "onefile"
    all = "all"


@app.command()
def build(
    document: Annotated[Path | None, typer.Argument(hidden=True)] = None,  # as `quarto render` takes one
    *,
    engine: Annotated[
        Engine, typer.Option(help="the one that comes with this program, or Quarto, which must be on PATH")
    ] = Engine.embedded,
    to: Annotated[list[Target] | None, typer.Option(help="what to make; may be given more than once")] = None,
    only: Annotated[
        Path | None,
        typer.Option(help="one chapter, as a file of its own in _manuscript/; with --to docx or pdf"),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings are errors")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="say how long each step took")] = False,
) -> None:
    """Build the site, PDF, brief, DOCX, EPUB, JATS XML and the paper as one HTML file into the output folder."""
    if document is not None:
        from paper.project import refuse_document

        refuse_document(document)
    if only is not None:
        _one_chapter(only, {t.value for t in to or []}, profile)
        return
    from paper.cli import building, parsed

    options: dict[str, Any] = {
        "targets": [t.value for t in to or [Target.all]], "profile": profile,
        "with_quarto": engine is Engine.quarto, "strict": strict, "verbose": verbose,
    }  # fmt: skip
    parsed.keep("build", options)
    building.run(**options)


def _one_chapter(named: Path, forms: set[str], profile: str | None) -> None:
    """Write a chapter as DOCX, PDF or both, and tell where."""
    from paper.documents import excerpt
    from paper.report import print_notices

    if not forms or forms - {"docx", "pdf"}:
        raise typer.BadParameter("a chapter alone is made with --to docx, --to pdf, or both")
    book = this_project(profile)
    files, notices = excerpt.write(book, excerpt.chapter_of(book, named).path, forms)
    print_notices(notices, sys.stderr)
    for file in files:
        typer.echo(f"  {file.relative_to(book.root)}")
