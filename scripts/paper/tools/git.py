"""The one door to git: it is asked in a folder, and never for longer than it should take."""

from __future__ import annotations

import subprocess
from pathlib import Path

from paper.errors import MachineError

TIMEOUT = 60.0  # seconds


def run(
    root: Path, *arguments: str, stdin: bytes = b"", timeout: float = TIMEOUT, remedy: str = "install git"
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder. Raises MachineError where it isn't there or doesn't end; what it refuses is for the caller.

    stdin: what it reads. remedy: what to do without git.
    """
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(f"git can't be asked: {error}", remedy=remedy) from None


def ask(root: Path, *arguments: str, timeout: float = TIMEOUT) -> bytes | None:
    """Return what git answers; None where it is missing, where this is no repository, or where it says no."""
    try:
        done = run(root, *arguments, timeout=timeout)
    except MachineError:
        return None
    return done.stdout if done.returncode == 0 else None
