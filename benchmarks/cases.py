"""What is measured, case by case."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import books
from benchmarks.engines import PAPER, Engine, embedded, forget, quarto_engine
from benchmarks.floor import PROGRAMS
from benchmarks.measure import Measured, measure, watched

REPOSITORY = Path(__file__).parent.parent
SIZES = (10, 50, 200)
FIGURES = (10, 20)  # chapters, figures in each
WORKS = 10_000
ROWS = 100_000
FOUND = (0, 1)  # exit codes of a command that looks for something: 1 says that it found it
CHAPTER = "chapters/introduction.qmd"
READ = "cold: pages, PDF and brief"
CHECK = "check after a prose edit"
KINDS = {"prose": "prose edit", "cell": "cell edit", "pdf": "PDF beside the page"}  # of benchmarks.preview
NOT_SOURCES = shutil.ignore_patterns(
    ".*", "_site*", "__pycache__", "*.egg-info", "vendor", "private", "mutants"
)


@dataclass(frozen=True)
class Result:
    """One case: which sources, what was done, by which engine, and what that took."""

    book: str
    what: str
    engine: str
    measured: Measured


def paper(folder: Path, repeats: int) -> Iterator[Result]:
    """This paper: cold, nothing to do, one edit of each kind; the check and the preview; the floor."""
    root = folder / "paper"
    shutil.copytree(REPOSITORY, root, ignore=NOT_SOURCES)
    for engine in _engines():
        yield from _builds(root, "paper", engine, CHAPTER, repeats, again=True)
        if engine.name == "embedded":
            did = measure(engine.command, root, before=partial(_edit_questionnaire, root), repeats=repeats)
            yield Result("paper", "data edit", engine.name, did)
            yield from _floor(root, "paper", folder, repeats)
            read = embedded(["html", "pdf", "brief"])
            did = measure(read.command, root, before=lambda _: forget(root), repeats=repeats)
            yield Result("paper", READ, engine.name, did)
            pages = embedded(["html"])
            did = measure(
                pages.command, root, before=lambda run: books.edit(root, CHAPTER, 90 + run), repeats=repeats
            )
            yield Result("paper", "prose edit, pages only", engine.name, did)
            check = (*PAPER, "check")
            did = measure(
                check,
                root,
                before=lambda run: books.edit(root, CHAPTER, 190 + run),
                repeats=repeats,
                fine=FOUND,
            )
            yield Result("paper", CHECK, engine.name, did)
            yield Result(
                "paper", "check again", engine.name, measure(check, root, repeats=repeats, fine=FOUND)
            )
            for kind in KINDS:
                command = (
                    sys.executable,
                    "-m",
                    "benchmarks.preview",
                    root,
                    CHAPTER,
                    kind,
                    str(max(1, repeats)),
                )
                peak, said = watched(command, REPOSITORY)
                seconds = tuple(json.loads(said.splitlines()[-1]))
                yield Result("paper", f"preview, {KINDS[kind]}", engine.name, Measured(seconds, peak))


def growing(folder: Path, repeats: int) -> Iterator[Result]:
    """Made-up books of 10, 50 and 200 chapters, pages and PDF."""
    for size in SIZES:
        root = folder / f"book{size}"
        books.write(root, size)
        for engine in _engines(["html", "pdf"]):
            yield from _builds(root, f"{size} chapters", engine, "chapters/c000.qmd", repeats, again=True)
            if engine.name == "embedded":
                yield from _floor(root, f"{size} chapters", folder, repeats)
        shutil.rmtree(root)


def large(folder: Path, repeats: int) -> Iterator[Result]:
    """Many figures, a large table of data, a large bibliography; and the audits of the last two."""
    chapters, figures = FIGURES
    kinds: dict[str, Callable[[Path], None]] = {
        f"{chapters * figures} figures": lambda root: books.write(root, chapters, figures=figures),
        f"{ROWS:,} rows of data": lambda root: books.write(root, chapters, rows=ROWS // chapters),
        f"{WORKS:,} works": lambda root: books.write(root, chapters, works=WORKS, cited=200),
    }
    for number, (name, write) in enumerate(kinds.items()):
        root = folder / f"large{number}"
        write(root)
        for engine in _engines(["html", "pdf"]):
            yield from _builds(root, name, engine, "chapters/c000.qmd", repeats)
            if name.endswith("data"):
                change = partial(books.edit_data, root)
                did = measure(
                    engine.command, root, before=change, repeats=repeats, environment=engine.environment
                )
                yield Result(name, "data edit", engine.name, did)
            if engine.name == "embedded":
                yield from _floor(root, name, folder, repeats)
        if name.endswith("works"):
            check = (*PAPER, "refs", "check", root / "references.bib")
            yield Result(name, "audit", "embedded", measure(check, folder, repeats=repeats, fine=FOUND))
        shutil.rmtree(root)
    analysis = (sys.executable, "-m", "benchmarks.bench_analysis")
    yield Result(
        f"{ROWS:,} codings",
        "all analyses",
        "embedded",
        measure(analysis, REPOSITORY, repeats=repeats, fine=FOUND),
    )


def all_cases(repeats: int, say: Callable[[str], None], wanted: str = "") -> list[Result]:
    """Every result of the groups (all, unless one is wanted); each is said when it's there."""
    results = []
    for name, group in {"paper": paper, "growing": growing, "large": large}.items():
        if wanted in ("", name):
            with tempfile.TemporaryDirectory(prefix="paper-benchmarks-") as folder:
                for result in group(Path(folder), repeats):
                    did = result.measured
                    say(
                        f"{result.book}, {result.what}, {result.engine}: {did.median:.2f} s, {did.megabytes:.0f} MB"
                    )
                    results.append(result)
    return results


def _engines(targets: list[str] | None = None) -> Iterator[Engine]:
    yield embedded(targets or ["all"])
    if found := quarto_engine():
        yield found


def _builds(
    root: Path, book: str, engine: Engine, chapter: str, repeats: int, *, again: bool = False
) -> Iterator[Result]:
    """Cold; with ``again`` also with nothing to do, and after one edit of prose."""
    cases: dict[str, Callable[[int], None]] = {"cold": lambda _: forget(root)}
    if again:
        cases |= {"nothing to do": lambda _: None, "prose edit": partial(books.edit, root, chapter)}
    forget(root)
    for what, before in cases.items():
        did = measure(engine.command, root, before=before, repeats=repeats, environment=engine.environment)
        yield Result(book, what, engine.name, did)


def _floor(root: Path, book: str, folder: Path, repeats: int) -> Iterator[Result]:
    """Each program alone, on what the embedded engine's last build of the book gave it."""
    work = folder / "floor"
    floor = (sys.executable, "-m", "benchmarks.floor")
    watched((*floor, "prepare", root, work), REPOSITORY)
    for program in PROGRAMS:
        yield Result(
            book, program, "floor", measure((*floor, program, root, work), REPOSITORY, repeats=repeats)
        )
    shutil.rmtree(work)


def _edit_questionnaire(root: Path, run: int) -> None:
    """Another word in one cell of one table, which one chapter shows."""
    path = root / "data/questionnaire.csv"
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("purpose")] = f"opens the interview before either driver is named ({run})"
    with path.open("w", encoding="utf8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
