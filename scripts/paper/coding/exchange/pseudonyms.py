"""The form of pseudonyms, as the tables allow it, and the next free one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from paper.errors import DataError

PSEUDONYM = re.compile(r"[A-Za-z][A-Za-z0-9]*([- ][A-Za-z0-9]+)*")
MAX_PSEUDONYM = 40


def next_pseudonym(kind: str, width: int, taken: Iterable[str]) -> str:
    """Return the first pseudonym of its kind after the highest that was given."""
    numbers = [int(found.group(1)) for name in taken if (found := re.fullmatch(rf"{kind}-(\d+)", name))]
    return f"{kind}-{max(numbers, default=0) + 1:0{width}}"


def is_pseudonym(name: str) -> bool:
    """Return whether a name has the form of a pseudonym."""
    return PSEUDONYM.fullmatch(name) is not None and len(name) <= MAX_PSEUDONYM


def bad_pseudonym(name: str) -> DataError:
    """Return the error of a name that has not the form of a pseudonym."""
    return DataError(
        f"{name[:MAX_PSEUDONYM]!r} can't be a pseudonym",
        remedy="use letters, digits, hyphens and single spaces, up to 40, a letter first: case-03",
    )
