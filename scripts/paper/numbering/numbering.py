"""Numbers over the whole book, and the references that use them.

Chapters count 1, 2, …, appendices A, B, …; sections, figures, tables, listings, equations, callouts and theorems
count within their chapter, as Quarto does in HTML. A chapter's outline says what is in it; from all outlines come
the book's labels, and only then is a chapter's tree numbered and its references resolved, when somebody needs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field
from functools import cached_property
from typing import Literal

import panflute as pf

from paper.chapters import Chapter
from paper.numbering import citing, references
from paper.numbering.counting import Entry, canonical_label, capital, count_contents, reference_kind
from paper.numbering.outlines import OWN, Outline, title_of, title_stays
from paper.parsing.constructs import NBSP
from paper.parsing.tree import IDENTIFIED, every, walk
from paper.parsing.wording import Wording
from paper.project import Project
from paper.report import Fault
from paper.settings import Yaml
from paper.text import places
from paper.text.source import Source
from paper.tools.cache import digest

Kind = Literal["index", "chapter", "appendix", "unnumbered"]

CITATIONS = 1_000_000  # more than a chapter has


@dataclass(frozen=True)
class NumberedChapter:
    """A chapter with its number."""

    path: str
    """Its file, from the project's root."""
    page: str
    """The address of its page within the site."""
    kind: Kind
    """Front page, chapter, appendix, or a chapter without a number."""
    counts: int
    """Its place among chapters or appendices, from 1; 0 for one without a number."""
    source: Source
    """Its text."""
    options: Yaml
    """The options of its format and front matter."""
    outline: Outline
    """What the book knows of it."""
    key: str
    """What tells its content and format apart from any other's."""
    book: Book = field(repr=False)
    """The book that it is numbered with."""
    load: Callable[[], pf.Doc] = field(repr=False)
    """Return its tree for the format, not yet numbered."""
    citations_from: int = 0
    """What is added to the numbers of its citations, so that they are the book's."""

    @property
    def number(self) -> str:
        """Return "1", "A", or "" for a chapter without number and for the front page."""
        return "" if self.kind == "index" else self.chapter_number(0)

    @property
    def shown_number(self) -> str:
        """The number as its title shows it: "" where the book numbers no sections."""
        return self.number if self.sections_numbered or self.kind == "appendix" else ""

    def chapter_number(self, after: int) -> str:
        """Return the number of what stands under so many numbered headings of level 1 in the chapter's text."""
        at = after + (0 if self.kind == "index" else self.counts)
        return capital(at) if self.kind == "appendix" else str(at or "")

    @property
    def sections_numbered(self) -> bool:
        """Whether its sections show numbers."""
        return bool(self.counts) and self.options.get("number-sections", True) is not False

    @property
    def name_with_number(self) -> str:
        """The title as text, as the heading of its page says it."""
        if not self.shown_number:
            return self.name
        if self.kind == "appendix":
            wording = Wording.of(self.options)
            return f"{wording.appendix_title} {self.number}{wording.appendix_delimiter} {self.name}"
        return f"{self.number}{NBSP}{self.name}"

    @property
    def citations(self) -> list[int]:
        """The numbers of its citations, which are the book's, in order."""
        return [self.citations_from + n for run in json.loads(self.outline.runs) for n in run[1]]

    def _goes_by_title(self, entry: Entry) -> bool:
        """Whether the chapter refers to a section by its title.

        On the page of a chapter without a number Quarto turns ``number-sections`` off, and its references print
        titles (``formatCrossref`` in quarto-cli's ``src/project/types/book/book-crossrefs.ts``); in a file of the
        whole book they print numbers. A section that shows none is then called by its title all the same.
        """
        return not self.counts and (entry.bare or self.book.form == "html")

    @property
    def id(self) -> str:
        """The id of its title."""
        return self.outline.id

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of its title."""
        return self.outline.classes

    @property
    def name(self) -> str:
        """The title as text, without its number."""
        return self.outline.name

    @cached_property
    def numbered_key(self) -> str:
        """What tells its numbered tree apart from any other: its content, its place, and what it takes of the book."""
        links = [(label, astuple(entry)) for label, entry in self.book.cross_references(self)]
        first = sorted((label, self.book.homes[label] is self) for label in self.repeated_labels)
        elsewhere = sorted(self.book.section_links_to_other_pages(self).items())
        place = (self.page, self.kind, self.counts, self.citations_from)
        return digest("numbered", self.key, *place, first, links, elsewhere)

    @cached_property
    def _parts(self) -> tuple[list[pf.Element], pf.Doc]:
        doc = self.load()
        stays = title_stays(self.kind, self.source, self.book.form)
        for cite in every(doc, pf.Cite):
            for citation in cite.citations:
                citation.hash += self.citations_from
        heading = title_of(doc, stays=stays)
        count_contents(doc, self.chapter_number, self.options, sections_numbered=self.sections_numbered)
        if self.repeated_labels:
            _rename_repeated(
                doc,
                self.repeated_labels,
                first_here={id for id in self.repeated_labels if self.book.homes[id] is self},
            )
        for tree in [doc, *([heading] if heading is not None else [])]:
            references.resolve(tree, self.page, self.book.entries, self.options, self._goes_by_title)
        return (list(heading.content) if heading is not None else [pf.Str(self.name)]), doc

    @property
    def repeated_labels(self) -> frozenset[str]:
        """Labels of the chapter that stand elsewhere in the book, or in it, before."""
        return frozenset(self.book.repeated.get(self.path, ()))

    @property
    def doc(self) -> pf.Doc:
        """Its tree without the title heading, numbered, with its references resolved. Made when first asked for.

        Whoever writes the chapter may change it: a book is numbered anew for each thing that is written.
        """
        return self._parts[1]

    @property
    def title(self) -> list[pf.Element]:
        """The title's inlines."""
        return self._parts[0]

    def forget(self) -> None:
        """Let go of tree and title, which are made anew should they be asked for again."""
        self.__dict__.pop("_parts", None)


