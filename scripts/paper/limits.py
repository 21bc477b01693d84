r"""Limits of time and memory, each set by an environment variable of its name.

Nothing runs for ever: `paper.limits` lists what may be set, the guide `when-a-build-fails.md` tells it. A regular
expression over an author's text takes time in proportion to it: bounded and possessive repeats, no `^\s*` over
lines.
"""

from __future__ import annotations

import os
from typing import Final

from paper.errors import MachineError

# name → (default, what it limits). .github/guides/when-a-build-fails.md explains them; a test holds the two together.
LIMITS: Final = {
    "PAPER_CELL_TIMEOUT": (120.0, "seconds of processor time for one cell, and of waiting"),
    "PAPER_KERNEL_TIMEOUT": (60.0, "seconds of processor time until the kernel has started"),
    "PAPER_CELL_MEMORY_GB": (8.0, "gigabytes of memory for all cells"),
    "PAPER_PANDOC_TIMEOUT": (120.0, "seconds of processor time for one call of pandoc"),
    "PAPER_PANDOC_MEMORY_GB": (8.0, "gigabytes of memory for one process of pandoc"),
    "PAPER_SEARCH_TIMEOUT": (120.0, "seconds of processor time for the search index"),
    "PAPER_SEARCH_MEMORY_GB": (4.0, "gigabytes of memory for the search index"),
    "PAPER_QUARTO_TIMEOUT": (1800.0, "seconds for a render with Quarto"),
    "PAPER_LOCK_TIMEOUT": (0.0, "seconds to wait for another build"),
    "PAPER_FETCH_TIMEOUT": (15.0, "seconds for one image from the web"),
    "PAPER_VERIFY_TIMEOUT": (30.0, "seconds for one file of a published site"),
}
MOST: Final = 1e6  # more than any machine or patience has


def value(name: str) -> float:
    """Return the limit as the environment gives it, else its default. Raises MachineError for no such number."""
    default, what = LIMITS[name]
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    try:
        number = float(given)
    except ValueError:
        number = -1
    if not (0 < number <= MOST or number == default):
        raise MachineError(
            f"{name} is {given[:40]!r}, which is no number of {what}",
            remedy=f"set it to a number above 0, such as {default or 60:g}, or leave it unset",
        )
    return number
