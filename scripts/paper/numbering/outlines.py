"""What a book must know of a chapter to number it, wherever the chapter stands."""

from __future__ import annotations

import json
from dataclasses import dataclass

import panflute as pf

from paper.chapters import Chapter
from paper.numbering import contexts
from paper.numbering.counting import count_contents, reference_kind
from paper.parsing import titles
from paper.parsing.tree import walk
from paper.parsing.wording import Wording
from paper.settings import Yaml
from paper.text.source import Source

OWN = "\0"  # stands in an outline for the chapter's own number, doubled for the one after it, and so on


@dataclass(frozen=True)
class Outline:
    """What the book must know of a chapter to number it; the same wherever the chapter stands in the book."""

    headed: bool
    """Whether it has a heading as title."""
    id: str
    """The title's id."""
    classes: tuple[str, ...]
    """The title's classes."""
    name: str
    """The title as text."""
    labels: tuple[tuple[str, str, str, str, str], ...]
    """Each label with kind, number, part letter and words, where OWN stands for the chapter's number."""
    duplicates: tuple[str, ...]
    """Labels given twice."""
    refers: tuple[str, ...]
    """Labels that it refers to, as written."""
    cites: tuple[str, ...]
    """Keys of the bibliography that it cites, in order."""
    lists: bool
    """Whether it holds the list of references."""
    leads: tuple[str, ...] = ()
    """Ids that its links lead to and it doesn't hold."""
    runs: str = "[]"
    """Its citations as ``contexts.runs`` gives them, as JSON."""


def outline(doc: pf.Doc, chapter: Chapter, source: Source, options: Yaml, form: str) -> Outline:
    """Return a chapter's outline, from its tree for one format, which stays as it is."""
    stays = title_stays(chapter.kind, source, form)
    blocks = list(doc.content)
    heading = title_of(doc, stays=stays)
    labels, duplicates = count_contents(
        doc, lambda after: OWN * (after + 1), options, sections_numbered=False, written=False
    )
    custom = Wording.of(options).custom
    refers: dict[str, None] = {}
    cites: dict[str, None] = {}
    leads: dict[str, None] = {}
    lists = False

    def visit(element: pf.Element, _: pf.Doc) -> None:
        nonlocal lists
        if isinstance(element, pf.Cite):
            for citation in element.citations:
                (refers if reference_kind(citation.id, custom) else cites)[citation.id] = None
        elif isinstance(element, pf.Div) and element.identifier == "refs":
            lists = True
        elif isinstance(element, pf.Link) and element.url.startswith("#") and element.url[1:] not in labels:
            leads[element.url[1:]] = None

    looked_at = (pf.Cite, pf.Div, pf.Link)
    if heading is not None:
        walk(heading, visit, *looked_at)
    walk(doc, visit, *looked_at)
    trees = [doc] if heading is None or stays else [heading, doc]
    title = titles.plain(heading.content) if heading is not None else chapter.path.stem
    result = Outline(
        headed=heading is not None,
        id=str(heading.identifier) if heading is not None else "",
        classes=tuple(heading.classes) if heading is not None else (),
        name=title,
        labels=tuple((label, e.kind, e.number, e.sub, e.words) for label, e in labels.items()),
        duplicates=tuple(duplicates),
        refers=tuple(refers),
        cites=tuple(cites),
        lists=lists,
        leads=tuple(leads),
        runs=json.dumps(contexts.runs(trees, options, asides_are_notes=form in ("typst", "docx"))),
    )
    doc.content[:] = blocks
    return result


def title_stays(kind: str, source: Source, form: str) -> bool:
    """Whether a chapter's first heading is a section of its text, and not the title that heads its page.

    So it is on the front page, which the book's own title heads. One in its front matter Quarto shows in files of
    the whole book alone (``withBookTitleMetadata`` in quarto-cli's ``src/project/types/book/book-render.ts``).
    """
    return kind == "index" and not (form == "html" and source.meta.get("title"))


def title_of(doc: pf.Doc, *, stays: bool) -> pf.Header | None:
    """Return the first heading, which is the chapter's title and taken out of the text, unless it stays."""
    for at, block in enumerate(doc.content):
        if isinstance(block, pf.Header):
            return block if stays else doc.content.pop(at)
    return None
