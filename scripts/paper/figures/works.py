"""How figures call a work of the bibliography: "Hood 1991", "Hammer & Champy 1993", "Radnor et al. 2012"."""

from __future__ import annotations

from pathlib import Path

from paper.bibliography.names import people
from paper.bibliography.reader import read


def labels(files: tuple[Path, ...]) -> dict[str, str]:
    """Citation key → short name, for every work in the .bib files that has an author and a year."""
    found = {}
    for path in files:
        for entry in read(path).entries:
            who = [
                name.family.replace("{", "").replace("}", "")
                for name in people(entry.values.get("author", ""))
            ]
            year = (entry.values.get("date") or entry.values.get("year") or "")[:4]
            if who and year:
                found[entry.key] = f"{_together(who)} {year}"
    return found


def _together(names: list[str]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
