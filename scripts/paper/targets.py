"""The targets that are one file each: what makes them, here or in a process of their own."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

from paper.errors import PaperError, ToolError
from paper.numbering.book import ParsedChapter, number_with_images
from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.report import Fault
from paper.tools.cache import Cache

Part = TypeVar("Part")
Result = TypeVar("Result")

NAMES = {
    "pdf": "PDF",
    "docx": "DOCX",
    "epub": "EPUB",
    "brief": "brief",
    "jats": "JATS",
    "onefile": "one file",
}
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
        books.append(number_with_images(project, chapters, form, cache, lazily=True))
        return books[-1]

    if target == "pdf":
        from paper.writers import typst

        notices += typst.book_pdf(project, numbered_for("typst"), out, work, cache)
    elif target == "docx":
        from paper.writers import docx

        docx.book_docx(project, numbered_for("docx"), out, cache)
    elif target == "jats":
        from paper.writers import jats, jats_supplements

        data = jats_supplements.data_of_figures(project, (chapter.tree for chapter in chapters))
        jats.book_jats(project, numbered_for("jats"), out, cache, data)
    elif target == "epub":
        from paper.writers import epub

        epub.book_epub(project, numbered_for("epub"), out)
    elif target == "onefile":
        from paper.site import onefile

        onefile.write_onefile(project, chapters, out, cache)
    else:
        from paper.documents.brief.pdf import brief_pdf, translated_pdfs

        notices += brief_pdf(project, out, work)
        notices += translated_pdfs(project, out.parent, work)
    notices += [notice for book in books for notice in book[0].book.all_notices]
    return Product(time.perf_counter() - begun, tuple(notices))


def _make_in_worker(target: str, sent: bytes, out: Path) -> Product:
    """``make`` in a process of its own, out of which only faults that can be told may come. sent: project, chapters.

    A library's own error may not survive the way: what is raised then says nothing of the fault.
    """
    try:
        project, chapters = pickle.loads(sent)
        return make(target, project, chapters, out)
    except (PaperError, OSError):
        raise
    except Exception as error:
        raise ToolError(
            f"the {NAMES[target]} could not be made: {type(error).__name__}: {error}",
            detail="".join(traceback.format_exception(error)[-4:]),
            remedy="this is a fault of the program; please report it with the chapter that brings it about",
        ) from None


class Workers:
    """Processes in which targets are made while this one does something else; a context manager.

    They are forked where that is safe: from the process as it is at ``begin``, with what it has imported and before it
    has a second thread, which would be missing in the other. Elsewhere they are started anew,
    and a small book's targets are made here, when they are asked for: a process takes half a second to import what it
    needs. See ``.github/decisions/processes.md``.
    """

    def __init__(self) -> None:
        self.most = 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def begin(self, most: int) -> None:
        """Fork so many of them for targets, and no more than there are processors; one in any case for ``beside``."""
        self.most = min(most, os.cpu_count() or 2)
        if _has_one_thread():
            self._pool = _new_pool("fork", max(self.most, 1))
            self._pool.submit(int)  # which forks all of them

    def beside(self, function: Callable[[Part], Result], part: Part) -> Callable[[], Result]:
        """Begin to apply the function in a process, or apply it here; return what waits for its result or error."""
        if self._pool is None:
            result = function(part)
            return lambda: result
        future = self._pool.submit(function, part)

        def wait() -> Result:
            with suppress(BrokenExecutor):  # as in ``share``
                return future.result()
            return function(part)

        return wait

    def share(self, function: Callable[[Part], Result], parts: list[Part]) -> list[Result]:
        """Return what the function makes of each part, side by side where there are processes."""
        if self._pool is not None:
            with suppress(BrokenExecutor):  # a process that the system has ended, for its memory perhaps
                return list(self._pool.map(function, parts))
        return [function(part) for part in parts]

    def make(
        self, targets: dict[str, Path], project: Project, chapters: list[ParsedChapter]
    ) -> dict[str, Callable[[], Product]]:
        """Begin to make the targets; return for each what waits for its product and raises what went wrong."""
        if not self.most:
            return {target: partial(make, target, project, chapters, out) for target, out in targets.items()}
        if self._pool is None and sum(len(chapter.tree) for chapter in chapters) >= SMALL:
            self._pool = _new_pool("spawn", self.most)
        if self._pool is None:
            return {target: partial(make, target, project, chapters, out) for target, out in targets.items()}
        sent = pickle.dumps((project, chapters))
        return {t: self._pool.submit(_make_in_worker, t, sent, out).result for t, out in targets.items()}


def _new_pool(method: str, most: int) -> ProcessPoolExecutor:
    # Garbage isn't looked for there: it comes to a few MB a target, and looking for it to a sixth of the work.
    return ProcessPoolExecutor(most, mp_context=get_context(method), initializer=gc.disable)


def _has_one_thread() -> bool:
    """Whether the process has no thread but this one, libraries' own among them (Typst's, once it has set a page)."""
    return sys.platform == "linux" and sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
