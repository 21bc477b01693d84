"""The command `paper`, run in the process of the tests: half a second of imports is spared each time.

What a process of its own is needed for (signals, forks, what is imported, the exit of the whole) starts one.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
from pathlib import Path
from unittest import mock

from paper import cli


def paper(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder; return its exit code and what it prints, as ``subprocess.run`` would."""
    code: object = 0
    with (
        contextlib.redirect_stdout(io.StringIO()) as printed,
        contextlib.redirect_stderr(io.StringIO()) as told,
        contextlib.chdir(root),
        mock.patch("sys.argv", ["paper", *words]),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    assert code is None or isinstance(code, int), code
    return subprocess.CompletedProcess(words, code or 0, printed.getvalue(), told.getvalue())
