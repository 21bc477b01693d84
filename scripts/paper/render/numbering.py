"""Numbers over the whole book, and the references that use them.

Chapters count 1, 2, …, appendices A, B, …; sections, figures, tables, listings, equations, callouts and theorems
count within their chapter, as Quarto does in HTML. A chapter's outline says what is in it; from all outlines come
the book's labels, and only then is a chapter's tree numbered and its references resolved, when somebody needs it.
"""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import panflute as pf

from paper.errors import ChapterError, PaperError, together
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
OWN = "\0"  # stands in an outline for the chapter's own number
COUNTED_ELSEWHERE = ("", "fig", "tbl", "lst", "eq", "sec")


@dataclass(frozen=True)
class Entry:
    """A label: what it stands for ("fig", "sec", "ch", …), its number, the page that holds it, its part letter."""

    kind: str
    number: str
    page: str
    sub: str = ""


@dataclass(frozen=True)
class Outline:
    """What the book must know of a chapter to number it; the same wherever the chapter stands in the book.

    headed: whether it has a title heading, whose id and classes follow; name: the title as text; labels: each label
    with kind, number and part letter, where OWN stands for the chapter's number; twice: labels given twice; refers:
    labels that it refers to, as written; cites: keys of the bibliography, in order; lists: whether it holds the
    list of references.
    """

    headed: bool
    id: str
    classes: tuple[str, ...]
    name: str
    labels: tuple[tuple[str, str, str, str], ...]
    twice: tuple[str, ...]
    refers: tuple[str, ...]
    cites: tuple[str, ...]
    lists: bool


@dataclass(frozen=True)
class NumberedChapter:
    """A chapter with its number. ``key`` tells its content and format apart from any other's."""

    path: str
    page: str
    kind: Kind
    number: str
    source: Source
    outline: Outline
    key: str
    book: Book = field(repr=False)
    load: Callable[[], pf.Doc] = field(repr=False)

    @property
    def id(self) -> str:
        return self.outline.id

    @property
    def classes(self) -> tuple[str, ...]:
        return self.outline.classes

    @property
    def name(self) -> str:
        """The title as text, without its number."""
        return self.outline.name

    @cached_property
    def _parts(self) -> tuple[list[pf.Element], pf.Doc]:
        doc = self.load()
        heading = _take_title(doc)
        if self.kind == "index" and heading is not None:
            doc.content.insert(0, heading)  # the book's own title heads its first page
        _number_contents(doc, self.number, self.book.project)
        _resolve(self, doc)
        return (list(heading.content) if heading is not None else [pf.Str(self.name)]), doc

    @property
    def doc(self) -> pf.Doc:
        """Its tree without the title heading, numbered, with its references resolved. Made when first asked for."""
        return self._parts[1]

    @property
    def title(self) -> list[pf.Element]:
        """The title's inlines."""
        return self._parts[0]


@dataclass
class Book:
    """Every chapter, and every label of the book."""

    project: Project
    chapters: list[NumberedChapter] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    def referred(self, chapter: NumberedChapter) -> list[tuple[str, Entry]]:
        """The labels that a chapter refers to, with what they stand for."""
        return [(label, self.entries[_plain(label)]) for label in chapter.outline.refers]


def outline(doc: pf.Doc, chapter: Chapter, project: Project) -> Outline:
    """A chapter's outline, from its tree for one format. The tree is changed."""
    heading = _take_title(doc)
    if chapter.kind == "index" and heading is not None:
        doc.content.insert(0, heading)
    labels, twice = _number_contents(doc, OWN, project)
    refers: dict[str, None] = {}
    cites: dict[str, None] = {}
    lists = False

    def visit(element: pf.Element, _: pf.Doc) -> None:
        nonlocal lists
        if isinstance(element, pf.Cite):
            for citation in element.citations:
                (refers if reference_kind(citation.id) else cites)[citation.id] = None
        elif isinstance(element, pf.Div) and element.identifier == "refs":
            lists = True

    doc.walk(visit)
    title = pf.stringify(pf.Para(*heading.content)).strip() if heading is not None else chapter.path.stem
    return Outline(
        headed=heading is not None,
        id=str(heading.identifier) if heading is not None else "",
        classes=tuple(heading.classes) if heading is not None else (),
        name=title,
        labels=tuple((label, e.kind, e.number, e.sub) for label, e in labels.items()),
        twice=tuple(twice),
        refers=tuple(refers),
        cites=tuple(cites),
        lists=lists,
    )


