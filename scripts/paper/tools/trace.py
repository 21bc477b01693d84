"""What ``paper --verbose`` shows on stderr: each program that is run, and what a living one is asked for.

The setting goes to processes of our own by the environment, and not to kernels: what they print is text of a chapter.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

_VARIABLE: Final = "PAPER_VERBOSE"


def begin() -> None:
    """Show programs from now on, here and in processes that are begun here."""
    if not is_on():
        os.environ[_VARIABLE] = "1"
        sys.addaudithook(_hear)


def is_on() -> bool:
    """Return whether programs are shown."""
    return bool(os.environ.get(_VARIABLE))


def untraced(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a process, without the setting, in which cells run."""
    return {name: value for name, value in environment.items() if name != _VARIABLE}


def show(words: Iterable[object]) -> None:
    """Print what is run, as a line that a shell would take."""
    if is_on():
        line = shlex.join(str(word) for word in words)
        sys.stderr.write(f"$ {line}\n")  # in one piece: processes side by side write to the same place
        sys.stderr.flush()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    # https://docs.python.org/3/library/audit_events.html
    if event == "subprocess.Popen":
        command = arguments[1]
        show([command] if isinstance(command, str | bytes | os.PathLike) else command)


if is_on():  # in a process that one with the setting has begun
    sys.addaudithook(_hear)
