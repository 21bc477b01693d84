"""``paper refs``: the bibliography and the citations in the text."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import this_project
from paper.report import Format

if TYPE_CHECKING:
    from paper.bibliography.sync import SyncResult

app = typer.Typer(no_args_is_help=True, help="Check, tidy, show, add and export references.")
GROUP = "refs"

Form = Annotated[Format, typer.Option("--format", help="for people, for scripts, or for GitHub")]


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="other .bib files, each by itself")
    ] = None,
    form: Form = "text",
) -> None:
    """Find what is wrong with references.bib and with every citation in the text.

    With files given, look at these instead, without any text.
    """
    from paper.bibliography import audit
    from paper.bibliography.verification.summary import summarise
    from paper.report import has_errors, print_report

    if files:
        faults = [fault for file in files for fault in audit.check_file(file)]
    else:
        faults = audit.check_references(this_project())
    print_report(faults, form, what="references", by_rule=True)
    if form == "text" and not files and (line := summarise(this_project())):
        typer.echo(f"\n{line}")
    if has_errors(faults):
        raise typer.Exit(1)


@app.command()
def rules() -> None:
    """List what the check looks for: each rule with its severity and what to do about it."""
    from paper.bibliography.rules import load

    for rule in sorted(load().values(), key=lambda rule: rule.name):
        typer.echo(f"{rule.name} ({rule.severity}): {rule.finds}\n    → {rule.remedy}")


@app.command()
def tidy(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]…", help="other .bib files")] = None,
    write: Annotated[bool, typer.Option("--write", help="change the files")] = False,
) -> None:
    """Put entries and fields in order, in one layout; show what that changes, and with --write change it.

    Nothing that has a meaning changes. Exit 1 where there is something to tidy and it was not written.
    """
    from paper.bibliography import tidy as worker

    untidy = False
    for path, name in _bib_files(files):
        bib, text = worker.read_and_tidy(path, name)
        for line in worker.diff(bib, text):
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            typer.secho(line, fg=colour)
        if worker.faults(bib):
            message = "its faults keep its entries from being moved (paper refs check tells them)"
            typer.echo(f"{name}: {message}", err=True)
        if text == bib.text:
            typer.echo(f"{name} is tidy", err=True)
        elif write:
            worker.write(path, bib, text)
            typer.echo(f"{name} tidied", err=True)
        else:
            typer.echo(f"{name} can be tidied: paper refs tidy --write", err=True)
            untidy = True
    if untidy:
        raise typer.Exit(1)


def _bib_files(files: list[Path] | None) -> list[tuple[Path, str]]:
    """Return the files given, or the project's own, each with the name to show."""
    from paper.bibliography.formatted import bibliography_files

    if files:
        return [(file, str(file)) for file in files]
    book = this_project()
    root = book.root
    return [
        (path, path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path))
        for path in bibliography_files(book)
    ]


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="a citation key, as hood1991")],
) -> None:
    """Show a work: how it prints, its entry, where it is cited, what is wrong or doubtful."""
    from paper.bibliography.show import show as look_up

    work = look_up(this_project(), key)
    typer.secho(f"{work.key}  {work.place}", bold=True)
    typer.echo(f"\n{work.printed or 'It prints nothing.'}\n\n{work.source}\n")
    if work.cited:
        typer.echo("Cited in")
        for place in work.cited:
            locator = f"  ({place.suffix})" if place.suffix else ""
            typer.echo(f"  {place.file}:{place.line}:{place.column}{locator}")
    else:
        typer.echo("Cited nowhere.")
    for fault in work.faults:
        typer.echo(f"{fault.severity}: {fault.message} [{fault.rule}]\n  → {fault.remedy}")
    for rule, reason in work.exemptions:
        typer.echo(f"let stand: {rule}: {reason}")


class Target(StrEnum):
    """A format of exported references."""

    bibtex = "bibtex"
    ris = "ris"
    csljson = "csljson"


@app.command()
def export(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]…", help="only these works")] = None,
    to: Annotated[Target, typer.Option(help="the format")] = Target.bibtex,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a file instead of the terminal")
    ] = None,
) -> None:
    """Give the bibliography to other programs: classic BibTeX, RIS (EndNote, Zotero, Mendeley), CSL-JSON."""
    from paper.bibliography.export import export as give
    from paper.errors import MachineError, Place

    data = give(this_project(), to.value, keys or []).encode("utf8")
    if output is None:
        typer.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise MachineError(f"can't be written: {error.strerror}", place=Place(output)) from None
    typer.echo(f"{output} written", err=True)


