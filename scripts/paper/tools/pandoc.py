"""The one door to pandoc: where it is, how it is called, what it says when it fails."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from paper import limits
from paper.errors import CitationError, MachineError, PaperError, Place, ToolError
from paper.tools import pandoc_worker, processes, trace

# Quarto's own reader for .qmd: pandoc's Markdown plus what Quarto turns on.
READER = "markdown+autolink_bare_uris"
SHOWN = 300  # characters of a line of pandoc's words
TIMEOUT = limits.value("PAPER_PANDOC_TIMEOUT")
# Readers that open no other file: without options, the same text gives the same result.
_ALONE = frozenset({"biblatex"})


@cache
def binary() -> Path:
    """Return the pandoc that came with pypandoc_binary, else the one on PATH. Raises MachineError."""
    from importlib.util import find_spec
    from shutil import which

    spec = find_spec("pypandoc")
    if spec and spec.origin:
        for name in ("pandoc", "pandoc.exe"):
            path = Path(spec.origin).parent / "files" / name
            if path.is_file():
                return path
    if result := which("pandoc"):
        return Path(result)
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

    A living process does it (:mod:`paper.tools.pandoc_worker`) where nothing is asked that it doesn't know; with
    ``env``, or where it fails, a process of its own, whose words tell the fault.
    Raises ToolError with pandoc's words when it fails or hangs, CitationError for a bibliography that it can't read.
    """
    if source in _ALONE and not args and cwd is None and env is None:
        return _of_text_alone(text, source, to)
    return _convert(text, source, to, args, cwd, env)


@lru_cache(maxsize=16)
def _of_text_alone(text: str, source: str, to: str) -> str:
    """Convert, and keep the result in memory, for processes that build again and again."""
    return _convert(text, source, to)


def _convert(
    text: str,
    source: str,
    to: str,
    args: Sequence[str] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    output = next((arg for arg in args if arg.startswith("--output=")), "")
    settings = None if env else pandoc_worker.job(source, to, [arg for arg in args if arg != output])
    try:
        if settings is not None:
            trace.show(["pandoc", f"--from={source}", f"--to={to}", *args])  # by the one that stays
            with contextlib.suppress(pandoc_worker.WorkerError, OSError):
                written = pandoc_worker.POOL.convert(
                    binary(), {**settings, "folder": str(cwd or Path.cwd())}, _as_read(text), TIMEOUT
                )
                return _deliver(written, output, whole="standalone" in settings or "template" in settings)
        return _run_alone(text, [f"--from={source}", f"--to={to}", *args], cwd, env)
    except TimeoutError:
        raise ToolError(
            f"pandoc did not end within {TIMEOUT:g} s of processor time",
            remedy="look for an unusually large table or chapter, or set PAPER_PANDOC_TIMEOUT (seconds)",
        ) from None


def _as_read(text: str) -> bytes:
    """Return the text as pandoc's command line hands it on: ends of lines and tabs are of one kind."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.expandtabs(4).encode("utf8", "replace")


def _deliver(written: bytes, output: str, *, whole: bool) -> str:
    """Write what was asked for as a file; return the rest as the command line prints it."""
    if output:
        Path(output.partition("=")[2]).write_bytes(written)
        return ""
    text = written.decode("utf8")
    return text if whole or text.endswith("\n") else text + "\n"


def _run_alone(text: str, args: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None) -> str:
    """Run pandoc as a process of its own. Raises TimeoutError."""
    command = [str(binary()), "+RTS", *pandoc_worker.HEAP, pandoc_worker.memory(), "-RTS", *args]
    surrounding = {**os.environ, **pandoc_worker.LANGUAGE, **(env or {})}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, env=surrounding,
    ) as process, processes.limited(process, TIMEOUT):  # fmt: skip
        stdout, stderr = process.communicate(text.encode("utf8", "replace"))
    if process.returncode:
        raise _fault(stderr.decode("utf8", "replace"))
    return stdout.decode("utf8")


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
