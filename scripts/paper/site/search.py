"""The search index, made by Pagefind from the pages of the book (not from kept drafts or help pages)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from paper import limits
from paper.errors import MachineError, Place, ToolError
from paper.release import last_build
from paper.report import Fault, warning
from paper.tools import processes

TIMEOUT = limits.value("PAPER_SEARCH_TIMEOUT")
MEMORY = limits.value("PAPER_SEARCH_MEMORY_GB")
# Pagefind's own interfaces; this site has one of its own.
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.js")


def write_index(out: Path, pages: Iterable[str]) -> list[Fault]:
    """Write ``out/pagefind`` from the pages at these addresses; where it can't be made, the fault is returned.

    A site is whole without it: its search box then says that search isn't to be had.
    Pagefind knows a part of a page by the id of its heading; pandoc puts the id on the section. So it is
    given copies in which the heading has it.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="paper-search-") as name:
            _index(out, pages, Path(name))
    except (ToolError, MachineError) as error:
        last = error.detail.strip().splitlines()[-1:]
        message = f"the site has no search: {': '.join([error.message, *last])}"
        return [warning(Place("pagefind"), last_build.SEARCH_FAILED, message, error.remedy)]
    return []


def _index(out: Path, pages: Iterable[str], folder: Path) -> None:
    for page in pages:
        copy = folder / "site" / page
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(move_ids_to_headings((out / page).read_text("utf8")), "utf8")
    command = [str(_program()), "--site", str(folder / "site"), "--quiet", "--keep-index-url"]
    command += ["--output-path", str(folder / "pagefind")]
    command += ["--exclude-selectors", ".figure-tools, .footnote-back, .cell-label, .cell-again"]
    try:
        with (
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder
            ) as process,
            processes.limited(process, TIMEOUT, MEMORY),
        ):
            said, _ = process.communicate()
    except TimeoutError:
        raise ToolError(
            f"Pagefind took more than {TIMEOUT:g} s of processor time or {MEMORY:g} GB of memory",
            remedy="set PAPER_SEARCH_TIMEOUT (seconds) or PAPER_SEARCH_MEMORY_GB, and build again",
        ) from None
    except OSError as error:
        raise ToolError(
            f"Pagefind can't be run: {error.strerror}", remedy="run `make`, which installs it into .venv"
        ) from None
    if process.returncode or not (folder / "pagefind").is_dir():
        raise ToolError("Pagefind failed", detail=said.decode("utf8", "replace"), remedy="build again")
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
