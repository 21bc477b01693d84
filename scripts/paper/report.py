"""What checks find, in one form for all of them, and the three ways to print it.

A check returns ``list[Fault]``; ``print_report`` sorts and prints them; the command exits 1 when one of
them is an error. Used by ``paper data|refs|claims|quotes|privacy|brief check`` and ``paper check``.

A mistake in the author's files raises a `paper.errors.SourceError` (file, line, remedy); checks return
`list[paper.report.Fault]`, printed by `report.print_report(faults, form)` with `--format text|json|github`, and exit
1 when one is an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TextIO

from paper.errors import PaperError, Place, SourceErrors

Severity = Literal["error", "warning", "note"]
Format = Literal["text", "json", "github"]
MOST = 20  # warnings of one kind that a build prints
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Fault:
    """One thing that a check found.

    file: path relative to the project, with forward slashes; line: from 1, None for the whole file;
    column: a column's name in a table, or a position from 1; rule: a stable, hyphenated name.
    """

    file: str
    line: int | None
    rule: str
    message: str
    remedy: str = ""
    severity: Severity = "error"
    column: str | int | None = None

    @property
    def at(self) -> Place:
        """The place as errors have it."""
        return Place(self.file, self.line, self.column)

    @property
    def place(self) -> str:
        """File, line and column as far as they are known, as an editor opens them."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


def of_error(error: PaperError, file: str = "") -> list[Fault]:
    """Return a fault that was raised, or all of them, as a report has it. file: where no place is known."""
    if isinstance(error, SourceErrors):
        return [fault for one in error.errors for fault in of_error(one, file)]
    place = error.place
    column = place.column if place else None
    where = str(place.file) if place else file
    return [
        Fault(where, place.line if place else None, "unreadable", error.message, error.remedy, column=column)
    ]


def warning(place: Place, rule: str, message: str, remedy: str) -> Fault:
    """Return a fault with which a build goes on, as Quarto does; ``--strict`` stops at it."""
    return Fault(str(place.file), place.line, rule, message, remedy, "warning", place.column)


def has_errors(faults: list[Fault]) -> bool:
    """Return whether one of the faults must stop a build."""
    return any(fault.severity == "error" for fault in faults)


def ordered(faults: list[Fault]) -> list[Fault]:
    """By file, line, column, severity, rule: the same input gives the same report."""
    return sorted(
        set(faults),
        key=lambda f: (f.file, f.line or 0, str(f.column or ""), _ORDER[f.severity], f.rule, f.message),
    )


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults in order, each message of a file once, where it first stands."""
    first: dict[tuple[str, str], Fault] = {}
    for fault in ordered(list(faults)):
        first.setdefault((fault.file, fault.message), fault)
    return list(first.values())


def print_report(
    faults: list[Fault],
    form: Format = "text",
    *,
    what: str = "check",
    to: TextIO | None = None,
    by_rule: bool = False,
) -> None:
    """Print the faults: for people (``text``), for scripts (``json``) or as GitHub annotations.

    by_rule: for people, the counts first, then errors, warnings and notes, those of one rule together.
    """
    stream = to or sys.stdout
    faults = ordered(faults)
    if form == "json":
        json.dump([asdict(fault) for fault in faults], stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    elif form == "github":
        for fault in faults:
            kind = "notice" if fault.severity == "note" else fault.severity
            text = f"{fault.message} {fault.remedy}".strip()
            for raw, coded in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
                text = text.replace(raw, coded)
            where = f"file={fault.file}" + (f",line={fault.line}" if fault.line else "")
            stream.write(f"::{kind} {where},title={fault.rule}::{text}\n")
    elif by_rule:
        _print_by_rule(faults, what, stream)
    else:
        _print_text(faults, what, stream)


def print_notices(notices: Iterable[Fault], to: TextIO | None = None) -> None:
    """Print what a build goes on with, each as Quarto prints its warnings, with its place and what to do."""
    stream = to or sys.stderr
    known = list(dict.fromkeys(notices))
    shown: dict[str, int] = {}
    for notice in known:
        shown[notice.rule] = shown.get(notice.rule, 0) + 1
        if shown[notice.rule] > MOST:
            continue
        remedy = f"\n  → {notice.remedy}" if notice.remedy else ""
        stream.write(f"{notice.severity.upper()} {notice.place}: {notice.message}{remedy}\n")
    for rule, count in shown.items():
        if count > MOST:
            stream.write(f"… and {count - MOST} more of the kind {rule}: `paper check` tells all\n")


def counted(faults: Iterable[Fault]) -> str:
    """Return how many faults there are of each severity, "" for none."""
    severities = [str(fault.severity) for fault in faults]
    counts = ((severity, severities.count(severity)) for severity in _ORDER)
    return ", ".join(f"{n} {severity}{'s' if n != 1 else ''}" for severity, n in counts if n)


_COLOUR: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def _print_by_rule(faults: list[Fault], what: str, stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    console.print(Text(f"{what}: {counted(faults) or 'nothing found'}", style="bold"))
    groups: dict[tuple[Severity, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.severity, fault.rule), []).append(fault)
    for (severity, rule), group in sorted(groups.items(), key=lambda one: (_ORDER[one[0][0]], one[0][1])):
        head = Text("\n")
        head.append(severity, style=_COLOUR[severity])
        head.append(f"  {rule}", style="bold")
        head.append(f"  {len(group)}" if len(group) > 1 else "")
        console.print(head)
        remedies = {fault.remedy for fault in group}
        shown = group if len(group) <= MOST + 5 else group[:MOST]
        for fault in shown:
            remedy = f"  → {fault.remedy}" if len(remedies) > 1 and fault.remedy else ""
            console.print(Text(f"  {fault.place:<22}  {fault.message}").append(remedy, style="dim"))
        if len(shown) < len(group):
            console.print(
                Text(f"  … and {len(group) - len(shown)} more: --format json tells all", style="dim")
            )
        if len(remedies) == 1 and group[0].remedy:
            console.print(Text(f"  → {group[0].remedy}", style="dim"))


def _print_text(faults: list[Fault], what: str, stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    file = None
    for fault in faults:
        if fault.file != file:
            file = fault.file
            console.print(Text(f"\n{file}", style="bold"))
        where = ":".join(str(part) for part in (fault.line, fault.column) if part is not None)
        line = Text(f"  {where:<10} ")
        line.append(fault.severity, style=_COLOUR[fault.severity])
        line.append(f"  {fault.message}  ")
        line.append(f"[{fault.rule}]", style="dim")
        console.print(line)
        if fault.remedy:
            console.print(Text(f"             → {fault.remedy}", style="dim"))
    console.print(Text(f"{what}: {counted(faults) or 'nothing found'}"))
