"""Words of a command line that were parsed before: what they mean is known without importing what parses them.

It is kept for the commands of an author's every minute, in the cache, which another version of the engine doesn't take
from: so the command line is defined once, in the modules of the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from paper.cli import project_root
from paper.errors import PaperError
from paper.tools.cache import Cache, of_project
from paper.tools.pipes import drop_output

_KIND = "command-lines"


def run(words: Sequence[str]) -> bool:
    """Do what the words mean; False where that isn't known."""
    kept = _cache()
    options = kept.get(_KIND, _key(words)) if kept is not None else None
    if not isinstance(options, dict):
        return False
    try:
        _command(words[0])(**options)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        raise SystemExit(1) from None
    return True


def keep(command: str, options: dict[str, Any]) -> None:
    """Keep that the words of this process mean a command (``build``, ``check``) with these options."""
    words, kept = sys.argv[1:], _cache()
    if words[:1] == [command] and kept is not None and kept.get(_KIND, _key(words)) != options:
        with suppress(OSError):  # then they are parsed again
            kept.put(_KIND, _key(words), options)


def _command(name: str) -> Any:
    if name == "build":
        from paper.cli import building

        return building.run
    from paper.cli import checking

    return checking.run


def _cache() -> Cache | None:
    try:
        return of_project(project_root())
    except PaperError:  # which the command tells
        return None


def _key(words: Sequence[str]) -> str:
    return "\0".join(words)
