"""What a cell looked at: a file, a folder's list, whether something is there, a variable of the environment.

A look is written ``kind:name``; ``state`` returns what it comes to now. The kernel notes the state that a cell saw
(``watch``), the engine asks for the present one (``execute``), and a result is good while the two are the same.

``file``: a file's content. ``citations``: of a text, which works it cites.
``list``: the names in a folder; ``entries``: those with sizes and dates.
``kind``: whether it is a file, a folder or missing.
``stat``: that, with size and date. ``env``: a variable of the environment. Names are paths from the project's root,
or whole ones where they lead out of it.
"""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Mapping
from pathlib import Path

from paper.folders import is_output
from paper.tools.cache import Cache, digest, file_digest

CHANGING = "changed while the cells ran"  # a state that is never met again
_OF_TOOLS = (".venv", ".paper", ".git")
RENEWED = ("assets/figures/", "assets/data/")  # what cells draw and write anew when it is out of step
OF_CONTENT = ("file:", "citations:")  # looks at what stands in a file
# What cells keep of the drawings that they make; nothing shown depends on it.
LEDGERS = ("assets/figures/manifest.json", "assets/figures/demo/manifest.json")


def state(look: str, root: Path, environment: Mapping[str, str], kept: Cache | None = None) -> str:
    """Return the state of a look as it is now; "" for what is missing or can't be read.

    kept: what is known of texts and large files.
    """
    kind, _, name = look.partition(":")
    if kind == "env":
        return variable(environment.get(name))
    path = str(root / name)
    if kind == "file":
        return content(path, kept)
    if kind == "citations":
        return cited(path, kept)
    if kind == "list":
        return listing(path)
    if kind == "entries":
        return entries(path)
    return kind_of(path) if kind == "kind" else status(path)


def passed_over(folder: str) -> bool:
    """Return whether a folder at the top of a project is one that tools keep and builds write.

    A build's own comings and goings there change no result.
    """
    return folder in _OF_TOOLS or is_output(folder)


def variable(value: str | None) -> str:
    """Return the state of a variable: a hash, since it may be a password."""
    return "" if value is None else digest(value)


def content(path: str, kept: Cache | None = None) -> str:
    """Return the hash of a file's content; "" where there is none to read."""
    try:
        return file_digest(Path(path), kept)
    except (OSError, ValueError):
        return ""


def cited(path: str, kept: Cache | None = None) -> str:
    """Return the state of a text's citations; "" where there is none to read."""
    from paper.bibliography import citations

    try:
        text = Path(path).read_text("utf8")
    except (OSError, ValueError):
        return ""
    return (
        str(kept.kept("cited", digest(text), lambda: citations.state(text)))
        if kept
        else citations.state(text)
    )


def listing(path: str) -> str:
    """Return the hash of the names in a folder, without those that editors, caches and builds put there."""
    names = _names(path)
    return "" if names is None else digest(*names)


def entries(path: str) -> str:
    """Return the hash of a folder's names with the size and date of each file."""
    names = _names(path)
    return "" if names is None else digest(*((name, status(os.path.join(path, name))) for name in names))


def _names(path: str) -> list[str] | None:
    try:
        names = sorted(os.listdir(path))
    except (OSError, ValueError):
        return None
    return [name for name in names if not (name.startswith(".") or name == "__pycache__" or is_output(name))]


def kind_of(path: str) -> str:
    """Whether there is a "file", a "folder", something "other", or "" nothing."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "file" if modes.S_ISREG(mode) else "folder" if modes.S_ISDIR(mode) else "other"


def status(path: str) -> str:
    """Kind, size and date of a file; of a folder the kind alone, since whatever is saved in it changes its date."""
    kind = kind_of(path)
    if kind != "file":
        return kind
    try:
        result = os.stat(path)
    except OSError:
        return ""
    return f"file {result.st_size} {result.st_mtime_ns}"
