"""The folder of a deposit, of one commit, and what it is refused for."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.coding.privacy import check_privacy, has_interviews
from paper.errors import DataError, Place, ProjectError, SourceError, together
from paper.project import Project
from paper.release import compare, crate, output, record
from paper.release.crate import Part
from paper.release.deposit import metadata
from paper.release.deposit.gaps import gaps
from paper.release.deposit.readme import SUMS, readme
from paper.release.record import Manifest
from paper.report import Fault
from paper.settings import place_of
from paper.tools import git, swap
from paper.tools.cache import of_project
from paper.writers import cite, office
from paper.writers.typst.compiler import timestamp

FOLDER: Final = "_deposit"
CODE, DATA, SITE, README = "code.tar.gz", "data.zip", "website.zip", "README.md"
# Never in a deposit, even where somebody has put it under version control.
PRIVATE: Final = ("data/private", "replies")
SHOWN: Final = 10


@dataclass(frozen=True)
class Deposit:
    """What was written."""

    folder: Path
    files: tuple[str, ...]
    """The names of its files, in order."""
    commit: str
    """The commit that it is of."""
    gaps: tuple[Fault, ...]
    """What archives ask for and the paper doesn't say."""


def make(project: Project, folder: Path) -> Deposit:
    """Write the deposit of the commit that is checked out.

    Raises SourceError, with the way out, for a tree that isn't of a commit, a site that isn't of these sources, a book
    without date or licence; DataError for what would harm an interviewee; ProjectError for a folder of other files.
    """
    commit = _commit(project, folder)
    manifest = _manifest(project)
    _refuse_harm(project)
    _refuse_foreign(folder, project)
    fresh = output.fresh_folder(folder)
    try:
        parts = list(_parts(project, fresh))
        _describe(project, manifest, fresh, parts, commit)
        swap.replace_folder(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    archive = folder / f"{project.output_file}-jats.zip"
    missing = gaps(project, archive if archive.is_file() else None)
    return Deposit(folder, tuple(record.files(folder)), commit, tuple(missing))


# -- what is refused ----------------------------------------------------------------------------------------------


def _commit(project: Project, folder: Path) -> str:
    """Return the commit that is checked out. Raises SourceError where the tree isn't it, ProjectError for no commit."""
    head = git.ask(project.root, "rev-parse", "HEAD")
    if head is None:
        raise ProjectError(
            "a deposit is of a commit, and there is none here",
            remedy="put the project under version control: `git init`, `git add -A`, `git commit`",
        )
    generated = {project.output_dir, folder, project.root / ".paper", project.root / "assets" / "vendor"}
    apart = [
        f":(exclude){path.relative_to(project.root)}"
        for path in generated
        if path.is_relative_to(project.root)
    ]
    status = git.ask(project.root, "status", "--porcelain", "--untracked-files=all", "-z", "--", ".", *apart)
    changed = [entry[3:] for entry in (status or b"").decode("utf8", "replace").split("\0") if len(entry) > 3]
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise SourceError(
            f"files differ from the last commit: {', '.join(changed[:SHOWN])}{more}",
            remedy="commit them, or list what is no source in .gitignore; then build and deposit again",
        )
    return head.decode().strip()


def _manifest(project: Project) -> Manifest:
    """Return the manifest of the site. Raises SourceError where it may not be published or isn't of the sources."""
    if project.synthetic or project.working:
        raise SourceError(
            f"the profile {project.profile} is never published",
            remedy="deposit the plain book: `paper deposit`",
        )
    _refuse_silence(project)
    reasons = compare.publishable(project.output_dir)
    last = record.read(project.output_dir)
    assert last is not None  # else `publishable` has raised
    now = record.of(project, last.engine)
    older = sorted(set(last.made_from) - record.current(now, last))
    if older:
        reasons.append(f"older than the sources, or made with other tools: {', '.join(older)}")
    if reasons:
        raise SourceError(
            "the site is not what these sources give: " + "; ".join(reasons[:SHOWN]),
            place=Place(project.output_dir.name),
            remedy="build it again: `paper build`",
        )
    return last


def _refuse_silence(project: Project) -> None:
    """Raise a SourceError for each thing without which no archive takes a deposit."""
    place = place_of(project.root, "book")
    licence = cite.licence(project)
    missing = [
        SourceError(f"an archive asks for {what}", place=place, remedy=remedy)
        for there, what, remedy in (
            (project.authors, "an author", "name who wrote it: `author:`"),
            (project.date, "a date", "give the draft its `date:`"),
            (
                licence.url or licence.text,
                "a licence, and none is stated",
                "say `license: CC BY 4.0` in _quarto.yml, or `licence: {text, url}` in _variables.yml",
            ),
        )
        if not there
    ]
    if missing:
        raise together(missing)


def _refuse_harm(project: Project) -> None:
    """Raise DataError where what git has, or the built site, holds what `paper privacy check` refuses."""
    if not has_interviews(project):
        return  # as in a build: nobody is there to guard
    kept = of_project(project.root)
    faults = [f for f in check_privacy(project, project.output_dir, kept=kept) if f.severity == "error"]
    if faults:
        raise DataError(
            f"the deposit would hold what must not be published ({len(faults)} found)",
            detail="\n".join(f"{fault.place}: {fault.message}" for fault in faults[:SHOWN]),
            remedy="`paper privacy check --site` with the folder of the site shows each place with what to do",
        )


def _refuse_foreign(folder: Path, project: Project) -> None:
    """Raise ProjectError where the folder holds what no deposit wrote."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ProjectError(
            "the deposit's place is no folder", place=Place(folder), remedy="name another one: --out"
        )
    if project.root.resolve().is_relative_to(folder.resolve()):
        raise ProjectError(
            "the deposit would replace the project", place=Place(folder), remedy="name a folder: --out"
        )
    if not folder.exists():
        return
    sums = folder / SUMS
    listed = {line[66:] for line in sums.read_text("utf8").splitlines()} if sums.is_file() else set()
    if foreign := [name for name in record.files(folder) if name not in listed | {SUMS}]:
        raise ProjectError(
            f"the folder holds files that no deposit wrote: {', '.join(foreign[:SHOWN])}",
            place=Place(folder),
            remedy="move them away, or name another folder: --out",
        )


# -- what is written ----------------------------------------------------------------------------------------------


def _parts(project: Project, folder: Path) -> Iterator[Part]:
    """Write documents, website, data and code into the folder; yield each with what it is."""
    site, moment = project.output_dir, timestamp(project)
    named = crate.output_names(project)
    documents = [name for name in record.files(site) if _is_document(project, name)]
    for name in documents:
        shutil.copyfile(site / name, folder / name)
        yield Part(name, named.get(name, "The brief, translated"))
    pages = {name: (site / name).read_bytes() for name in record.files(site) if name not in documents}
    (folder / SITE).write_bytes(_zip(pages, moment))
    yield Part(SITE, "The website, with its manifest and the data behind its figures and tables")
    if data := {path.removeprefix("data/"): _committed(project, path) for path in _data(project)}:
        (folder / DATA).write_bytes(_zip(data, moment))
        yield Part(DATA, "The coded data with their description (Data Package)")
    licences = [name for name in _tracked(project) if re.fullmatch(r"(?i)(licen[cs]e|copying)[^/]*", name)]
    for name in licences:
        text = _committed(project, name)
        (folder / name).write_bytes(text)
        yield Part(
            name, next((line for line in text.decode("utf8", "replace").splitlines() if line.strip()), name)
        )
    code = next((name for name in licences if "text" not in name.lower() and "data" not in name.lower()), "")
    (folder / CODE).write_bytes(_code(project))
    yield Part(CODE, "The sources: text, data and code of the commit", code, kind="SoftwareSourceCode")
    if "CITATION.cff" in _tracked(project):
        (folder / "CITATION.cff").write_bytes(_committed(project, "CITATION.cff"))
        yield Part("CITATION.cff", "How to cite, for machines (Citation File Format)")


def _describe(project: Project, manifest: Manifest, folder: Path, parts: list[Part], commit: str) -> None:
    """Write metadata, README, crate and checksums beside the parts."""
    about = [
        (metadata.ZENODO, metadata.text(metadata.zenodo(project)), "What Zenodo asks of a deposit"),
        (metadata.DATACITE, metadata.text(metadata.datacite(project)), "The metadata as DataCite has them"),
    ]
    listed = [*parts, *(Part(name, what) for name, _, what in about), Part(README, "What is where")]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.tools.items()))
    about.append(
        (
            README,
            readme(
                project,
                listed,
                commit,
                versions,
                "make" if "Makefile" in _tracked(project) else "paper build",
            ),
            "",
        )
    )
    for name, text, _ in about:
        (folder / name).write_text(text, "utf8")
    results = [part.path for part in parts if _is_document(project, part.path) or part.path == SITE]
    graph = [
        *crate.describe(project, listed, folder),
        *crate.provenance(
            project, manifest, [name for name in (CODE, DATA) if (folder / name).is_file()], results
        ),
    ]
    (folder / crate.NAME).write_text(crate.text(graph), "utf8")
    sums = [f"{record.file_hash(folder / name)}  {name}" for name in record.files(folder)]
    (folder / SUMS).write_text("\n".join(sums) + "\n", "utf8")


def _is_document(project: Project, name: str) -> bool:
    """Whether a file of the site is the paper or the brief in one file."""
    stem = re.escape(project.output_file)
    return (
        re.fullmatch(rf"{stem}(?:-jats\.zip|\.(?:pdf|docx|epub|html))|brief(?:\.[\w-]+)?\.pdf", name)
        is not None
    )


def _data(project: Project) -> list[str]:
    """Return the committed files of ``data/`` that are published: no private ones, and none that are made up."""
    apart = (*(f"{folder}/" for folder in PRIVATE), "data/synthetic/")
    return [name for name in _tracked(project) if name.startswith("data/") and not name.startswith(apart)]


def _tracked(project: Project) -> list[str]:
    listed = git.ask(project.root, "ls-tree", "-r", "-z", "--name-only", "HEAD") or b""
    return sorted(filter(None, listed.decode("utf8", "surrogateescape").split("\0")))


def _committed(project: Project, name: str) -> bytes:
    """Return a file as it was committed, whatever the line ends of this checkout."""
    return git.ask(project.root, "show", f"HEAD:./{name}") or b""


def _code(project: Project) -> bytes:
    """Return the commit's files as an archive whose bytes hang on them alone."""
    apart = [f":(exclude){folder}" for folder in PRIVATE]
    done = git.run(
        project.root, "archive", "--format=tar", f"--prefix={project.output_file}/", "HEAD", "--", ".", *apart
    )
    if done.returncode:
        raise ProjectError(
            f"git could not pack the commit: {done.stderr.decode('utf8', 'replace').strip()}",
            remedy="run `git fsck`",
        )
    stream = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed, io.BytesIO() as plain:
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as new:
            for member in sorted(packed.getmembers(), key=lambda one: one.name):
                member.mtime, member.pax_headers = timestamp(project), {}
                member.mode = 0o755 if member.mode & 0o100 else 0o644  # git's own setting may say otherwise
                member.uid, member.gid, member.uname, member.gname = 0, 0, "", ""
                new.addfile(member, packed.extractfile(member) if member.isfile() else None)
        with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="") as gz:
            gz.write(plain.getvalue())
    return stream.getvalue()


def _zip(files: dict[str, bytes], moment: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return office.make_repeatable(stream.getvalue(), moment)


def sizes(deposit: Deposit) -> Iterable[tuple[str, int]]:
    """Yield each file of a deposit with its size in bytes."""
    return ((name, (deposit.folder / name).stat().st_size) for name in deposit.files)
