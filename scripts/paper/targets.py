"""The targets that are one file each: what makes them, here or in a process of their own."""

from __future__ import annotations

import os
import pickle
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from paper.cells.execute import Executor
from paper.errors import PaperError, ToolError
from paper.numbering.book import ParsedChapter, number_with_images
from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.report import Fault
from paper.tools.beside import Processes, new_pool
from paper.tools.cache import Cache
from paper.tools.signature import Signature, TooManyError

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

        data = jats_supplements.data_of_figures(project, (chapter.tree for chapter in chapters), cache)
        jats.book_jats(project, numbered_for("jats"), out, cache, data)
    elif target == "epub":
        from paper.writers import epub

        epub.book_epub(project, numbered_for("epub"), out, cache)
    elif target == "onefile":
        from paper.site import onefile

        onefile.write_onefile(project, chapters, out, cache)
    else:
        from paper.documents.brief.pdf import brief_pdf, translated_pdfs

        notices += brief_pdf(project, out, work)
        notices += translated_pdfs(project, out.parent, work)
    notices += [notice for book in books for notice in book[0].book.all_notices]
    return Product(time.perf_counter() - begun, tuple(notices))


@lru_cache(maxsize=1)
def _received(sent: Path) -> tuple[Project, list[ParsedChapter]]:
    """Return the project and its chapters, which lie in a file: they are read once by each process."""
    project, chapters = pickle.loads(sent.read_bytes())
    return project, chapters


def _make_in_worker(target: str, sent: Path, out: Path) -> Product:
    """``make`` in a process of its own, out of which only faults that can be told may come. sent: as of `_received`.

    A library's own error may not survive the way: what is raised then says nothing of the fault.
    """
    try:
        return make(target, *_received(sent), out)
    except (PaperError, OSError):
        raise
    except Exception as error:
        raise ToolError(
            f"the {NAMES[target]} could not be made: {type(error).__name__}: {error}",
            detail="".join(traceback.format_exception(error)[-4:]),
            remedy="this is a fault of the program; please report it with the chapter that brings it about",
        ) from None


class Workers(Processes):
    """Processes in which targets are made while this one does something else.

    Where they can't be forked, a large book's are started anew, and a small book's targets are made here, when they
    are asked for: a process takes half a second to import what it needs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self._folder: TemporaryDirectory[str] | None = None

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        super().__exit__(kind, *error)
        if self._folder is not None:
            self._folder.cleanup()

    def begin(self, most: int) -> None:
        """Fork so many of them for targets, and no more than there are processors; one in any case for ``beside``."""
        self.most = min(most, os.cpu_count() or 2)
        self.fork(max(self.most, 1))

    def make(
        self, targets: dict[str, Path], project: Project, chapters: list[ParsedChapter]
    ) -> dict[str, Callable[[], Product]]:
        """Begin to make the targets; return for each what waits for its product and raises what went wrong."""
        if self.most and self._pool is None and sum(len(chapter.tree) for chapter in chapters) >= SMALL:
            self._pool = new_pool("spawn", self.most)
        if not self.most or self._pool is None:
            return {target: partial(make, target, project, chapters, out) for target, out in targets.items()}
        sent = self._send(project, chapters)
        return {t: self._pool.submit(_make_in_worker, t, sent, out).result for t, out in targets.items()}

    def make_at_once(self, target: str, project: Project, out: Path) -> Callable[[], Product] | None:
        """Begin to make a target that takes nothing of the chapters; None where there is no process for it."""
        if not self.most or self._pool is None:
            return None
        return self._pool.submit(_make_in_worker, target, self._send(project, []), out).result

    def _send(self, project: Project, chapters: list[ParsedChapter]) -> Path:
        """Put what targets are made of where processes find it: through a pipe it would go once for each target."""
        self._folder = self._folder or TemporaryDirectory(prefix="paper-targets-", ignore_cleanup_errors=True)
        sent = Path(self._folder.name, f"{len(chapters)}.pickle")
        sent.write_bytes(pickle.dumps((project, chapters)))
        return sent


class Brief:
    """The brief of a build, made while the cells of the chapters run: of them it takes nothing but files."""

    def __init__(self, project: Project, out: Path, executor: Executor, workers: Workers) -> None:
        self._project, self._out = project, out
        self._executor, self._workers = executor, workers
        self._files = ""
        self.product: Callable[[], Product] | None = None

    def begin(self) -> None:
        """Run its cells before those of the chapters, and begin to make it, where a kernel is there already."""
        with suppress(PaperError):  # which is told in its turn, behind what is wrong with the chapters
            if self._workers.most and self._executor.is_running:
                self._run_cells()
                self._files = self._state()
                if self._files:
                    self.product = self._workers.make_at_once("brief", self._project, self._out)

    def after_cells(self) -> None:
        """Run its cells behind those of the chapters where they haven't run, or where these have changed files."""
        if self.product is not None and self._files != self._state():
            with suppress(PaperError, OSError):
                self.product()  # which else might be written after the one that is made now
            self.product = None
        if self.product is None and self._executor.is_running:
            self._run_cells()

    def _run_cells(self) -> None:
        from paper.documents.brief.pdf import run_cells  # which most builds have no need of

        run_cells(self._project, self._executor)

    def _state(self) -> str:
        """Return what tells the project's files from others; "" where they are too many."""
        signature = Signature()
        try:
            signature.add_project(str(self._project.root), frozenset({str(self._out.parent)}))
        except TooManyError:
            return ""
        return signature.digest
