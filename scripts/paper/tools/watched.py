"""What a cell looks at less closely than file by file, where the engine reads on its behalf.

The watcher of a kernel (``cells.inside.watch``) notes each file that a cell reads, whole, and a result is good until
the file changes. Who reads a file for one thing in it says so here, and the result is good until that changes.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext


def reading_for(kind: str) -> AbstractContextManager[None]:
    """Let files that are read within be looks of this kind (of ``cells.inside.looks``); elsewhere nothing is done."""
    watcher = getattr(sys, "_paper_watcher", None)
    return nullcontext() if watcher is None else watcher.reading_for(kind)
