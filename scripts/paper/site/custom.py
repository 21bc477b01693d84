"""What a book's settings put into the frame of its pages: icon, footer, HTML of the author's own.

https://quarto.org/docs/reference/projects/books.html, https://quarto.org/docs/output-formats/html-basics.html#includes
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from paper.errors import ChapterError, ProjectError
from paper.images import images
from paper.project import Project
from paper.settings import place_of
from paper.text.source import Source
from paper.tools import pandoc

INCLUDES: Final = ("include-in-header", "include-before-body", "include-after-body")
_SIDES: Final = ("left", "center", "right")


def favicon(project: Project) -> str:
    """Return the path of the site's icon, from the project's root; "" for the usual one. Raises ProjectError."""
    return _picture(project, "favicon")


def cover(project: Project) -> str:
    """Return the path of the book's cover, from the project's root; "" for none. Raises ProjectError."""
    return _picture(project, "cover-image")


def _picture(project: Project, name: str) -> str:
    given = project.book.get(name)
    if not given:
        return ""
    path = images.local_file(project, "", str(given))
    if path is None or not path.is_file():
        raise _wrong(project, f"there is no file {given}", "book", name)
    return path.relative_to(project.root.resolve()).as_posix()


def footer(project: Project, root: str) -> str:
    """Return the author's footer as HTML; "" for none. root: the way from the page to the site's root."""
    given = project.book.get("page-footer")
    parts = given if isinstance(given, Mapping) else {"center": given}
    results = [_part(parts[side], root) for side in _SIDES if parts.get(side)]
    inside = "\n".join(f'<div class="footer-part">{part}</div>' for part in results)
    return f'<div class="own-footer">{inside}</div>' if inside else ""


def _part(given: Any, root: str) -> str:
    if not isinstance(given, list):
        return _words(str(given))
    items = []
    for item in given:
        entry = item if isinstance(item, Mapping) else {"text": str(item)}
        text = str(
            entry.get("text") or entry.get("aria-label") or entry.get("icon") or entry.get("href") or ""
        )
        address = str(entry.get("href") or "")
        if images.is_local(address):
            address = root + address.removeprefix("/").replace(".qmd", ".html")
        words = _words(text).removeprefix("<p>").removesuffix("</p>")
        items.append(f'<a href="{html.escape(address)}">{words}</a>' if address else words)
    return '<ul class="inline-list">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


@cache
def _words(text: str) -> str:
    return pandoc.run(text, source=pandoc.READER, to="html").strip()


def book_includes(project: Project) -> dict[str, str]:
    """Return the author's HTML for every page, by the name of its place, each of ``INCLUDES``. Raises ProjectError."""
    return _included(project, project.format("html"), "")


def chapter_includes(project: Project, source: Source) -> dict[str, str]:
    """Return the HTML that a chapter's front matter puts into its own page, by the name of its place.

    Paths begin at the chapter's folder. Raises ChapterError.
    """
    setting = source.meta.get("format")
    of_pages = setting.get("html") if isinstance(setting, Mapping) else None
    results: dict[str, str] = {}
    for settings in (source.meta, of_pages):
        if isinstance(settings, Mapping):
            texts = _included(project, settings, str(source.path), source)
            results = {name: "\n".join(filter(None, (results.get(name), texts[name]))) for name in INCLUDES}
    return results


def _included(
    project: Project, settings: Mapping[str, Any], page: str, source: Source | None = None
) -> dict[str, str]:
    """Return the HTML that settings name; page: whose folder paths begin at; source: the chapter of the settings."""
    results = {}
    for name in INCLUDES:
        entries = settings.get(name) or []
        texts = []
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, Mapping) and "text" in entry:
                texts.append(str(entry["text"]))
                continue
            named = str(entry["file"] if isinstance(entry, Mapping) and "file" in entry else entry)
            path = images.local_file(project, page, named)
            if path is None or not path.is_file():
                message = f"there is no file {named}"
                if source is None:
                    raise _wrong(project, message, "format", "html", name)
                raise ChapterError(f"{name}: {message}", place=source.find(named), remedy="correct the path")
            texts.append(path.read_text("utf8"))
        results[name] = "\n".join(texts)
    return results


def _wrong(project: Project, said: str, *keys: str) -> ProjectError:
    place = place_of(project.root, *keys)
    return ProjectError(f"{': '.join(keys)}: {said}", place=place, remedy="correct the path")
