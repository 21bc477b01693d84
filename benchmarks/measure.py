"""One command measured: wall time, and peak memory over the whole tree of its processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

INTERVAL = 0.02  # s between two looks at memory
ENOUGH = 60.0  # s of timed runs after which a case isn't run again


class Failed(Exception):
    """A measured command ended with an error, so that its time says nothing."""


@dataclass(frozen=True)
class Measured:
    """seconds: of each timed run; megabytes: the peak of one run of its own, which isn't timed.

    processor: seconds that processors worked for it, of each timed run, which other work on the machine hardly
    changes; empty where the system doesn't tell.
    """

    seconds: tuple[float, ...]
    megabytes: float
    processor: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(
    command: Sequence[str | Path],
    folder: Path,
    *,
    before: Callable[[int], None] = lambda _: None,
    repeats: int = 3,
    environment: Mapping[str, str] | None = None,
    fine: tuple[int, ...] = (0,),
) -> Measured:
    """Run the command once for its memory, which also warms the machine, then ``repeats`` times for its time.

    Without repeats the one run gives both, its time a little longer for being watched. What takes long is run less
    often: until its runs have taken ENOUGH seconds.
    before: what is to be done before each run, by its number; not timed. fine: exit codes that mean success.
    Raises Failed with the command's own words.
    """
    before(0)
    begun, worked = time.perf_counter(), _processor()
    peak, _ = watched(command, folder, environment, fine)
    seconds, processor = [time.perf_counter() - begun], [_processor() - worked]
    if repeats:
        seconds, processor = [], []
    for run in range(1, repeats + 1):
        if sum(seconds) >= ENOUGH:
            break
        before(run)
        begun, worked = time.perf_counter(), _processor()
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        seconds.append(time.perf_counter() - begun)
        processor.append(_processor() - worked)
        _require(command, done.returncode, done.stdout + done.stderr, fine)
    return Measured(tuple(seconds), peak, tuple(processor) if any(processor) else ())


def _processor() -> float:
    """Seconds that processors have worked for processes that this one began and that have ended."""
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watched(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    fine: tuple[int, ...] = (0,),
) -> tuple[float, str]:
    """Run the command; the peak of its tree's memory in MB, looked at every INTERVAL, and what it printed.

    Raises Failed.
    """
    peak = 0.0
    with tempfile.TemporaryFile("w+", encoding="utf8") as printed:
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        ) as process:
            tree = psutil.Process(process.pid)
            while process.poll() is None:
                peak = max(peak, _memory(tree))
                time.sleep(INTERVAL)
        printed.seek(0)
        said = printed.read()
    _require(command, process.returncode, said, fine)
    return peak / 1e6, said


def _memory(tree: psutil.Process) -> int:
    """The bytes that the processes hold, pages that they share counted once where the system tells (Linux)."""
    total = 0
    try:
        processes = [tree, *tree.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            held = process.memory_full_info() if psutil.LINUX else process.memory_info()
            total += getattr(held, "pss", held.rss)
        except psutil.Error:  # it ended in between
            continue
    return total


def _require(command: Sequence[str | Path], code: int, said: str, fine: tuple[int, ...]) -> None:
    if code not in fine:
        last = "\n".join(said.splitlines()[-15:])
        raise Failed(f"{' '.join(map(str, command))} ended with {code}:\n{last}")
