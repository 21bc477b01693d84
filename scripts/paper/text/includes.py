"""Files of text put together: a chapter with what it includes and embeds.

Every line remembers the file and line that it came from, so that a fault is told where the author wrote it.
https://quarto.org/docs/authoring/includes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from paper.errors import ChapterError, Place
from paper.paths import is_file
from paper.project import Project
from paper.text.comments import without_comments
from paper.text.shortcodes import arguments
from paper.text.source import Line

MAX_INCLUDES: Final = 20  # deeper than any honest chain of includes
MAX_FILES: Final = 300  # more files than any chapter is put together from
MAX_BYTES: Final = 5_000_000  # a chapter longer than a book is a mistake

_INCLUDE: Final = re.compile(r"\s*\{\{<\s*include\s+(?:\"([^\"]+)\"|'([^']+)'|(\S+))\s*>\}\}\s*")
_EMBED: Final = re.compile(r"\s*\{\{<\s*embed\s+((?:[^>\"]|\"[^\"]*\"){1,500}?)\s*>\}\}\s*")


def expand(project: Project, path: PurePosixPath) -> tuple[list[Line], list[PurePosixPath]]:
    """Return a chapter's lines with its includes in their place, and all files that they come from.

    Raises ChapterError for a file that can't be read, is private, lies outside the project or includes itself.
    """
    return _expand(project, path, path.parent, (), None)


def files(root: Path, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield a chapter and the files that it includes, with their texts, in reading order, each as often as included.

    What can't be read, or includes itself, is left to the build to tell.
    """
    yield from _files(root, path, path.parent, ())


def _files(
    root: Path, path: PurePosixPath, base: PurePosixPath, chain: tuple[PurePosixPath, ...]
) -> Iterator[tuple[PurePosixPath, str]]:
    try:
        text = _read_text(root, path, None)
    except ChapterError:
        return
    if path in chain or len(chain) > MAX_INCLUDES:
        return
    yield path, text
    for _, line in without_comments(text, front=not chain):
        if match := _INCLUDE.fullmatch(line):
            yield from _files(root, _target(root, base, path, match), base, (*chain, path))


def _expand(
    project: Project,
    path: PurePosixPath,
    base: PurePosixPath,
    chain: tuple[PurePosixPath, ...],
    asked: Place | None,
) -> tuple[list[Line], list[PurePosixPath]]:
    if path in chain or len(chain) > MAX_INCLUDES:
        raise ChapterError(
            f"{path} includes itself: {' → '.join(str(p) for p in (*chain, path))}",
            place=asked,
            remedy="take one of these includes out",
        )
    from paper.text import notebooks  # which reads the cells that it embeds by way of this module

    if path.suffix == ".ipynb":
        return notebooks.chapter_lines(project, path), [path]
    lines: list[Line] = []
    read = [path]
    for number, text in without_comments(_read_text(project.root, path, asked), front=not chain):
        here = Place(str(path), number)
        if embed := _EMBED.fullmatch(text):
            words, named = arguments(embed[1])
            inner, embedded = notebooks.embedded_lines(project, base, words, named, here)
            lines += inner
            read.append(embedded)
        elif match := _INCLUDE.fullmatch(text):
            target = _target(project.root, base, path, match)
            inner, included = _expand(project, target, base, (*chain, path), here)
            if inner and inner[-1].text.strip():
                inner.append(Line("", str(target), len(inner) + 1))  # what follows is a paragraph of its own
            lines += inner
            read += included
            if len(read) > MAX_FILES:
                raise ChapterError(
                    f"more than {MAX_FILES} files are included", place=here, remedy="include fewer"
                )
        else:
            lines.append(Line(text, str(path), number))
    return lines, read


def _target(root: Path, base: PurePosixPath, including: PurePosixPath, match: re.Match[str]) -> PurePosixPath:
    """Resolve an include: from the chapter's folder, as Quarto does, or else from that of the including file."""
    name = match[1] or match[2] or match[3]
    target = normal(PurePosixPath(name.lstrip("/")) if name.startswith("/") else base / name)
    beside = normal(including.parent / name)
    if not name.startswith("/") and not is_file(root / target) and is_file(root / beside):
        return beside
    return target


def normal(path: PurePosixPath) -> PurePosixPath:
    """Return a path without its ".." and "."; one that leads outside begins with ".."."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return PurePosixPath("..") / path.name
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PurePosixPath(*parts)


def _read_text(root: Path, path: PurePosixPath, asked: Place | None) -> str:
    place = asked or Place(str(path))
    full = root / path
    if path.parts[:1] == ("..",) or not full.resolve().is_relative_to(root.resolve()):
        remedy = "copy the file into the project and include that"
        raise ChapterError("the include leads outside the project", place=place, remedy=remedy)
    if path.parts[:2] == ("data", "private"):
        remedy = "quote released excerpts only"
        raise ChapterError("a chapter must not include private data", place=place, remedy=remedy)
    try:
        data = full.read_bytes()
    except FileNotFoundError:
        remedy = "check the name of the include"
        raise ChapterError(f"the file {path} does not exist", place=place, remedy=remedy) from None
    except OSError as error:
        raise ChapterError(f"{path} can't be read: {error.strerror}", place=place) from None
    if len(data) > MAX_BYTES:
        message = f"{path} has {len(data):,} bytes, more than {MAX_BYTES:,}"
        raise ChapterError(message, place=place, remedy="split the chapter")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remedy = "save the file as UTF-8"
        raise ChapterError("not UTF-8", place=Place(str(path), line), remedy=remedy) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
