"""The ways to build a book: the embedded engine, and Quarto where it is installed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paper.tools import quarto

PAPER = (sys.executable, "-c", "from paper.cli import main; main()")
# What either engine keeps from one build to the next.
KEPT = ("_site", "_book", "_freeze", ".paper", ".quarto", "brief/.quarto", "brief/_freeze", "site_libs")


@dataclass(frozen=True)
class Engine:
    """name: as results say it; command: what builds the book in the working directory."""

    name: str
    command: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "QUARTO_PYTHON": sys.executable, "QUARTO_PROFILE": ""}


def embedded(targets: Sequence[str] = ("all",)) -> Engine:
    """The embedded engine, making these targets."""
    return Engine(
        "embedded", (*PAPER, "build", "--engine", "embedded", *(f"--to={name}" for name in targets))
    )


def quarto_engine() -> Engine | None:
    """Quarto, making all formats that the book names; None where no fit one is installed."""
    path, _ = quarto.find()
    return Engine("Quarto", (str(path), "render", ".")) if path else None


def forget(root: Path) -> None:
    """Remove all that earlier builds left, so that the next one is cold."""
    for name in KEPT:
        shutil.rmtree(root / name, ignore_errors=True)
