"""The practitioners' brief: ``brief/brief.qmd`` → a tagged PDF of exactly two pages; its translations → theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import panflute as pf

from paper.cells.execute import Executor
from paper.chapters import Chapter
from paper.documents.brief import translations
from paper.documents.manuscript.anonymous import drop_class
from paper.errors import ChapterError, Place
from paper.numbering.book import ParsedChapter, number_with_images, read_book
from paper.parsing.tree import walk
from paper.project import Project
from paper.report import Fault, warning
from paper.text import briefs
from paper.text.briefs import SOURCE
from paper.text.reading import read
from paper.tools import trees
from paper.tools.cache import Cache, digest
from paper.writers.typst import compiler, glyphs, template
from paper.writers.typst.chapters import in_typst

PAGES = 2
OWN = (
    "title",
    "subtitle",
    "kicker",
    "status",
    "description",
)  # what the brief says for itself in its front matter


def brief_pdf(project: Project, out: Path, work: Path) -> list[Fault]:
    """Write the brief's PDF to ``out``, and return what there is to tell of its text.

    Raises ChapterError where it isn't two pages long, and what running, citing and setting it may raise.
    """
    notices, pages = _set(project, SOURCE, out, work, lambda read: read)
    if pages != PAGES:
        raise ChapterError(
            f"the brief has {pages} page{'s' * (pages != 1)}, and it must have {PAGES}",
            place=Place(str(SOURCE)),
            remedy="shorten it" if pages > PAGES else "it has room for more: fill its second page",
        )
    return notices


def run_cells(project: Project, executor: Executor) -> None:
    """Run the cells of the brief and its translations now, so that making their PDFs needs no kernel.

    Raises what reading and running may raise.
    """
    for path in (SOURCE, *(one.path for one in briefs.complete_translations(project))):
        executor.run(read(project, path))


def translated_pdfs(project: Project, folder: Path, work: Path) -> list[Fault]:
    """Write the PDF of each translation into ``folder``, with a mark at what is behind the English.

    Returns what there is to tell. Raises what running, citing and setting may raise.
    """
    known = {span.key for span in briefs.english(project)}
    notices: list[Fault] = []
    for one in briefs.complete_translations(project):
        inner = replace(project, config={**project.config, "lang": one.lang})
        told, pages = _set(inner, one.path, folder / one.pdf, work, lambda read: _marked(read, known))
        notices += told
        if pages != PAGES:
            message, remedy = f"this translation has {pages} pages, and the brief has {PAGES}", "shorten it"
            notices.append(warning(Place(str(one.path)), "brief-length", message, remedy))
    return notices


def _marked(read: ParsedChapter, known: set[str]) -> ParsedChapter:
    """Mark each sentence of the translation whose English has changed, and say at its end what that means."""
    doc = trees.load(read.tree)
    behind: list[str] = []

    def mark(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        of = element.attributes.get("of") if isinstance(element, pf.Span) else None
        if of and of not in known:
            behind.append(of)
            return [element, pf.Superscript(pf.Str(translations.STALE))]
        return None

    walk(doc, mark)
    if not behind:
        return read
    said = str(read.source.meta.get("stale") or "The English brief has changed here since it was translated.")
    doc.content.append(pf.Para(pf.Str(f"{translations.STALE} {said}")))
    return replace(read, tree=trees.dump(doc), key=digest(read.key, "behind", *behind))


def _set(
    project: Project,
    path: PurePosixPath,
    out: Path,
    work: Path,
    change: Callable[[ParsedChapter], ParsedChapter],
) -> tuple[list[Fault], int]:
    """Write one document's PDF; returns what there is to tell, and the number of its pages."""
    from pypdfium2 import PdfDocument  # imported in a quarter of the time that pypdf takes

    alone = replace(project, chapters=(Chapter(path, "chapter"),))
    cache = Cache(work / "cache")
    with Executor(alone, cache) as executor:
        read = read_book(alone, work, cache, executor)
    # The template sets the title block.
    read = [change(drop_class(chapter, "quarto-title-block")[0]) for chapter in read]
    chapters = number_with_images(alone, read, "typst", cache, lazily=True)
    book = in_typst(alone, chapters, cache, headed=False)
    meta = read[0].source.meta
    own = {name: str(meta[name]) for name in OWN if meta.get(name)}
    source = template.surround(project, book.text, "brief", cache=cache, **{**book.variables, **own})
    fonts = glyphs.provide(project, source, work)
    place = work / "typst" / f"{out.stem}.typ"
    refused = compiler.compile_pdf(
        project, fonts.substituted(source), out, place, book.origins, fonts.folders
    )
    return [*read[0].notices, *chapters[0].book.all_notices, *refused], len(PdfDocument(out))
