"""Starts an ipykernel without its debugger, to which nobody attaches: importing debugpy takes a third of the start."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def load() -> Any:
    """Import the kernel as if debugpy weren't installed; return the module of its application."""
    modules: dict[str, Any] = sys.modules
    modules["debugpy"] = None
    from ipykernel import debugger, kernelapp  # noqa: F401

    del modules["debugpy"]  # for cells that import it
    return kernelapp


if __name__ == "__main__":
    # As ipykernel_launcher does: the shell adds it again when everything is loaded.
    if sys.path[0] == "" or Path(sys.path[0]) == Path.cwd():
        del sys.path[0]
    load().launch_new_instance()
