"""The order of Latin and Cyrillic names in one list.

pandoc puts every Latin name before every Cyrillic one, whatever the language (Unicode's collation). An author, or a
style of GOST, wants Cyrillic first; others want one alphabet, Cyrillic names by their transliteration. ``order:``
under ``paper: references:`` in ``_quarto.yml`` says which: ``latin-first``, ``cyrillic-first`` or ``together``; without
it the style's own language decides. What is sorted by goes into a field that this style doesn't print, in the copies
of the bibliography and the style that pandoc reads.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from paper.bibliography.language import in_latin_letters, named
from paper.bibliography.model import BIBTEX, Entry
from paper.bibliography.names import fold, people
from paper.errors import ProjectError
from paper.project import Project
from paper.settings import place_of
from paper.tools.cache import digest
from paper.tools.files import write_atomic

Order = Literal["latin-first", "cyrillic-first", "together"]
ORDERS: tuple[Order, ...] = ("latin-first", "cyrillic-first", "together")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_SORT = re.compile(r"(<(?:citation|bibliography)\b[^>]*>(?:(?!<layout\b).)*?<sort>)", re.DOTALL)
_HOME = re.compile(r"<style\b[^>]*\bdefault-locale=\"(?:ru|uk|kk|be|ky)\b")


def order_of(project: Project, style: Path | None) -> Order:
    """Return how a project's list is ordered. Raises ProjectError, with the line, for a setting that is none."""
    setting = project.config.get("paper", {})
    setting = setting.get("references", {}) if isinstance(setting, dict) else {}
    chosen = setting.get("order") if isinstance(setting, dict) else None
    text = style.read_text("utf8") if style else ""
    if chosen is None:
        return "cyrillic-first" if _HOME.search(text) and _can_carry(text) else "latin-first"
    place = place_of(project.root, "paper", "references", "order")
    if chosen not in ORDERS:
        message = f"there is no order {chosen!r}"
        raise ProjectError(message, place=place, remedy=f"the orders are {', '.join(ORDERS)}")
    if chosen != "latin-first" and not _can_carry(text):
        message = "the order of names can't be set: " + (
            "the style has none, or prints what it would be sorted by" if style else "the book names no style"
        )
        raise ProjectError(message, place=place, remedy="name a style that sorts by authors, as csl: apa")
    result: Order = chosen
    return result


def _can_carry(style: str) -> bool:
    """Return whether a style sorts its list, and doesn't print the field that carries the key."""
    sorted_parts = [match.group() for match in _SORT.finditer(style)]
    return any(part.startswith("<bibliography") for part in sorted_parts) and "call-number" not in style


def sort_key(entry: Entry, order: Order) -> str:
    """Return what an entry is sorted by before the style's own keys; "" for nothing."""
    who = entry.get("author", "editor", "organization", "institution") or entry.get("title")
    if order == "cyrillic-first":
        return "a" if _CYRILLIC.search(who) else "b"
    if order == "together":
        names = people(who) if entry.get("author", "editor") else []
        text = " ".join(f"{name.family} {name.given}" for name in names) or who
        return re.sub(r"[^\w ]", "", in_latin_letters(fold(text)))
    return ""


def style_for_pandoc(style: Path | None, project: Project) -> Path | None:
    """Return the style that pandoc is to read: as it is, or a copy in ``.paper/`` that sorts by the key first."""
    if style is None or order_of(project, style) == "latin-first":
        return style
    text = _SORT.sub(r'\1<key variable="call-number"/>', style.read_text("utf8"))
    copy = project.root / ".paper" / "references" / f"{digest(text)[:20]}.csl"
    if not copy.is_file():
        write_atomic(copy, text.encode())
    return copy


def bibliography_for_pandoc(path: Path, project: Project, style: Path | None) -> Path:
    """Return the .bib file that pandoc is to read: the author's, or a copy in ``.paper/``; see ``language.named``.

    style: by which the list is printed. Raises OSError where the file can't be read.
    """
    if path.suffix not in BIBTEX:
        return path
    return _copy(path, project.root, order_of(project, style), path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _copy(path: Path, root: Path, order: Order, _: int) -> Path:
    from paper.bibliography.reader import read

    bib = read(path)
    text = named(bib, lambda entry: sort_key(entry, order))
    if text == bib.text:
        return path
    copy = root / ".paper" / "references" / f"{digest(text)[:20]}.bib"
    if not copy.is_file():
        write_atomic(copy, text.encode())
    return copy
