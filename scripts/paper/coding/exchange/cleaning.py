"""Text made fit for the open tables: without names that the file gives away, without signs that can't be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePath

from paper.coding.exchange.coders import Coders
from paper.coding.exchange.interviews import Interviews
from paper.coding.exchange.model import CodedProject

MIN_NAME = 4  # letters of a name that is looked for; shorter ones are in too many words


def cleaner(project: CodedProject, coders: Coders, interviews: Interviews) -> Callable[[str], str]:
    """Return a function that puts pseudonyms in the place of the project's users, cases and files.

    A name is found as a whole, whatever its capitals. A person whom the file names nowhere isn't found: for
    that there is ``paper privacy check``.
    """
    pseudonyms: dict[str, str] = {}
    for user in project.users:
        pseudonyms[user.name] = coders.pseudonyms.get(user.id, "coder")
    for source in project.sources:
        for name in (source.name, PurePath(source.name).stem):
            pseudonyms[name] = interviews.case_of_source(source.id) or "case"
    for case in project.cases:
        pseudonyms[case.name] = interviews.of_case(case.id) or "case"
    names = sorted(
        (name for name, stands in pseudonyms.items() if len(name) >= MIN_NAME and name != stands), key=len
    )
    if not names:
        return str
    lowered = {name.lower(): pseudonyms[name] for name in names}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, reversed(names)))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: lowered.get(match.group().lower(), "case"), text)


def tidy(text: str) -> str:
    """Text as a cell may hold it: one kind of line end, no control signs, no space around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf"))
    return "".join(kept).strip()
