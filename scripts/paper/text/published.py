"""What ``project: resources:`` publishes, by Quarto's rules for the patterns.

A pattern matches in any folder, one that begins with ``/`` from the project's root; ``!`` leaves out what it matches;
a folder stands for all that is in it; ``*``, ``**``, ``?``, ``[…]`` and ``{…}`` are as in a shell.
``resolveGlobs`` in quarto-cli's ``src/core/path.ts``; https://quarto.org/docs/websites/#site-resources
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from paper.errors import MachineError, ProjectError
from paper.paths import is_private
from paper.project import Project
from paper.settings import place_of
from paper.tools import git

# What Quarto publishes unasked where it stands in the project's root.
FOR_SERVERS: Final = ("robots.txt", ".nojekyll", "CNAME", "_redirects", "404.html")


def resource_files(project: Project) -> list[Path]:
    """Return the files that the settings publish as they are, sorted.

    No hidden file or folder is taken, nothing in the output folder, nothing that a link leads to outside the project.
    Raises ProjectError for a pattern that leads outside the project or takes in private data.
    """
    setting = (project.config.get("project") or {}).get("resources") or []
    patterns = [str(pattern) for pattern in (setting if isinstance(setting, list) else [setting])]
    left_out = {
        path
        for pattern in patterns
        if pattern.startswith("!")
        for path in _matching(project, pattern, pattern[1:])
    }
    files: set[Path] = set()
    for pattern in patterns:
        if not pattern.startswith("!"):
            files |= _public(project, pattern, _matching(project, pattern, pattern) - left_out)
    return sorted(files)


def for_servers(project: Project) -> list[Path]:
    """Return the files of the project's root that Quarto publishes unasked."""
    return [path for name in FOR_SERVERS if (path := project.root / name).is_file()]


def ignored(root: Path, files: Iterable[Path]) -> frozenset[Path]:
    """Return the files that git ignores; none where the project isn't in a repository or git isn't there."""
    asked = {str(path): path for path in files}
    if not asked:
        return frozenset()
    try:
        done = git.run(root, "check-ignore", "-z", "--stdin", stdin="\0".join(asked).encode())
    except MachineError:
        return frozenset()
    return frozenset(asked[name] for name in done.stdout.decode().split("\0") if name in asked)


def _matching(project: Project, pattern: str, name: str) -> set[Path]:
    from wcmatch import glob

    name = name.removeprefix("\\") if name.startswith("\\!") else name
    name = re.sub(r"^\.[/\\]+", "/", name)
    parts = PurePosixPath(name.lstrip("/")).parts
    if not parts or ".." in parts or "\0" in name:
        raise ProjectError(
            f"project.resources names {pattern[:80]!r}, which is not within the project",
            place=place_of(project.root),
            remedy="name files or folders of the project, such as downloads/*.csv",
        )
    if name.endswith("/"):
        name += "**/*"
    elif (project.root / name.lstrip("/")).is_dir():
        name += "/**/*"
    anchored = name[1:] if name.startswith("/") else f"**/{name}"
    flags = glob.GLOBSTAR | glob.EXTGLOB | glob.BRACE | glob.NODIR
    return {project.root / path for path in glob.glob(anchored, root_dir=project.root, flags=flags)}


def _public(project: Project, pattern: str, paths: Iterable[Path]) -> set[Path]:
    result = set()
    root = project.root.resolve()
    for path in paths:
        if is_private(project.root, path):
            raise ProjectError(
                f"project.resources names {pattern[:80]!r}, which takes in private data",
                place=place_of(project.root),
                remedy='name only what may be published: from the root, as in "/downloads/*.csv", or with '
                '"!data/private" beside it',
            )
        hidden = any(part.startswith(".") for part in path.relative_to(project.root).parts)
        own = path.resolve().is_relative_to(root) and not path.is_relative_to(project.output_dir)
        if own and not hidden:
            result.add(path)
    return result
