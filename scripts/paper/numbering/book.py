"""The book as one: every chapter read and run, then numbered for one format."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import panflute as pf

from paper.cells import markdown
from paper.cells.execute import Executed, Executor
from paper.chapters import Chapter
from paper.images import images, pictures, resources
from paper.numbering import contexts, numbering, outlines
from paper.numbering.numbering import NumberedChapter
from paper.numbering.outlines import Outline
from paper.parsing import (
    addresses,
    conditions,
    contents,
    filters,
    formulas,
    normalise,
    position,
    queries,
    quotes,
    rawtex,
    titles,
)
from paper.parsing.origins import origin
from paper.parsing.rawhtml import blocks as rawhtml_blocks
from paper.parsing.tree import every, walk
from paper.parsing.wording import Wording, options
from paper.project import Project
from paper.report import Fault, warning
from paper.settings import Yaml
from paper.text import extensions
from paper.text.reading import Revise, read
from paper.text.source import Cell, Part, Source
from paper.tools import pandoc, trees
from paper.tools.cache import Cache, digest, file_digest
from paper.tools.collecting import map_collecting_errors


@dataclass(frozen=True)
class ParsedChapter:
    """A chapter after reading, running and parsing, for all formats."""

    chapter: Chapter
    """Its place in the book."""
    source: Source
    """Its text, with includes and shortcodes expanded."""
    executed: Executed
    """What its cells gave."""
    tree: str
    """Its tree in pandoc's JSON, normalised."""
    key: str
    """What tells the tree apart from any other."""
    files: dict[str, str]
    """The files that its cells put into the site: address → file."""
    notices: tuple[Fault, ...]
    """What is wrong with it, and what of Quarto the engine doesn't know."""
    fetched: dict[str, str] = field(default_factory=dict)
    """Its images of the web: address → file."""


def read_book(
    project: Project,
    work: Path,
    cache: Cache,
    executor: Executor,
    revise: Revise | None = None,
    before_cells: Callable[[], None] | None = None,
    after_cells: Callable[[], None] | None = None,
) -> list[ParsedChapter]:
    """Read, run and parse every chapter. Raises PaperError; all faults in sources are told together.

    revise: as ``text.reading.read`` takes it; before_cells: is called when all is read, and before a cell runs;
    after_cells: when all cells have run, and chapters are still parsed.
    """
    sources = map_collecting_errors(lambda chapter: read(project, chapter.path, revise), project.chapters)

    if before_cells:
        before_cells()
    targets = resources.Targets(project)
    # The kernel runs one chapter while pandoc parses those before it.
    with executor.looking_once(), _quick_turns(), ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        parsing = [
            pool.submit(
                _finish, project, chapter, _with_embedded(project, source, executor), executor.run(source),
                work, cache, targets,
            )
            for chapter, source in zip(project.chapters, sources, strict=True)
        ]  # fmt: skip
        try:
            if after_cells:
                after_cells()
        finally:
            chapters = _told_by_git([future.result() for future in parsing], targets)
    return chapters


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Let threads take turns ten times as often: the one that hears the kernel has to hand it the next cell.

    It asks for the interpreter some ten times a cell, and another thread keeps it for 5 ms each time.
    https://docs.python.org/3/library/sys.html#sys.setswitchinterval
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 10)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def read_again(
    project: Project, last: ParsedChapter, work: Path, cache: Cache, executor: Executor
) -> ParsedChapter:
    """Read and parse a chapter whose text has changed since, and nothing else. Raises PaperError.

    Its cells run where they are not as they were.
    """
    source = read(project, last.chapter.path)
    same = executor.key(source) == last.executed.key and not last.executed.inputs.again
    results = last.executed if same else executor.run(source)
    targets = resources.Targets(project)
    embedded = _with_embedded(project, source, executor)
    chapter = _finish(project, last.chapter, embedded, results, work, cache, targets)
    return _told_by_git([chapter], targets)[0]


def _told_by_git(chapters: list[ParsedChapter], targets: resources.Targets) -> list[ParsedChapter]:
    """Return the chapters with what git tells of files that they publish."""
    told = targets.not_in_git()
    return [replace(one, notices=(*one.notices, *told.get(one.chapter.page, ()))) for one in chapters]


