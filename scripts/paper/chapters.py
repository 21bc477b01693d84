"""The chapters that a book lists, in order, with their parts.

https://quarto.org/docs/books/book-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from paper.errors import PaperError, Place, ProjectError, did_you_mean, together
from paper.paths import is_file
from paper.settings import Yaml, place_of, project_file

ChapterKind = Literal["index", "chapter", "appendix"]


@dataclass(frozen=True)
class Chapter:
    """One source of the book, and its place in the book."""

    path: PurePosixPath
    """From the project's root."""
    kind: ChapterKind
    part: str = ""
    """The title of the part that it stands in, or ""."""
    opens: bool = False
    """Whether it is the page that opens a part, which takes no number."""

    @property
    def page(self) -> str:
        """The address of its page within the site."""
        return str(self.path.with_suffix(".html"))


def read_chapters(root: Path, book: Yaml) -> tuple[Chapter, ...]:
    """Return the chapters of the settings under ``book:``. Raises ProjectError for those that aren't there."""
    settings = project_file(root)
    if not book.get("chapters"):
        place = place_of(root, "book")
        raise ProjectError("the book has no chapters", place=place, remedy="list them under book: chapters:")
    chapters: list[Chapter] = []
    errors: list[PaperError] = []

    def wrong(name: str, said: str, remedy: str = "") -> None:
        line = _line_with(settings, name)
        place = Place(settings.name, line) if line else place_of(root, "book")
        errors.append(ProjectError(f"the chapter {name} {said}", place=place, remedy=remedy))

    for key, kind in (("chapters", "chapter"), ("references", "chapter"), ("appendices", "appendix")):
        for name, part, opens in _sources(book.get(key) or []):
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                wrong(name, "is outside the project")
            elif not is_file(root / path):
                there = (p.relative_to(root).as_posix() for p in root.glob("**/*.qmd"))
                remedy = did_you_mean(name, there, "create it, or take it from the list")
                wrong(name, "does not exist", remedy)
            else:
                front = kind == "chapter" and len(path.parts) == 1 and path.stem == "index"
                own: ChapterKind = "index" if front else kind  # type: ignore[assignment]
                if path not in {
                    chapter.path for chapter in chapters
                }:  # listed twice: ``listed_twice`` tells it
                    chapters.append(Chapter(path, own, part, opens))
    if errors:
        raise together(errors)
    return tuple(sorted(chapters, key=lambda chapter: chapter.kind != "index"))  # Quarto's order, too


def listed_twice(root: Path, book: Yaml) -> list[tuple[str, int | None]]:
    """Return the chapters that the settings list more than once, each with the line of its second place."""
    keys = ("chapters", "references", "appendices")
    names = [name for key in keys for name, _, _ in _sources(book.get(key) or [])]
    path = project_file(root)
    return [(name, _line_with(path, name, count=2)) for name in dict.fromkeys(names) if names.count(name) > 1]


def _sources(entries: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield paths of chapters in order, each with the title of its part, or "", and whether it opens that part."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, Mapping):
            if "part" in entry:
                part = str(entry["part"])
                if part.endswith((".qmd", ".md", ".ipynb")):
                    yield part, "", True
                    part = ""
                for name, _, opens in _sources(entry.get("chapters") or []):
                    yield name, part, opens
            elif entry.get("href") or entry.get("file"):
                yield str(entry.get("href") or entry.get("file")), "", False
        else:
            yield str(entry), "", False


def _line_with(path: Path, name: str, count: int = 1) -> int | None:
    """Return the line on which a name stands for the first, or another, time."""
    for number, line in enumerate(path.read_text("utf8", errors="replace").splitlines(), 1):
        if name in line and not line.lstrip().startswith("#"):
            count -= 1
            if count == 0:
                return number
    return None
