"""The whole story of a build: sources in, a checked folder out, swapped in at the end.

Everything is read before anything is written; a fault anywhere leaves the last output as it was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from paper import project as projects
from paper.errors import MachineError
from paper.project import Project
from paper.render import output, record, swap
from paper.render import quarto as quarto_door

if TYPE_CHECKING:
    from paper.report import Fault

OF_QUARTO = ("html", "pdf", "brief", "docx")
TARGETS = (*OF_QUARTO, "jats", "onefile")  # the last two are the embedded engine's with either
Say = Callable[[str], None]


@dataclass
class Report:
    """What a build did.

    seconds: by step; ran: chapters executed anew, with the reason; notices: what of Quarto isn't known; made: what
    a person opens, by name; unchanged: there was nothing to do;
    renewed: drawings or data files in assets/ were out of step, and cells made them anew.
    """

    out: Path
    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, str] = field(default_factory=dict)
    notices: list[Fault] = field(default_factory=list)
    made: dict[str, Path] = field(default_factory=dict)
    unchanged: bool = False
    renewed: bool = False


def build(
    root: Path,
    *,
    targets: Iterable[str] = TARGETS,
    profile: str | None = None,
    quarto: Path | None = None,
    say: Say | None = None,
) -> Report:
    """Build the book into its output folder, with Quarto where its path is given.

    Raises PaperError; the last output then stays as it was.
    """
    project = projects.load(root, profile)
    out = project.output_dir
    wanted = set(targets)
    with output.lock(project):
        swap.recover(out)
        output.refuse_foreign(out)
        manifest = record.of(project, quarto_door.version(quarto) if quarto else "embedded")
        if record.up_to_date(manifest, out, wanted):
            return Report(out, made=made(project), unchanged=True)
        from paper.render import guard

        steps = _Steps(Report(out), say)
        fresh = output.fresh_folder(out)
        try:
            if quarto is not None:
                with steps("quarto render"):
                    quarto_door.render(project, quarto, fresh)  # its post-render step writes the manifest
                if own := wanted.difference(OF_QUARTO):
                    _build_into(project, fresh, own, steps)
                    record.write(manifest, record.read(fresh), own, fresh)
            else:
                _build_into(project, fresh, wanted, steps)
                with steps("privacy"):
                    record.write(manifest, record.read(out), wanted, fresh)  # names of files may tell, too
                    guard.refuse_leaks(project, fresh)
                renewed = record.renewed(manifest, project.root)
                steps.report.renewed = bool(renewed)
                manifest = replace(manifest, inputs=manifest.inputs | renewed)
                output.carry_over(out, fresh, wanted, target_files(project))
                record.write(manifest, record.read(out), wanted, fresh)
            with steps("put in place"):
                swap.put_in_place(fresh, out)
        except OSError as error:
            raise _not_written(error) from None
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    steps.report.made = made(project)
    return steps.report


def _not_written(error: OSError) -> MachineError:
    """What a full disk or a forbidden folder comes to, from the system's own error."""
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
    """The file of each target that is one file."""
    out, name = project.output_dir, project.output_file
    return {
        "pdf": out / f"{name}.pdf",
        "brief": out / "brief.pdf",
        "docx": out / f"{name}.docx",
        "jats": out / f"{name}-jats.zip",
        "onefile": out / f"{name}.html",
    }


def made(project: Project) -> dict[str, Path]:
    """What a person opens, by name, as far as it is there."""
    files = target_files(project)
    named = {
        "website": project.output_dir / "index.html",
        "paper": files["pdf"],
        "brief": files["brief"],
        "word": files["docx"],
        "one file": files["onefile"],
        "archive": files["jats"],
    }
    return {name: path for name, path in named.items() if path.is_file()}


def _build_into(project: Project, out: Path, targets: set[str], steps: _Steps) -> None:
    # What nothing-to-do needs no time for is imported here.
    from paper.render import prepare
    from paper.render.book import Read, read_book
    from paper.render.cache import Cache
    from paper.render.execute import Executor
    from paper.render.targets import NAMES, beside, make
    from paper.render.web import frame, points

    around = (f"points.{lang}.html" for lang in points.LANGUAGES)
    output.refuse_collisions(project, (frame.STATE_PAGE, frame.NOT_FOUND, frame.DRAFTS_PAGE, *around))
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    files = {target: out / path.name for target, path in target_files(project).items()}
    with steps("prepare"):
        prepare.vendor(project.root)

    # -- read: every chapter, before any is written
    chapters: list[Read] = []
    if targets != {"brief"}:
        with steps("read and run the chapters"), Executor(project, cache) as executor:
            chapters = read_book(project, work, cache, executor)
    for chapter in chapters:
        steps.report.notices += chapter.notices
        if chapter.executed.reason not in ("unchanged", "no cells"):
            steps.report.ran[str(chapter.source.path)] = chapter.executed.reason

    # -- write: the pages here, each target that is one file beside them
    alone = {t: files[t] for t in TARGETS if t in targets and t in files}
    if not (project.root / "brief").is_dir():
        alone.pop("brief", None)
    if "html" not in targets and len(alone) == 1:
        for target, file in alone.items():
            with steps(NAMES[target]):
                make(target, project, chapters, file)
        return
    joined = alone.pop("onefile", None)  # made of the pages, so after them
    with beside(alone, project, chapters) as making:
        if "html" in targets:
            from paper.render import pages

            with steps("pages"):
                pages.write_pages(project, chapters, out, cache)
            with steps("search index"):
                pages.write_search(project, out)
        if joined:
            with steps(NAMES["onefile"]):
                make("onefile", project, chapters, joined)
        for target, future in making.items():
            with steps(NAMES[target]):
                steps.report.seconds[f"{NAMES[target]} (beside the pages)"] = future.result()
    cache.tidy()


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
