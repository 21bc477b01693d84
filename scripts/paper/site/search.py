"""The search index, made by Pagefind from the pages of the book (not from kept drafts or help pages)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from paper import limits
from paper.errors import MachineError, ToolError

TIMEOUT = limits.value("PAPER_SEARCH_TIMEOUT")
# Pagefind's own interfaces; this site has one of its own.
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js")


def write_index(out: Path, pages: Iterable[str]) -> None:
    """Write ``out/pagefind`` from the pages at these addresses. Raises ToolError or MachineError.

    Pagefind knows a part of a page by the id of its heading; pandoc puts the id on the section. So it is
    given copies in which the heading has it.
    """
    with tempfile.TemporaryDirectory(prefix="paper-search-") as name:
        folder = Path(name)
        for page in pages:
            copy = folder / "site" / page
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(move_ids_to_headings((out / page).read_text("utf8")), "utf8")
        command = [
            str(_program()),
            "--site",
            str(folder / "site"),
            "--quiet",
            "--keep-index-url",
        ]
        command += [
            "--output-path",
            str(folder / "pagefind"),
            "--exclude-selectors",
            ".figure-tools, .footnote-back, .cell-label, .cell-again",
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False, cwd=folder)
        except subprocess.TimeoutExpired:
            raise ToolError(
                f"Pagefind did not end within {TIMEOUT:g} s",
                detail=" ".join(command),
                remedy="on a slow machine set PAPER_SEARCH_TIMEOUT (seconds)",
            ) from None
        if done.returncode:
            said = (done.stderr + done.stdout).decode("utf8", "replace")
            raise ToolError("Pagefind failed", detail=" ".join(command) + "\n" + said)
        for pattern in _UNUSED:
            for path in (folder / "pagefind").glob(pattern):
                path.unlink()
        shutil.rmtree(out / "pagefind", ignore_errors=True)
        shutil.copytree(folder / "pagefind", out / "pagefind")


def _program() -> Path:
    """Return Pagefind's program: ``python -m pagefind`` would start another Python first. Raises MachineError."""
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, FileNotFoundError):
        raise MachineError(
            "Pagefind is not installed", remedy="run `make`, which installs it into .venv"
        ) from None


def move_ids_to_headings(html: str) -> str:
    """Move each section's id to its heading."""
    return re.sub(r'<section id="([^"]+)"([^>]*)>(\s*)<h([1-6])\b', r'<section\2>\3<h\4 id="\1"', html)
