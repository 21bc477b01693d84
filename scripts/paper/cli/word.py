"""``paper word``: the round trip with a co-author who writes in Word."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from paper.cli import this_project
from paper.errors import MachineError, Place

if TYPE_CHECKING:
    from paper.documents.word.patch import Proposal
    from paper.documents.word.received import Received

app = typer.Typer(
    help="Send the book to a co-author as a Word file, and take the changes back.", no_args_is_help=True
)
GROUP = "word"


@app.callback()
def word() -> None:
    """Send the book to a co-author as a Word file, and take the changes back."""


@app.command()
def send(
    out: Annotated[Path | None, typer.Option(help="copy the file to send there, too")] = None,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as working")] = None,
) -> None:
    """Write the Word file for a co-author, and keep in _word/ what it was made from."""
    from paper.documents.word.sent import send as send_book
    from paper.report import print_notices

    book = this_project(profile)
    sent = send_book(book)
    print_notices(sent.notices)
    if out is not None:
        target = out / sent.file.name if out.is_dir() else out
        target.write_bytes(sent.file.read_bytes())
    typer.echo(f"{out or sent.file.relative_to(book.root)}")
    typer.echo("Send this file; when it comes back: paper word receive FILE.docx")


@app.command()
def receive(
    file: Annotated[Path, typer.Argument(help="the Word file that came back")],
    take: Annotated[
        str, typer.Option(help="numbers to take (1,4-7), or all that may be taken together")
    ] = "",
    refuse: Annotated[
        str, typer.Option(help="numbers to refuse, or all that are left; they are not shown again")
    ] = "",
    patch: Annotated[Path | None, typer.Option(help="write a patch there, and no source")] = None,
    sent: Annotated[str, typer.Option(help="the id of what was sent, where the file lost it")] = "",
    form: Annotated[str, typer.Option("--format", help="text or json")] = "text",
) -> None:
    """Show each change that came back, and take or refuse it: by numbers, or one by one on a terminal.

    What stands in generated text is listed and never written. Exit 1 where changes are in conflict with the sources.
    """
    from paper.documents.word import received as back

    if not file.is_file():
        raise MachineError(
            "there is no such file", place=Place(file), remedy="name the Word file that came back"
        )
    book = this_project()
    got = back.receive(book, file, sent)
    if form == "json":
        typer.echo(json.dumps([_facts(got, one) for one in got.proposals], ensure_ascii=False, indent=1))
    chosen, refused = _numbers(take, got, "open"), _numbers(refuse, got, "left", without=take)
    if form != "json":
        for one in got.proposals:
            if got.state(one) != "refused" and not (one.number in chosen or one.number in refused):
                _show(got, one)
                if (
                    not (take or refuse or patch)
                    and sys.stdin.isatty()
                    and got.state(one) in ("open", "asks")
                ):
                    answer = typer.prompt("  take, refuse or leave? [t/r/l]", default="l")[:1].lower()
                    chosen |= {one.number} if answer == "t" else set()
                    refused |= {one.number} if answer == "r" else set()
    files = back.take(book, got, chosen)
    if patch is not None:
        from paper.documents.word.merge import as_patch

        patch.write_text(as_patch(files), "utf8")
    else:
        from paper.documents.word.merge import write

        write(book.root, files)
        back.refuse(book, got, refused)
    if form != "json":
        _sum_up(got, chosen, refused, sorted(files))
    if any(got.state(one) == "conflict" for one in got.proposals):
        raise typer.Exit(1)


def _numbers(given: str, got: Received, which: str, without: str = "") -> set[int]:
    """Return the numbers of changes that an option names. Raises a usage error for what is no change."""
    states = {one.number: got.state(one) for one in got.proposals}
    if given == "all":
        left = {"open"} if which == "open" else {"open", "asks", "listed", "conflict"}
        taken = _numbers(without, got, "open") if without else set()
        return {number for number, state in states.items() if state in left} - taken
    numbers: set[int] = set()
    for part in filter(None, given.replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise typer.BadParameter(f"{part!r} is no number, no range such as 4-7, and not `all`")
        numbers |= set(range(int(first), int(last or first) + 1))
    if unknown := sorted(numbers - {*states}):
        raise typer.BadParameter(f"there is no change {unknown[0]}; the last is {len(states)}")
    if which == "open" and (
        barred := sorted(n for n in numbers if states[n] not in ("open", "asks", "refused"))
    ):
        raise typer.BadParameter(f"change {barred[0]} can't be taken: it is {states[barred[0]]}")
    return numbers


def _facts(got: Received, one: Proposal) -> dict[str, object]:
    change = one.change
    return {
        "number": one.number,
        "kind": change.kind,
        "state": got.state(one),
        "file": one.file,
        "line": one.line,
        "author": change.mark.author,
        "date": change.mark.date,
        "before": one.before,
        "after": change.text,
        "says": change.words,
        "why": one.obstacle or got.merged.conflicts.get(one.number, ""),
        "removes": list(one.removes),
    }


def _show(got: Received, one: Proposal) -> None:
    """Print a change: number, place, author, what goes and what comes, what is in the way."""
    change, state = one.change, got.state(one)
    place = f"{one.file}:{one.line}" if one.file else "before the text"
    who = change.mark.author or "not tracked"
    typer.echo(f"{one.number:>4}. {place}  {change.kind}  ({who})")
    if change.kind in ("comment", "format", "object"):
        typer.echo(f"      on “{_short(one.before)}”: {change.words}")
    else:
        gone = f"[-{_short(one.before)}-]" if one.before else ""
        come = f"{{+{_short(change.text)}+}}" if change.text else ""
        typer.echo(f"      {' '.join(filter(None, (gone, come)))}")
    if state == "listed":
        typer.echo(f"      not written: {one.obstacle}")
    elif state == "conflict":
        typer.echo(f"      conflict: the source now says “{_short(got.merged.conflicts[one.number])}”")
    elif state == "asks":
        typer.echo(f"      takes {', '.join(one.removes)} away: taken only by its number")
    elif state == "done":
        typer.echo("      the source has it already")


def _short(words: str) -> str:
    words = words.replace("\ufffc", "[object]").replace("\n", " ¶ ")
    return words if len(words) <= 200 else f"{words[:120]} … {words[-60:]}"


def _sum_up(got: Received, chosen: set[int], refused: set[int], files: list[str]) -> None:
    """Print what became of all changes: they add up."""
    left = [got.state(one) for one in got.proposals if one.number not in chosen | refused]
    counts = {state: left.count(state) for state in ("open", "asks", "listed", "conflict", "done", "refused")}
    words = {
        "open": "left open",
        "asks": "left open that take a citation or the like away",
        "listed": "listed and not written",
        "conflict": "in conflict with the sources",
        "done": "in the sources already",
        "refused": "refused before",
    }
    notices = [f"{len(chosen)} taken", f"{len(refused)} refused"]
    notices += [f"{count} {words[state]}" for state, count in counts.items() if count]
    typer.echo(f"{len(got.proposals)} changes: {', '.join(notices)}")
    for file in files:
        typer.echo(f"  {file}")
