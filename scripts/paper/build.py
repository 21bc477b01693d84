"""The whole story of a build: sources in, a checked folder out, swapped in at the end.

Everything is read before anything is written; a fault anywhere leaves the last output as it was.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper import project as projects
from paper.cells.cell_inputs import Ledger
from paper.errors import MachineError, PaperError
from paper.project import Project
from paper.release import last_build, output, record
from paper.release.unchanged import Evidence
from paper.report import Fault, told_once
from paper.site import offered
from paper.text import briefs
from paper.tools import quarto as quarto_door
from paper.tools import swap

if TYPE_CHECKING:
    from concurrent.futures import Future

    from paper.cells.execute import Executor
    from paper.numbering.book import ParsedChapter
    from paper.targets import Product, Workers

OF_QUARTO = ("html", "pdf", "brief", "docx", "epub")
TARGETS = (*OF_QUARTO, "jats", "onefile")  # the last two are the embedded engine's with either
Say = Callable[[str], None]


@dataclass
class Report:
    """What a build did.

    seconds: by step; ran: chapters executed anew, with the reason; notices: what it went on with, as a check would
    tell it; outputs: what a person opens, by name; unchanged: there was nothing to do; renewed: drawings or data files
    in assets/ were out of step, and cells made them anew; removed: files of earlier builds, made from other sources,
    that were taken away; state: what the answer rests on, where it would be the same (`release.unchanged`).
    """

    out: Path
    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, str] = field(default_factory=dict)
    notices: list[Fault] = field(default_factory=list)
    outputs: dict[str, Path] = field(default_factory=dict)
    unchanged: bool = False
    renewed: bool = False
    removed: list[str] = field(default_factory=list)
    state: dict[str, Any] | None = None


def build(
    root: Path,
    *,
    targets: Iterable[str] | None = None,
    profile: str | None = None,
    quarto: Path | None = None,
    strict: bool = False,
    say: Say | None = None,
) -> Report:
    """Build the book into its output folder, with Quarto where its path is given.

    targets: of ``TARGETS``; None for all that a book has, with an EPUB where its settings ask for that format.
    strict: warnings are errors. Raises PaperError; the last output then stays as it was.
    """
    project = projects.load(root, profile)
    out = project.output_dir
    files = target_files(project)
    asked = _all_targets(project) if targets is None else targets
    wanted = {t for t in asked if t != "brief" or (root / "brief").is_dir()}
    with output.lock(project):
        swap.recover(out)
        output.refuse_foreign(project)
        evidence = Evidence(root, out)
        manifest = record.of(project, quarto_door.version(quarto) if quarto else "embedded")
        cells = Ledger(project)
        notices = last_build.notices(project, manifest, wanted)
        same = record.up_to_date(manifest, out, wanted, _offered(project))
        from paper.release import guard

        if same or quarto is not None:  # a name may be new to the private list where nothing else has changed
            guard.refuse_sources(project)
        state = evidence.state(cells.looks(wanted)) if same and quarto is None else None
        if notices is not None and same and (quarto or cells.unchanged(wanted)):
            _refuse_warnings(notices, strict)
            return Report(
                out, notices=notices, outputs=existing_outputs(project), unchanged=True, state=state
            )
        from paper.cells.execute import Executor
        from paper.tools.cache import of_project

        executor = Executor(project, of_project(root))
        fresh = output.fresh_folder(out)
        try:
            if quarto is None and wanted != {"brief"}:
                executor.begin()  # before all else: it imports what cells do while this process imports the rest
            from paper.targets import Workers

            cells.begin()
            steps = _Steps(Report(out), say)
            if quarto is not None:
                with steps("quarto render"):
                    quarto_door.render(project, quarto, fresh)  # its post-render step writes the manifest
                if own := wanted.difference(OF_QUARTO):
                    with Workers() as workers:
                        _build_into(project, fresh, own, steps, workers, executor)
                    manifest = record.of(project, manifest.engine)  # with what the cells have renewed
                    last = record.read(fresh)
                    _describe(project, manifest, own, fresh, last.made_from if last else {})
            else:
                with guard.assets_as_they_were(project.root), Workers() as workers:
                    read = _build_into(project, fresh, wanted, steps, workers, executor)
                    last = record.read(out)
                    remaining = {t for t in record.current(manifest, last) - wanted if cells.unchanged({t})}
                    renewed = record.renewed(manifest, project.root)
                    steps.report.renewed = bool(renewed)
                    manifest = replace(manifest, inputs=manifest.inputs | renewed)
                    if "html" in wanted:
                        absent = {t: files[t].name for t in _offered(project) if t not in remaining | wanted}
                        others = (b.pdf for b in briefs.complete_translations(project) if "brief" in absent)
                        offered.withdraw(fresh, [*absent.values(), *others])
                        manifest = replace(manifest, without=absent)
                    elif "html" in remaining and last is not None:
                        manifest = replace(manifest, without=last.without)
                    with steps("privacy"):
                        _describe(project, manifest, wanted | remaining, fresh)  # names may tell, too
                        guard.refuse_leaks(project, fresh, workers.beside)
                if output.carry_over(out, fresh, remaining, files):
                    _describe(project, manifest, wanted | remaining, fresh)
                steps.report.removed = _removed(project, out, fresh)
            steps.report.notices = told_once(steps.report.notices)
            _refuse_warnings(steps.report.notices, strict)
            with steps("put in place"):
                swap.replace_folder(fresh, out)
            last_build.keep(project, manifest, wanted, steps.report.notices)
            if quarto is None:
                listed = manifest.inputs | manifest.unlisted
                cells.finish(wanted, (chapter.executed.inputs for chapter in read), listed)
                evidence.of_new_output()
                final = cells.unchanged(wanted) and last_build.is_final(steps.report.notices)
                steps.report.state = evidence.state(cells.looks(wanted)) if final else None
        except OSError as error:
            raise _machine_error(error) from None
        finally:
            executor.stop()
            shutil.rmtree(fresh, ignore_errors=True)
    steps.report.outputs = existing_outputs(project)
    return steps.report


def _describe(
    project: Project,
    manifest: record.Manifest,
    targets: Iterable[str],
    site: Path,
    kept: Mapping[str, str] | None = None,
) -> None:
    """Write the crate of a site, then its manifest, which holds the crate's hash. kept: as of ``record.write``."""
    from paper.release import crate

    record.write(manifest, targets, site, kept, crate.write(project, manifest, site))


