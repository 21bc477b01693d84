"""The numbered book as one document, cited once: what PDF, DOCX and archives are written from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import panflute as pf

from paper.numbering import citing
from paper.numbering.numbering import NumberedChapter
from paper.parsing.tree import IDENTIFIED, walk
from paper.project import Project
from paper.tools import pandoc, trees

Convert = Callable[[NumberedChapter], list[pf.Element]]


def merge_chapters(chapters: Iterable[NumberedChapter], convert: Convert) -> pf.Doc:
    """One document of all chapters. ``convert``: a chapter, whose tree it may change, to its blocks."""
    blocks: list[pf.Element] = []
    known: set[str] = set()
    for chapter in chapters:
        blocks += convert(chapter)
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


def cited(project: Project, chapters: Sequence[NumberedChapter], doc: pf.Doc) -> pf.Doc:
    """Return the document of ``resolve_citations`` as a tree, for writers that go on to change it."""
    return trees.load(json.dumps(resolve_citations(project, chapters, doc)))


def resolve_citations(project: Project, chapters: Sequence[NumberedChapter], doc: pf.Doc) -> dict[str, Any]:
    """Return the document in pandoc's JSON, with citations written out and the list of works in ``Div#refs``."""
    listed = dict.fromkeys(key for c in chapters for key in citing.nocite(project, c.source))
    if listed:
        cite = pf.Cite(citations=[pf.Citation(key, mode="NormalCitation") for key in listed])
        doc.metadata["nocite"] = pf.MetaInlines(cite)
    written = pandoc.run(
        trees.dump(doc),
        to="json",
        args=citing.citation_args(project, [c.source for c in chapters], merged=True),
    )
    result: dict[str, Any] = json.loads(written)
    result["meta"] = {}  # citeproc's settings: paths of this machine, which no file should carry
    return result
