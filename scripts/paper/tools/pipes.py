"""Output that nobody reads to its end, as where it goes to ``head``."""

from __future__ import annotations

import os
import sys


def drop_output() -> None:
    """Let what is written from now on go nowhere, after a BrokenPipeError: who read it has read enough.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
