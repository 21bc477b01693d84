"""A warm build: kernel, trees and pages stay in memory or cache, and each round makes a whole new folder to serve."""

from __future__ import annotations

import os
import shutil
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

import psutil

from paper import prepare, targets
from paper import project as projects
from paper.build import target_files
from paper.cells.execute import Executor
from paper.errors import PaperError, SourceErrors
from paper.numbering.book import ParsedChapter, read_book
from paper.project import Project
from paper.site import pages
from paper.tools.cache import Cache, file_digest


@dataclass(frozen=True)
class Problem:
    """A fault as the overlay shows it."""

    place: str
    message: str
    remedy: str
    detail: str


@dataclass(frozen=True)
class Round:
    """What a rebuild came to.

    changed: pages that are not as they were; problems: why there is no new state; seconds: how long it took;
    unfinished: only what the author waits for was made, and a complete round is to follow.
    """

    changed: frozenset[str]
    problems: tuple[Problem, ...]
    seconds: float
    unfinished: bool = False


class Session:
    """Builds a book again and again. ``folder`` is the last whole state; a failed round leaves it."""

    def __init__(self, root: Path, profile: str | None) -> None:
        self.root = root
        self.profile = profile
        self.work = _own_folder(root / ".paper" / "preview")
        self.folder: Path | None = None
        self._replaced: Path | None = (
            None  # by it: stays for a round, as what lies there may be on its way out
        )
        self._book: tuple[Project, list[ParsedChapter]] | None = None  # what the folder shows
        self._making = threading.Lock()
        self._cache = Cache(root / ".paper" / "cache")
        self._executor: Executor | None = None
        self._rounds = 0

    def close(self) -> None:
        """End the kernel and remove the served folders."""
        if self._executor is not None:
            self._executor.stop()
        shutil.rmtree(self.work, ignore_errors=True)

    def rebuild(self, *, complete: bool = True) -> Round:
        """One round. Never raises for the author's mistakes or the machine's.

        Not ``complete``: the chapters' pages alone, with results that read other chapters' text as they were; the
        rest stays as the last round had it.
        """
        complete = complete or self.folder is None
        begun = time.perf_counter()
        self._rounds += 1
        fresh = self.work / str(self._rounds)
        try:
            self._build(fresh, complete)
        except SourceErrors as several:
            return self._failed(fresh, several.errors, begun)
        except PaperError as error:
            return self._failed(fresh, [error], begun)
        except OSError as error:  # a file that is deleted while it is read
            return self._failed(
                fresh, [PaperError(f"{error.filename}: {error.strerror}", remedy="save once more")], begun
            )
        except Exception as error:  # a fault of the program: told, and the loop goes on
            message = "".join(traceback.format_exception(error)[-3:])
            unforeseen = PaperError(
                f"unforeseen {type(error).__name__}: {error}",
                detail=message,
                remedy="undo the last change and save; `paper check` may say more",
            )
            return self._failed(fresh, [unforeseen], begun)
        changed = self._changed(fresh)
        if self._replaced is not None:
            shutil.rmtree(self._replaced, ignore_errors=True)
        self._replaced, self.folder = self.folder, fresh
        return Round(changed, (), time.perf_counter() - begun, unfinished=not complete)

    def _build(self, out: Path, complete: bool) -> None:
        project = projects.load(self.root, self.profile)
        if self._executor is None:
            self._executor = Executor(project, self._cache)
        self._executor.project = project
        self._executor.lenient = not complete
        prepare.vendor(self.root)
        out.mkdir(parents=True)
        chapters = read_book(project, self.root / ".paper", self._cache, self._executor)
        pages.write_pages(project, chapters, out, self._cache, around=complete)
        if not complete:
            self._carry_over(out, {path.name for path in target_files(project).values()})
        self._book = project, chapters

    def make(self, name: str) -> Path | None:
        """Return the PDF, brief or other file of the last whole state; make it when it is first asked for.

        A state that comes meanwhile has it made anew. None where the book has no such file. Raises PaperError.
        """
        with self._making:
            while True:
                folder, book = self.folder, self._book
                if folder is None or book is None:
                    return None
                target = next((t for t, path in target_files(book[0]).items() if path.name == name), None)
                if target is None or (target == "onefile" and not (folder / "index.html").is_file()):
                    return None
                if (folder / name).is_file():
                    return folder / name
                making = self.work / "making"
                making.mkdir(exist_ok=True)
                targets.make(target, *book, making / name)
                if folder == self.folder:
                    for path in making.iterdir():  # a brief comes with its translations
                        path.replace(folder / path.name)

    def _carry_over(self, fresh: Path, not_these: set[str]) -> None:
        """Carry over from the last round what this one did not make."""
        if self.folder is None:
            return
        for path in self.folder.rglob("*"):
            target = fresh / path.relative_to(self.folder)
            if path.is_file() and path.name not in not_these and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def _changed(self, fresh: Path) -> frozenset[str]:
        names = {path.relative_to(fresh).as_posix() for path in fresh.rglob("*") if path.is_file()}
        if self.folder is None:
            return frozenset(names)
        return frozenset(n for n in names if file_digest(fresh / n) != file_digest(self.folder / n))

    def _failed(self, fresh: Path, errors: list[PaperError], begun: float) -> Round:
        shutil.rmtree(fresh, ignore_errors=True)
        problems = tuple(Problem(str(e.place or ""), e.message, e.remedy, e.detail) for e in errors)
        return Round(frozenset(), problems, time.perf_counter() - begun)


def _own_folder(previews: Path) -> Path:
    """Make a folder of this process, as there may be several previews; remove those of dead ones."""
    for left in previews.glob("*"):
        if not left.name.isdigit() or int(left.name) == os.getpid() or not psutil.pid_exists(int(left.name)):
            shutil.rmtree(left, ignore_errors=True)
    return previews / str(os.getpid())
