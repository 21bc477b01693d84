"""The numbered book as one document, cited once: what PDF, DOCX and archives are written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import panflute as pf

from paper.numbering import citations
from paper.numbering.numbering import NumberedChapter
from paper.parsing.tree import IDENTIFIED, walk
from paper.project import Project
from paper.tools.cache import of_project

Convert = Callable[[NumberedChapter], list[pf.Element]]


def merge_chapters(chapters: Iterable[NumberedChapter], convert: Convert) -> pf.Doc:
    """One document of all chapters. ``convert``: a chapter, whose tree it may change, to its blocks."""
    blocks: list[pf.Element] = []
    known: set[str] = set()
    for chapter in chapters:
        blocks += convert(chapter)
        chapter.forget()
    doc = pf.Doc(*blocks, api_version=(1, 23, 1))
    walk(doc, lambda element, _: _keep_first(element, known), *IDENTIFIED)
    return doc


def _keep_first(element: pf.Element, known: set[str]) -> None:
    """Chapters may share ids that pandoc made from headings; in one document only the first keeps it."""
    identifier = element.identifier
    if identifier in known:
        element.identifier = ""
    elif identifier:
        known.add(identifier)


def resolve_citations(project: Project, chapters: Sequence[NumberedChapter], doc: pf.Doc) -> pf.Doc:
    """Write the citations of a document out and put the list of works in its place, in place; return the document."""
    cites = citations.of_documents(project, chapters, of_project(project.root))
    cites.insert(doc)
    cites.place_list(doc)
    return doc
