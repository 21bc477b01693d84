"""Processes of Python that do a part of the work: see ``.github/decisions/processes.md``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Self, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


class Processes:
    """A pool that is forked where that is safe; where it isn't, all is done here. A context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def fork(self, most: int) -> None:
        """Fork so many, from this process as it is: with what it has imported, and before it has a second thread.

        That would be missing in the other.
        """
        if _has_one_thread():
            self._pool = new_pool("fork", most)
            self._pool.submit(int)  # which forks all of them

    @property
    def any(self) -> bool:
        """Whether there is a process besides this one."""
        return self._pool is not None

    def beside(self, function: Callable[[Part], Result], part: Part) -> Callable[[], Result]:
        """Begin to apply the function in a process, or apply it here; return what waits for its result or error."""
        if self._pool is None:
            result = function(part)
            return lambda: result
        future = self._pool.submit(function, part)

        def wait() -> Result:
            with suppress(BrokenExecutor):  # a process that the system has ended, for its memory perhaps
                return future.result()
            return function(part)

        return wait


def new_pool(method: str, most: int) -> ProcessPoolExecutor:
    """Return a pool of so many processes, forked or spawned. They end when this one ends, also when it is killed."""
    return ProcessPoolExecutor(most, mp_context=get_context(method), initializer=_begin)


def _begin() -> None:
    gc.disable()  # garbage comes to a few MB a target, and looking for it to a sixth of the work
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A forked process holds all that its parent held: the book's lock, and the pipe whose end it waits for itself.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _has_one_thread() -> bool:
    """Whether the process has no thread but this one, libraries' own among them (Typst's, once it has set a page)."""
    return sys.platform == "linux" and sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
