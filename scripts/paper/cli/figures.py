"""``paper render-figures``: renew the committed renderings of figures and the data files behind them."""

from __future__ import annotations

from typing import Annotated

import typer

from paper.cli import project_root

app = typer.Typer()
GROUP = None


@app.command("render-figures")
def render_figures(
    names: Annotated[
        list[str] | None, typer.Argument(help="figures to draw anew; without a name, those that are stale")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="only say what is stale; exit 1 if anything is")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="draw every figure, stale or not")] = False,
) -> None:
    """Draw figures into assets/figures and write the data behind figures and tables into assets/data."""
    from paper import figures, renewal

    root = project_root()
    known = figures.every(root)
    unknown = sorted(set(names or ()) - known.keys())
    if unknown:
        raise typer.BadParameter(f"no figure is called {', '.join(unknown)}; there are {', '.join(known)}")
    if check:
        from paper.report import has_errors, print_report

        faults = renewal.check(root, names or ())
        print_report(faults, what="render-figures --check")
        raise typer.Exit(int(has_errors(faults)))
    done = renewal.renew(root, names or (), every=every)
    for name in done.figures:
        typer.echo(f"  drawn    {name}")
    for file in done.files:
        typer.echo(f"  written  {file}")
    if done.left:
        from paper.report import print_report

        print_report(done.left, what="render-figures")
        raise typer.Exit(1)
    if not done.figures and not done.files:
        typer.echo("Every figure and data file is in step with the data")
