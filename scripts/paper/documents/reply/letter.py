"""The reply as a letter: each point with its answer, and where in the new manuscript the change stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import panflute as pf

from paper.documents.manuscript import lines
from paper.documents.manuscript.anonymous import drop_authors
from paper.documents.reply.points import Change, Point
from paper.project import Project
from paper.tools import trees
from paper.tools.files import write_atomic
from paper.words import words
from paper.writers import docx, office
from paper.writers.typst import compiler
from paper.writers.typst.template import fill


def write(project: Project, points: Sequence[Point], pdf: Path, out: Path) -> list[Path]:
    """Write the letter beside the reply, as DOCX and PDF. pdf: the new manuscript, with numbered lines.

    It names no author: the reviewers may not be meant to know. Raises MachineError where the manuscript has no
    numbers.
    """
    numbered = lines.pdf_lines(pdf)
    sources = lines.Sources(project)
    blocks: list[pf.Element] = []
    for point in points:
        blocks.append(pf.Header(pf.Str(f"Point {point.name}"), level=2, classes=["unnumbered"]))
        blocks.append(pf.BlockQuote(*trees.parse(point.words).content))
        blocks += trees.parse(point.answer).content
        for change in point.changes:
            blocks += _change(
                project, change, lines.numbers_of(sources, numbered, change.file, change.first, change.last)
            )
    facts = office.Properties(title=f"Reply: {project.title}", lang=project.lang)
    nameless = drop_authors(project)
    work = project.root / ".paper"
    work.mkdir(exist_ok=True)
    files = [work / f"reply.{kind}" for kind in ("docx", "pdf")]
    title = pf.Header(
        pf.Str(f"{words(project.lang)['reply_title']}: {project.title}"), level=1, classes=["unnumbered"]
    )
    docx.write(nameless, [], [title, *blocks], facts, files[0])
    document = json.loads(trees.dump(pf.Doc(title, *blocks, api_version=(1, 23, 1))))
    compiler.compile_pdf(
        nameless, fill(nameless, document, toc=False), files[1], work / "typst" / "reply.typ"
    )
    results = []
    for file in files:
        target = out.with_suffix(file.suffix)
        write_atomic(target, file.read_bytes())
        file.unlink()
        results.append(target)
    return results


def place(shown: Sequence[lines.NumberedLine]) -> str:
    """Return where some lines stand in the manuscript, in words: "page 3, lines 41–44"."""
    pages = sorted({line.page for line in shown})
    numbers = sorted(line.number for line in shown)
    page = f"page {pages[0]}" if len(pages) == 1 else f"pages {pages[0]}–{pages[-1]}"
    line = f"line {numbers[0]}" if len(numbers) == 1 else f"lines {numbers[0]}–{numbers[-1]}"
    return f"{page}, {line}"


def _change(project: Project, change: Change, shown: Sequence[lines.NumberedLine]) -> list[pf.Element]:
    """Return where a change stands, and the words as they are now."""
    where = place(shown) if shown else f"{change.file}, which the manuscript shows without line numbers"
    text = (project.root / change.file).read_text("utf8").split("\n")[change.first - 1 : change.last]
    now = trees.parse("\n".join(text))
    quoted = [block for block in now.content if not isinstance(block, pf.CodeBlock | pf.RawBlock)]
    return [pf.Para(pf.Strong(pf.Str(f"Changed: {where}."))), *([pf.BlockQuote(*quoted)] if quoted else [])]
