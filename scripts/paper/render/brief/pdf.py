"""The practitioners' brief: ``brief/brief.qmd`` → a tagged PDF of exactly two pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from paper.errors import ChapterError, Place
from paper.project import Chapter, Project
from paper.render import whole
from paper.render.book import numbered_with_images, read_book
from paper.render.brief import SOURCE
from paper.render.cache import Cache
from paper.render.execute import Executor
from paper.render.manuscript.anonymous import without
from paper.render.typst import door, glyphs, template, text
from paper.render.typst.writer import Writer
from paper.report import Fault

PAGES = 2
OWN = ("title", "subtitle", "kicker", "description")  # what the brief says for itself in its front matter


def brief_pdf(project: Project, out: Path, work: Path) -> list[Fault]:
    """Write the brief's PDF to ``out``, and return what there is to tell of its text.

    Raises ChapterError where it isn't two pages long, and what running, citing and setting it may raise.
    """
    from pypdf import PdfReader

    alone = replace(project, chapters=(Chapter(SOURCE, "chapter"),))
    cache = Cache(work / "cache")
    with Executor(alone, cache) as executor:
        read = read_book(alone, work, cache, executor)
    read = [without(chapter, "quarto-title-block")[0] for chapter in read]  # the template sets it
    chapters = numbered_with_images(alone, read, "typst", cache)
    writer = Writer(alone, chapters)
    blocks = whole.cited_blocks(alone, chapters, whole.joined(chapters, writer.body))
    text.finish(blocks["blocks"])
    meta = read[0].source.meta
    own = {name: str(meta[name]) for name in OWN if meta.get(name)}
    source = template.fill(project, blocks, "brief", **own)
    fonts = glyphs.provide(project, source, work)
    door.compile_pdf(
        project,
        fonts.substituted(source),
        out,
        work / "typst" / "brief.typ",
        writer.spots,
        fonts.folders,
    )
    pages = len(PdfReader(out).pages)
    if pages != PAGES:
        raise ChapterError(
            f"the brief has {pages} page{'s' * (pages != 1)}, and it must have {PAGES}",
            place=Place(str(SOURCE)),
            remedy="shorten it" if pages > PAGES else "it has room for more: fill its second page",
        )
    return [*read[0].notices, *chapters[0].book.notices]
