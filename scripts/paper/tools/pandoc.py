"""The one door to pandoc: where it is, how it is called, what it says when it fails."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from paper import limits
from paper.errors import CitationError, MachineError, PaperError, Place, ToolError

# Quarto's own reader for .qmd: pandoc's Markdown plus what Quarto turns on.
READER = "markdown+autolink_bare_uris"
SHOWN = 300  # characters of a line of pandoc's words
TIMEOUT = limits.value("PAPER_PANDOC_TIMEOUT")
# Readers that open no other file: without options, the same text gives the same result.
_ALONE = frozenset({"biblatex"})


@cache
def binary() -> Path:
    """The pandoc that came with pypandoc_binary, else the one on PATH. Raises MachineError."""
    from importlib.util import find_spec
    from shutil import which

    spec = find_spec("pypandoc")
    if spec and spec.origin:
        for name in ("pandoc", "pandoc.exe"):
            path = Path(spec.origin).parent / "files" / name
            if path.is_file():
                return path
    if found := which("pandoc"):
        return Path(found)
    raise MachineError("pandoc is not installed", remedy="run `make`, which installs it into .venv")


def run(
    text: str,
    *,
    source: str = "json",
    to: str = "html5",
    args: Sequence[str] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Convert ``text`` from one format to another; warnings on stderr are dropped.

    Raises ToolError with pandoc's words when it fails or hangs, CitationError for a bibliography that it can't read.
    """
    if source in _ALONE and not args and cwd is None and env is None:
        return _of_text_alone(text, source, to)
    return run_with_warnings(text, source=source, to=to, args=args, cwd=cwd, env=env)[0]


@lru_cache(maxsize=16)
def _of_text_alone(text: str, source: str, to: str) -> str:
    """A conversion kept in memory, for processes that build again and again."""
    return run_with_warnings(text, source=source, to=to)[0]


def run_with_warnings(
    text: str,
    *,
    source: str = "json",
    to: str = "html5",
    args: Sequence[str] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[str, list[str]]:
    """As :func:`run`, and the warnings that pandoc gave, one string each."""
    command = [str(binary()), "--from", source, "--to", to, *args]
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf8", "replace"),
            capture_output=True,
            timeout=TIMEOUT,
            cwd=cwd,
            env={**os.environ, **env} if env else None,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(
            f"pandoc did not end within {TIMEOUT:g} s",
            remedy="look for an unusually large table or chapter, or set PAPER_PANDOC_TIMEOUT (seconds)",
        ) from None
    stderr = done.stderr.decode("utf8", "replace")
    if done.returncode:
        raise _fault(stderr)
    warnings = [
        line.removeprefix("[WARNING] ") for line in stderr.splitlines() if line.startswith("[WARNING]")
    ]
    return done.stdout.decode("utf8"), warnings


def _fault(stderr: str) -> PaperError:
    """Return what pandoc's last words come to: a bibliography is named with its line, and no text fills the screen."""
    words = "\n".join(
        line[:SHOWN] + ("…" if len(line) > SHOWN else "")
        for line in stderr.splitlines()
        if line.strip() and not line.startswith(("[WARNING]", "[INFO]"))
    )
    if read := re.search(
        r"Error reading bibliography file ([^\n]+?):?\n(?:.*?\(line (\d+), column (\d+)\))?", words
    ):
        line, column = (int(read[2]), int(read[3])) if read[2] else (None, None)
        said = words[read.end() :].strip(": \n").replace("\n", "; ")
        return CitationError(
            f"the bibliography can't be read: {said or 'it is no such file'}",
            place=Place(Path(read[1]).name, line, column),
            remedy="a comma or a brace is missing there or on the line before; `paper refs check` says more",
        )
    return ToolError(
        f"pandoc can't take this: {words.splitlines()[0] if words else 'it says nothing'}",
        detail="\n".join(words.splitlines()[1:20]),
        remedy="`paper check` looks for unclosed marks; else leave out what was written last, and build again",
    )
