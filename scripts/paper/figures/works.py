"""The works of the bibliography for figures and tables: how to call them ("Hood 1991"), where they are listed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from paper import project
from paper.bibliography.names import people
from paper.bibliography.reader import read

REFERENCES: Final = "chapters/references.html"


def labels() -> dict[str, str]:
    """Return citation key → short name, for every work of the book that has an author and a year."""
    results = {}
    for path in project.load(project.find_root(Path.cwd())).bibliography:
        for entry in read(path).entries:
            who = [
                name.family.replace("{", "").replace("}", "")
                for name in people(entry.values.get("author", ""))
            ]
            year = (entry.values.get("date") or entry.values.get("year") or "")[:4]
            if who and year:
                results[entry.key] = f"{_together(who)} {year}"
    return results


def page_of(key: str) -> str:
    """Return where the site lists a work: the target of its marks in figures."""
    return f"{REFERENCES}#ref-{key}"


def _together(names: list[str]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
