"""Living pandoc processes: `pandoc lua` with a loop of our own, which converts one text after the other.

Each job starts from nothing but what it is given, as a process of its own would; what is spared is the start, the
growing heap and the reading of pandoc's own data. `pandoc server` was measured, too: it knows no Lua filters, reads no
bibliography from disk, and opens a port to everybody on the machine.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from paper import limits
from paper.tools import processes

LOOP: Final = Path(__file__).with_name("pandoc_worker.lua")
LARGE: Final = (
    6_000_000  # bytes of a job and its answer, after which a worker keeps 400 MB that no other needs
)
# A large nursery: most of what a conversion makes is garbage at once, and collecting it costs up to half of its time.
HEAP: Final = ("-A64m", "-n4m")
# Entries of a bibliography that name no language are otherwise read in that of whoever builds.
LANGUAGE: Final = {"LANG": "en_US.UTF-8"}
_OPTIONS: Final = {
    "--wrap=none": ("wrap_text", "wrap-none"),
    "--mathjax": ("html_math_method", "mathjax"),
    "--mathml": ("html_math_method", "mathml"),
    "--section-divs": ("section_divs", True),
    "--syntax-highlighting=pygments": ("highlight_method", "default"),
    "--syntax-highlighting=idiomatic": ("highlight_method", "idiomatic"),
    "--reference-location=block": ("reference_location", "end-of-block"),
    "--reference-location=section": ("reference_location", "end-of-section"),
}
_CITING: Final = frozenset({"markdown", "org", "typst"})
_TRUTH: Final = {"true": True, "false": False}


class WorkerError(Exception):
    """A job that the worker can't do, or that ended it."""


def memory() -> str:
    """Return the option of pandoc's runtime that bounds its memory. Raises MachineError."""
    most = limits.value("PAPER_PANDOC_MEMORY_GB")
    return f"-M{int(most * 1024)}m"


def job(source: str, to: str, args: Sequence[str]) -> dict[str, Any] | None:
    """Return the settings of a conversion as the loop takes them; None where a process of its own must do it."""
    if "--citeproc" in args and to in _CITING:
        return None  # the command line then takes the extension `citations` out of the format
    results: dict[str, Any] = {
        "from": source, "to": to, "options": {}, "metadata": {}, "bibliography": [], "filters": [],
    }  # fmt: skip
    rest = iter(args)
    for arg in rest:
        name, given, value = arg.partition("=")
        if arg in _OPTIONS:
            option, setting = _OPTIONS[arg]
            results["options"][option] = setting
        elif arg == "--citeproc":
            results["filters"].append("citeproc")
        elif arg in ("--sandbox", "--standalone"):
            results[arg[2:]] = True
        elif name == "--metadata":
            key, _, setting = value.partition(":")
            results["metadata"][key] = _TRUTH.get(setting, setting)
        elif name in ("--bibliography", "--csl", "--lua-filter", "--template", "--reference-doc"):
            value = value if given else next(rest)
            if name == "--bibliography":
                results["bibliography"].append(value)
            elif name == "--csl":
                results["metadata"]["csl"] = value
            elif name == "--lua-filter":
                results["filters"].append(value)
            elif name == "--template":
                results["template"] = value
            else:
                results["options"]["reference_doc"] = value
        else:
            return None
    return results


class Worker:
    """One process, which does one job at a time."""

    def __init__(self, binary: Path) -> None:
        self._process = subprocess.Popen(
            [str(binary), "+RTS", *HEAP, memory(), "-RTS", "lua", str(LOOP)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # nothing is held back here that a process forked meanwhile could send again
            cwd=binary.parent,
            env={**os.environ, **LANGUAGE},
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._jobs = self._process.stdin
        self._answers = os.fdopen(self._process.stdout.fileno(), "rb", closefd=False)

    def convert(self, settings: dict[str, Any], text: bytes, timeout: float) -> bytes:
        """Do one job. Raises WorkerError, after which a worker that is no longer alive must be dropped.

        timeout: seconds of the worker's own processor time. Raises TimeoutError.
        """
        head = json.dumps(settings).encode()
        line = answer = b""
        with processes.limited(self._process, timeout), contextlib.suppress(OSError):
            rest = memoryview(b"%d %d\n" % (len(head), len(text)) + head + text)
            while rest:
                rest = rest[self._jobs.write(rest) or 0 :]
            line = self._answers.readline()
            answer = self._answers.read(int(line[1:])) if line.endswith(b"\n") else b""
        if not line or len(answer) != int(line[1:]):
            self.stop()
            raise WorkerError("pandoc ended")
        if len(text) + len(answer) > LARGE:
            self.stop()
        if line[:1] != b"+":
            raise WorkerError(answer.decode("utf8", "replace"))
        return answer

    @property
    def alive(self) -> bool:
        """Whether it takes another job."""
        return not self._jobs.closed and self._process.poll() is None

    def stop(self) -> None:
        """End the process, and wait until it has ended."""
        self._jobs.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def forget(self) -> None:
        """Let go of a process that belongs to the process from which this one was forked."""
        self._process.returncode = 0
        self._jobs.close()
        self._close()

    def _close(self) -> None:
        self._answers.close()
        if self._process.stdout:
            self._process.stdout.close()


class Pool:
    """Idle workers; as many live at once as threads ask at once, and no more of them idle than there are cores."""

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._living: weakref.WeakSet[Worker] = weakref.WeakSet()
        self._lock = threading.Lock()

    def convert(self, binary: Path, settings: dict[str, Any], text: bytes, timeout: float) -> bytes:
        """Do a job in one of the workers. Raises WorkerError, TimeoutError and OSError."""
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None or not worker.alive:
            worker = Worker(binary)
            self._living.add(worker)
        try:
            return worker.convert(settings, text, timeout)
        except BaseException as error:
            if not isinstance(error, WorkerError):
                worker.stop()  # an answer may still be on its way
            raise
        finally:
            if worker.alive:
                with self._lock:
                    idle = len(self._idle) < (os.cpu_count() or 2)
                    if idle:
                        self._idle.append(worker)
                if not idle:
                    worker.stop()

    def stop(self) -> None:
        """End all idle workers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    def forget(self) -> None:
        """In a process just forked: the workers are those of the other."""
        for worker in self._living:
            worker.forget()
        self._idle, self._living, self._lock = [], weakref.WeakSet(), threading.Lock()


POOL: Final = Pool()
atexit.register(POOL.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.forget)
