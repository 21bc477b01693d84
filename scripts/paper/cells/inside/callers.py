"""Runs inside the kernel: on whose behalf Python does something — a cell's, a library's or the kernel's own."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Literal

Caller = Literal["project", "library", "kernel for a cell", "kernel"]

# Libraries that read the environment for whoever asks them.
FOR_OTHERS = frozenset({"decouple", "environs", "dotenv", "pydantic_settings", "prettyconf", "environ"})
KERNEL = frozenset(
    {
        "IPython", "ipykernel", "jupyter_client", "jupyter_core", "traitlets", "tornado", "zmq", "comm", "debugpy",
        "matplotlib_inline", "_pydevd_bundle", "pydevd", "nest_asyncio", "executing", "stack_data", "pygments", "jedi",
    }
)  # fmt: skip
# Who runs programs of which nothing that a cell shows depends but what it hands them: which fonts and which machine
# there are, drawing, and the engine's own work.
HARMLESS = frozenset(
    {
        "platform", "ctypes.util", "uuid", "sysconfig", "matplotlib.font_manager", "kaleido", "choreographer",
        "graphviz", "typst", "py_mini_racer", "paper",
    }
)  # fmt: skip
# A user's settings and caches: libraries keep them, and a cell's data are elsewhere.
SETTINGS = (
    ".cache",
    ".config",
    ".local",
    ".matplotlib",
    ".ipython",
    ".jupyter",
    ".fontconfig",
    ".fonts",
    "AppData",
    "Library",
)
SYSTEM = ("/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/etc/", "/opt/", "/System/", "/Library/")
MACHINE = ("/proc/", "/sys/", "/dev/")


class Callers:
    """Tells callers apart by the files that their code stands in. root: the project's, with a separator at its end.

    The engine is a library also where it stands in the project: results are kept for one state of it.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        own = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
        engine = str(Path(__file__).parents[2])
        self.engine = (engine + os.sep, os.path.realpath(engine) + os.sep)
        installed = [p for p in sys.path if "site-packages" in p or "dist-packages" in p]
        self.libraries = (
            *{os.path.realpath(p) + os.sep for p in (*own, *installed)} | {p + os.sep for p in own},
            *self.engine,
        )
        self.standard = tuple(
            {sysconfig.get_path("stdlib") + os.sep, os.path.realpath(sysconfig.get_path("stdlib")) + os.sep}
        )
        home = str(Path.home())
        self._is_project = cache(self._decide_project)  # asked of each module that is there, twice a chapter
        self.settings = tuple(os.path.join(home, name) + os.sep for name in SETTINGS)

    def of(self, frame: FrameType | None) -> Caller:
        """Who called: the first that is neither the standard library nor a library that asks for others.

        The kernel's own code acts for a cell where one has called it: ``open`` and ``%run`` are IPython's there.
        """
        kernel = False
        while frame is not None:
            file = frame.f_code.co_filename
            package = str(frame.f_globals.get("__name__")).partition(".")[0]
            if package == "__main__" and not file.startswith((*self.standard, *self.libraries, "<frozen")):
                return "kernel for a cell" if kernel else "project"
            if package in KERNEL:
                kernel = True
            elif not (kernel or self.is_standard(file) or file.startswith("<") or package in FOR_OTHERS):
                return "project" if self._is_project(file) else "library"
            frame = frame.f_back
        return (
            "kernel" if kernel else "project"
        )  # a thread that a cell began, in the standard library's own code

    def is_importing(self, frame: FrameType | None) -> bool:
        """Whether the import system, or what shows a traceback's lines, asks."""
        name = str(frame.f_globals.get("__name__")) if frame is not None else ""
        return name.startswith(("importlib.", "zipimport", "linecache", "inspect", "traceback", "pkgutil"))

    def is_harmless(self, frame: FrameType | None) -> bool:
        """Whether a program or a connection is of no account for what cells show, or the kernel's own."""
        if self.of(frame) == "kernel":
            return True
        while frame is not None:
            name = str(frame.f_globals.get("__name__"))
            if name == "__main__":
                return False
            if name in HARMLESS or name.partition(".")[0] in HARMLESS:
                return True
            if frame.f_code.co_name == "_fallback_socketpair":  # how Windows makes a pipe
                return True
            frame = frame.f_back
        return False

    def may_read_for_cells(self, path: str, frame: FrameType) -> bool:
        """Whether a file outside the project is data rather than a part of Python, a library or the machine."""
        if path.startswith((*self.libraries, *MACHINE)) or "ipykernel_" in path or "paper-kernel-" in path:
            return False
        caller = self.of(frame)
        if caller == "library":
            return not path.startswith((*self.settings, *SYSTEM))
        return caller != "kernel"

    def is_own(self, module: object) -> bool:
        """Whether a module is of the project, or of a folder that is no library's: it may change."""
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or getattr(module, "__name__", "") == "__main__":
            return False
        return self._is_project(file) and os.path.isabs(file)

    def _decide_project(self, file: str) -> bool:
        if "site-packages" in file or file.startswith(self.engine):
            return False
        return file.startswith(self.root) or not file.startswith((*self.libraries, *SYSTEM))

    def is_standard(self, file: str) -> bool:
        """Whether code of this file is the standard library's."""
        return file.startswith("<frozen") or (file.startswith(self.standard) and "-packages" not in file)
