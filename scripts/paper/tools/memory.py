"""Memory given back before something begins that takes much of it."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

from paper.tools import pandoc_worker


def release() -> None:
    """Give back to the system what nothing here needs any more; idle pandocs end.

    Trees refer to themselves, so that only a collection finds them, and the C library keeps what it is given back.
    """
    pandoc_worker.POOL.stop()
    gc.collect()
    with suppress(
        OSError, AttributeError
    ):  # glibc's alone: https://man7.org/linux/man-pages/man3/malloc_trim.3.html
        ctypes.CDLL(None).malloc_trim(0)
