"""``paper refs verify``: every work of the bibliography asked of the public indexes, and the answers kept with date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from paper.bibliography.audit import library as load_library
from paper.bibliography.model import Entry
from paper.bibliography.rules import Library
from paper.bibliography.settings import author_mail, settings
from paper.bibliography.verification import store
from paper.bibliography.verification.fingerprint import fingerprint
from paper.bibliography.verification.indexes import Indexes
from paper.bibliography.verification.judging import judge
from paper.bibliography.verification.model import Verification
from paper.errors import CitationError, MachineError
from paper.project import Project

OLD = 30
"""Days after which a work is asked about again: it may have been retracted since."""


@dataclass
class Run:
    """What one run came to."""

    rows: list[Verification] = field(default_factory=list)
    """What was asked this time, in the order of the bibliography."""
    kept: int = 0
    """Works that were verified not long ago, and haven't changed."""
    unreachable: dict[str, str] = field(default_factory=dict)
    """Index → why it can't be asked."""
    left: list[str] = field(default_factory=list)
    """Keys of works about which nothing was learned, as an index that matters for them couldn't be asked."""


def verify(
    project: Project, keys: Iterable[str] = (), *, every: bool = False, older: int = OLD, dry: bool = False,
    today: dt.date | None = None, progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Run:  # fmt: skip
    """Ask the indexes about works that were never verified, have changed, or were verified ``older`` days ago.

    keys: only these works; every: those verified lately, too; dry: keep no record; progress: called with how many are
    done, how many there are, and the key that is next. The record is written after each work, so that nothing is asked
    twice where a run is broken off. Raises CitationError for a key that no entry has, MachineError where no index
    answers.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    chosen = settings(project)
    library = load_library(project, chosen)
    record = store.read_record(project.root)
    wanted = set(keys)
    if unknown := wanted - set(library.by_key):
        raise CitationError(
            f"no entry has the key {min(unknown)!r}", remedy="paper refs show finds the nearest"
        )
    entries = [entry for entry in _works(library) if not wanted or entry.key in wanted]
    due = [entry for entry in entries if every or wanted or is_due(entry, record.get(entry.key), day, older)]
    run = Run(kept=len(entries) - len(due))
    indexes = Indexes(chosen.mailto or author_mail(project))
    known = {entry.key for entry in _works(library)}
    record = {key: row for key, row in record.items() if key in known}
    for number, entry in enumerate(due):
        progress(number, len(due), entry.key)
        row = judge(library, entry, indexes, day)
        if _is_uncertain(row, indexes):
            run.left.append(entry.key)
            continue
        run.rows.append(row)
        record[entry.key] = row
        if not dry:
            store.write_record(project.root, record.values())
    run.unreachable = indexes.unreachable
    if due and not run.rows and run.unreachable:
        index, reason = next(iter(run.unreachable.items()))
        raise MachineError(
            f"nothing verified: {reason}", remedy=f"look at the connection: {index} is on the web"
        )
    return run


def is_due(entry: Entry, row: Verification | None, day: dt.date, older: int) -> bool:
    """Return whether an entry is to be asked about: never verified, changed since, or long ago."""
    return row is None or row.fingerprint != fingerprint(entry) or (day - row.checked).days >= older


def _works(library: Library) -> list[Entry]:
    """Return the entries that are works of their own, each key once."""
    return [entry for entry in library.by_key.values() if entry.type.lower() not in ("xdata", "set")]


def _is_uncertain(row: Verification, indexes: Indexes) -> bool:
    """Return whether an index that couldn't be asked might have said otherwise."""
    asked = set(indexes.unreachable)
    if "Crossref" in asked:
        return True  # it alone tells of retractions, and knows most
    return bool(asked - {"doi.org"}) and row.status in ("not-found", "unknowable", "another-work")
