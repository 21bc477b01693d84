"""Waiting for what a test started, with an end: a test that waits for ever says nothing, and holds up all others.

Also the end of what must not take long, which is told by the work of the processor and by no clock.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Final, TypeVar

LONG: Final = 120.0  # seconds: what takes one may take a minute on a busy machine

T = TypeVar("T")


def until(true: Callable[[], bool], seconds: float = LONG) -> None:
    """Wait until something is so. Raises AssertionError when it doesn't come to that."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"it did not come to that in {seconds:g} s"
        time.sleep(0.05)


def within(call: Callable[[], T], seconds: float = LONG) -> T:
    """Return what a call gives that can't be told how long to wait. Raises TimeoutError when it goes on and on."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(call())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return result.result(seconds)


@contextlib.contextmanager
def working(seconds: float) -> Iterator[None]:
    """Fail where what is done within takes this process more of a processor; under `make coverage`, four times that."""
    begun = time.process_time()
    yield
    worked = time.process_time() - begun
    assert worked < (seconds if sys.gettrace() is None else 4 * seconds), f"{worked:.1f} s of a processor"