def number(
    project: Project, chapters: Iterable[tuple[Chapter, Source, Outline, str, Callable[[], pf.Doc]]]
) -> Book:
    """Number every chapter and index the labels. Each comes with its outline, its key, and what loads its tree.

    Raises ChapterError, or several together: labels given twice, references that lead nowhere.
    """
    book = Book(project)
    counts = {"chapter": 0, "appendix": 0}
    errors: list[PaperError] = []
    for chapter, source, known, key, load in chapters:
        unnumbered = not known.headed or "unnumbered" in known.classes
        kind: Kind = "index" if chapter.kind == "index" else "unnumbered" if unnumbered else chapter.kind
        mark = ""
        if kind in ("chapter", "appendix"):
            counts[kind] += 1
            mark = str(counts[kind]) if kind == "chapter" else _capital(counts[kind])
        numbered = NumberedChapter(
            str(chapter.path), chapter.page, kind, mark, source, known, key, book, load
        )
        if known.headed and chapter.kind != "index":
            name = {"chapter": "ch", "appendix": "apx"}.get(kind, "sec")
            _enter(book, known.id, Entry(name, mark, numbered.page), numbered, errors)
        for label, sort, relative_number, sub in known.labels:
            entry = Entry(sort, _own(relative_number, sort, mark), numbered.page, sub)
            _enter(book, label, entry, numbered, errors)
        errors += [_twice(label, numbered, numbered.page) for label in known.twice]
        book.chapters.append(numbered)
    for numbered in book.chapters:
        errors += [
            _broken(book, numbered, label)
            for label in numbered.outline.refers
            if _plain(label) not in book.entries
        ]
    if errors:
        raise together(errors)
    return book


def _own(number: str, kind: str, mark: str) -> str:
    """A number of an outline, for a chapter of this number; in one without, sections have none."""
    if mark:
        return number.replace(OWN, mark)
    return "" if kind == "sec" else number.replace(f"{OWN}.", "")


def _plain(label: str) -> str:
    """ "fig-x" for "Fig-x"."""
    return label[:1].lower() + label[1:]


