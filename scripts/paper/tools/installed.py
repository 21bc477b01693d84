"""Which libraries are installed, in which version: read from the names of folders, quicker than their metadata."""

from __future__ import annotations

import json
import platform
import re
import sys
from functools import cache
from pathlib import Path


@cache
def libraries() -> str:
    """Names and versions of the installed libraries: another version may give another result."""
    return json.dumps(sorted(_folders())) + platform.python_implementation()


def version(name: str) -> str:
    """Return the version of an installed library; "" where it isn't there."""
    known = _versions().get(_normal(name))
    if known is not None:
        return known
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _folders() -> tuple[str, ...]:
    """Return the names of the folders that installers write, in the order in which Python looks for libraries."""
    names = (entry.name for folder in sys.path for entry in Path(folder or ".").glob("*.dist-info"))
    return tuple(dict.fromkeys(names))


@cache
def _versions() -> dict[str, str]:
    results: dict[str, str] = {}
    for folder in _folders():
        # https://packaging.python.org/en/latest/specifications/recording-installed-packages/
        name, dash, number = folder.removesuffix(".dist-info").rpartition("-")
        if dash:
            results.setdefault(_normal(name), number)
    return results


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
