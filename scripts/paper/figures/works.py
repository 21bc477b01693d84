"""The works of the bibliography for figures: how to call them ("Hood 1991"), when they appeared, who cites them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper import project
from paper.bibliography.names import people
from paper.bibliography.reader import read

if TYPE_CHECKING:
    import pandas as pd

REFERENCES: Final = "chapters/references.html"


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


def page_of(key: str) -> str:
    """Where the site lists a work: the target of its marks in figures."""
    return f"{REFERENCES}#ref-{key}"


def _together(names: list[str]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)


def by_chapter(root: Path, listed: Iterable[str]) -> pd.DataFrame:
    """``citations.by_year_and_chapter`` for the project's chapters, without its appendices.

    listed: the keys of the draft's own list.
    """
    from paper.analysis.citations import by_year_and_chapter
    from paper.bibliography.citations import all_citations

    book = project.load(root)
    years = {
        entry.key: int(year)
        for path in book.bibliography
        for entry in read(path).entries
        if (year := (entry.get("date") or entry.get("year"))[:4]).isdecimal()
    }
    chapters = {
        chapter.page: _title(root / chapter.path) for chapter in book.chapters if chapter.kind != "appendix"
    }
    return by_year_and_chapter(all_citations(root), years, chapters, listed)


def _title(path: Path) -> str:
    """A chapter's title up to its colon, from its first heading or its YAML."""
    text = path.read_text("utf-8-sig", errors="replace")
    found = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$|^# +(.+?)\s*(?:\{[^}]*\})?\s*$", text, re.MULTILINE)
    return re.split(r":\s", (found[1] or found[2]), maxsplit=1)[0] if found else path.stem
