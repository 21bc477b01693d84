"""The whole story of a build: sources in, a checked folder out, swapped in at the end.

Everything is read before anything is written; a fault anywhere leaves the last output as it was.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import panflute as pf

from paper import project as projects
from paper.errors import BusyError, ChapterError, MachineError, PaperError, Place, SourceErrors
from paper.project import Chapter, Project
from paper.render import html, markdown, numbering, prepare, structure, swap
from paper.render import quarto as quarto_door
from paper.render.cache import Cache, digest
from paper.render.execute import Executed, Executor
from paper.render.numbering import NumberedChapter
from paper.render.site import Page, write_site
from paper.render.source import Source, read
from paper.report import Fault

TARGETS = ("html", "pdf", "brief", "docx")
Say = Callable[[str], None]


@dataclass
class Report:
    """What a build did. seconds: by step; ran: chapters executed anew, with the reason; notices: what isn't known;
    made: what a person opens, by name; unchanged: nothing was to be done."""

    out: Path
    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, str] = field(default_factory=dict)
    notices: list[Fault] = field(default_factory=list)
    made: dict[str, Path] = field(default_factory=dict)
    unchanged: bool = False


@dataclass(frozen=True)
class Read:
    """A chapter after reading and running: its source, its results, its tree for all formats, its image files."""

    chapter: Chapter
    source: Source
    executed: Executed
    doc: pf.Doc
    files: dict[str, str]


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
    with _lock(project):
        swap.recover(out)
        work = root / ".paper"
        cache = Cache(work / "cache")
        steps = _Steps(Report(out), say)
        fresh = _fresh_folder(out)
        try:
            if quarto is not None:
                with steps("quarto render"):
                    quarto_door.render(project, quarto, fresh)
            else:
                _build_into(project, fresh, set(targets), work, cache, steps)
            with steps("put in place"):
                _carry_over(out, fresh, set(targets), project)
                swap.put_in_place(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    steps.report.made = _made(project)
    return steps.report


def _made(project: Project) -> dict[str, Path]:
    """What a person opens, by name, as far as it is there."""
    out = project.output_dir
    files = {
        "website": out / "index.html",
        "paper": out / f"{project.output_file}.pdf",
        "brief": out / "brief.pdf",
        "manuscript": out / f"{project.output_file}.docx",
    }
    return {name: path for name, path in files.items() if path.is_file()}


def _build_into(
    project: Project, out: Path, targets: set[str], work: Path, cache: Cache, steps: _Steps
) -> None:
    with steps("prepare"):
        prepare.vendor(project.root)

    # -- read: every chapter, before any is written
    with steps("read and run the chapters"):
        chapters = read_book(project, work, cache, steps.report)

    # -- write, format by format
    if "html" in targets:
        with steps("pages"):
            pages = _pages(project, chapters, cache)
            copy_resources(project, out)
            for read_chapter in chapters:
                for name, made in read_chapter.files.items():
                    target = out / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(made, target)
            _copy_images(project, pages, out)
            write_site(project, [page for page, _ in pages], out)
    if "pdf" in targets:
        from paper.render import typst

        with steps("PDF"):
            typst.book_pdf(
                project, _numbered(project, chapters, "typst"), out / f"{project.output_file}.pdf", work
            )
    if "docx" in targets:
        from paper.render import docx

        with steps("DOCX"):
            docx.book_docx(
                project, _numbered(project, chapters, "docx"), out / f"{project.output_file}.docx", work
            )
    if "brief" in targets and (project.root / "brief").is_dir():
        from paper.render import brief

        with steps("brief"):
            brief.brief_pdf(project, out / "brief.pdf", work)
    if "html" in targets:
        with steps("search index"):
            search_index(out)


# -- reading ----------------------------------------------------------------------------------------------------


def read_book(project: Project, work: Path, cache: Cache, report: Report) -> list[Read]:
    """Read, run and parse every chapter. All faults in sources are told together."""
    sources = _all_or_errors(lambda chapter: read(project, chapter.path), project.chapters)
    executed: list[Executed] = []
    with Executor(project, cache) as executor:
        for source in sources:
            executed.append(executor.run(source))
            if executed[-1].reason not in ("unchanged", "no cells"):
                report.ran[str(source.path)] = executed[-1].reason
    images = work / "images"

    def finish(item: tuple[Chapter, Source, Executed]) -> Read:
        chapter, source, results = item
        assembled = markdown.assemble(project, source, results, images)
        doc, notices = parsed(source, assembled.text, cache)
        report.notices += [*source.notices, *notices]
        return Read(chapter, source, results, doc, assembled.files)

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        return list(pool.map(finish, zip(project.chapters, sources, executed, strict=True)))


def parsed(source: Source, text: str, cache: Cache) -> tuple[pf.Doc, list[Fault]]:
    """The tree of a chapter's executed Markdown, with its title as first heading."""
    if title := source.meta.get("title"):
        text = f"# {title}\n\n{text}"
    key = digest("parsed-3", text, structure.pandoc.binary())
    kept = cache.get("parsed", key)
    if kept is None:
        doc = structure.parse(text)
        notices = structure.normalise(doc, source)
        cache.put("parsed", key, {"tree": structure.dump(doc), "notices": [vars(n) for n in notices]})
        return doc, notices
    return structure.load(kept["tree"]), [Fault(**n) for n in kept["notices"]]


