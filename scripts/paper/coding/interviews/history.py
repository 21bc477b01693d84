"""How the codebook came about: what each day's commits changed in ``data/codebook.csv``.

`paper data history` reads it from git into ``data/codebook-history.json``, which the paper prints: so a copy without
git, or without its past, gives the same pages.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from paper.errors import MachineError, Place, SourceError
from paper.project import Project
from paper.report import Fault
from paper.tools import git
from paper.tools.files import write_atomic

CODEBOOK: Final = "data/codebook.csv"
FILE: Final = "data/codebook-history.json"
SEGMENTS: Final = "data/segments.csv"
WORDS: Final = ("definition", "when_to_use", "when_not_to_use")
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Change:
    """What changed on a day. Codes stand by their ids."""

    date: str
    """The day, as 2026-11-28."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[str, ...]
    moved: tuple[str, ...]
    """Under another code, or to another side of the division."""
    reworded: tuple[str, ...]
    """In definition, use or limits."""
    coded: int
    """Passages that were coded by then."""


def changes(root: Path) -> list[Change] | None:
    """Return the days on which the codebook changed, the first first; None where the history isn't all there.

    That is outside of git, and in a clone without its past.
    """
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return None
    log = _git(root, "log", "--reverse", "--format=%H %as", "--", CODEBOOK).split()
    days = dict(zip(log[1::2], log[::2], strict=True))  # the last commit of each day
    result: list[Change] = []
    before: Rows = {}
    for date, commit in days.items():
        after = _rows(_git(root, "show", f"{commit}:./{CODEBOOK}"))
        passages = {line.get("segment") for line in _lines(_git(root, "show", f"{commit}:./{SEGMENTS}"))}
        change = compare(before, after, date, len(passages))
        if change.added or change.removed or change.renamed or change.moved or change.reworded:
            result.append(change)
        before = after
    return result


def read(root: Path) -> list[Change]:
    """Read the recorded changes; none where there is no file. Raises SourceError where it can't be read."""
    try:
        entries = json.loads((root / FILE).read_text("utf8"))
        return [_change(entry) for entry in entries]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, AttributeError):
        raise SourceError("it can't be read", place=Place(FILE), remedy="run `paper data history`") from None


def _change(entry: dict[str, Any]) -> Change:
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
    return Change(**values)


def record(root: Path) -> list[Change]:
    """Write the changes that git has into FILE. Raises MachineError where git doesn't have them all."""
    result = changes(root)
    if result is None:
        raise MachineError(
            "the history of the codebook isn't all here",
            remedy="run it in a git clone with its past: `git fetch --unshallow`",
        )
    text = json.dumps([asdict(change) for change in result], indent=1, ensure_ascii=False)
    write_atomic(root / FILE, f"{text}\n".encode())
    return result


def check_history(project: Project) -> list[Fault]:
    """Return a note where git has changes of the codebook that the record lacks. No record: none is printed."""
    root = project.root
    if not (root / FILE).is_file() or (result := changes(root)) is None or read(root) == result:
        return []
    return [
        Fault(
            FILE,
            None,
            "codebook-history",
            "the codebook has changed since",
            "run `paper data history`",
            "note",
        )
    ]


def compare(before: Rows, after: Rows, date: str, coded: int) -> Change:
    """Return what changed from one codebook to another; each: code → its row."""
    both = [code for code in after if code in before]

    def differ(*columns: str) -> tuple[str, ...]:
        return tuple(
            code for code in both if any(before[code].get(c, "") != after[code].get(c, "") for c in columns)
        )

    return Change(
        date,
        tuple(code for code in after if code not in before),
        tuple(code for code in before if code not in after),
        differ("name"),
        differ("parent", "driver"),
        differ(*WORDS),
        coded,
    )


def _rows(text: str) -> Rows:
    return {row["code"]: row for row in _lines(text) if row.get("code")}


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _git(root: Path, *arguments: str) -> str:
    """Return what git says as text; nothing where there is no git, or it refuses."""
    return (git.ask(root, *arguments) or b"").decode("utf8").replace("\r\n", "\n")
