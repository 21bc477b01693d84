"""Where the text cites what: pandoc's citations in the chapters' sources, with file and line.

Pandoc's AST has no lines, and its `sourcepos` reader knows no citations; so the sources are scanned here,
with everything in which pandoc sees no citation (code, comments, addresses, raw blocks) blanked out first,
character for character, so that positions hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from paper import editions
from paper.project import Project
from paper.text import includes
from paper.text.citations import CITATION, blank, is_cross_reference
from paper.tools import watched
from paper.tools.cache import digest


@dataclass(frozen=True)
class Citation:
    """One citation of one work."""

    key: str
    file: str
    """The source that it stands in, from the project's root."""
    page: str
    """The page that shows it."""
    line: int
    """From 1, as is column."""
    column: int
    occurrence: int = 1
    """Which citation of this key on this page it is, from 1."""
    suffix: str = ""
    """What follows it within its brackets (the locator), or ""."""
    bracketed: bool = False
    """Whether it stands within ``[...]``."""
    start: int = 0
    """Position in the source, as is end."""
    end: int = 0


@dataclass(frozen=True)
class Source:
    """One file of text."""

    file: str
    """Its path from the root."""
    page: str
    text: str
    """As written."""
    prose: str
    """With spaces for whatever holds no citation: see ``blank``."""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, position: int) -> int:
        """Return the line of a position, from 1."""
        return bisect_right(self._starts, position)

    def column(self, position: int) -> int:
        """Return the column of a position, from 1."""
        return position - self._starts[self.line(position) - 1] + 1


def sources(project: Project, *, brief: bool = False) -> list[Source]:
    """Return the book's texts in reading order, included files after the chapter that includes them.

    ``brief`` adds the documents of ``brief/``. A file that is missing is left to the build to report. What is said to
    the author is read in the working edition only.
    """
    root = project.root
    pages = [(chapter.path, chapter.page) for chapter in project.chapters]
    if brief:
        documents = sorted(path.relative_to(root) for path in (root / "brief").glob("*.qmd"))
        pages += [(PurePosixPath(path), path.with_suffix(".html").as_posix()) for path in documents]
    return list(_sources(root, pages, with_queries=project.working))


def _sources(root: Path, pages: list[tuple[PurePosixPath, str]], *, with_queries: bool) -> Iterator[Source]:
    for chapter, page in pages:
        for path, text in includes.files(root, chapter):
            yield Source(str(path), page, text, _prose(text if with_queries else editions.blanked(text)))


@lru_cache(maxsize=1000)  # several checks, and the cells of several chapters, read the same texts
def _prose(text: str) -> str:
    return blank(text)


def citations(source: Source, custom: frozenset[str] = frozenset()) -> Iterator[Citation]:
    """Yield the citations of one text in reading order, without cross-references to figures and the like."""
    counts: dict[str, int] = {}
    groups = [match.span() for match in re.finditer(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]", source.prose)]
    at = 0
    for match in CITATION.finditer(source.prose):
        key = match["braced"] or match["plain"]
        if not match["braced"] and is_cross_reference(key, custom):
            continue
        counts[key] = counts.get(key, 0) + 1
        while at < len(groups) and groups[at][1] <= match.start():
            at += 1
        bracketed = at < len(groups) and groups[at][0] < match.start()
        if bracketed:
            suffix = re.split(r";", source.prose[match.end() : groups[at][1] - 1])[0]
        else:
            after = re.match(r"\s*\[([^\]@]*)\]", source.prose[match.end() :])
            suffix = after[1] if after else ""
        yield Citation(
            key=key,
            file=source.file,
            page=source.page,
            line=source.line(match.start()),
            column=source.column(match.start()),
            occurrence=counts[key],
            suffix=suffix.strip(" ,"),
            bracketed=bracketed,
            start=match.start(),
            end=match.end(),
        )


def custom_references(project: Project) -> frozenset[str]:
    """Return the kinds of numbered things that the project adds by ``crossref: custom:``."""
    crossref = project.config.get("crossref")
    custom = crossref.get("custom") if isinstance(crossref, dict) else None
    kinds = [entry.get("key") for entry in custom or [] if isinstance(entry, dict)]
    return frozenset(str(kind) for kind in kinds if kind)


def all_citations(project: Project, *, brief: bool = False) -> list[Citation]:
    """Return every citation in the text, in reading order, counted by page."""
    return citations_in(project, sources(project, brief=brief))


def citations_in(project: Project, texts: Iterable[Source]) -> list[Citation]:
    """Return every citation in texts of the project that are read already, in reading order, counted by page."""
    custom = custom_references(project)
    counts: dict[tuple[str, str], int] = {}
    results: list[Citation] = []
    for source in texts:
        for citation in citations(source, custom):
            place = (citation.page, citation.key)
            counts[place] = counts.get(place, 0) + 1
            results.append(Citation(**{**citation.__dict__, "occurrence": counts[place]}))
    return results


def nocite(project: Project) -> frozenset[str]:
    """Return the keys that the book lists though nothing cites them, by ``_quarto.yml`` or a chapter; "*" for all."""
    setting = str(project.config.get("nocite") or "")
    every = any(
        re.search(r"^nocite:[^\n]*(?:\n[ \t-][^\n]*)*?@\*", s.text, re.MULTILINE) for s in sources(project)
    )
    return frozenset(re.findall(r"@(\*|[\w:.#$%&+?<>~/-]*\w)", setting)) | frozenset("*" if every else "")


def cited_keys(project: Project) -> frozenset[str]:
    """Return the keys that the text cites.

    A cell that asks for them is run again when a text cites other works, and not when its words change.
    """
    with watched.reading_for("citations"):
        texts = sources(project)
    return frozenset(citation.key for citation in citations_in(project, texts))


@lru_cache(maxsize=1000)
def state(text: str) -> str:
    """Return what tells apart texts for which ``cited_keys`` may differ: their citations and what they include."""
    readers = editions.blanked(text)
    editions_of_it = [text] if readers == text else [text, readers]
    keys = [sorted({match.group() for match in CITATION.finditer(_prose(one))}) for one in editions_of_it]
    return digest(keys, [line for line in text.splitlines() if "{{<" in line])


def cited_in(project: Project) -> dict[str, list[Citation]]:
    """Return each cited key with its places, in reading order: what "cited in" links are made of."""
    index: dict[str, list[Citation]] = {}
    for citation in all_citations(project):
        index.setdefault(citation.key, []).append(citation)
    return index
