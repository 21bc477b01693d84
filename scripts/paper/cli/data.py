"""``paper data``: the coded tables."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from paper.cli import project_root, this_project
from paper.report import Format

app = typer.Typer(no_args_is_help=True, help="Check, describe and exchange the coded data.")
GROUP = "data"


class To(StrEnum):
    """A format of exported data."""

    qdpx = "qdpx"
    qdc = "qdc"
    csv = "csv"
    xlsx = "xlsx"


@app.command()
def check(
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Find everything that is wrong with the tables in data/: form, values, keys, references, releases."""
    from paper.coding.data.check import check_data
    from paper.report import has_errors, print_report

    faults = check_data(this_project())
    print_report(faults, form, what="data")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def readme() -> None:
    """Renew the list of tables and columns in data/README.md from data/datapackage.json."""
    from paper.coding.data import readme

    changed = readme.update(project_root())
    typer.echo(f"{readme.README} {'renewed' if changed else 'was up to date'}")


@app.command()
def history() -> None:
    """Read from git how the codebook came about, for the paper to print."""
    from paper.coding.interviews.history import FILE, record
    from paper.typography import amount

    typer.echo(f"{FILE} has {amount(len(record(project_root())), 'day')} on which the codebook changed")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".qdpx, .qdc, .csv, .xlsx, or a folder of exported tables")],
    map_: Annotated[Path | None, typer.Option("--map", help="a YAML map: what stands for what")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would change, and change nothing")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="delete codings that the file no longer has")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")] = "text",
) -> None:
    """Bring coded interviews or a codebook into data/; names and unreleased text stay in data/private/."""
    from paper.coding.exchange.importing import import_file
    from paper.report import print_report

    report = import_file(project_root(), file, map_path=map_, dry_run=dry_run, prune=prune, generalise=True)
    print_report(report.faults, form, what="import")
    if form == "text":
        for line in [*report.lines(), *report.next_steps()]:
            typer.echo(line)


@app.command()
def generalise() -> None:
    """State of people in data/cases.csv only what enough interviews share; the rest waits in data/private/."""
    from paper.coding.exchange import generalising

    root = project_root()
    files, withheld = generalising.generalise_cases(root)
    typer.echo(
        generalising.describe_withheld(root, withheld) or "Enough cases share whatever is stated of each"
    )
    typer.echo(f"Changed: {', '.join(files) or 'nothing'}")


@app.command()
def release(
    passages: Annotated[
        list[str], typer.Argument(help="their names, in the column `segment` of data/segments.csv")
    ],
    text: Annotated[
        str | None,
        typer.Option(help="the wording of one passage, with cuts as […] and changes in [brackets]"),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="take released passages back instead")] = False,
    review: Annotated[
        str | None,
        typer.Option(help="the date to look at the release again, as 2030-01-31; else in two years"),
    ] = None,
    still: Annotated[
        bool, typer.Option("--still", help="released passages may stand: note another date to look at them")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="the respondents agreed: don't ask")] = False,
) -> None:
    """Let passages be printed: show what would be public, look for what gives a person away, and ask first."""
    from paper.coding.exchange import release as releasing

    root = project_root()
    if text is not None and len(set(passages)) != 1:
        raise typer.BadParameter("--text is the wording of one passage; name just that one")
    try:
        date = dt.date.fromisoformat(review) if review else None
    except ValueError:
        raise typer.BadParameter("--review is a date as 2030-01-31") from None
    if still:
        releasing.renew_review(root, passages, date)
        typer.echo(f"Noted: {', '.join(passages)} may stand")
        return
    if withdraw:
        files = releasing.withdraw(root, passages)
        typer.echo(f"Withdrawn: {', '.join(passages)}. Changed: {', '.join(files) or 'nothing'}")
        typer.echo(
            "What was committed or published before stays in git and online until it is taken out there"
        )
        return
    planned = releasing.plan_release(this_project(), passages, text)
    typer.echo("This would be public, on the site and in every file:")
    for passage in planned:
        typer.echo(
            f"\n  {passage.segment}, {passage.case}, coded {', '.join(passage.codes)}\n  “{passage.text}”"
        )
    question = "\nDid the respondents agree to have this printed, and can nobody tell from it who speaks?"
    if not yes and not typer.confirm(question):
        typer.echo("Nothing was released")
        raise typer.Exit(1)
    files = releasing.release(root, planned, date)
    typer.echo(f"Released. Changed: {', '.join(files)}")
    typer.echo("Next: paper privacy check, paper quotes check, paper build")
    typer.echo(f"To take it back: paper data release --withdraw {' '.join(p.segment for p in planned)}")


@app.command()
def withdraw(
    names: Annotated[
        list[str] | None, typer.Argument(help="interviews, or passages by their column `segment`")
    ] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="clean the site and its drafts of what was withdrawn before")
    ] = False,
    site: Annotated[
        Path | None,
        typer.Option(help="a built site, with the drafts that it keeps; the book's own by default"),
    ] = None,
    no_build: Annotated[bool, typer.Option("--no-build", help="don't build the site anew")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="don't ask")] = False,
) -> None:
    """Withdraw interviews or passages: list all that used them, redo it, and look for traces everywhere."""
    from paper.build import build
    from paper.errors import PaperError
    from paper.site import withdrawals

    if bool(names) == again:
        raise typer.BadParameter("name interviews or passages, or give --again")
    root = project_root()
    scope = withdrawals.Scope.of(root, site)
    if names:
        used = withdrawals.find_uses(scope, names)
        for line in used.lines():
            typer.echo(line)
        if not yes and not typer.confirm("Withdraw all this? It can't be undone from here"):
            typer.echo("Nothing was withdrawn")
            raise typer.Exit(1)
        for line in withdrawals.carry_out(scope, used):
            typer.echo(line)
    if scope.site and not (no_build or again or site):
        try:
            build(root)
            typer.echo(f"Built anew: {scope.site.name}")
        except PaperError as error:
            typer.echo(f"The site could not be built anew, and its pages stay as they were:\n{error}")
    for line in withdrawals.clean_drafts(scope):
        typer.echo(line)
    traces = withdrawals.find_traces(scope)
    for file in traces:
        typer.echo(f"a trace is left in {file}")
    typer.echo(f"{len(traces)} traces in what is committed and built")
    if traces:
        raise typer.Exit(1)


@app.command()
def export(
    to: Annotated[To, typer.Option(help="REFI-QDA project or codebook, CSV tables, or a workbook")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="else a file in data/private/exchange/")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="with unreleased text; only into data/private/")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace a file that is there")] = False,
) -> None:
    """Write the coded interviews, under their pseudonyms, for another program."""
    from paper.coding.exchange.exporting import export as write

    done = write(project_root(), to.value, out, private=private, overwrite=overwrite)
    passages = f"{done.with_text} passages with their text, {done.without_text} without"
    typer.echo(f"{done.path.name} written ({passages})")