def numbered(project: Project, chapters: list[Read], form: str) -> numbering.Book:
    """The book for one format: pruned, numbered, its references resolved."""
    book = numbering.number(
        project,
        [(r.chapter, r.source, structure.for_format(r.doc, form, project, r.source)) for r in chapters],
    )
    _all_or_errors(lambda chapter: numbering.resolve(book, chapter), book.chapters)
    return book


def _numbered(project: Project, chapters: list[Read], form: str) -> list[NumberedChapter]:
    book = numbered(project, chapters, form)
    for chapter in book.chapters:
        _absolute_images(project, chapter)
    return book.chapters


def _absolute_images(project: Project, chapter: NumberedChapter) -> None:
    """Typst and pandoc's DOCX writer read images from disk: give them whole paths."""

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Image) and not element.url.startswith(("http:", "https:", "data:")):
            element.url = str(_image(project, chapter, element.url))

    chapter.doc.walk(visit)


def _image(project: Project, chapter: NumberedChapter, url: str) -> Path:
    if Path(url).is_absolute() and Path(url).is_relative_to(project.root / ".paper"):
        return Path(url)
    path = html.local_file(project, chapter.page, url)
    if path is None or not path.is_file():
        raise ChapterError(
            f"the image {url} {'is outside the project' if path is None else 'does not exist'}",
            place=chapter.source.find(url),
            remedy="put the file beside the chapter or in assets/, and correct the path",
        )
    return path


# -- pages ------------------------------------------------------------------------------------------------------


def _pages(project: Project, chapters: list[Read], cache: Cache) -> list[tuple[Page, html.Body]]:
    book = numbered(project, chapters, "html")
    cited = list(dict.fromkeys(key for chapter in book.chapters for key in html.cited_keys(chapter.doc)))

    def page(chapter: NumberedChapter) -> tuple[Page, html.Body]:
        body = html.body(project, chapter, cache, cited if _holds_references(chapter.doc) else None)
        front = chapter.kind == "index"
        title = project.title if front else numbering.title_text(chapter)
        heading = (
            f'<span class="chapter-title">{html.html.escape(title, quote=False)}</span>'
            if front
            else body.heading
        )
        return (
            Page(
                path=chapter.page,
                title=title,
                heading_html=heading,
                kind=chapter.kind,
                number=chapter.number,
                body=body.html,
                toc=body.toc,
                description=str(chapter.source.meta.get("description") or ""),
                source=chapter.path,
            ),
            body,
        )

    return _all_or_errors(page, book.chapters, parallel=True)


def _holds_references(doc: pf.Doc) -> bool:
    found: list[bool] = []
    doc.walk(lambda e, _: found.append(True) if isinstance(e, pf.Div) and e.identifier == "refs" else None)
    return bool(found)


