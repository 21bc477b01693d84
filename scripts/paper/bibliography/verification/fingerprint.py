"""What of an entry the indexes could contradict, as a short hash: another one means that the entry has changed."""

from __future__ import annotations

import hashlib

from paper.bibliography.model import Entry

_COMPARED = (
    "author", "editor", "title", "subtitle", "booktitle", "journaltitle", "journal", "date", "year", "volume", "number",
    "pages", "doi", "isbn", "eprint", "url",
)  # fmt: skip


def fingerprint(entry: Entry) -> str:
    """Return what changes where a field changes that an index could contradict."""
    text = "\0".join(entry.get(name) for name in _COMPARED)
    return hashlib.sha256(f"{entry.type.lower()}\0{text}".encode()).hexdigest()[:12]
