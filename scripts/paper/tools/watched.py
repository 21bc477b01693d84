"""What a cell looks at less closely than file by file, where the engine reads on its behalf.

The watcher of a kernel (``cells.inside.watch``) notes each file that a cell reads, whole, and a result is good until
the file changes. Who reads a file for one thing in it says so here, and the result is good until that changes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

Made = TypeVar("Made")


def reading_for(kind: str) -> AbstractContextManager[None]:
    """Let files that are read within be looks of this kind (of ``cells.inside.looks``); elsewhere nothing is done."""
    watcher = getattr(sys, "_paper_watcher", None)
    return nullcontext() if watcher is None else watcher.reading_for(kind)


def once(key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what ``make`` gives, in a kernel made once for a chapter while its cells write no file.

    key: what tells it from all else that is kept so. What it reads is noted the first time.
    """
    watcher: Any = getattr(sys, "_paper_watcher", None)
    made: Made = make() if watcher is None else watcher.once(key, make)
    return made
