"""Runs inside the kernel: wraps what Python raises no audit event for, so that the watcher hears of it.

Each wrapped function does what it did, with the same arguments, results and errors.
"""

from __future__ import annotations

import builtins
import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paper.cells.inside.watch import Watcher

STATUS = ("stat", "lstat", "access")
PATHS = (
    "exists",
    "lexists",
    "isfile",
    "isdir",
    "islink",
)  # written in C on Windows, where they call no os.stat
BUILTIN = type(builtins.len)


def wrap(watcher: Watcher) -> None:
    """Wrap questions about files, the environment and processes. Once in a process."""
    for module, names in ((os, STATUS), (os.path, PATHS)):
        for name in names:
            real = getattr(module, name, None)
            if isinstance(real, BUILTIN):
                setattr(module, name, _asking_status(real, watcher))
    _wrap_environment(watcher)
    _wrap_processes(watcher)
    _count_cells(watcher)


def _asking_status(real: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    @functools.wraps(real)
    def asked(*args: Any, **options: Any) -> Any:
        __tracebackhide__ = True  # IPython leaves this step out of a cell's traceback
        if args and options.get("dir_fd") is None:
            watcher.asked_status(args[0], sys._getframe(1))
        return real(*args, **options)

    # The standard library looks up what a platform's functions can do by the function itself.
    for abilities in (
        os.supports_dir_fd,
        os.supports_fd,
        os.supports_follow_symlinks,
        os.supports_effective_ids,
    ):
        if real in abilities:
            abilities.add(asked)
    return asked


def _wrap_environment(watcher: Watcher) -> None:
    kind: Any = type(os.environ)
    get, iterate, put = kind.__getitem__, kind.__iter__, kind.__setitem__

    @functools.wraps(get)
    def read(self: Any, name: Any) -> Any:
        __tracebackhide__ = True
        try:
            value = get(self, name)
        except KeyError:
            watcher.asked_variable(name, None, sys._getframe(1))
            raise
        watcher.asked_variable(name, value if isinstance(value, str) else None, sys._getframe(1))
        return value

    @functools.wraps(iterate)
    def every(self: Any) -> Any:
        watcher.asked_variable(None, None, sys._getframe(1))
        return iterate(self)

    @functools.wraps(put)
    def write(self: Any, name: Any, value: Any) -> None:
        put(self, name, value)
        if isinstance(name, str):
            watcher.given.add(name)

    kind.__getitem__, kind.__iter__, kind.__setitem__ = read, every, write


def _wrap_processes(watcher: Watcher) -> None:
    from multiprocessing.process import BaseProcess

    real = BaseProcess.start

    @functools.wraps(real)
    def begin(self: BaseProcess) -> None:
        watcher.started_process()
        real(self)

    BaseProcess.start = begin  # type: ignore[method-assign]


def _count_cells(watcher: Watcher) -> None:
    from IPython.core.getipython import get_ipython

    def count() -> None:
        watcher.cell += 1

    shell: Any = get_ipython()
    shell.events.register("pre_execute", count)
