"""The command ``paper``: one module a family of commands, put together in ``commands``.

Workers are imported inside the commands, and the commands where the command line is parsed: a build with nothing to
do and a check with nothing new need neither.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` takes a third of the time that a build with nothing to do has
if TYPE_CHECKING:
    from pathlib import Path

    from paper.project import Project


def main() -> None:
    """Run the command line; a fault ends with one message and its exit code, never with a traceback."""
    words = sys.argv[1:]
    try:
        if "build" in words[:2]:
            from paper.release import unchanged

            if unchanged.answer(words):
                return
        elif "check" in words[:2]:
            from paper.checks import unchanged as unchanged_check

            if (code := unchanged_check.answer(words)) is not None:
                raise SystemExit(code)
        if words[:1] in (["build"], ["check"]):
            from paper.cli import parsed

            if parsed.run(words):
                return
        from paper.cli import commands

        commands.assemble(words)()
    except KeyboardInterrupt:
        print("paper: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except Exception as error:
        from paper.errors import PaperError

        if not isinstance(error, PaperError):
            raise
        print(f"paper: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def project_root() -> Path:
    """Return the folder of the project that the command was called in."""
    from pathlib import Path

    from paper.project import find_root

    return find_root(Path.cwd())


def this_project(profile: str | None = None) -> Project:
    """Return the settings of the project that the command was called in. Raises ProjectError for what is wrong."""
    from paper.project import load

    return load(project_root(), profile)