def _finish(
    project: Project,
    chapter: Chapter,
    source: Source,
    results: Executed,
    work: Path,
    cache: Cache,
    targets: resources.Targets,
) -> ParsedChapter:
    """Parse a chapter that was read and run."""
    assembled = markdown.assemble(project, source, results, work / "images", cache)
    key, tree, notices = parse_chapter(project, chapter, source, assembled.text, cache)
    known = addresses.of_tree(tree, key, cache)
    fetched, lost = pictures.fetch(source, known, work)
    nowhere = targets.faults(source, chapter.page, known, assembled.files)
    told = (*source.notices, *results.notices, *assembled.notices, *notices, *lost, *nowhere)
    return ParsedChapter(chapter, source, results, tree, key, assembled.files, told, fetched)


def _with_embedded(project: Project, source: Source, executor: Executor) -> Source:
    """Return the source with the results of cells that it embeds from another ``.qmd``, which is run for them."""
    results: list[Part] = []
    for part in source.parts:
        if isinstance(part, Cell) and part.origin is not None:
            path, at = part.origin
            part = replace(part, stored=executor.run(read(project, path)).results[at].outputs)
        results.append(part)
    return replace(source, parts=tuple(results))


def parse_chapter(
    project: Project, chapter: Chapter, source: Source, text: str, cache: Cache
) -> tuple[str, str, list[Fault]]:
    """Parse a chapter's executed Markdown, its title as first heading; return key, pandoc's JSON and notices."""
    wording = Wording.of(options(project, source.meta, "html"))
    custom = wording.custom
    title, front = source.meta.get("title"), chapter.kind == "index"
    lang = str(options(project, source.meta, "html").get("lang") or project.lang)
    under = titles.block(source.meta, wording)
    of_book = titles.block_of_book(project, wording) if front else ""
    extras = extensions.of_chapter(project, source.path, source.meta)
    key = digest(
        *("parsed", source.path, len(source.lines), text, title, under, front, of_book, sorted(custom)),
        *(
            lang,
            pandoc.binary(),
            wording.word("lof"),
            wording.word("lot"),
            *_extended(project, source, extras),
        ),
    )
    cached = cache.get("parsed", key) if extras.keeps else None
    if cached is None:
        doc = titles.parse(text, title, under, front=front, of_book=of_book)
        notices: list[Fault] = []
        if extras:
            doc, notices = filters.apply(doc, extras, project, source)
        notices += normalise_tree(project, source, doc, text, cache)
        contexts.number_citations(doc)
        cached = {"tree": trees.dump(doc), "notices": [vars(n) for n in notices]}
        cache.put("parsed", key, cached)
        addresses.keep(doc, key, cache)
    return key, cached["tree"], [Fault(**n) for n in cached["notices"]]


def normalise_tree(project: Project, source: Source, doc: pf.Doc, text: str, cache: Cache) -> list[Fault]:
    """Bring all constructs of a tree to their one form, in place; return what there is to tell of them.

    text: the Markdown that was parsed; cache: keeps what is known of raw HTML. Raises ChapterError.
    """
    settings = options(project, source.meta, "html")
    wording = Wording.of(settings)
    notices = [
        *contents.move(doc, source),
        *rawhtml_blocks.convert(doc, source, project.root / ".paper" / "images", cache),
        *rawtex.convert(doc, source, wording),
        *normalise.normalise(doc, source, wording.custom),
        *formulas.normalise(doc, source),
    ]
    quotes.set_marks(doc, str(settings.get("lang") or project.lang))
    queries.flatten(doc)
    queries.refuse_unread(doc, text, source)
    return notices


def _extended(project: Project, source: Source, extras: extensions.Extras) -> list[str]:
    """Return what a chapter's filters may look at; nothing where it has none."""
    if not extras:
        return []
    book = filters.rendered_settings(project)
    settings = [project.config, project.variables, source.meta, project.profile, book]
    return [extras.key, json.dumps(settings, sort_keys=True, default=str)]


