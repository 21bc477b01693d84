"""The folder that a build writes: new beside the last one, one build at a time."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from paper import limits
from paper.errors import BusyError, MachineError, Place, ProjectError
from paper.project import Project
from paper.release import last_build, record
from paper.settings import place_of

SHOWN = 5  # foreign files that an error names
SETTINGS_OF_SERVERS = re.compile(
    r"\..+|CNAME"
)  # what a web server reads beside the site: kept by every build
OF_BRIEF = re.compile(r"brief\.(?:[\w-]+\.)?pdf")  # with its translations
# What Quarto writes into a website or book beside its pages, and the folders that it keeps there.
OF_QUARTO = frozenset({"search.json", "sitemap.xml", "robots.txt", "listings.json", "index.xml"})
QUARTO_FOLDERS = re.compile(r"(?:.+/)?(?:site_libs|[^/]+_files)/.+")
DOWNLOADS = (".pdf", ".docx", ".epub")  # what ``book: downloads:`` offers beside its pages, by any PDF engine
GENERATOR = re.compile(rb"""<meta name="generator" content="quarto-""")
SHOWN_BY_PAGE = re.compile(rb"""<(?:img|video|audio|source|embed)\b[^<>]{0,2000}?\ssrc="([^"]{1,1000})""")


def refuse_foreign(project: Project) -> None:
    """Raise ProjectError where the output's place holds what no build made, which would be lost: file by file."""
    out = project.output_dir
    message = ""
    if out.is_symlink():
        message = "is a link"
    elif out.exists() and not out.is_dir():
        message = "is a file"
    elif names := foreign(project):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        message = f"holds files that no build made ({', '.join(names[:SHOWN])}{more})"
    if message:
        raise ProjectError(
            f"the output folder {message}, and would be replaced",
            place=Place(Path(os.path.relpath(out, project.root)).as_posix()),
            remedy="move that away, name another folder under project: output-dir: in _quarto.yml, or let a build "
            "copy such files there: project: resources:",
        )


def foreign(project: Project) -> list[str]:
    """Return the files in the output folder that neither a build nor Quarto made, relative to it, sorted."""
    out = project.output_dir
    manifest = record.read(out)
    results = {record.NAME, *manifest.files} if manifest else set()
    names = (
        Path(here, name).relative_to(out).as_posix() for here, _, files in os.walk(out) for name in files
    )
    others = [n for n in names if n not in results and not SETTINGS_OF_SERVERS.fullmatch(n.partition("/")[0])]
    last = last_build.files(project) if others else {}
    unchanged = {name for name in others if last.get(name) == record.file_hash(out / name)}
    if last:  # a manifest that a build wrote and that was damaged since
        unchanged.add(record.NAME)
    rest = [name for name in others if name not in unchanged and not _of_quarto(project, name)]
    shown = _shown_by_quarto(out) if rest else set()
    return sorted(name for name in rest if name not in shown)


def _of_quarto(project: Project, name: str) -> bool:
    """Whether a file bears a mark of Quarto's, or is a copy that it makes of one of the project's."""
    path, source = project.output_dir / name, project.root / name
    if path.suffix == ".html":
        return _is_quartos_page(path)
    papers = {project.output_file, quarto_stem(project.title)}
    paper_or_brief = name in {f"{paper}.pdf" for paper in papers} or OF_BRIEF.fullmatch(name)
    if paper_or_brief and b"Typst" in path.read_bytes():
        return True
    beside = (project.output_dir / "site_libs").is_dir()  # Quarto's pages stand here
    return beside and (
        name in OF_QUARTO
        or name in {f"{paper}{ending}" for paper in papers for ending in DOWNLOADS}
        or QUARTO_FOLDERS.fullmatch(name) is not None
        or (source.is_file() and source.read_bytes() == path.read_bytes())
    )


def _is_quartos_page(path: Path) -> bool:
    return GENERATOR.search(path.read_bytes()[:10_000]) is not None


def _shown_by_quarto(out: Path) -> set[str]:
    """Return the pictures and films that pages of Quarto's show: it copied them there when it wrote the pages."""
    shown: set[str] = set()
    for page in filter(_is_quartos_page, out.rglob("*.html")):
        for match in SHOWN_BY_PAGE.finditer(page.read_bytes()):
            name = unquote(match[1].decode("utf8", "replace")).partition("?")[0]
            shown.add(Path(os.path.relpath(page.parent / name, out)).as_posix())
    return shown


def quarto_stem(title: str) -> str:
    """Return the name, without its ending, that Quarto gives the paper of a book without ``output-file``.

    https://github.com/quarto-dev/quarto-cli/blob/main/src/core/tex.ts
    """
    return re.sub(r"[ <>()|:&;#?*'\\/]", "-", title)


def refuse_collisions(project: Project, reserved: Collection[str]) -> None:
    """Raise ProjectError when two pages would have one address, on systems too that don't tell A from a.

    reserved: addresses of what stands in the site beside the chapters.
    """
    used = {name.casefold(): "a page of the site's own" for name in reserved}
    used["brief.pdf"] = "the brief"
    for chapter in project.chapters:
        other = used.setdefault(chapter.page.casefold(), str(chapter.path))
        if other != str(chapter.path):
            raise ProjectError(
                f"{chapter.path} would be written to {chapter.page}, where {other} stands",
                place=place_of(project.root),
                remedy="give the chapter's file another name",
            )
    for name in (f"{project.output_file}.html", f"{project.output_file}.pdf"):
        if other := used.get(name.casefold(), ""):
            raise ProjectError(
                f"book.output-file would be written to {name}, where {other} stands",
                place=place_of(project.root),
                remedy="give the paper's file another name, such as my-paper",
            )


def fresh_folder(out: Path) -> Path:
    """Make a new folder beside the output, on the same file system; remove left-overs of killed builds."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
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


def carry_over(old: Path, new: Path, kept: Collection[str], files: Mapping[str, Path]) -> bool:
    """Copy what the last build made of the targets in ``kept``, and what a web server reads beside the site.

    files: the file of each target but the pages, which are all the rest of the folder. Returns whether there was any.
    """
    if not old.is_dir():
        return False
    carried = False
    of_targets = {path.name: target for target, path in files.items()}
    for path in old.iterdir():
        of_brief = "brief" if OF_BRIEF.fullmatch(path.name) else "html"
        wanted = of_targets.get(path.name, of_brief) in kept or SETTINGS_OF_SERVERS.fullmatch(path.name)
        if wanted and not (new / path.name).exists():
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, new / path.name)
            carried = True
    return carried


def copy_published(project: Project, files: Iterable[Path], out: Path) -> None:
    """Copy files of the project to the same place of the site."""
    for path in files:
        target = out / path.relative_to(project.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def lock(project: Project) -> AbstractContextManager[Any]:
    """Take the right to build this output; a build that died has lost it. Raises BusyError or MachineError.

    ``PAPER_LOCK_TIMEOUT`` (seconds, 0 by default) says how long to wait for another build.
    """
    from filelock import FileLock, Timeout

    folder = project.root / ".paper"
    try:
        folder.mkdir(exist_ok=True)
        held = FileLock(folder / f"{project.output_dir.name}.lock")
        return held.acquire(timeout=limits.value("PAPER_LOCK_TIMEOUT"))
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
