"""``paper reply``: the reply to reviewers."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Annotated

import typer

from paper.cli import project_root
from paper.errors import MachineError, Place
from paper.report import Format

app = typer.Typer(
    help="Answer reviewers point by point, each with what was changed for it.", no_args_is_help=True
)
GROUP = "reply"


@app.callback()
def reply() -> None:
    """Answer reviewers point by point, each with what was changed for it."""


@app.command()
def start(
    report: Annotated[Path, typer.Argument(help="the reviewers' report as plain text")],
    since: Annotated[
        str, typer.Option(help="the commit that the reviewers read; the last one by default")
    ] = "",
) -> None:
    """Begin the next round's file in replies/: a numbered point for each of the report's."""
    from paper import project
    from paper.commits.sites import commit_of
    from paper.documents.reply import points

    root = project_root()
    if not report.is_file():
        raise MachineError(
            "there is no such file", place=Place(report), remedy="paste the report into a text file"
        )
    result = points.points_of_report(report.read_text("utf-8-sig", errors="replace"))
    last = points.latest(root)
    number = int(last.stem.partition("-")[2]) + 1 if last.is_file() else 1
    file = root / points.FOLDER / f"round-{number}.md"
    file.parent.mkdir(exist_ok=True)
    commit = ""  # outside git nothing is compared
    with nullcontext() if since else suppress(MachineError):
        commit = commit_of(root, since or "HEAD")
    file.write_text(points.render(result, project.load(root).title, commit), "utf8")
    typer.echo(f"{file.relative_to(root)}: {len(result)} points")


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Find points without an answer, and changes that aren't there."""
    from paper.documents.reply import points
    from paper.documents.reply.check import check as check_points
    from paper.report import has_errors, print_report

    root = project_root()
    file = points.latest(root)
    commit, found = points.read(_text(file), str(file.relative_to(root)))
    faults = check_points(root, str(file.relative_to(root)), commit, found)
    print_report(faults, form, what="points")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def letter(
    pdf: Annotated[
        Path | None, typer.Option(help="the new manuscript, instead of _manuscript/manuscript.pdf")
    ] = None,
) -> None:
    """Write the letter as DOCX and PDF, with page and line of each change in the new manuscript."""
    from paper import project
    from paper.documents.reply import letter as letters
    from paper.documents.reply import points
    from paper.documents.reply.check import check as check_points
    from paper.report import has_errors, print_report

    root = project_root()
    file = points.latest(root)
    commit, found = points.read(_text(file), str(file.relative_to(root)))
    faults = check_points(root, str(file.relative_to(root)), commit, found)
    if has_errors(faults):
        print_report(faults, "text", what="points")
        raise typer.Exit(1)
    for result in letters.write(
        project.load(root), found, pdf or root / "_manuscript" / "manuscript.pdf", file
    ):
        typer.echo(f"  {result.relative_to(root)}")


def _text(file: Path) -> str:
    if not file.is_file():
        raise MachineError("there is no reply yet", place=Place(file), remedy="paper reply start REPORT.txt")
    return file.read_text("utf-8-sig")
