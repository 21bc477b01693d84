"""The PDF of the book: numbered chapters → one Typst document → tagged PDF.

Typst decides nothing about text: `typst/text` writes words and code as strings, on the cited document, since
citations come last; `quotes` sets the language's quotation marks for every format; `typst/formulas` gives formulas
that are known to compile, `formulas` tells which can't be turned. `typst/labels` makes ids unique over chapters,
`typst/headings` keeps levels without gaps. `typst/glyphs` finds fonts for signs that the wheel's lack (the project's,
those of packages, the system's, and only for these signs), else names the sign. Each block of the document is marked
(`writers/typst/spots`), so that `typst/faults` tells raw Typst and images by their line and puts a note in place of a
block that is the program's fault. Settings of `format: typst` are read in `typst/settings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.report import Fault
from paper.tools import memory
from paper.tools.cache import Cache
from paper.writers.typst import compiler, glyphs, settings
from paper.writers.typst.chapters import in_typst
from paper.writers.typst.template import surround

LARGE: Final = 500_000  # characters of Typst's source: some hundred pages, which take hundreds of MB


def book_pdf(
    project: Project,
    chapters: Sequence[NumberedChapter],
    out: Path,
    work: Path,
    cache: Cache | None = None,
    **own: Any,
) -> list[Fault]:
    """Write the book's PDF to ``out``; its Typst source stays in ``work/typst`` for who wants to see it.

    cache: where conversions are kept of chapters that are as they were numbered; own: variables of the template
    besides those of the project, or instead of them.

    Returns what the PDF shows otherwise than the page. Raises ChapterError where a chapter can't be set.
    """
    book = in_typst(project, chapters, cache)
    source = surround(project, book.text, cache=cache, **{**book.variables, **own})
    typ = work / "typst" / f"{out.stem}.typ"
    if len(source) > LARGE:
        memory.release()
    fonts = glyphs.provide(project, source, work)
    told = settings.standards_left_out(project)
    told += glyphs.faults(fonts.missing, [chapter.source for chapter in chapters])
    source = fonts.substituted(source)
    return told + compiler.compile_pdf(project, source, out, typ, book.origins, fonts.folders)
