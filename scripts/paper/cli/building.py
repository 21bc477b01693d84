"""What ``paper build`` does, without what parses its words: the same words are parsed once (``parsed``)."""

from __future__ import annotations

import gc
import io
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from paper import build as builder
from paper.cli import project_root
from paper.release import unchanged
from paper.report import counted, print_notices

if TYPE_CHECKING:
    from paper.build import Report


def run(targets: list[str], profile: str | None, *, with_quarto: bool, strict: bool, verbose: bool) -> None:
    """Build the book of the working directory, and tell what was done. targets: of ``build.TARGETS``, or "all"."""
    begun = time.perf_counter()
    root = project_root()
    program = None
    if with_quarto:
        from paper.tools import quarto

        program = quarto.require()
    print(f"Building with {quarto.version(program)}" if program else unchanged.BEGUN, flush=True)
    # trees are large and live as long as the process: they are looked through less often
    gc.set_threshold(20_000, 10, 10)
    with Waiting(sys.stderr) as waiting:
        report = builder.build(
            root,
            targets=None if "all" in targets else targets,
            profile=profile,
            quarto=program,
            strict=strict,
            say=waiting.step,
        )
    told = _tell(root, report, verbose, time.perf_counter() - begun)
    unchanged.keep(root, sys.argv[1:], report.state, told)


def _tell(root: Path, report: Report, verbose: bool, seconds: float) -> dict[str, str]:
    """Tell what a build did; returns what it would tell again where nothing has changed, as `unchanged.keep` has it."""
    notices = io.StringIO()
    print_notices(report.notices, notices)
    sys.stderr.write(notices.getvalue())
    if verbose:
        for chapter, reason in report.ran.items():
            print(f"  ran {chapter}: {reason}")
        for name, took in report.seconds.items():
            print(f"  {took:6.2f} s  {name}")
    if report.renewed:
        print("assets/figures and assets/data were out of step with the data and were renewed: commit them")
    told = counted(report.notices)
    print(unchanged.summary(unchanged.SAME if report.unchanged else "Done", seconds, told))
    shown = {
        name: path.relative_to(root) if path.is_relative_to(root) else path
        for name, path in report.outputs.items()
    }
    outputs = "".join(f"  {name:<10} {path}\n" for name, path in shown.items())
    print(outputs, end="")
    for name in report.removed:
        print(f"  removed    {name}: it was made from other sources; `paper build` makes all anew")
    return {"notices": notices.getvalue(), "counted": told, "outputs": outputs}


class Waiting:
    """Says what is being done when a step takes long: on one line of a terminal; seldom where lines are kept.

    first, often, seldom: seconds until it is said, and until it is said again in a terminal and in a log.
    """

    def __init__(self, to: TextIO, *, first: float = 2, often: float = 1, seldom: float = 30) -> None:
        self._to = to
        self._first = first
        self._again = often if to.isatty() else seldom
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._shown = False

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def step(self, name: str) -> None:
        """Tell that a step begins, and how long the last one took."""
        self._stop()
        begun = time.perf_counter()

        def tick() -> None:
            with self._lock:
                if self._timer is not own[0]:
                    return
                line = f"  … {name} ({time.perf_counter() - begun:.0f} s)"
                self._to.write(f"\r\x1b[2K{line}" if self._to.isatty() else f"{line}\n")
                self._to.flush()
                self._shown = True
                own[0] = self._timer = self._start(self._again, tick)

        with self._lock:
            own = [self._start(self._first, tick)]
            self._timer = own[0]

    def _start(self, seconds: float, tick: Callable[[], None]) -> threading.Timer:
        timer = threading.Timer(seconds, tick)
        timer.daemon = True
        timer.start()
        return timer

    def _stop(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._shown and self._to.isatty():
                self._to.write("\r\x1b[2K")
                self._to.flush()
            self._shown = False
