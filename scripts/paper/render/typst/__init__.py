"""The PDF of the book: numbered chapters → one Typst document → tagged PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from paper.project import Project
from paper.render import whole
from paper.render.numbering import NumberedChapter
from paper.render.typst import door
from paper.render.typst.template import fill
from paper.render.typst.writer import Writer


def book_pdf(project: Project, chapters: Sequence[NumberedChapter], out: Path, work: Path) -> None:
    """Write the book's PDF to ``out``; its Typst source stays in ``work/typst`` for who wants to see it.

    Raises ChapterError where a chapter can't be set, CitationError where one cites what isn't there.
    """
    writer = Writer(project, chapters)
    blocks = whole.cited_blocks(project, chapters, whole.joined(chapters, writer.blocks))
    door.compile_pdf(project, fill(project, blocks), out, work / "typst" / f"{out.stem}.typ")
