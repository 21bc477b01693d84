"""What a process may use before it is ended: processor time rather than time by the clock.

On a machine that does much else sound work may take long, and needs no more of the processor for it.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator
from typing import Final, Protocol

WORK: Final = 0.05  # seconds of the processor that a process which works gets
IDLE: Final = 5.0  # within so many by the clock, however much else the machine does
LONGEST: Final = 10  # times the limit by the clock: then it is over in any case
PAUSE: Final = 0.5  # between two looks at a process
STEP: Final = (
    2.0  # counted at most between two looks: a machine that sleeps, or starves this process too, isn't slow
)


class Process(Protocol):
    """What ``subprocess.Popen`` has of a process."""

    pid: int

    def kill(self) -> None:
        """End it at once."""


class Allowance:
    """How much a process and its children may use from now on.

    It is spent when as many ``seconds`` have gone by the clock, and it has used as many of the processor or only waits;
    after ten times as many in any case; and where it holds more than ``gigabytes`` of memory.
    """

    def __init__(self, pid: int, seconds: float, gigabytes: float = math.inf) -> None:
        self.pid = pid
        self.seconds = seconds
        self.gigabytes = gigabytes
        self._looked = time.monotonic()
        self._next = self._looked + min(1, seconds)
        self._elapsed = self._waited = 0.0
        self._before = -1.0
        self._last = 0.0

    def is_spent(self) -> bool:
        """Whether the process is to be ended; to be asked about once a second. False where it has ended."""
        now = time.monotonic()
        if now < self._next:
            return False  # the library that asks the system isn't loaded for what is done in a moment
        step = min(now - self._looked, STEP)
        self._looked, self._next = now, now + PAUSE - 0.1
        self._elapsed += step
        import psutil

        try:
            process = psutil.Process(self.pid)
            used = sum(process.cpu_times()[:4])  # of children that have ended, too
            bounded = self.gigabytes < math.inf
            memory = process.memory_info().rss if bounded else 0
            # to ask for children is to ask for every process there is
            late = bounded or self._elapsed >= self.seconds
            for child in process.children(recursive=True) if late else ():
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    used += sum(child.cpu_times()[:4])
                    memory += child.memory_info().rss
        except psutil.NoSuchProcess:
            return False
        if self._before < 0:  # a living process has worked before
            self._before = used - min(step, used)
        self._waited += step
        if used - self._last >= WORK:
            self._last, self._waited = used, 0.0
        if memory > self.gigabytes * 2**30 or self._elapsed >= LONGEST * self.seconds:
            return True
        waits = self._waited >= min(IDLE, self.seconds)
        return self._elapsed >= self.seconds and (waits or used - self._before >= self.seconds)


@contextlib.contextmanager
def limited(process: Process, seconds: float, gigabytes: float = math.inf) -> Iterator[None]:
    """Kill a process whose allowance is spent before the block ends. Raises TimeoutError when the block ends."""
    allowance = Allowance(process.pid, seconds, gigabytes)
    ended, killed = threading.Event(), threading.Event()

    def watch() -> None:
        pause = min(seconds, 1)
        while not ended.wait(pause):
            pause = PAUSE
            if allowance.is_spent():
                killed.set()
                process.kill()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    if killed.is_set():
        raise TimeoutError
