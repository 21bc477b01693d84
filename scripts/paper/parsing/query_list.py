"""The queries of a book as a list for its author: in settings, chapters and brief, and doubts of coded rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from paper import editions
from paper.project import Project
from paper.text import briefs
from paper.text.reading import read as read_source
from paper.text.source import Source
from paper.typography import curly


@dataclass(frozen=True)
class ListedQuery:
    """A query as it stands in the letter to the author."""

    mark: str
    """Its number in the margin, or the row of data that it belongs to; "" in a setting, which has no margin."""
    file: str
    """The file that holds it, from the project's root."""
    line: int
    """Its line there."""
    words: str
    """What is asked."""
    page: str = ""
    """The chapter's page; "" outside chapters."""


def list_queries(project: Project) -> list[ListedQuery]:
    """Return the queries of settings, chapters and brief in order, then the doubts of coded rows.

    Raises PaperError where a chapter can't be read.
    """
    return [*_of_settings(project), *_of_chapters(project), *_of_brief(project), *_of_rows(project)]


def compose_letter(project: Project, found: list[ListedQuery]) -> str:
    """Return the queries as a letter to the author."""
    if not found:
        return "Nothing is asked of the author."
    texts = [one for one in found if "/" not in one.mark]
    doubts = [one for one in found if "/" in one.mark]
    names = ", ".join(author.name for author in project.authors) or "author"
    lines = [f"Dear {names},", "", f"these questions on “{project.title}” are for you to answer.", ""]
    if texts:
        lines += ["In the text, numbered as in the margin of the working edition:", ""]
        lines += [f"  {one.mark or '–'}. {one.words}\n     {one.file}:{one.line}" for one in texts]
    if doubts:
        lines += ["", "In the coded data:", ""]
        lines += [f"  {one.mark}: {one.words}\n     {one.file}:{one.line}" for one in doubts]
    return "\n".join(lines)


def _of_settings(project: Project) -> Iterator[ListedQuery]:
    for path in project.settings:
        text = path.read_text("utf8", errors="replace")
        for query in editions.queries(text):
            yield ListedQuery("", path.relative_to(project.root).as_posix(), query.line, query.words)


def _of_chapters(project: Project) -> Iterator[ListedQuery]:
    number = 0
    for chapter in project.chapters:
        for numbered, query in _of_source(read_source(project, chapter.path)):
            number += numbered
            yield replace(query, mark=str(number) if numbered else "", page=chapter.page)


def _of_brief(project: Project) -> Iterator[ListedQuery]:
    paths = [briefs.SOURCE, *(one.path for one in briefs.translations(project) if one.is_begun)]
    for path in paths if (project.root / briefs.SOURCE).is_file() else ():
        yield from (query for _, query in _of_source(read_source(project, path)))


def _of_source(source: Source) -> Iterator[tuple[bool, ListedQuery]]:
    """Yield queries of a text, and whether they take a number: a title has no margin."""
    text = "\n".join(line.text for line in source.lines)
    front = re.match(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    for query in editions.queries(text):
        line = source.lines[query.line - 1]
        if "row=" not in query.attributes:
            numbered = not front or query.start >= front.end()
            yield numbered, ListedQuery("", line.file, line.number, query.words)


def _of_rows(project: Project) -> Iterator[ListedQuery]:
    for path in sorted((project.root / "data").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            key = (reader.fieldnames or ["id"])[0]
            for row in reader:
                if doubt := (row.get("doubt") or "").strip():
                    file = path.relative_to(project.root).as_posix()
                    yield ListedQuery(f"{path.stem}/{row[key]}", file, reader.line_num, curly(doubt))
