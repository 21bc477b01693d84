"""What changed between two drafts: which two are meant, and the changes as lines to read in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from paper.errors import MachineError, Place
from paper.release.diff import Change, PageChange
from paper.site.drafts import DATE, draft_dates

AROUND: Final = 8  # unchanged words shown before and after a change
SIGNS: Final = {"removed": ("[-", "-]"), "added": ("{+", "+}")}  # as wdiff writes them


def draft_folder(name: str, site: Path) -> Path:
    """Return the folder of a draft: that of a date, kept in ``site``, or any folder of a built site.

    Raises MachineError where there is none.
    """
    if DATE.fullmatch(name):
        folder = site / "drafts" / name
        known = ", ".join(date.isoformat() for date in draft_dates(site)) or "none"
        remedy = f"drafts kept here: {known}; --published takes those of the published site"
    else:
        folder = Path(name)
        remedy = "give the date of a kept draft, or the folder of a built site"
    if not (folder / "index.html").is_file():
        raise MachineError(f"there is no draft {name}", place=Place(folder), remedy=remedy)
    return folder


def change_lines(pages: Iterable[PageChange]) -> Iterator[str]:
    """Yield the changed pages by chapter, each with its sections and changes, then how many are the same."""
    same = 0
    for page in pages:
        if page.state == "same":
            same += 1
            continue
        new = {"added": " (new page)", "removed": " (page removed)", "changed": ""}[page.state]
        yield f"{page.title}{new}: {page.words('removed')} words removed, {page.words('added')} added"
        section = page.title
        for change in page.changes:
            if change.section != section:
                section = change.section
                yield f"  {section}"
            yield f"    {_line(change)}"
        yield ""
    yield f"{same} page{'' if same == 1 else 's'} without a change"


def _line(change: Change) -> str:
    last = len(change.pieces) - 1
    parts = []
    for n, (op, text) in enumerate(change.pieces):
        if op == "same":
            parts.append(_shortened(text, from_start=n > 0, to_end=n < last))
        else:
            before, after = SIGNS[op]
            parts.append(f"{before}{text.strip()}{after}")
    return re.sub(r"\s+", " ", " ".join(parts)).strip()


def _shortened(text: str, *, from_start: bool, to_end: bool) -> str:
    """Shorten an unchanged run to its words next to a change: the first after one, the last before one."""
    words = text.split()
    if len(words) <= AROUND * (from_start + to_end):
        return " ".join(words)
    return " ".join(
        [*(words[:AROUND] if from_start else []), "…", *(words[-AROUND:] if to_end else [])],
    )
