"""One line on how the bibliography was verified, and when."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from paper.bibliography.audit import library as load_library
from paper.bibliography.verification import store
from paper.bibliography.verification.fingerprint import fingerprint
from paper.project import Project

_WORDS = {
    "confirmed": "confirmed",
    "differs": "differ from their record",
    "another-work": "with the identifier of another work",
    "not-found": "not found",
    "unknowable": "not to be known",
}


def summarise(project: Project, today: dt.date | None = None) -> str:
    """Return when the works were last verified, what came of it, and what is still to be done; "" without works."""
    entries = [
        entry for entry in load_library(project).by_key.values() if entry.type.lower() not in ("xdata", "set")
    ]
    if not entries:
        return ""
    record = store.read_record(project.root)
    rows = [
        row for entry in entries if (row := record.get(entry.key)) and row.fingerprint == fingerprint(entry)
    ]
    changed = sum(entry.key in record for entry in entries) - len(rows)
    never = sum(entry.key not in record for entry in entries)
    if not rows and not changed:
        return "never verified: paper refs verify asks Crossref and others whether the works exist"
    day = today or dt.datetime.now(dt.UTC).date()
    parts = []
    if rows:
        days = [(day - row.checked).days for row in rows]
        ago = (
            _ago(min(days)) if min(days) == max(days) else f"{_ago(min(days))}, the oldest {_ago(max(days))}"
        )
        counts = Counter[str](row.status for row in rows)
        message = ", ".join(f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status])
        parts.append(f"last verified {ago}: {message}")
    parts += [f"{changed} changed since"] if changed else []
    parts += [f"{never} never verified"] if never else []
    return "; ".join(parts) + (" (paper refs verify)" if changed or never else "")


def _ago(days: int) -> str:
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