@dataclass
class Book:
    """Every chapter, every label of the book, and what its writers have to tell of the text."""

    project: Project
    """The project whose book it is."""
    form: str
    """The format that it is numbered for."""
    chapters: list[NumberedChapter] = field(default_factory=list)
    """Its chapters, in order."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """What each label stands for."""
    homes: dict[str, NumberedChapter] = field(default_factory=dict)
    """The chapter that gives each label first."""
    repeated: dict[str, list[str]] = field(default_factory=dict)
    """By path of a chapter, the labels that it gives and that are given before."""
    notices: list[Fault] = field(default_factory=list)
    """Warnings, to which writers add."""
    told: dict[str, list[Fault]] = field(default_factory=dict)
    """By path of a chapter, warnings that come of its own tree, as far as that was asked for."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """By path of a chapter, the images that its tree shows, as far as that was asked for."""

    @property
    def all_notices(self) -> list[Fault]:
        """All warnings, those of chapters in their order."""
        of_chapters = (self.told.get(chapter.path, ()) for chapter in self.chapters)
        return [*self.notices, *(notice for notices in of_chapters for notice in notices)]

    def cross_references(self, chapter: NumberedChapter) -> list[tuple[str, Entry]]:
        """Return the labels that a chapter refers to, with what they stand for."""
        known = ((label, self.entries.get(canonical_label(label))) for label in chapter.outline.refers)
        return [(label, entry) for label, entry in known if entry is not None]

    def section_links_to_other_pages(self, chapter: NumberedChapter) -> dict[str, str]:
        """Return the addresses of sections in other chapters that a chapter's links name by their ids alone."""
        results = {label: self.entries[label] for label in chapter.outline.leads if label in self.entries}
        return {
            label: references.address(label, entry, chapter.page)
            for label, entry in results.items()
            if entry.kind in references.SECTIONS and entry.page != chapter.page
        }


def number(
    project: Project,
    form: str,
    chapters: Iterable[tuple[Chapter, Source, Outline, Yaml, str, Callable[[], pf.Doc]]],
) -> Book:
    """Assign numbers to every chapter and index the labels.

    chapters: each with its source, outline, options, key, and what loads its tree.

    Labels given twice, references that lead nowhere and unknown citations are among the book's notices.
    Raises CitationError for a bibliography that can't be read.
    """
    book = Book(project, form)
    counts = {"chapter": 0, "appendix": 0}
    for chapter, source, known, options, key, load in chapters:
        unnumbered = "unnumbered" in known.classes or chapter.opens
        kind: Kind = chapter.kind
        if kind != "index" and (unnumbered or not known.headed):
            kind = "unnumbered"
        own = 0
        if not unnumbered:  # one without a title counts too, though no number is shown
            sort = "appendix" if chapter.kind == "appendix" else "chapter"
            counts[sort] += 1
            own = counts[sort] if known.headed or kind == "index" else 0
        numbered = NumberedChapter(
            *(str(chapter.path), chapter.page, kind, own, source, options, known, key, book, load),
            citations_from=CITATIONS * len(book.chapters),
        )
        whole = "apx" if kind == "appendix" else "ch"
        if known.headed and kind != "index":
            entry = Entry(
                whole if own else "sec", numbered.number, numbered.page, words=numbered.name_with_number
            )
            _enter(book, known.id, entry, numbered)
        for label, sort, relative_number, sub, words in known.labels:
            number = _with_own(relative_number, numbered.chapter_number)
            bare = sort == "sec" and not own
            entry = Entry(whole if sort == "ch" else sort, number, numbered.page, sub, words, bare)
            _enter(book, label, entry, numbered)
        for label in known.duplicates:
            _enter(book, label, book.entries[label], numbered)
        book.chapters.append(numbered)
    for numbered in book.chapters:
        custom = Wording.of(numbered.options).custom
        book.notices += [
            references.unresolved(numbered.source, label, book.entries, custom)
            for label in numbered.outline.refers
            if canonical_label(label) not in book.entries
        ]
    cites = [(numbered.source, numbered.outline.cites) for numbered in book.chapters]
    book.notices += citing.unknown(project, cites)
    return book


def _with_own(number: str, mark: Callable[[int], str]) -> str:
    """Return a number of an outline, for a chapter whose own number ``mark`` tells."""
    rest = number.lstrip(OWN)
    after = len(number) - len(rest) - 1
    if after < 0:
        return number
    own = mark(after)
    return own + rest if own else rest.removeprefix(".")


def _enter(book: Book, label: str, entry: Entry, chapter: NumberedChapter) -> None:
    if not label:
        return
    if label not in book.entries:
        book.entries[label], book.homes[label] = entry, chapter
    elif reference_kind(label):
        first, again = (
            places.of_label(book.homes[label].source, label),
            places.of_label(chapter.source, label),
        )
        if first == again:
            again = places.of_label(chapter.source, label, again=True)
        book.notices.append(references.label_twice(label, first, again))
        book.repeated.setdefault(chapter.path, []).append(label)


def _rename_repeated(doc: pf.Doc, labels: frozenset[str], first_here: set[str]) -> None:
    """Give elements whose label stands before an id of their own, as HTML and Typst ask for, in place."""
    seen = {label: int(label not in first_here) for label in labels}

    def visit(element: pf.Element, _: pf.Doc) -> None:
        label = element.identifier
        if label in seen:
            seen[label] += 1
            if seen[label] > 1:
                element.identifier = f"{label}--{seen[label]}"

    walk(doc, visit, *IDENTIFIED)
