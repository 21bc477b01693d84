"""Kernels for tests in a tenth of the time: forked from a process that has imported what every kernel imports.

They are ipykernel as ever, in a process, session and environment of their own; only the half second in which Python
reads the modules is spent once a run. Kernels of other commands, and of builds in other processes, start as they do.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import ForkServerContext
from typing import Any

import pytest
from tests import forked_kernel

from paper.cells import kernelspecs

PRELOADED = ["ipykernel.zmqshell", "tests.forked_kernel"]


class ForkedProcess:
    """A forked kernel as ``subprocess.Popen`` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, options: list[str], environment: Mapping[str, str], folder: str) -> None:
        ready, begun = _context().Pipe(duplex=False)
        self._process = _context().Process(
            target=forked_kernel.run, args=(options, dict(environment), folder, _path(), begun, os.getpid())
        )
        self._process.start()
        begun.close()
        with contextlib.suppress(EOFError):
            if ready.poll(60):  # it leads a session of its own from here on: its group may be killed
                ready.recv()
        ready.close()
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.pid and self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _path() -> list[str]:
    """Where a Python that has just begun looks for modules, without the folder that it begins in."""
    code = "import json, sys; print(json.dumps(sys.path))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return [entry for entry in json.loads(done.stdout) if entry]


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


@cache
def _serve(python: tuple[tuple[str, str], ...]) -> bool:
    """Start the process that is forked, with the Python settings of the first kernel; False where those are others."""
    from multiprocessing.forkserver import ensure_running

    if _serve.cache_info().currsize:
        return False
    _context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys._xoptions, "frozen_modules", "off")  # as the kernel's command has it
        for name, value in python:
            patch.setenv(name, value)
        ensure_running()
    return True


@contextlib.contextmanager
def forked_kernels() -> Iterator[None]:
    """Let kernels of this very Python be forked, where the system can."""
    from jupyter_client.provisioning import local_provisioner

    if "forkserver" not in get_all_start_methods():
        yield
        return
    started = local_provisioner.launch_kernel
    own = kernelspecs.find("").argv[:4]

    def launch(command: list[str], env: Mapping[str, str], cwd: str, **options: Any) -> Any:
        python = tuple(sorted((name, value) for name, value in env.items() if name.startswith("PYTHON")))
        if command[:4] == own and _serve(python):
            return ForkedProcess(command[4:], env, cwd)
        return started(command, env=env, cwd=cwd, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_provisioner, "launch_kernel", launch)
        yield
