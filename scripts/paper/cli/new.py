"""``paper new``: a chapter, a figure, a table, a dataset, each with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import project_root

if TYPE_CHECKING:
    from paper.new.plan import Plan

app = typer.Typer(
    no_args_is_help=True, help="Begin a chapter, figure, table or dataset, wired into the project."
)
GROUP = "new"

Chapter = Annotated[str, typer.Option(help="put the cell at the end of this chapter, instead of printing it")]
Data = Annotated[
    str, typer.Option("--data", help="the table in data/ that it shows; by default the one of its name")
]


@app.command()
def chapter(
    name: Annotated[str, typer.Argument(help="its file's name, such as data-sources")],
    title: Annotated[str, typer.Option(help="its heading; by default the name in words")] = "",
    after: Annotated[str, typer.Option(help="the chapter that it follows; by default it comes last")] = "",
    appendix: Annotated[bool, typer.Option("--appendix", help="list it among the appendices")] = False,
) -> None:
    """Write chapters/NAME.qmd and list it in _quarto.yml, before the list of references."""
    from paper import project
    from paper.new import chapter as worker

    root = project_root()
    plan = worker.plan(project.load(root, ""), name, title=title, after=after, appendix=appendix)
    _carry_out(plan, root)


@app.command()
def figure(
    name: Annotated[str, typer.Argument(help="its name in code, such as waiting_times")],
    data: Data = "",
    by: Annotated[
        str, typer.Option(help="the column whose values get a bar each; by default the first with few")
    ] = "",
    chapter: Chapter = "",
) -> None:
    """Write a figure that counts the rows of a table, with its test and the cell that shows it."""
    from paper import project
    from paper.new import shown

    root = project_root()
    plan = shown.figure(project.load(root, ""), name, table=data or name, by=by, chapter=chapter)
    _carry_out(plan, root)


@app.command()
def table(
    name: Annotated[str, typer.Argument(help="its name in code, such as waiting_times")],
    data: Data = "",
    chapter: Chapter = "",
) -> None:
    """Write a table that prints the rows of a dataset, with its test and the cell that shows it."""
    from paper import project
    from paper.new import shown

    root = project_root()
    plan = shown.table(project.load(root, ""), name, table=data or name, chapter=chapter)
    _carry_out(plan, root)


@app.command()
def dataset(
    name: Annotated[str, typer.Argument(help="its name, such as waiting_times")],
    columns: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COLUMN]…",
            help="office, days:integer (or number, boolean), kind:counter,online; id, doubt, locator and coder are "
            "always there",
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="what it is; by default the name in words")] = "",
    description: Annotated[str, typer.Option(help="what a row is, in a sentence")] = "",
) -> None:
    """Write data/NAME.csv with its columns, describe it in data/datapackage.json, and renew data/README.md."""
    from paper.coding.data import readme
    from paper.new import dataset as worker

    root = project_root()
    plan = worker.plan(root, name, columns or [], title=title, description=description)
    _carry_out(plan, root, lambda: readme.update(root))


def _carry_out(plan: Plan, root: Path, then: Callable[[], object] = lambda: None) -> None:
    from paper.new.plan import carry_out

    carry_out(plan, root, then)
    for name in plan.created:
        typer.echo(f"created  {name}")
    for name in plan.changed:
        typer.echo(f"changed  {name}")
    if plan.paste:
        typer.echo(f"\nThe cell for a chapter:\n\n{plan.paste}")
    typer.echo("\nNext:")
    for step in plan.steps:
        typer.echo(f"  {step}")
