"""The targets that are one file each: what makes them, here or in a process of their own."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from paper.errors import PaperError, ToolError
from paper.numbering.book import ParsedChapter, number_with_images
from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.report import Fault
from paper.tools.cache import Cache

NAMES = {"pdf": "PDF", "docx": "DOCX", "brief": "brief", "jats": "JATS", "onefile": "one file"}
SMALL: Final = 300_000  # characters of pandoc's JSON: the trees of some twenty pages


@dataclass(frozen=True)
class Product:
    """What came of making a target: the seconds that it took, and what there is to tell of the text."""

    seconds: float
    notices: tuple[Fault, ...]


def make(target: str, project: Project, chapters: list[ParsedChapter], out: Path) -> Product:
    """Write the target's file to ``out``. Raises PaperError."""
    begun = time.perf_counter()
    notices: list[Fault] = []
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    books: list[list[NumberedChapter]] = []

    def numbered_for(form: str) -> list[NumberedChapter]:
        books.append(number_with_images(project, chapters, form, cache))
        return books[-1]

    if target == "pdf":
        from paper.writers import typst

        notices += typst.book_pdf(project, numbered_for("typst"), out, work)
    elif target == "docx":
        from paper.writers import docx

        docx.book_docx(project, numbered_for("docx"), out)
    elif target == "jats":
        from paper.writers import jats

        jats.book_jats(project, numbered_for("jats"), out)
    elif target == "onefile":
        from paper.site import onefile

        onefile.write_onefile(project, chapters, out, cache)
    else:
        from paper.documents.brief.pdf import brief_pdf, translated_pdfs

        notices += brief_pdf(project, out, work)
        notices += translated_pdfs(project, out.parent, work)
    notices += [notice for book in books for notice in book[0].book.notices]
    return Product(time.perf_counter() - begun, tuple(notices))


def _make_in_worker(target: str, project: Project, chapters: list[ParsedChapter], out: Path) -> Product:
    """``make`` in a process of its own, out of which only faults that can be told may come.

    A library's own error may not survive the way: what is raised then says nothing of the fault.
    """
    try:
        return make(target, project, chapters, out)
    except (PaperError, OSError):
        raise
    except Exception as error:
        raise ToolError(
            f"the {NAMES[target]} could not be made: {type(error).__name__}: {error}",
            detail="".join(traceback.format_exception(error)[-4:]),
            remedy="this is a fault of the program; please report it with the chapter that brings it about",
        ) from None


@contextmanager
def build_in_workers(
    targets: dict[str, Path], project: Project, chapters: list[ParsedChapter]
) -> Iterator[dict[str, Callable[[], Product]]]:
    """Yield for each target what waits for its product, made in another process while this one does something else.

    A small book's are made here, when they are asked for: a process takes half a second to import what it needs.
    When the block ends they are done, and a fault of one of them is raised.
    """
    if not targets or sum(len(chapter.tree) for chapter in chapters) < SMALL:
        yield {target: partial(make, target, project, chapters, out) for target, out in targets.items()}
        return
    workers = min(len(targets), os.cpu_count() or 2)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        making = {t: pool.submit(_make_in_worker, t, project, chapters, out) for t, out in targets.items()}
        try:
            yield {target: future.result for target, future in making.items()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