def _copy_images(project: Project, pages: list[tuple[Page, html.Body]], out: Path) -> None:
    errors: list[PaperError] = []
    for page, body in pages:
        for url in body.images:
            path = html.local_file(project, page.path, url)
            if (out / page.path).parent.joinpath(url).is_file():
                continue
            if path is None or not path.is_file():
                place = Place(page.source)
                errors.append(
                    ChapterError(f"the image {url} does not exist", place=place, remedy="correct its path")
                )
                continue
            target = out / path.relative_to(project.root.resolve())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    if errors:
        raise errors[0] if len(errors) == 1 else SourceErrors(errors)


def copy_resources(project: Project, out: Path) -> None:
    """Files that ``project: resources:`` names go to the site at the same place."""
    given = (project.config.get("project") or {}).get("resources") or []
    for pattern in [given] if isinstance(given, str) else given:
        for path in sorted(project.root.glob(str(pattern))):
            if path.is_file() and path.resolve().is_relative_to(project.root.resolve()):
                target = out / path.relative_to(project.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def search_index(site: Path) -> None:
    """Index the pages with Pagefind. Raises MachineError where it is not installed or fails."""
    import subprocess
    import sys

    try:
        done = subprocess.run(
            [sys.executable, "-m", "pagefind", "--site", str(site), "--silent"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MachineError("Pagefind did not end within 120 s", remedy="run the build again") from None
    if done.returncode:
        raise MachineError(
            "Pagefind failed",
            detail=done.stderr or done.stdout,
            remedy="run `make`, which installs it into .venv",
        )


# -- the folder -------------------------------------------------------------------------------------------------


def _fresh_folder(out: Path) -> Path:
    """A new folder beside the output, on the same file system; left-overs of killed builds are removed."""
    try:
        for left in out.parent.glob(f".{out.name}-*.new"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=".new", dir=out.parent))
        folder.chmod(0o755)
    except OSError as error:
        raise MachineError(
            f"the output can't be written: {error.strerror}",
            place=Place(out),
            remedy="free space or mend the permissions of the folder",
        ) from None
    return folder


def _carry_over(old: Path, new: Path, targets: set[str], project: Project) -> None:
    """A build of some formats keeps the others from the last one."""
    if not old.is_dir() or targets >= set(TARGETS):
        return
    own = {
        "pdf": [f"{project.output_file}.pdf"],
        "docx": [f"{project.output_file}.docx"],
        "brief": ["brief.pdf"],
    }
    if "html" not in targets:
        made = {name for target in targets for name in own.get(target, [])}
        for path in old.iterdir():
            if path.name not in made and not (new / path.name).exists():
                (shutil.copytree if path.is_dir() else shutil.copy2)(path, new / path.name)
        return
    for target in set(own) - targets:
        for name in own[target]:
            if (old / name).is_file():
                shutil.copy2(old / name, new / name)


def _lock(project: Project):  # type: ignore[no-untyped-def]
    from filelock import FileLock, Timeout

    folder = project.root / ".paper"
    try:
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / f"{project.output_dir.name}.lock")
        return lock.acquire(timeout=float(os.environ.get("PAPER_LOCK_TIMEOUT", "0")))
    except Timeout:
        raise BusyError(
            "another build of this book is running",
            place=Place(project.output_dir),
            remedy="wait until it ends, or stop it",
        ) from None
    except OSError as error:
        raise MachineError(
            f"{folder} can't be written: {error.strerror}", remedy="mend the folder's permissions"
        ) from None


# -- helpers ----------------------------------------------------------------------------------------------------


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


def _all_or_errors(work, items, parallel: bool = False):  # type: ignore[no-untyped-def]
    """Apply ``work`` to every item; where some fail by the author's mistakes, tell all of them together."""
    errors: list[PaperError] = []

    def guarded(item):  # type: ignore[no-untyped-def]
        try:
            return work(item)
        except SourceErrors as several:
            errors.extend(several.errors)
        except PaperError as error:
            errors.append(error)
        return None

    if parallel:
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            results = list(pool.map(guarded, items))
    else:
        results = [guarded(item) for item in items]
    if errors:
        errors.sort(key=str)
        raise errors[0] if len(errors) == 1 else SourceErrors(errors)
    return results
