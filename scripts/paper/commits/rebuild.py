"""Is a published site what its own sources give? They are fetched, built anew in a clean folder, and compared.

For a reader who has this program and an address, and no checkout. The sources are those of the commit whose files have
the hashes that the site's manifest names: what a site says of itself is not believed.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from paper import project as projects
from paper.build import build
from paper.commits.sites import export
from paper.errors import MachineError, PaperError, Place, SourceError, ToolError
from paper.release import record, verify
from paper.release.record import Manifest
from paper.release.verify import Verdict
from paper.settings import ENDINGS
from paper.tools import git, quarto

TIMEOUT: Final = 900.0  # seconds for fetching a repository
WITHOUT_GIT: Final = "install git: the site's sources are fetched with it"
_git: Final = partial(git.run, remedy=WITHOUT_GIT)


@dataclass(frozen=True)
class Commit:
    """A commit and how near its files are to a site's sources.

    day: its date; folder: where in the repository the book is, "" for its top, else with "/" at its end; wrong: sources
    that the manifest names and the commit doesn't have with the same content, sorted.
    """

    name: str
    day: str
    folder: str
    wrong: list[str]


@dataclass(frozen=True)
class Rebuilt:
    """How a site compares with what its sources give.

    repository: where they are from; same: how many files are the same byte for byte; published: how many files
    publishing adds to what a build makes (kept drafts, the feed, the list of packages), which can be compared with the
    manifest alone; verdict: what
    differs; hidden: whether the site was made from files besides, that are in no commit.
    """

    repository: str
    commit: Commit
    same: int
    published: int
    verdict: Verdict
    hidden: bool

    @property
    def reasons(self) -> list[str]:
        """Why files may differ, likely reasons first; none where all are the same."""
        verdict, results = self.verdict, []
        if verdict.damaged or verdict.added:
            results.append("the site was changed after it was built, or an answer was cut on its way")
        if self.commit.wrong:
            results.append("it was built from sources that are in no commit of its repository")
        if verdict.different and self.hidden:
            results.append("it was made also from files that its author keeps out of the repository")
        if verdict.different and verdict.tools:
            named = (f"{name} {there} there, {here} here" for name, (there, here) in verdict.tools.items())
            results.append(f"other versions made it: {'; '.join(named)}")
        if verdict.different and not results:
            results.append(
                "sources and versions are the same: the system, a browser that drew a picture, or a cell that"
                " gives something else each time; its author would want to know"
            )
        return results


def rebuild(site: str, repository: str, folder: Path, say: Callable[[str], None]) -> Rebuilt:
    """Build the sources of a site anew in a folder of one's own, and compare what that gives with the site.

    site: a folder, or an http(s) address; repository: an address or folder that git can clone, "" for the one that the
    site's manifest names; say: is told what is being done. Runs the code of the book.
    Raises SourceError where there is no manifest or no repository, MachineError where one can't be reached, ToolError
    where the book can't be built.
    """
    there = verify.manifest_of(verify.reader(site), site)
    origin = repository or _named(there, site)
    say(f"Fetching its sources from {origin}")
    clone = _clone(origin, folder / "repository")
    commit = nearest(clone, there)
    say(f"They are those of commit {commit.name[:12]} of {commit.day}")
    root = folder / "book"
    export(clone, commit.name, commit.folder, root)
    say("Building them anew, which runs the code of the book on this computer")
    use = quarto.require() if there.engine != "embedded" else None
    try:
        report = build(root, targets=sorted(there.made_from), profile=there.profile, quarto=use)
    except PaperError as error:
        raise ToolError(
            f"the sources of {commit.name[:12]} can't be built here",
            detail=str(error),
            remedy=f"follow the README of {origin}, then compare with `paper verify` in that folder",
        ) from None
    say("Comparing")
    verdict = replace(verify.verify(projects.load(root, there.profile), site), sources=commit.wrong)
    here = record.read(report.out)
    expected = {name for name in there.files if not name.startswith(verify.PUBLISHED_ONLY)}
    wrong = {*verdict.damaged, *verdict.different}
    return Rebuilt(
        repository=origin,
        commit=commit,
        same=len(expected - wrong),
        published=len(there.files) - len(expected),
        verdict=replace(verdict, different=sorted({*verdict.different} - {*verdict.damaged})),
        hidden=here is not None and not (commit.wrong or verdict.tools) and here.made_from != there.made_from,
    )


def nearest(repository: Path, manifest: Manifest) -> Commit:
    """Return the newest commit whose files are a site's sources, else the one that comes nearest.

    Raises SourceError for a repository without a book.
    """
    log = _git(repository, "log", "--all", "--date-order", "--format=%H %cs", timeout=TIMEOUT).stdout
    hashes: dict[str, str] = {}  # of blobs: git's → ours
    best: Commit | None = None
    for line in log.decode().splitlines():
        name, day = line.split()
        blobs = dict(_blobs(repository, name))
        for folder in _books(blobs):
            wanted = {path: blobs[folder + path] for path in manifest.inputs if folder + path in blobs}
            if best and len(manifest.inputs) - len(wanted) >= len(best.wrong):
                continue
            _hash(repository, [blob for blob in wanted.values() if blob not in hashes], hashes)
            wrong = [p for p, was in manifest.inputs.items() if hashes.get(wanted.get(p, "")) != was]
            if best is None or len(wrong) < len(best.wrong):
                best = Commit(name, day, folder, sorted(wrong))
        if best and not best.wrong:
            break
    if best is None:
        raise SourceError(
            "there is no commit with a _quarto.yml in the repository",
            place=Place(str(repository)),
            remedy="name the one with the book's sources: --repository ADDRESS",
        )
    return best


def _named(manifest: Manifest, site: str) -> str:
    """Return the repository that a manifest names: an address only, since git runs commands that other names hold."""
    if urlsplit(manifest.repository).scheme in ("http", "https"):
        return manifest.repository
    raise SourceError(
        "the site doesn't say where its sources are",
        place=Place(f"{site.rstrip('/')}/{record.NAME}"),
        remedy="name their repository: --repository ADDRESS; its author would set repo-url under book: in _quarto.yml",
    )


def _clone(origin: str, folder: Path) -> Path:
    done = git.run(
        folder.parent,
        "clone",
        "--quiet",
        "--bare",
        "--",
        origin,
        str(folder),
        timeout=TIMEOUT,
        remedy=WITHOUT_GIT,
    )
    if done.returncode:
        raise MachineError(
            f"{origin} can't be fetched: {done.stderr.decode('utf8', 'replace').strip()}",
            remedy="check the network, or name another copy of the sources: --repository ADDRESS",
        )
    return folder


def _blobs(repository: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Each file of a commit: path and git's hash of its content."""
    listed = _git(repository, "ls-tree", "-r", "-z", commit).stdout.decode("utf8", "surrogateescape")
    for entry in filter(None, listed.split("\0")):
        facts, path = entry.split("\t", 1)
        if (kind := facts.split())[1] == "blob":
            yield path, kind[2]


def _books(paths: dict[str, str]) -> list[str]:
    """Return the folders of a commit that may hold a book, "" for its top."""
    names = (
        posixpath.dirname(path)
        for path in paths
        if posixpath.basename(path) in {f"_quarto{ending}" for ending in ENDINGS}
    )
    return sorted(f"{name}/" if name else "" for name in names)


def _hash(repository: Path, blobs: list[str], into: dict[str, str]) -> None:
    """Add the SHA-256 of each blob's content."""
    if not blobs:
        return
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    content = _git(repository, "cat-file", "--batch", stdin=asked, timeout=TIMEOUT).stdout
    at = 0
    for blob in blobs:
        start = content.index(b"\n", at) + 1
        size = int(content[at:start].split()[2])
        into[blob] = hashlib.sha256(content[start : start + size]).hexdigest()
        at = start + size + 1
