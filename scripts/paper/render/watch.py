"""Runs inside the kernel: notes which files the cells open and which modules of the project they load.

The watcher hangs on ``sys``, out of the cells' sight, and lives on when the project's modules, this one among
them, are forgotten between chapters.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

PASSED_OVER = (".venv", ".paper", ".git", "_site", "_site-demo", "_site-working")

# What cells keep of the drawings that they make; nothing shown depends on it.
LEDGERS = ("assets/figures/manifest.json", "assets/figures/demo/manifest.json")


class Watcher:
    """What the chapter that runs now has used so far."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root) + os.sep
        self.private = os.path.realpath(self.root + "data/private") + os.sep
        self.opened: set[str] = set()

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """An audit hook: a file was opened, or a folder looked into. Raises PermissionError for private ones.

        A build publishes what cells show, and counts or excerpts of private text show a person too.
        """
        if (
            event not in ("open", "os.listdir", "os.scandir")
            or not args
            or not isinstance(args[0], str | bytes)
        ):
            return
        try:
            name = os.path.join(os.getcwd(), os.fsdecode(args[0]))  # noqa: PTH109, PTH118
        except OSError:  # a cell removed the folder that it works in
            return
        if (os.path.realpath(name) + os.sep).startswith(self.private) and not name.endswith("README.md"):
            raise PermissionError("a chapter's cell may not read data/private")
        mode = args[1] if len(args) > 1 else None
        if event == "open" and not (isinstance(mode, str) and any(letter in mode for letter in "wax+")):
            self.opened.add(name)

    def forget(self) -> None:
        """Begin a chapter: the project's modules are loaded anew, options that pandas prints by are as they were."""
        for name, module in list(sys.modules.items()):
            if self._own(module):
                del sys.modules[name]
        self.opened.clear()
        if pandas := sys.modules.get("pandas"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for group in ("display", "mode", "compute", "styler"):
                    pandas.reset_option(group)
        warnings.resetwarnings()
        warnings.simplefilter("default")

    def used(self) -> list[str]:
        """Files below the root that were opened, and those of its loaded modules."""
        files = {os.path.realpath(name) for name in self.opened if not name.endswith((".pyc", ".ipynb"))}
        files |= {str(module.__file__) for module in list(sys.modules.values()) if self._own(module)}
        skip = tuple(self.root + folder + os.sep for folder in PASSED_OVER)
        files -= {self.root + ledger for ledger in LEDGERS}
        return sorted(name for name in files if name.startswith(self.root) and not name.startswith(skip))

    def _own(self, module: object) -> bool:
        file = getattr(module, "__file__", None)
        return isinstance(file, str) and file.startswith(self.root) and "site-packages" not in file


def start(root: str, memory: int) -> None:
    """Begin to watch, and limit the kernel's memory (bytes) where the system knows how."""
    watcher = Watcher(root)
    sys._paper_watcher = watcher  # type: ignore[attr-defined]
    sys.addaudithook(watcher.hook)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