def _resolve(chapter: NumberedChapter, doc: pf.Doc) -> None:
    """Turn the references of a chapter into links, in place."""

    def references(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if not isinstance(element, pf.Cite) or not any(reference_kind(c.id) for c in element.citations):
            return None
        made: list[pf.Element] = []
        others = []
        for citation in element.citations:
            if not reference_kind(citation.id):
                others.append(citation)
                continue
            label = _plain(citation.id)
            if made:
                made += [pf.Str(","), pf.Space]
            made.append(_link(chapter, citation, label, chapter.book.entries[label]))
        if others:
            if made:
                made += [pf.Str(","), pf.Space]
            made.append(pf.Cite(*element.content, citations=others))
        return [pf.Space() if e is pf.Space else e for e in made]

    doc.walk(references)


def reference_kind(label: str) -> str:
    """ "fig" for "fig-x" and "Fig-x"; "" for what is a citation."""
    kind = _plain(label).partition("-")[0]
    return kind if "-" in label and kind in PREFIXES and kind not in ("ch", "apx") else ""


def relative(page: str, target: str) -> str:
    """The address of one page of the site from another; "" for the page itself."""
    return "" if page == target else posixpath.relpath(target, posixpath.dirname(page) or ".")


# -- first pass -------------------------------------------------------------------------------------------------


def _take_title(doc: pf.Doc) -> pf.Header | None:
    """The first heading of level 1, taken out of the document."""
    for at, block in enumerate(doc.content):
        if isinstance(block, pf.Header) and block.level == 1:
            return doc.content.pop(at)
    return None


def _number_contents(doc: pf.Doc, mark: str, project: Project) -> tuple[dict[str, Entry], list[str]]:
    """Number sections, floats, equations, callouts and theorems in place, within a chapter of this number.

    Returns the labels with their entries (whose page is left open), and those that are given twice.
    """
    labels: dict[str, Entry] = {}
    twice: list[str] = []
    sections = [0] * 7
    counts: dict[str, int] = {}
    depth = int(project.config.get("number-depth") or 6)
    numbered = project.config.get("number-sections", True) is not False

    def enter(label: str, kind: str, number: str, sub: str = "") -> None:
        if label in labels and reference_kind(label):
            twice.append(label)
        elif label:
            labels.setdefault(label, Entry(kind, number, "", sub))

    def count(kind: str) -> str:
        counts[kind] = counts.get(kind, 0) + 1
        return f"{mark}.{counts[kind]}" if mark else str(counts[kind])

    def visit(element: pf.Element, parent: str) -> None:
        if isinstance(element, pf.Header):
            own = ""
            if element.level > 1 and "unnumbered" not in element.classes and mark and numbered:
                sections[element.level] += 1
                sections[element.level + 1 :] = [0] * (6 - element.level)
                own = ".".join([mark, *(str(n) for n in sections[2 : element.level + 1])])
                if element.level <= depth:
                    element.attributes["number"] = own
            enter(element.identifier, "sec", own)
        elif structure.is_float(element):
            parent = number_float(element, parent)
        elif isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            element.attributes["number"] = count("eq")
            enter(element.identifier, "eq", element.attributes["number"])
        elif (
            isinstance(element, pf.Div)
            and (kind := reference_kind(element.identifier)) not in COUNTED_ELSEWHERE
        ):
            element.attributes["number"] = count(kind)
            element.attributes["label"] = PREFIXES[kind]
            enter(element.identifier, kind, element.attributes["number"])
        for child in _children(element):
            visit(child, parent)

    def number_float(element: pf.Div, parent: str) -> str:
        kind = element.attributes["kind"]
        element.attributes["label"] = PREFIXES[kind]
        if "sub" in element.attributes and parent:
            element.attributes["number"] = labels[parent].number
            if not element.identifier:
                element.identifier = f"{parent}-{ord(element.attributes['sub'][0]) - 96}"
            enter(element.identifier, kind, labels[parent].number, element.attributes["sub"])
            return parent
        if not element.identifier:
            return ""
        element.attributes["number"] = count(kind)
        enter(element.identifier, kind, element.attributes["number"])
        return str(element.identifier)

    for block in doc.content:
        visit(block, "")
    return labels, twice


def _children(element: pf.Element) -> list[pf.Element]:
    if isinstance(element, pf.Table):
        found: list[pf.Element] = []
        element.walk(
            lambda e, _: found.append(e) if isinstance(e, pf.Span) and "quarto-eq" in e.classes else None
        )
        return found
    if isinstance(element, pf.DefinitionItem):
        return [*element.term, *element.definitions]
    content = getattr(element, "content", None)
    return list(content) if isinstance(content, pf.ListContainer) else []


def _enter(book: Book, label: str, entry: Entry, chapter: NumberedChapter, errors: list[PaperError]) -> None:
    known = book.entries.get(label)
    if known is None and label:
        book.entries[label] = entry
    elif known is not None and reference_kind(label):
        errors.append(_twice(label, chapter, known.page))


def _twice(label: str, chapter: NumberedChapter, page: str) -> ChapterError:
    return ChapterError(
        f"the label {label!r} is used twice in the book (also in {page})",
        place=chapter.source.find(label),
        remedy="give one of them another label",
    )


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
