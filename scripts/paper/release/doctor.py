"""What the machine has, what each absence costs, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from paper.tools import browser

Need = Literal["needed", "optional"]


@dataclass(frozen=True)
class Finding:
    """One thing that the paper uses. found: its version or place, "" where it is missing; cost: what that means."""

    name: str
    found: str
    need: Need
    cost: str = ""
    remedy: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing must be done about it."""
        return bool(self.found) or self.need == "optional"


def examine(root: Path) -> list[Finding]:
    """Look at Python, the packages, pandoc, Typst, a browser, Quarto, git, disk and hooks.

    Fonts are none of it: pages take the reader's, and Typst brings its own in its wheel.
    """
    return [
        _python(),
        _packages(root),
        _pandoc(),
        _library("typst", "the PDFs can't be made"),
        _library("ipykernel", "cells can't run"),
        _library("pagefind", "the site has no search"),
        _browser(),
        _quarto(),
        _git(root),
        _disk(root),
        _hooks(root),
    ]


def _python() -> Finding:
    version = platform.python_version()
    fit = sys.version_info >= (3, 11)
    return Finding(
        "Python", version if fit else "", "needed", f"{version} is too old", "install Python 3.11 or newer"
    )


def _packages(root: Path) -> Finding:
    """Whether what is installed is what is locked."""
    lock = root / "requirements.txt"
    if not lock.is_file():
        return Finding("locked packages", "no requirements.txt", "optional")
    wrong = []
    total = 0
    for line in lock.read_text("utf8").splitlines():
        if "==" not in line or line.startswith((" ", "#")):
            continue
        requirement, _, marker = line.rstrip("\\ ").partition(";")
        name, _, version = requirement.strip().partition("==")
        if marker and not _applies(marker):
            continue
        total += 1
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "missing"
        if installed != version.strip():
            wrong.append(f"{name} {installed} instead of {version.strip()}")
    result = f"{total} as locked" if not wrong else ""
    cost = "; ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
    return Finding("locked packages", result, "needed", cost, "run `make`")


def _applies(marker: str) -> bool:
    from packaging.markers import Marker

    return Marker(marker.strip()).evaluate()


def _pandoc() -> Finding:
    from paper.errors import PaperError
    from paper.tools import pandoc

    try:
        return Finding("pandoc", str(pandoc.binary()), "needed")
    except PaperError as error:
        return Finding("pandoc", "", "needed", error.message, "run `make`")


def _library(name: str, cost: str) -> Finding:
    try:
        return Finding(name, metadata.version(name), "needed")
    except metadata.PackageNotFoundError:
        return Finding(name, "", "needed", cost, "run `make`")


def _browser() -> Finding:
    named = os.environ.get("PAPER_BROWSER")
    lost = f"there is no browser at {named}, which PAPER_BROWSER names; " if named else ""
    return Finding(
        "Chrome or Chromium", str(browser.find() or ""), "optional",
        f"{lost}Plotly figures in 3D or on tiled maps keep no picture, and tests that look at pages are skipped",
        "name one that is installed in PAPER_BROWSER, or install Chromium (Debian, Ubuntu: `apt install chromium`)",
    )  # fmt: skip


def _quarto() -> Finding:
    from paper.tools import quarto

    path, said = quarto.find()
    return Finding(
        "Quarto", said if path else "", "optional",
        f"{said}: the embedded engine builds everything; what Quarto says is not compared",
        "install Quarto 1.9.17 or newer from quarto.org",
    )  # fmt: skip


def _git(root: Path) -> Finding:
    result = shutil.which("git") if (root / ".git").exists() else ""
    return Finding(
        "git",
        result or "",
        "optional",
        "the privacy check can't tell what would be committed",
        "clone with git",
    )


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free / 2**30
    return Finding(
        "free disk space", f"{free:.1f} GB" if free > 0.5 else "", "needed",
        f"only {free:.1f} GB are left; a build needs up to 0.5 GB", "free some space",
    )  # fmt: skip


def _hooks(root: Path) -> Finding:
    hook = root / ".git" / "hooks" / "pre-commit"
    installed = hook.is_file() and "pre-commit" in hook.read_text("utf8", errors="replace")
    return Finding(
        "hooks before a commit", "installed" if installed else "", "optional",
        "nothing checks privacy before a commit", "run `.venv/bin/pre-commit install` (after `make test`)",
    )  # fmt: skip
