"""Numbers over the whole book, and the references that use them.

Chapters count 1, 2, …, appendices A, B, …; sections, figures, tables, listings, equations, callouts and theorems
count within their chapter, as Quarto does in HTML. A first pass finds every label of the book; only then are
references resolved, since they cross chapters in both directions.
"""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import panflute as pf

from paper.errors import ChapterError, PaperError, Place
from paper.project import Chapter, Project
from paper.render import structure
from paper.render.source import Source

Kind = Literal["index", "chapter", "appendix", "unnumbered"]

PREFIXES = {
    **structure.FLOATS,
    "eq": "Equation",
    "sec": "Section",
    "ch": "Chapter",
    "apx": "Appendix",
    **{label: structure.CALLOUTS[kind] for label, kind in structure.CALLOUT_LABELS.items()},
    **structure.THEOREMS,
}
NBSP = "\u00a0"


@dataclass(frozen=True)
class Entry:
    """A label: what it stands for ("fig", "sec", "ch", …), its number, the page that holds it, its part letter."""

    kind: str
    number: str
    page: str
    sub: str = ""


@dataclass(frozen=True)
class NumberedChapter:
    """A chapter ready to be written. ``doc`` no longer holds the title heading."""

    path: str
    page: str
    kind: Kind
    number: str
    title: list[pf.Element]
    id: str
    doc: pf.Doc
    source: Source
    classes: tuple[str, ...] = ()


@dataclass
class Book:
    """Every chapter, and every label of the book."""

    chapters: list[NumberedChapter] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)


def number(project: Project, chapters: Iterable[tuple[Chapter, Source, pf.Doc]]) -> Book:
    """Give every chapter, section, float and equation its number, in place, and index the labels."""
    book = Book()
    counts = {"chapter": 0, "appendix": 0}
    errors: list[PaperError] = []
    for chapter, source, doc in chapters:
        heading = _take_title(doc)
        unnumbered = heading is None or "unnumbered" in heading.classes or chapter.kind == "index"
        if chapter.kind == "index" and heading is not None:
            doc.content.insert(0, heading)  # the book's own title heads its first page
        kind: Kind = "index" if chapter.kind == "index" else "unnumbered" if unnumbered else chapter.kind
        mark = ""
        if kind in ("chapter", "appendix"):
            counts[kind] += 1
            mark = str(counts[kind]) if kind == "chapter" else _capital(counts[kind])
        identifier = heading.identifier if heading is not None else ""
        title = list(heading.content) if heading is not None else [pf.Str(chapter.path.stem)]
        numbered = NumberedChapter(
            str(chapter.path), chapter.page, kind, mark, title, identifier, doc, source,
            tuple(heading.classes) if heading is not None else (),
        )  # fmt: skip
        if heading is not None and chapter.kind != "index":
            name = {"chapter": "ch", "appendix": "apx"}.get(kind, "sec")
            _enter(book, heading.identifier, Entry(name, mark, numbered.page), numbered, errors)
        _number_contents(book, numbered, project, errors)
        book.chapters.append(numbered)
    if errors:
        raise _all(errors)
    return book


