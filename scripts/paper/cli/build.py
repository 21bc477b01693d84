"""``paper build``: the whole paper, with the embedded engine, or with Quarto where it is asked for."""

from __future__ import annotations

import gc
import io
import sys
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from paper.cli import project_root, this_project

if TYPE_CHECKING:
    from paper.build import Report

app = typer.Typer()
GROUP = None


class Engine(StrEnum):
    """What renders the sources."""

    embedded = "embedded"
    quarto = "quarto"


class Target(StrEnum):
    """A form of the paper."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    epub = "epub"
    brief = "brief"
    jats = "jats"
    onefile = "onefile"
    all = "all"


@app.command()
def build(
    document: Annotated[Path | None, typer.Argument(hidden=True)] = None,  # as `quarto render` takes one
    *,
    engine: Annotated[
        Engine, typer.Option(help="the one that comes with this program, or Quarto, which must be on PATH")
    ] = Engine.embedded,
    to: Annotated[list[Target] | None, typer.Option(help="what to make; may be given more than once")] = None,
    only: Annotated[
        Path | None,
        typer.Option(help="one chapter, as a file of its own in _manuscript/; with --to docx or pdf"),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="a profile of the book, such as demo")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings are errors")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="say how long each step took")] = False,
) -> None:
    """Build the site, PDF, brief, DOCX, EPUB, JATS XML and the paper as one HTML file into the output folder."""
    if document is not None:
        from paper.project import refuse_document

        refuse_document(document)
    if only is not None:
        _one_chapter(only, {t.value for t in to or []}, profile)
        return
    from paper import build as builder
    from paper.release import unchanged
    from paper.tools import quarto

    begun = time.perf_counter()
    root = project_root()
    wanted = {t.value for t in to or [Target.all]}
    targets = None if "all" in wanted else wanted
    use = quarto.require() if engine is Engine.quarto else None
    typer.echo(f"Building with {quarto.version(use)}" if use else unchanged.BEGUN)
    # trees are large and live as long as the process: they are looked through less often
    gc.set_threshold(20_000, 10, 10)
    with Waiting(sys.stderr) as waiting:
        report = builder.build(
            root, targets=targets, profile=profile, quarto=use, strict=strict, say=waiting.step
        )
    told = _tell(root, report, verbose, time.perf_counter() - begun)
    unchanged.keep(root, sys.argv[1:], report.state, told)


def _one_chapter(named: Path, forms: set[str], profile: str | None) -> None:
    """Write a chapter as DOCX, PDF or both, and tell where."""
    from paper.documents import excerpt
    from paper.report import print_notices

    if not forms or forms - {"docx", "pdf"}:
        raise typer.BadParameter("a chapter alone is made with --to docx, --to pdf, or both")
    book = this_project(profile)
    files, notices = excerpt.write(book, excerpt.chapter_of(book, named).path, forms)
    print_notices(notices, sys.stderr)
    for file in files:
        typer.echo(f"  {file.relative_to(book.root)}")


def _tell(root: Path, report: Report, verbose: bool, seconds: float) -> dict[str, str]:
    """Tell what a build did; returns what it would tell again where nothing has changed, as `unchanged.keep` has it."""
    from paper.release import unchanged
    from paper.report import counted, print_notices

    notices = io.StringIO()
    print_notices(report.notices, notices)
    sys.stderr.write(notices.getvalue())
    if verbose:
        for chapter, reason in report.ran.items():
            typer.echo(f"  ran {chapter}: {reason}")
        for name, took in report.seconds.items():
            typer.echo(f"  {took:6.2f} s  {name}")
    if report.renewed:
        typer.echo(
            "assets/figures and assets/data were out of step with the data and were renewed: commit them"
        )
    told = counted(report.notices)
    typer.echo(unchanged.summary(unchanged.SAME if report.unchanged else "Done", seconds, told))
    shown = {
        name: path.relative_to(root) if path.is_relative_to(root) else path
        for name, path in report.outputs.items()
    }
    outputs = "".join(f"  {name:<10} {path}\n" for name, path in shown.items())
    typer.echo(outputs, nl=False)
    for name in report.removed:
        typer.echo(f"  removed    {name}: it was made from other sources; `paper build` makes all anew")
    return {"notices": notices.getvalue(), "counted": told, "outputs": outputs}


class Waiting:
    """Says what is being done when a step takes long: on one line of a terminal; seldom where lines are kept.

    first, often, seldom: seconds until it is said, and until it is said again in a terminal and in a log.
    """

    def __init__(self, to: TextIO, *, first: float = 2, often: float = 1, seldom: float = 30) -> None:
        self._to = to
        self._first = first
        self._again = often if to.isatty() else seldom
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._shown = False

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def step(self, name: str) -> None:
        """Tell that a step begins, and how long the last one took."""
        self._stop()
        begun = time.perf_counter()

        def tick() -> None:
            with self._lock:
                if self._timer is not own[0]:
                    return
                line = f"  … {name} ({time.perf_counter() - begun:.0f} s)"
                self._to.write(f"\r\x1b[2K{line}" if self._to.isatty() else f"{line}\n")
                self._to.flush()
                self._shown = True
                own[0] = self._timer = self._start(self._again, tick)

        with self._lock:
            own = [self._start(self._first, tick)]
            self._timer = own[0]

    def _start(self, seconds: float, tick: Callable[[], None]) -> threading.Timer:
        timer = threading.Timer(seconds, tick)
        timer.daemon = True
        timer.start()
        return timer

    def _stop(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._shown and self._to.isatty():
                self._to.write("\r\x1b[2K")
                self._to.flush()
            self._shown = False
