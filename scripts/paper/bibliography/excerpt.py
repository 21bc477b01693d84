"""A .bib file cut down to the works that are cited: pandoc reads the whole file for each text that it cites in.

10,000 works take it three seconds; the two hundred of them that a book cites, a twentieth.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from paper.bibliography.model import BIBTEX, Bibliography, Entry
from paper.bibliography.reader import read

_REFERRING = ("crossref", "xref", "xdata", "entryset", "related")


def excerpt(path: Path, keys: Collection[str]) -> str | None:
    """Return the text of a .bib file with the entries of these keys and those that they refer to, in its order.

    Strings and preambles stay. None where the whole file is to be read: it is another kind of file, something in it is
    wrong, or the keys ask for all by "*". Raises OSError where it can't be read.
    """
    if path.suffix not in BIBTEX or "*" in keys:
        return None
    bib = read(path)
    if bib.problems:
        return None
    kept = _needed(bib, keys)
    return "\n".join(
        bib.text[block.start : block.end]
        for block in bib.blocks
        if id(block) in kept or block.kind in ("string", "preamble")
    )


def _needed(bib: Bibliography, keys: Collection[str]) -> set[int]:
    """Return the ids of the entries of these keys, and of all that they lead to. Keys count whatever their case."""
    known: dict[str, list[Entry]] = {}
    for entry in bib.entries:
        for name in (entry.key, *_names(entry, "ids")):
            known.setdefault(name.casefold(), []).append(entry)
    kept: set[int] = set()
    waiting = [entry for key in keys for entry in known.get(key.casefold(), ())]
    while waiting:
        entry = waiting.pop()
        if id(entry) not in kept:
            kept.add(id(entry))
            named = (name for field in _REFERRING for name in _names(entry, field))
            waiting += [other for name in named for other in known.get(name.casefold(), ())]
    return kept


def _names(entry: Entry, field: str) -> list[str]:
    return [name for name in re.split(r"[\s,]+", entry.get(field)) if name]