@app.command()
def add(
    work: Annotated[str, typer.Argument(help="a DOI, an ISBN, BibTeX, a .bib file, or - for standard input")],
    force: Annotated[bool, typer.Option("--force", help="even if it seems to be listed already")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show the entry, and change nothing")] = False,
) -> None:
    """Add a work to references.bib: from Crossref by its DOI or ISBN, or from BibTeX that you have."""
    from paper.bibliography.add import add as enter

    given = typer.get_text_stream("stdin").read() if work == "-" else work
    for added in enter(this_project(), given, force=force, dry=dry_run):
        if added.listed:
            typer.echo(
                f"{added.key} not added: {added.listed}. Cite the work by the key that it has.", err=True
            )
            continue
        typer.echo(added.text)
        if added.dropped:
            typer.echo(f"{added.key}: left out, as no list prints it: {', '.join(added.dropped)}", err=True)
        for fault in added.faults:
            typer.echo(f"{fault.severity}: {fault.message} [{fault.rule}]\n  → {fault.remedy}", err=True)
        done = "would be added" if dry_run else "added"
        typer.echo(f"{added.key} {done}. Compare it with the work itself: records have mistakes.", err=True)


@app.command()
def verify(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]…", help="only these works")] = None,
    every: Annotated[bool, typer.Option("--all", help="those verified lately, too")] = False,
    older: Annotated[int, typer.Option(min=0, help="days after which a work is asked about again")] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="keep no record")] = False,
    form: Form = "text",
) -> None:
    """Ask Crossref, OpenAlex, DataCite and Open Library whether the works exist, are as listed, and are not retracted.

    Needs the network. The answers are kept with their date in data/references_verified.csv; builds and checks read
    that. Exit 1 where a work is retracted, or an identifier is another work's.
    """
    from paper.bibliography.audit import check_record
    from paper.bibliography.verification import run
    from paper.report import has_errors, print_report

    book = this_project()

    def progress(number: int, count: int, key: str) -> None:
        typer.echo(f"{number + 1} of {count}  {key}", err=True)

    done = run.verify(book, keys or [], every=every, older=older, dry=dry_run, progress=progress)
    for row in done.rows:
        score = f"{row.score:>3} of 100" if row.score is not None else " " * 10
        where = f"{row.record} ({row.index})" if row.record else ""
        typer.echo(f"{row.key:<24} {row.status:<12} {score}  {where}".rstrip())
    for reason in done.unreachable.values():
        typer.echo(f"{reason}; left as they were: {', '.join(done.left) or 'none'}", err=True)
    asked, kept = len(done.rows), done.kept
    typer.echo(f"{asked} works verified, {kept} verified in the last {older} days\n", err=True)
    if done.rows and not dry_run:
        _describe(book.root, "verification")
    faults = check_record(book, done.rows)
    print_report(faults, form, what="verified", by_rule=True)
    if has_errors(faults) or done.unreachable:
        raise typer.Exit(1)


def _describe(root: Path, what: str) -> None:
    """Enter a table that a command writes into the description of the data, and into its page, if it isn't there."""
    import json
    from importlib.resources import files

    from paper.coding.data import readme
    from paper.new.dataset import describe
    from paper.new.plan import carry_out

    text = (files(f"paper.bibliography.{what}") / "description.json").read_text("utf8")
    plan = describe(root, json.loads(text))
    if plan.created or plan.changed:
        carry_out(plan, root, lambda: readme.update(root))


@app.command()
def support(
    add: Annotated[
        bool, typer.Option("--add", help="add a row to fill in for each citing sentence that has none")
    ] = False,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]…", help="only these works")] = None,
    form: Form = "text",
) -> None:
    """Show which citations have the page and the words that bear them, and publish page and reason with seals.

    What bears a sentence stands in data/private/support.csv: key, sentence, page (or "whole"), words, reason. The words
    of the work never leave it. Exit 1 where a row is at fault.
    """
    from paper.bibliography.support import sealing
    from paper.report import has_errors, print_report

    book = this_project()
    if add:
        count = sealing.add_rows(book, keys or [])
        typer.echo(f"{sealing.PRIVATE}: {count} rows to fill in", err=True)
    outcome = sealing.check_support(book)
    if outcome.stored:
        _describe(book.root, "support")
    if outcome.faults or form != "text":
        print_report(outcome.faults, form, what="support", by_rule=True)
    if form == "text":
        for line in sealing.overview(outcome, keys or []):
            typer.echo(line)
    if has_errors(outcome.faults):
        raise typer.Exit(1)


@app.command()
def rename(
    old: Annotated[str, typer.Argument(help="the key as it is")],
    new: Annotated[str, typer.Argument(help="the key as it is to be")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show where, and change nothing")] = False,
) -> None:
    """Give a work another key: in references.bib, the chapters, the brief and the data."""
    from paper.bibliography.rename import rename as change

    done = change(this_project(), old, new, dry=dry_run)
    for file, count in done.files.items():
        typer.echo(f"{file}: {count} place{'s' if count != 1 else ''}")
    for place in done.left:
        typer.echo(f"{place} still names {old}: change it by hand", err=True)
    typer.echo(f"{old} {'would be' if dry_run else 'is'} {new}", err=True)


@app.command()
def sync(
    export: Annotated[
        Path, typer.Argument(metavar="FILE", help="the .bib file that Zotero keeps up to date")
    ],
    write: Annotated[bool, typer.Option("--write", help="change references.bib")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="again whenever the file changes, until Ctrl-C")
    ] = False,
) -> None:
    """Compare references.bib with another program's export: show what changed there, and with --write take it over.

    What was corrected here stays. Exit 1 where there is something to take over and it was not written.
    """
    from paper.bibliography import sync as worker
    from paper.errors import PaperError

    project = this_project()
    if not watch:
        if _show_sync(worker.sync(project, export, dry=not write), write=write):
            raise typer.Exit(1)
        return
    shown = ""
    with contextlib.suppress(KeyboardInterrupt):
        for done in worker.watch(project, export, dry=not write):
            if isinstance(done, PaperError):
                typer.echo(str(done), err=True)
            elif repr(done) != shown:
                shown = repr(done)
                _show_sync(done, write=write)


def _show_sync(done: SyncResult, *, write: bool) -> bool:
    """Print what a comparison came to, and return whether something is still to be taken over."""
    for change in done.updates:
        typer.echo(f"{change.key}: {change.name}: {change.here or 'nothing'} → {change.there}")
    for change in done.conflicts:
        typer.echo(f"{change.key}: {change.name} stays {change.here}; the export says {change.there}")
    for key in done.new:
        typer.echo(f"{key}: new")
    if not write and (done.updates or done.new):
        typer.echo("references.bib can be brought up to date: --write", err=True)
        return True
    typer.echo("references.bib is up to date", err=True)
    return False
