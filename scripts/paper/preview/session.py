"""A warm build: kernel, trees and pages stay in memory or cache, and each round makes a whole new folder to serve."""

from __future__ import annotations

import os
import shutil
import threading
import time
import traceback
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import psutil

from paper import prepare, targets
from paper import project as projects
from paper.build import target_files
from paper.cells.execute import Executor
from paper.errors import PaperError, SourceErrors
from paper.numbering.book import ParsedChapter, read_again, read_book
from paper.preview import blocks
from paper.preview.proof import Proof
from paper.project import Project
from paper.site import pages
from paper.tools.cache import file_digest, of_project
from paper.tools.files import write_atomic


@dataclass(frozen=True)
class Problem:
    """A fault as the overlay shows it."""

    place: str
    message: str
    remedy: str
    detail: str


@dataclass(frozen=True)
class Round:
    """What a rebuild came to."""

    changed: frozenset[str]
    """The files of the site that are not as they were."""
    problems: tuple[Problem, ...]
    """Why there is no new state."""
    seconds: float
    """How long it took."""
    unfinished: bool = False
    """Whether only what the author waits for was made, and a complete round is to follow."""


@dataclass
class _State:
    """What the folder shows, from which the next save goes on."""

    project: Project
    chapters: list[ParsedChapter]
    site: pages.Written
    texts: dict[Path, list[str]]
    """By file of a chapter, the lines whose blocks its page shows, where they are ahead of the chapter."""


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
        self._state: _State | None = None
        self.proof = Proof(self.work / "proof.pdf")
        self._making = threading.Lock()
        self._reading = threading.Lock()  # of chapters, whose cells have one kernel
        self._whole = threading.Event()  # the folder has all that was saved, as far as it can be built
        self._whole.set()
        self._unbuilt: set[Path] = set()  # files that were saved and could not be built
        self._cache = of_project(root)
        self._executor: Executor | None = None
        self._rounds = 0

    def close(self) -> None:
        """End the kernel and remove the served folders."""
        self._whole.set()
        self.proof.close()
        if self._executor is not None:
            self._executor.stop()
        shutil.rmtree(self.work, ignore_errors=True)

    def rebuild(self, *, complete: bool = True, saved: Collection[Path] = ()) -> Round:
        """One round. Never raises for the author's mistakes or the machine's.

        Not ``complete``: the chapters' pages alone, with results that read other chapters' text as they were; the
        rest stays as the last round had it. saved: the files that have changed; where they are chapters, their pages
        alone are made, and where blocks of prose have changed in them, these blocks alone.
        """
        with self._reading:
            return self._rebuild(complete or self.folder is None, saved)

    def _rebuild(self, complete: bool, saved: Collection[Path]) -> Round:
        begun = time.perf_counter()
        problems: tuple[Problem, ...] = ()
        changed: frozenset[str] | None = None
        self._unbuilt |= set(saved) or {self.root}
        try:
            if not complete:
                changed = self._renew(self._unbuilt)
            if changed is None:
                changed = self._replace(complete)
            self._unbuilt = set()
        except SourceErrors as several:
            problems = _problems(several.errors)
        except PaperError as error:
            problems = _problems([error])
        except OSError as error:  # a file that is deleted while it is read
            problems = _problems([PaperError(f"{error.filename}: {error.strerror}", remedy="save once more")])
        except Exception as error:  # a fault of the program: told, and the loop goes on
            message = "".join(traceback.format_exception(error)[-3:])
            unforeseen = PaperError(
                f"unforeseen {type(error).__name__}: {error}",
                detail=message,
                remedy="undo the last change and save; `paper check` may say more",
            )
            problems = _problems([unforeseen])
        if complete or problems:
            self._whole.set()
        else:
            self._whole.clear()
        unfinished = not complete and not problems
        return Round(changed or frozenset(), problems, time.perf_counter() - begun, unfinished)

    # -- a whole new folder -----------------------------------------------------------------------------------

    def _replace(self, complete: bool) -> frozenset[str]:
        """Build a whole new folder and serve it; return what in it is not as it was. Raises PaperError."""
        self._rounds += 1
        fresh = self.work / str(self._rounds)
        try:
            state = self._build(fresh, complete)
            changed = self._changed(fresh)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        if self._replaced is not None:
            shutil.rmtree(self._replaced, ignore_errors=True)
        self._replaced, self.folder, self._state = self.folder, fresh, state
        return changed

    def _build(self, out: Path, complete: bool) -> _State:
        project = projects.load(self.root, self.profile)
        if self._executor is None:
            self._executor = Executor(project, self._cache)
        self._executor.project = project
        self._executor.lenient = not complete
        prepare.vendor(self.root)
        out.mkdir(parents=True)
        chapters = read_book(project, self.root / ".paper", self._cache, self._executor)
        site = pages.write_pages(project, chapters, out, self._cache, around=complete)
        if not complete:
            self._carry_over(out, {path.name for path in target_files(project).values()})
        return _State(project, chapters, site, {})

    # -- what was saved, and nothing else ---------------------------------------------------------------------

    def _renew(self, saved: Collection[Path]) -> frozenset[str] | None:
        """Renew the pages of the chapters that were saved, in the folder; None where more must be built.

        Raises PaperError.
        """
        state, folder = self._state, self.folder
        if state is None or folder is None or self._executor is None:
            return None
        places: dict[int, None] = {}
        for path in saved:
            readers = [
                at
                for at, chapter in enumerate(state.chapters)
                if path in {(self.root / file).resolve() for file in chapter.source.files}
            ]
            if path.suffix != ".qmd" or not readers or not path.is_file():
                return None
            places |= dict.fromkeys(readers)
        if len(places) > 1:  # read by several, or a change of several: what depends on what isn't looked into
            return None
        [at] = places
        _withdraw(folder, state.project)
        if len(saved) == 1 and self._patch(state, at, folder):
            return frozenset({state.chapters[at].chapter.page})
        self._executor.lenient = True
        work = self.root / ".paper"
        chapter = read_again(state.project, state.chapters[at], work, self._cache, self._executor)
        chapters = [*state.chapters[:at], chapter, *state.chapters[at + 1 :]]
        site = pages.write_page(state.project, chapters, at, state.site, folder, self._cache)
        own = (self.root / chapter.source.path).resolve()
        texts = {path: lines for path, lines in state.texts.items() if path != own}
        self._state = _State(state.project, chapters, site, texts)
        return frozenset({chapter.chapter.page, *chapter.files})

    def _patch(self, state: _State, at: int, folder: Path) -> bool:
        """Put changed blocks of prose into the page of a chapter, and return whether that was all."""
        chapter = state.chapters[at]
        path = (self.root / chapter.source.path).resolve()
        shown = state.texts.get(path) or [
            line.text for line in chapter.source.lines if line.file == str(chapter.source.path)
        ]
        now = path.read_text("utf-8-sig").split("\n")
        change = blocks.edit(shown, now)
        if change is None:
            return False
        page = folder / chapter.chapter.page
        patched = blocks.patched(state.project, state.site.book.chapters[at], page.read_text("utf8"), change)
        if patched is None:
            return False
        write_atomic(page, patched.encode("utf8"))
        state.texts[path] = now
        return True

    # -- what is made when it is asked for --------------------------------------------------------------------

    def make(self, name: str) -> Path | None:
        """Return the PDF, brief or other file of the last whole state; make it when it is first asked for.

        A state that comes meanwhile has it made anew. None where the book has no such file. Raises PaperError.
        """
        with self._making:
            while True:
                self._whole.wait()
                folder, state = self.folder, self._state
                if folder is None or state is None:
                    return None
                target = next(
                    (t for t, path in target_files(state.project).items() if path.name == name), None
                )
                if target is None or (target == "onefile" and not (folder / "index.html").is_file()):
                    return None
                if (folder / name).is_file():
                    return folder / name
                making = self.work / "making"
                making.mkdir(exist_ok=True)
                targets.make(target, state.project, state.chapters, making / name)
                if folder == self.folder and self._whole.is_set():
                    for path in making.iterdir():  # a brief comes with its translations
                        path.replace(folder / path.name)

    def make_proof(self) -> Proof | None:
        """Make the PDF of what was saved last, though what reads it may follow; None before the first round.

        It is kept beside the served folder. Raises PaperError.
        """
        with self._making:
            state, executor = self._state, self._executor
            if state is None or executor is None:
                return None
            with self._reading:
                chapters = [
                    read_again(state.project, chapter, self.root / ".paper", self._cache, executor)
                    if (self.root / chapter.source.path).resolve() in state.texts
                    else chapter
                    for chapter in state.chapters
                ]
            making = self.work / "proof.new"
            targets.make("pdf", state.project, chapters, making)
            making.replace(self.proof.path)
            return self.proof

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


def _withdraw(folder: Path, project: Project) -> None:
    """Take away what is made when it is asked for: it shows the text as it was."""
    for path in target_files(project).values():
        (folder / path.name).unlink(missing_ok=True)


def _problems(errors: list[PaperError]) -> tuple[Problem, ...]:
    return tuple(Problem(str(e.place or ""), e.message, e.remedy, e.detail) for e in errors)


def _own_folder(previews: Path) -> Path:
    """Make a folder of this process, as there may be several previews; remove those of dead ones."""
    for left in previews.glob("*"):
        if not left.name.isdigit() or int(left.name) == os.getpid() or not psutil.pid_exists(int(left.name)):
            shutil.rmtree(left, ignore_errors=True)
    return previews / str(os.getpid())
