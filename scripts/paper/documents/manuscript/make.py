"""``paper manuscript``: the files to send, and how many words they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import panflute as pf

from paper import prepare
from paper.cells.execute import Executor
from paper.documents.manuscript import anonymous as anonymous_text
from paper.numbering.book import ParsedChapter, number_book, number_with_images, read_book
from paper.project import Project
from paper.release import guard
from paper.report import Fault
from paper.site import pages
from paper.site.state import word_count
from paper.tools import trees
from paper.tools.cache import Cache, write_atomic
from paper.words import words
from paper.writers import cite, docx, office
from paper.writers.typst import book_pdf, compiler
from paper.writers.typst.template import fill

TEXT, TITLE_PAGE = "manuscript", "title-page"


@dataclass(frozen=True)
class Count:
    """The words of one chapter; counted: whether they count towards a journal's limit."""

    number: str
    title: str
    words: int
    counted: bool


@dataclass(frozen=True)
class Manuscript:
    """The files, and the words of each chapter in order."""

    files: tuple[Path, ...]
    counts: tuple[Count, ...]
    notices: tuple[Fault, ...] = ()

    @property
    def total(self) -> int:
        """Words that count: front page and chapters; not appendices, references, tables and figures."""
        return sum(count.words for count in self.counts if count.counted)


def make(project: Project, folder: Path, *, anonymous: bool) -> Manuscript:
    """Write text and title page, each as DOCX and PDF, into ``folder``.

    anonymous: the text tells nowhere who wrote it. Raises PaperError as a build does, and ChapterError where an
    anonymous text would still name its author.
    """
    guard.refuse_sources(project)
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    prepare.vendor(project.root)
    with Executor(project, cache) as executor:
        chapters = read_book(project, work, cache, executor)
    chapters, thanks = _without(chapters, anonymous_text.ACKNOWLEDGEMENTS)
    text = replace(project, config={**project.config, "book": {**project.book, "author": []}})
    if anonymous:
        for name in (anonymous_text.IDENTIFYING, "quarto-title-meta"):
            chapters, _ = _without(chapters, name)
        chapters = anonymous_text.hide_passages(project, chapters)
        anonymous_text.refuse_names(project, chapters)
        text = anonymous_text.mask_own_works(project, work / "anonymous")
        text = anonymous_text.drop_authors(text)
    counts = _counts(text, chapters, cache)
    author = "" if anonymous else "; ".join(author.name for author in project.authors)
    in_word = number_with_images(text, chapters, "docx", cache)
    on_paper = number_with_images(text, chapters, "typst", cache)
    notices = [notice for read in chapters for notice in read.notices] + in_word[0].book.notices
    names = [f"{name}.{kind}" for name in (TEXT, TITLE_PAGE) for kind in ("docx", "pdf")]
    work.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=work, prefix="manuscript-") as new:
        files = [Path(new) / name for name in names]
        docx.write(text, in_word, [docx.styled("Title", project.title)], _properties(text, author), files[0])
        notices += book_pdf(text, on_paper, files[1], work, toc=False)
        made = Manuscript(tuple(folder / name for name in names), tuple(counts), tuple(notices))
        _title_page(project, thanks, made, files[2], files[3], work)
        guard.refuse_leaks(project, Path(new))
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            write_atomic(folder / file.name, file.read_bytes())
    return made


def _without(chapters: Sequence[ParsedChapter], name: str) -> tuple[list[ParsedChapter], list[pf.Element]]:
    kept, taken = [], []
    for chapter in chapters:
        rest, blocks = anonymous_text.drop_class(chapter, name)
        kept.append(rest)
        taken += blocks
    return kept, taken


def _counts(project: Project, chapters: list[ParsedChapter], cache: Cache) -> list[Count]:
    listing = {str(c.chapter.path) for c in chapters if '"refs"' in c.tree}
    return [
        Count(
            page.number, page.title, word_count(page.body),
            page.kind in ("index", "chapter") and page.source not in listing,
        )
        for page, _ in pages.bodies(project, number_book(project, chapters, "html", cache), cache)
    ]  # fmt: skip


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
