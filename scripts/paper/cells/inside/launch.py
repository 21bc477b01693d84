"""Starts an ipykernel without its debugger, to which nobody attaches: importing debugpy takes a third of the start."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

OPTION: Final = "--paper-early="  # what to import before the first cell asks for it
# What says nothing while it is imported, and asks neither for the folder nor for the notebook that it is imported in.
# Plotly and matplotlib do: their defaults are another thing in a notebook.
EARLY: Final = {
    "numpy": "numpy",
    "pandas": "pandas",
    "figures": "paper.figures",
    "tables": "paper.tables",
    "cite": "paper.writers.cite",
}


def load() -> Any:
    """Import the kernel as if debugpy weren't installed; return the module of its application."""
    modules: dict[str, Any] = sys.modules
    modules["debugpy"] = None
    from ipykernel import debugger, kernelapp  # noqa: F401

    del modules["debugpy"]  # for cells that import it
    return kernelapp


def run(**options: Any) -> None:
    """Become the kernel that the command line asks for. options: of its application."""
    gc.disable()  # what is imported stays: to look in it for what may go takes a tenth of the time
    kernelapp = load()
    early = [word for word in sys.argv if word.startswith(OPTION)]
    sys.argv[:] = [word for word in sys.argv if word not in early]
    for word in early:
        with suppress(Exception):  # the cell that asks for it will hear of it
            import_module(EARLY[word.removeprefix(OPTION)])
    gc.enable()
    if sys.platform != "win32" and os.environ.get("JPY_PARENT_PID") not in (None, str(os.getppid())):
        sys.exit()  # the build was killed meanwhile: from here on the kernel looks for itself
    kernelapp.launch_new_instance(**options)


if __name__ == "__main__":
    # As ipykernel_launcher does: the shell adds it again when everything is loaded.
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]
    run()