def number_book(
    project: Project, chapters: list[ParsedChapter], form: str, cache: Cache, shown: _Shown | None = None
) -> numbering.Book:
    """Return the book for one format: pruned, numbered, its references resolved.

    shown: what it shows of its images, where that is not what a page shows.
    """
    settings = json.dumps(project.config, sort_keys=True, default=str)

    before = dict.fromkeys((read.key for read in chapters), 0)
    if project.working:
        counted = accumulate((queries.count(read.tree) for read in chapters), initial=0)
        before = dict(zip(before, counted, strict=False))

    def outline_of(read: ParsedChapter) -> tuple[Chapter, Source, Outline, Yaml, str, Callable[[], pf.Doc]]:
        meta = json.dumps(read.source.meta, sort_keys=True, default=str)
        own = options(project, read.source.meta, form)
        key = digest(
            "outline",
            read.key,
            form,
            project.profile,
            settings,
            meta,
            own.get("language"),
            read.chapter.kind,
            conditions.state(read.tree, project),
            before[read.key],
        )

        loaded: list[pf.Doc] = []

        def load() -> pf.Doc:
            if loaded:
                return loaded.pop()
            return conditions.for_format(
                read.tree, form, project, read.source, first_query=before[read.key] + 1
            )

        cached = cache.get("outline", key)
        if cached is None:
            doc = load()
            known = outlines.outline(doc, read.chapter, read.source, own, form)
            loaded.append(doc)  # for who writes the chapter
            cache.put("outline", key, vars(known))
        else:
            known = Outline(**{name: _tuples(value) for name, value in cached.items()})
        if shown is None:
            return read.chapter, read.source, known, own, key, load
        return (
            read.chapter,
            read.source,
            known,
            own,
            shown.key(read, key),
            lambda: shown.prepare(read, load()),
        )

    book = numbering.number(project, form, [outline_of(read) for read in chapters])
    if shown is not None:
        book.told, book.files = shown.told, shown.files
    return book


def _tuples(value: Any) -> Any:
    """Return what the cache holds as lists as the tuples that it was."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


class _Shown:
    """The images of a book as files that a form (of ``pictures.TAKEN``) reads from disk.

    told, files: by path of a chapter, what there is to tell of it, and what it shows; they grow as chapters are
    asked for.
    """

    def __init__(self, project: Project, form: str, cache: Cache) -> None:
        self.project = project
        self.form = form
        self.cache = cache
        self.told: dict[str, list[Fault]] = {}
        self.files: dict[str, list[str]] = {}

    def key(self, read: ParsedChapter, key: str) -> str:
        """Return what tells a chapter with its images apart. key: what tells it apart without them."""
        known = addresses.of_tree(read.tree, read.key, self.cache)
        paths = [read.fetched.get(url) or self._file(read, url) for url in (*known.images, *known.shown)]
        return digest(key, [(str(path), file_digest(Path(path))) for path in paths if path is not None])

    def _file(self, read: ParsedChapter, url: str) -> Path | None:
        if not images.is_local(url):
            return None
        return images.work_file(self.project, url) or images.local_file(self.project, read.chapter.page, url)

    def prepare(self, read: ParsedChapter, doc: pf.Doc) -> pf.Doc:
        """Let the images of a chapter be files, in place, and what stands under its title paragraphs."""
        told = _landscapes_that_stay(read.source, doc) if self.form in ("typst", "docx") else []
        of_chapter = pictures.Pictures(self.project, read.source, read.chapter.page, self.form, read.fetched)
        titles.for_paper(doc)
        walk(doc, lambda image, _: of_chapter.element(image), pf.Image)
        self.told[str(read.chapter.path)] = [*told, *of_chapter.notices]
        self.files[str(read.chapter.path)] = [image.url for image in every(doc, pf.Image)]
        return doc


def _landscapes_that_stay(source: Source, doc: pf.Doc) -> list[Fault]:
    """Tell what is meant to stand on a page across and stands in what can't leave its own page."""
    results = [d for d in every(doc, pf.Div) if "landscape" in d.classes and position.is_nested(d)]
    message = "a .landscape within a callout, a list, a figure or the like stands upright in PDF and DOCX"
    remedy = "put it outside, at the text's own level"
    return [warning(origin(source, div).place, "landscape", message, remedy) for div in results]


def number_with_images(
    project: Project, chapters: list[ParsedChapter], form: str, cache: Cache, *, lazily: bool = False
) -> list[NumberedChapter]:
    """Return the numbered chapters with their images as files that the form (``typst``, ``docx``) reads from disk.

    lazily: each when it is asked for, which tells of its images only then (``Book.told``).
    """
    book = number_book(project, chapters, form, cache, _Shown(project, form, cache))
    if not lazily:
        for chapter in book.chapters:
            chapter.doc  # noqa: B018  which is made when it is first asked for
            book.notices += book.told.pop(chapter.path, [])
    return book.chapters
