"""Names for new things: plain enough for addresses, Python and every file system, and not taken yet."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from paper.errors import Place, SourceError

if TYPE_CHECKING:
    from paper.project import Project

LONGEST: Final = 30  # so that lines of generated code stay within what `make check` allows
# Windows opens devices by these names, whatever the ending; a repository that holds one can't be cloned there.
DEVICES: Final = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}


def require_file_name(name: str, what: str) -> None:
    """Raise SourceError unless the name is of small letters, digits and single hyphens, like ``data-sources``."""
    _require(name, what, r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "-", "hyphens")


def require_identifier(name: str, what: str) -> None:
    """Raise SourceError unless the name is of small letters, digits and single underscores, like ``waiting_times``."""
    _require(name, what, r"[a-z][a-z0-9]*(_[a-z0-9]+)*", "_", "underscores")
    if keyword.iskeyword(name):
        raise SourceError(
            f"{name!r} is a word of Python's own", remedy=f"call the {what} {name}s, or otherwise"
        )


def require_new(name: str, taken: Collection[str], what: str) -> None:
    """Raise SourceError where something is called so already."""
    if name in taken:
        raise SourceError(f"there is {what} {name!r} already", remedy="choose another name")


def require_new_label(project: Project, label: str) -> None:
    """Raise SourceError where a chapter has the label, so that references to it would be ambiguous."""
    for chapter in project.chapters:
        text = (project.root / chapter.path).read_text("utf8", errors="replace")
        if match := re.search(rf"(#\|\s*label:\s*|#){re.escape(label)}(?![\w-])", text):
            line = text.count("\n", 0, match.start()) + 1
            raise SourceError(
                f"the label {label} is taken",
                place=Place(str(chapter.path), line),
                remedy="choose another name",
            )


def in_words(name: str) -> str:
    """Turn ``waiting-times`` into "Waiting times"."""
    words = re.sub(r"[-_]+", " ", name)
    return words[:1].upper() + words[1:]


def _require(name: str, what: str, form: str, join: str, joints: str) -> None:
    if name.split(".")[0] in DEVICES:
        raise SourceError(f"{name!r} names a device on Windows", remedy=f"choose another name for the {what}")
    if re.fullmatch(form, name, re.ASCII) and len(name) <= LONGEST:
        return
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    near = join.join(re.findall(r"[a-z0-9]+", plain)).lstrip("0123456789" + join)[:LONGEST].rstrip(join)
    raise SourceError(
        f"{name!r} can't be the name of a {what}",
        remedy=f"use small letters a to z, digits and {joints}, {LONGEST} at most"
        + (f"; for example {near}" if near else ""),
    )
