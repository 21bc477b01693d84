"""``paper manuscript``: the files to send, and how many words they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import panflute as pf

from paper import prepare
from paper.cells.execute import Executor
from paper.documents.manuscript import anonymous as anonymous_text
from paper.documents.manuscript import layout
from paper.documents.manuscript.arrangement import APPENDICES, AT_THE_END, arranged
from paper.documents.manuscript.counting import Count, count
from paper.documents.manuscript.journals import Journal, style_file
from paper.numbering.book import ParsedChapter, number_book, number_with_images, read_book
from paper.project import Project
from paper.release import guard
from paper.report import Fault
from paper.site import pages
from paper.tools import trees
from paper.tools.cache import Cache
from paper.tools.files import write_atomic
from paper.words import words
from paper.writers import cite, docx, office
from paper.writers.typst import book_pdf, compiler
from paper.writers.typst.template import fill

TEXT, TITLE_PAGE = "manuscript", "title-page"


@dataclass(frozen=True)
class Manuscript:
    """A manuscript that was written."""

    files: tuple[Path, ...]
    """Text and title page, each as DOCX and PDF."""
    counts: tuple[Count, ...]
    """The words of each chapter in order."""
    notices: tuple[Fault, ...] = ()
    """What there is to tell of the text."""
    journal: Journal = field(default_factory=Journal)
    """What it was made for."""

    @property
    def total(self) -> int:
        """The words that count."""
        return sum(count.words for count in self.counts if count.counted)

    def words(self, part: str) -> int:
        """Return the words of a part, of ``journals.PARTS``."""
        return sum(count.parts.get(part, 0) for count in self.counts)


def make(
    project: Project, folder: Path, *, anonymous: bool = False, journal: Journal | None = None
) -> Manuscript:
    """Write text and title page, each as DOCX and PDF, into ``folder``.

    anonymous: the text tells nowhere who wrote it, whether the journal asks for it or not. Raises PaperError as a
    build does, and ChapterError where an anonymous text would still name its author.
    """
    guard.refuse_sources(project)
    wanted = journal or Journal()
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    prepare.vendor(project.root)
    with Executor(project, cache) as executor:
        chapters = read_book(project, work, cache, executor)
    chapters, thanks = _without(chapters, anonymous_text.ACKNOWLEDGEMENTS)
    text = replace(project, config={**project.config, "book": {**project.book, "author": []}})
    if anonymous or wanted.anonymous:
        for name in (anonymous_text.IDENTIFYING, "quarto-title-meta"):
            chapters, _ = _without(chapters, name)
        chapters = anonymous_text.hide_passages(project, chapters)
        anonymous_text.refuse_names(project, chapters)
        text = anonymous_text.mask_own_works(project, work / "anonymous")
        text = anonymous_text.drop_authors(text)
    text = _styled(layout.on_paper(text, wanted.spacing, wanted.line_numbers), wanted, work)
    author = "" if anonymous or wanted.anonymous else "; ".join(author.name for author in project.authors)
    in_word = number_with_images(text, chapters, "docx", cache)
    on_paper = number_with_images(text, chapters, "typst", cache)
    notices = [notice for read in chapters for notice in read.notices] + in_word[0].book.notices
    counts = _counts(text, chapters, wanted, cache)
    word_of = words(project.lang)
    in_word = arranged(in_word, wanted.without, "docx", word_of, wanted.places)
    on_paper = arranged(on_paper, wanted.without, "typst", word_of, wanted.places)
    names = [f"{name}.{kind}" for name in (TEXT, TITLE_PAGE) for kind in ("docx", "pdf")]
    work.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=work, prefix="manuscript-") as new:
        files = [Path(new) / name for name in names]
        docx.write(text, in_word, [docx.styled("Title", project.title)], _properties(text, author), files[0])
        moment = compiler.timestamp(text)
        files[0].write_bytes(
            layout.in_word(files[0].read_bytes(), wanted.spacing, wanted.line_numbers, moment)
        )
        notices += book_pdf(text, on_paper, files[1], work, toc=False)
        result = Manuscript(tuple(folder / name for name in names), tuple(counts), tuple(notices), wanted)
        _title_page(project, thanks, result, files[2], files[3], work)
        guard.refuse_leaks(project, Path(new))
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            write_atomic(folder / file.name, file.read_bytes())
    return result


def _styled(project: Project, journal: Journal, work: Path) -> Project:
    """Return the project in the citation style that a journal asks for."""
    file = style_file(project.root, journal.csl) if journal.csl else None
    if file is None:
        return project
    style = work / "journal.csl"
    style.parent.mkdir(exist_ok=True)
    style.write_bytes(file.read_bytes())
    return replace(project, config={**project.config, "csl": str(style)})


def _without(chapters: Sequence[ParsedChapter], name: str) -> tuple[list[ParsedChapter], list[pf.Element]]:
    kept, taken = [], []
    for chapter in chapters:
        rest, blocks = anonymous_text.drop_class(chapter, name)
        kept.append(rest)
        taken += blocks
    return kept, taken


def _counts(project: Project, chapters: list[ParsedChapter], journal: Journal, cache: Cache) -> list[Count]:
    """Count the words of each chapter that the manuscript holds."""
    listing = {str(c.chapter.path) for c in chapters if '"refs"' in c.tree}
    numbered = number_book(project, chapters, "html", cache)
    arranged(
        numbered.chapters,
        [name for name in journal.without if name not in AT_THE_END],
        "html",
        words(project.lang),
        journal.places,
    )
    shown = [] if APPENDICES in journal.without else ["appendix"]
    results = []
    for page, _ in pages.bodies(project, numbered, cache):
        if page.kind not in ("index", "chapter", *shown) and page.source not in listing:
            continue
        of_page = count(page, journal.counts, is_front=page.kind == "index")
        if page.source in listing:
            of_page = replace(
                of_page, words=of_page.parts["references"], counted="references" in journal.counts
            )
        else:  # a page's own list of works is the site's alone
            of_page = replace(
                of_page, words=of_page.words - of_page.parts["references"] * ("references" in journal.counts)
            )
            of_page = replace(of_page, parts={**of_page.parts, "references": 0})
        results.append(of_page)
    return results


def _properties(project: Project, author: str) -> office.Properties:
    return office.Properties(
        title=project.title, author=author, subject=project.description, keywords=project.keywords,
        lang=project.lang, status=cite.status(project),
        mark=words(project.lang)["synthetic_mark"] if project.synthetic else "",
    )  # fmt: skip


def _title_page(
    project: Project, thanks: list[pf.Element], made: Manuscript, word: Path, pdf: Path, work: Path
) -> None:
    said = words(project.lang)
    closing: list[pf.Element] = [pf.Para(pf.Str(said["manuscript_words"].format(count=f"{made.total:,}")))]
    if thanks:
        closing += [pf.Header(pf.Str(said["acknowledgements"]), level=1, classes=["unnumbered"]), *thanks]
    author = "; ".join(author.name for author in project.authors)
    docx.write(project, [], [*docx.title_page(project), *closing], _properties(project, author), word)
    blocks = json.loads(trees.dump(pf.Doc(*closing, api_version=(1, 23, 1))))
    compiler.compile_pdf(project, fill(project, blocks, toc=False), pdf, work / "typst" / f"{pdf.stem}.typ")
