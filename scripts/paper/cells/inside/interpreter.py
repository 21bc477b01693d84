"""Runs inside the kernel: settings that a chapter's cells may change, put back before the next chapter.

A kernel serves all chapters; each begins as if the kernel were its own.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import warnings
from typing import Any

from paper.cells.inside.callers import Callers


class InterpreterState:
    """What Python was like when the kernel started: paths, environment, filters of warnings, handlers of logging.

    Filters that a library sets while it is imported stay, as they would be set in a new kernel too.
    """

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._path = list(sys.path)
        self._environment = dict(os.environ)
        self._filters: list[Any] = list(warnings.filters)
        self._handlers, self._level = list(logging.root.handlers), logging.root.level
        warnings.formatwarning = _without_place  # type: ignore[assignment]
        self._showing = warnings.showwarning
        self._keep_filters_of_libraries("simplefilter")
        self._keep_filters_of_libraries("filterwarnings")

    def restore(self) -> None:
        """Put everything back, options that pandas and matplotlib print and draw by included."""
        sys.path[:] = self._path
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        logging.root.handlers[:] = self._handlers
        logging.root.setLevel(self._level)
        logging.disable(logging.NOTSET)
        if pandas := sys.modules.get("pandas"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for group in ("display", "mode", "compute", "styler"):
                    pandas.reset_option(group)
        warnings.formatwarning = _without_place  # type: ignore[assignment]
        warnings.showwarning = self._showing
        warnings.resetwarnings()
        warnings.filters.extend(self._filters)  # type: ignore[attr-defined]

    def _keep_filters_of_libraries(self, name: str) -> None:
        real = getattr(warnings, name)

        @functools.wraps(real)
        def added(*args: Any, **options: Any) -> None:
            before = [id(one) for one in warnings.filters]
            real(*args, **options)
            if self._callers.of(sys._getframe(1)) == "library" and _is_importing():
                self._filters[:0] = [one for one in warnings.filters if id(one) not in before]

        setattr(warnings, name, added)


def _is_importing() -> bool:
    """Whether a module is being loaded, rather than a function called that sets filters for a while."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") != "__main__":
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _without_place(message: Warning | str, category: type[Warning], *_: Any) -> str:
    """Format a warning without the file that raised it: a path of this machine, or of the kernel's own."""
    return f"{category.__name__}: {message}\n"