def resolve(book: Book, chapter: NumberedChapter) -> None:
    """Turn the references of a chapter into links, in place. Raises ChapterError for a label that isn't there."""
    errors: list[PaperError] = []

    def references(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if not isinstance(element, pf.Cite) or not any(reference_kind(c.id) for c in element.citations):
            return None
        made: list[pf.Element] = []
        others = []
        for citation in element.citations:
            if not reference_kind(citation.id):
                others.append(citation)
                continue
            label = citation.id[:1].lower() + citation.id[1:]
            entry = book.entries.get(label)
            if entry is None:
                errors.append(_broken(book, chapter, citation.id))
                continue
            if made:
                made += [pf.Str(","), pf.Space]
            made.append(_link(chapter, citation, label, entry))
        if others:
            if made:
                made += [pf.Str(","), pf.Space]
            made.append(pf.Cite(*element.content, citations=others))
        return [pf.Space() if e is pf.Space else e for e in made]

    chapter.doc.walk(references)
    if errors:
        raise _all(errors)


def reference_kind(label: str) -> str:
    """ "fig" for "fig-x" and "Fig-x"; "" for what is a citation."""
    kind = (label[:1].lower() + label[1:]).partition("-")[0]
    return kind if "-" in label and kind in PREFIXES and kind not in ("ch", "apx") else ""


def relative(page: str, target: str) -> str:
    """The address of one page of the site from another; "" for the page itself."""
    return "" if page == target else posixpath.relpath(target, posixpath.dirname(page) or ".")


def title_text(chapter: NumberedChapter) -> str:
    """The chapter's title as text, without its number."""
    return str(pf.stringify(pf.Para(*chapter.title))).strip()


# -- first pass -------------------------------------------------------------------------------------------------


def _take_title(doc: pf.Doc) -> pf.Header | None:
    """The first heading of level 1, taken out of the document."""
    for at, block in enumerate(doc.content):
        if isinstance(block, pf.Header) and block.level == 1:
            return doc.content.pop(at)
    return None


def _number_contents(
    book: Book, chapter: NumberedChapter, project: Project, errors: list[PaperError]
) -> None:
    sections = [0] * 7
    counts: dict[str, int] = {}
    depth = int(project.config.get("number-depth") or 6)
    numbered = project.config.get("number-sections", True) is not False

    def label(number: int) -> str:
        return f"{chapter.number}.{number}" if chapter.number else str(number)

    def visit(element: pf.Element, parent: str) -> None:
        if isinstance(element, pf.Header):
            mark = ""
            if element.level > 1 and "unnumbered" not in element.classes and chapter.number and numbered:
                sections[element.level] += 1
                sections[element.level + 1 :] = [0] * (6 - element.level)
                mark = ".".join([chapter.number, *(str(n) for n in sections[2 : element.level + 1])])
                if element.level <= depth:
                    element.attributes["number"] = mark
            _enter(book, element.identifier, Entry("sec", mark, chapter.page), chapter, errors)
        elif structure.is_float(element):
            parent = _number_float(element, parent)
        elif isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            counts["eq"] = counts.get("eq", 0) + 1
            element.attributes["number"] = label(counts["eq"])
            _enter(book, element.identifier, Entry("eq", label(counts["eq"]), chapter.page), chapter, errors)
        elif isinstance(element, pf.Div) and (kind := reference_kind(element.identifier)) not in (
            "",
            "fig",
            "tbl",
            "lst",
            "eq",
            "sec",
        ):
            counts[kind] = counts.get(kind, 0) + 1
            element.attributes["number"] = label(counts[kind])
            element.attributes["label"] = PREFIXES[kind]
            _enter(book, element.identifier, Entry(kind, label(counts[kind]), chapter.page), chapter, errors)
        for child in _children(element):
            visit(child, parent)

    def _number_float(element: pf.Div, parent: str) -> str:
        kind = element.attributes["kind"]
        element.attributes["label"] = PREFIXES[kind]
        if "sub" in element.attributes and parent:
            above = book.entries[parent]
            element.attributes["number"] = above.number
            if not element.identifier:
                element.identifier = f"{parent}-{ord(element.attributes['sub'][0]) - 96}"
            _enter(
                book,
                element.identifier,
                Entry(kind, above.number, chapter.page, element.attributes["sub"]),
                chapter,
                errors,
            )
            return parent
        if not element.identifier:
            return ""
        counts[kind] = counts.get(kind, 0) + 1
        element.attributes["number"] = label(counts[kind])
        _enter(book, element.identifier, Entry(kind, label(counts[kind]), chapter.page), chapter, errors)
        return str(element.identifier)

    for block in chapter.doc.content:
        visit(block, "")


def _children(element: pf.Element) -> list[pf.Element]:
    if isinstance(element, pf.Table):
        found: list[pf.Element] = []
        element.walk(
            lambda e, _: found.append(e) if isinstance(e, pf.Span) and "quarto-eq" in e.classes else None
        )
        return found
    content = getattr(element, "content", None)
    return list(content) if isinstance(content, pf.ListContainer) else []


def _enter(book: Book, label: str, entry: Entry, chapter: NumberedChapter, errors: list[PaperError]) -> None:
    if not label:
        return
    known = book.entries.get(label)
    if known is not None:
        if reference_kind(label):
            errors.append(
                ChapterError(
                    f"the label {label!r} is used twice in the book (also in {known.page})",
                    place=chapter.source.find(label),
                    remedy="give one of them another label",
                )
            )
        return
    book.entries[label] = entry


def _capital(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# -- second pass ------------------------------------------------------------------------------------------------


def _link(chapter: NumberedChapter, citation: pf.Citation, label: str, entry: Entry) -> pf.Link:
    number = entry.number + (f" ({entry.sub})" if entry.sub else "")
    prefix: list[pf.Element] = []
    if citation.prefix:
        prefix = [*citation.prefix, pf.Str(NBSP)]
    elif citation.mode != "SuppressAuthor":
        prefix = [pf.Str(PREFIXES[entry.kind] + (NBSP if entry.number else ""))]
    if not entry.number and not prefix:
        prefix = [pf.Str(PREFIXES[entry.kind])]
    whole = entry.kind in ("ch", "apx")
    url = relative(chapter.page, entry.page)
    if not whole:
        url += f"#{label}"
    words = pf.stringify(pf.Para(*prefix)).replace(NBSP, " ").strip() if prefix else ""
    attributes = {"ref": label, "number": number, "text-prefix": words}
    return pf.Link(
        *prefix,
        pf.Str(number.replace(" ", NBSP)),
        url=url or "#",
        classes=["quarto-xref"],
        attributes=attributes,
    )


def _broken(book: Book, chapter: NumberedChapter, label: str) -> ChapterError:
    near = difflib.get_close_matches(label, [known for known in book.entries if reference_kind(known)], n=1)
    return ChapterError(
        f"the cross-reference @{label} leads nowhere",
        place=chapter.source.find(f"@{label}"),
        remedy=f"did you mean @{near[0]}?" if near else f"label what it should point to with #{label}",
    )


def _all(errors: list[PaperError]) -> PaperError:
    from paper.errors import SourceErrors

    return errors[0] if len(errors) == 1 else SourceErrors(errors)


def with_doc(chapter: NumberedChapter, doc: pf.Doc) -> NumberedChapter:
    """The same chapter with another tree."""
    return replace(chapter, doc=doc)


def place_of(chapter: NumberedChapter, text: str) -> Place:
    """Where the author wrote ``text``, or the chapter's file."""
    return chapter.source.find(text)