def _refuse_warnings(notices: Iterable[Fault], strict: bool) -> None:
    """Raise SourceError, or several together, where warnings are errors and there is one."""
    if strict:
        from paper.checks import before_build as checks

        checks.stop(notice for notice in notices if notice.severity == "warning")


def _all_targets(project: Project) -> set[str]:
    """Return the targets of a whole build: no EPUB where ``format:`` doesn't name it, as Quarto makes none then."""
    return set(TARGETS) - (set() if "epub" in project.formats else {"epub"})


def _offered(project: Project) -> set[str]:
    """Return the targets that the site's pages offer beside themselves."""
    brief = {"brief"} if (project.root / "brief").is_dir() else set()
    return {"pdf", "docx", *({"epub"} & project.formats), *brief}


def _removed(project: Project, old: Path, new: Path) -> list[str]:
    """Return the outputs that stand in the last folder and not in the new one, relative to the project."""
    paths = [*target_files(project).values(), old / "index.html"]
    gone = (path for path in paths if path.is_file() and not (new / path.name).is_file())
    return sorted(Path(os.path.relpath(path, project.root)).as_posix() for path in gone)


def _machine_error(error: OSError) -> MachineError:
    """Convert the system's own error, of a full disk or a forbidden folder, into a MachineError."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        source, target, said = error.args[0][0]
        return MachineError(
            f"{source} could not be copied to {target}: {said}",
            remedy="free space or mend permissions; the last output is untouched",
        )
    return MachineError(
        f"{error.filename or 'a file'} could not be read or written: {error.strerror or error}",
        remedy="free space or mend permissions; the last output is untouched",
    )


def target_files(project: Project) -> dict[str, Path]:
    """Return the file of each target that is one file."""
    out, name = project.output_dir, project.output_file
    return {
        "pdf": out / f"{name}.pdf",
        "brief": out / "brief.pdf",
        "docx": out / f"{name}.docx",
        "epub": out / f"{name}.epub",
        "jats": out / f"{name}-jats.zip",
        "onefile": out / f"{name}.html",
    }


def existing_outputs(project: Project) -> dict[str, Path]:
    """Return the finished outputs that exist, by display name."""
    files = target_files(project)
    named = {
        "website": project.output_dir / "index.html",
        "paper": files["pdf"],
        "brief": files["brief"],
        "word": files["docx"],
        "e-book": files["epub"],
        "one file": files["onefile"],
        "archive": files["jats"],
    }
    return {name: path for name, path in named.items() if path.is_file()}


def _build_into(
    project: Project, out: Path, targets: set[str], steps: _Steps, workers: Workers, executor: Executor
) -> list[ParsedChapter]:
    """Write the targets; returns the chapters that were read for them."""
    # What nothing-to-do needs no time for is imported here.
    from concurrent.futures import ThreadPoolExecutor

    from paper import prepare
    from paper.numbering.book import read_book
    from paper.targets import NAMES, Brief, make
    from paper.tools import pandoc_worker

    work = project.root / ".paper"
    cache = executor.cache
    files = {target: out / path.name for target, path in target_files(project).items()}
    alone = {t: files[t] for t in TARGETS if t in targets and t in files}
    single = "html" not in targets and len(alone) == 1
    joined = None if single else alone.pop("onefile", None)  # made of the pages, so after them
    workers.begin(0 if single else len(alone))
    text, tables = workers.beside(_text_faults, project), workers.beside(_table_faults, project)

    def checked() -> list[Fault]:
        from paper.checks import before_build as checks

        return checks.refuse_errors([*text(), *tables()])

    executor.allowed = checked
    _refuse_collisions(project)
    with steps("prepare"):
        prepare.vendor(project.root)

    brief = Brief(project, files["brief"], executor, workers) if "brief" in alone else None
    # -- read: every chapter, before any is written
    chapters: list[ParsedChapter] = []
    with executor:
        if targets != {"brief"}:
            with steps("read and run the chapters"):
                try:
                    chapters = read_book(
                        project, work, cache, executor,
                        before_cells=brief.begin if brief else None, after_cells=brief.after_cells if brief else None,
                    )  # fmt: skip
                except PaperError:
                    checked()  # which tells all that is wrong, and not of this alone
                    raise
        steps.report.notices += checked()
    for chapter in chapters:
        steps.report.notices += chapter.notices
        if chapter.executed.reason not in ("unchanged", "no cells"):
            steps.report.ran[str(chapter.source.path)] = chapter.executed.reason

    # -- write: the pages here, each target that is one file beside them
    begun = {"brief": brief.product} if brief and brief.product else {}
    making = workers.make({t: path for t, path in alone.items() if t not in begun}, project, chapters) | begun
    with ThreadPoolExecutor(1) as beside:
        indexing: list[Future[list[Fault]]] = []
        if "html" in targets:
            from paper.site import pages

            def index() -> None:
                indexing.append(beside.submit(pages.write_search, project, out))

            with steps("pages"):
                steps.report.notices += pages.write_pages(
                    project, chapters, out, cache, written=index
                ).notices
        if joined:
            with steps(NAMES["onefile"]):
                steps.report.notices += make("onefile", project, chapters, joined).notices
        with steps("search index"):
            for future in indexing:
                steps.report.notices += future.result()
    if workers.any:
        pandoc_worker.POOL.stop()  # the others may need much memory
    _wait(project, out, {target: (files[target], wait) for target, wait in making.items()}, steps)
    cache.tidy()
    return chapters


def _wait(
    project: Project, out: Path, making: dict[str, tuple[Path, Callable[[], Product]]], steps: _Steps
) -> None:
    """Wait for targets, the PDF last, which takes longest; look meanwhile at what is there.

    making: of each, its file and what waits for its product.
    """
    from paper.release import guard
    from paper.targets import NAMES

    writing = {target: file for target, (file, _) in making.items()}
    for target in sorted(making, key=lambda target: target == "pdf"):
        if len(writing) == len(making) or target == "pdf":
            with steps("privacy, meanwhile"):
                guard.look_ahead(project, out, writing.values())
        with steps(NAMES[target]):
            product = making[target][1]()
            steps.report.seconds[f"{NAMES[target]} (its own work)"] = product.seconds
            steps.report.notices += product.notices
        del writing[target]


def _refuse_collisions(project: Project) -> None:
    """Raise ProjectError where two pages would have one address, those that the build adds among them."""
    from paper.site import frame, points

    around = (f"points.{lang}.html" for lang in points.LANGUAGES)
    output.refuse_collisions(project, (frame.STATE_PAGE, frame.NOT_FOUND, frame.DRAFTS_PAGE, *around))


def _text_faults(project: Project) -> list[Fault]:
    """Return what is known of text, settings and bibliographies before a cell runs.

    Raises PaperError for what would harm an interviewee.
    """
    from paper.checks import before_build as checks
    from paper.checks.sources_check import check_sources
    from paper.release import guard

    guard.refuse_sources(project)
    return [*check_sources(project), *checks.check_bibliographies(project)]


def _table_faults(project: Project) -> list[Fault]:
    """Return the errors in the coded data: apart, since it imports what nothing else in a build needs."""
    from paper.checks import before_build as checks

    return checks.check_tables(project)


class _Steps:
    """Times each step, and says those that a person waits for."""

    def __init__(self, report: Report, say: Say | None) -> None:
        self.report = report
        self.say = say or (lambda _: None)

    def __call__(self, name: str) -> _Step:
        return _Step(self, name)


class _Step:
    def __init__(self, steps: _Steps, name: str) -> None:
        self.steps = steps
        self.name = name

    def __enter__(self) -> None:
        self.steps.say(self.name)
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.steps.report.seconds[self.name] = time.perf_counter() - self.start
