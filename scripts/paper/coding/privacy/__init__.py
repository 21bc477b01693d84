"""``paper privacy check``: nothing that could harm an interviewee is committed or published.

Looked at are the files that git would commit and, when asked for, a built site: text of all kinds, PDF, Office
files, compressed search indexes, and what files say about themselves. Looked for are interview text that has
not been released, names from the private list, e-mail addresses, telephone and identity numbers, and
interviewees whom their attributes would give away. A report never repeats what it found.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from paper.coding.data import package, rules
from paper.coding.data.attributes import ATTRIBUTES, scarce
from paper.coding.data.sheet import Sheet, read
from paper.coding.privacy.excerpts import PUBLIC, Interviews
from paper.coding.privacy.extract import FILE_NAME, Piece, composed, pieces
from paper.coding.privacy.files import PRIVATE, built, committed, of_the_program, private_files
from paper.coding.privacy.identifiers import find_identifiers
from paper.coding.privacy.names import Names
from paper.coding.privacy.settings import PrivacySettings, load_settings
from paper.coding.privacy.withdrawal import FILE as WITHDRAWN
from paper.coding.privacy.withdrawal import INSTRUCTIONS, Withdrawn
from paper.coding.privacy.withheld import Withheld
from paper.errors import DataError, MachineError
from paper.project import Project
from paper.report import Fault, ordered
from paper.tools.cache import Cache

_KIND: Final = "privacy"  # of what is kept
_MOST: Final = 20_000  # files whose faults are kept
_MUCH: Final = 300_000  # bytes of files that are worth being looked at in several processes
# Begins to apply a function to a part of the files, elsewhere; returns what waits for what it gives.
Beside = Callable[
    [Callable[[dict[Path, str]], "dict[str, _Kept]"], dict[Path, str]], Callable[[], "dict[str, _Kept]"]
]
_Kept = list[dict[str, Any]]  # the faults of a file, as the cache has them


def has_interviews(project: Project) -> bool:
    """Whether the project has interviewees to guard, or asks to be guarded.

    It has where ``data/private`` is there or the data's description names a table of interviews (also where that
    description can't be read), and asks by a key ``privacy`` under ``paper:`` in ``_quarto.yml``.
    """
    root, own = project.root, project.config.get("paper")
    if (root / PRIVATE).exists() or (isinstance(own, dict) and "privacy" in own):
        return True
    try:
        return (root / package.FILE).exists() and bool(
            set(package.INTERVIEW_TABLES) & set(package.tables(root))
        )
    except DataError:
        return True


def check_privacy(project: Project, site: Path | None = None, *, kept: Cache | None = None) -> list[Fault]:
    """Return what must not be committed or published, by file and line.

    site: a folder of built files to look at, too. kept: what was found in files that are the same, by content.
    Raises ProjectError for wrong settings, MachineError when the site's folder isn't there.
    """
    if site and not site.is_dir():
        raise MachineError(f"{site} is not a folder", remedy="build first, or name the folder of the site")
    return _look(project, committed(project.root), site, kept)


def check_sources(project: Project, sources: Collection[Path], kept: Cache | None = None) -> list[Fault]:
    """Return what must not be published: in files that a book is made of, and in its data."""
    return _look(project, [path for path in committed(project.root) if path in sources], None, kept)


def check_built(
    project: Project, site: Path, kept: Cache | None = None, beside: Beside | None = None
) -> list[Fault]:
    """Return what must not be published: in a folder of built files, and in the data that they are made from.

    beside: looks at a part of the files in another process.
    """
    return _look(project, committed(project.root, "data"), site, kept, beside)


def look_ahead(project: Project, site: Path, kept: Cache, apart: Collection[Path] = ()) -> None:
    """Look at built files that are there already, so that ``check_built`` knows them. apart: what is being written."""
    looking = _Looking(project, kept)
    for path, shown in _built_places(project.root, site).items():
        if path not in apart:
            looking.at(path, shown)
    looking.keep()


def _built_places(root: Path, site: Path) -> dict[Path, str]:
    """Return the files of a built site, with the name of each as it is told."""
    folder = site.resolve()
    within = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(site)
    return {path: f"{within}/{path.relative_to(folder).as_posix()}" for path in built(folder)}


def _look(
    project: Project,
    sources: list[Path],
    site: Path | None,
    kept: Cache | None,
    beside: Beside | None = None,
) -> list[Fault]:
    root = project.root
    looking = _Looking(project, kept)
    faults = [*private_files(root), *looking.names.faults, *_interviews(root, looking.known.threshold)]
    places = {path: path.relative_to(root).as_posix() for path in sources}
    if site:
        folder = site.resolve()
        # A site within the project is looked at as a site, even where git doesn't ignore it.
        places = {path: shown for path, shown in places.items() if not path.is_relative_to(folder)}
        places |= _built_places(root, site)
    if beside and kept:
        here, *others = _parts(looking.unknown(places)) or [{}]
        waiting = [beside(partial(_look_at_part, project), part) for part in others]
        for path, shown in here.items():
            looking.at(path, shown)
        for wait in waiting:
            looking.add(wait())
    for path, shown in places.items():
        faults += looking.at(path, shown)
    looking.keep()
    return ordered(faults)


def _parts(files: dict[Path, str]) -> list[dict[Path, str]]:
    """Divide files for as many processes as there are processors; one part where there is little to look at."""
    sizes = {path: path.stat().st_size for path in files}
    several = (os.cpu_count() or 1) if sum(sizes.values()) > _MUCH else 1
    parts: list[dict[Path, str]] = [{} for _ in range(several)]
    totals = [0] * several
    # All PDFs are for the first one, this one here: to import what reads them takes longer than to read them.
    for path in sorted(files, key=lambda path: (path.suffix != ".pdf", -sizes[path])):
        at = 0 if path.suffix == ".pdf" else totals.index(min(totals))
        parts[at][path] = files[path]
        totals[at] += sizes[path]
    return [part for part in parts if part]


def _look_at_part(project: Project, files: dict[Path, str]) -> dict[str, _Kept]:
    """Return the faults of files by the key of each, as `_Looking` keeps them."""
    looking = _Looking(project, None)
    results = {}
    for path, shown in files.items():
        with contextlib.suppress(OSError):  # which is told where the results come together
            content = path.read_bytes()
            results[_key(content, shown)] = looking.faults_of(content, shown)
    return results


def _key(content: bytes, shown: str) -> str:
    # The name of the folder that a build is written to changes from one to the next.
    name = shown.partition("/")[2] if shown.startswith((".", "/")) else shown
    return hashlib.blake2b(name.encode() + b"\0" + content, digest_size=16).hexdigest()


class _Looking:
    """One look at many files. What is private is read only where a file isn't known from an earlier look."""

    def __init__(self, project: Project, kept: Cache | None) -> None:
        root = project.root
        self._root, self._kept = root, kept
        self.known = load_settings(project)
        self._state = _state(root, self.known) if kept else ""
        self._before: dict[str, Any] = (kept.get(_KIND, self._state) if kept else None) or {}
        self._now: dict[str, Any] = {}
        self._keys: dict[Path, str] = {}

    @cached_property
    def names(self) -> Names:
        return Names.read(self._root, self.known.authors, self.known.allow)

    @cached_property
    def withheld(self) -> Withheld:
        return Withheld.read(self._root, _stated(self._root))

    @cached_property
    def withdrawn(self) -> Withdrawn:
        return Withdrawn.read(self._root)

    @cached_property
    def interviews(self) -> Interviews:
        return Interviews.read(self._root)

    def at(self, path: Path, shown: str) -> list[Fault]:
        """Return what is wrong with a file, from now or from before."""
        key = self._keys.get(path, "")
        if not (self._kept and key in self._before):
            try:
                content = path.read_bytes()
            except OSError as error:
                message = f"can't be read: {error.strerror}"
                return [Fault(shown, None, "unreadable", message, severity="warning")]
            if not self._kept:
                return [Fault(**fault) for fault in self.faults_of(content, shown)]
            key = _key(content, shown)
            if key not in self._before:
                self._before[key] = self.faults_of(content, shown)
        self._now[key] = self._before[key]
        return [replace(Fault(**fault), file=shown) for fault in self._now[key]]

    def faults_of(self, content: bytes, shown: str) -> _Kept:
        """Return what is wrong with a file, looked at now."""
        found = _file(content, shown, self.known, self.interviews, self.names, self.withdrawn, self.withheld)
        return [asdict(fault) for fault in found]

    def unknown(self, files: dict[Path, str]) -> dict[Path, str]:
        """Return those of the files that nothing is known of; what was read for that isn't read again."""
        self._keys = {path: _key(path.read_bytes(), shown) for path, shown in files.items() if path.is_file()}
        return {path: files[path] for path, key in self._keys.items() if key not in self._before}

    def add(self, found: dict[str, _Kept]) -> None:
        """Learn what was found elsewhere: key of a file → its faults."""
        self._before.update(found)

    def keep(self) -> None:
        """Keep what was found for the next look, which may be at other files."""
        if self._kept:
            both = {**self._before, **self._now}
            self._kept.put(_KIND, self._state, dict(list(both.items())[-_MOST:]))


def _state(root: Path, accepted: PrivacySettings) -> str:
    """Return the hash of what decides what is found in a file, but for the rules, which the cache itself knows."""
    total = hashlib.blake2b(repr(accepted).encode(), digest_size=16)
    public = (
        root / "data/segments.csv",
        root / "data/memos.csv",
        root / "data/codebook.csv",
        root / WITHDRAWN,
    )
    paths = [*sorted((root / PRIVATE).rglob("*")), *public, *(root / name for name in PUBLIC)]
    for path in paths:
        if path.is_file():
            total.update(str(path).encode() + hashlib.blake2b(path.read_bytes()).digest())
    return total.hexdigest()


def _file(
    content: bytes,
    shown: str,
    accepted: PrivacySettings,
    interviews: Interviews,
    names: Names,
    withdrawn: Withdrawn,
    withheld: Withheld,
) -> Iterator[Fault]:
    """Yield what is wrong with one file: its name, its text, what it says about itself."""
    yield from names.search(Piece(composed(shown), where=FILE_NAME), shown)
    met: set[tuple[str, str]] = set()
    for piece in pieces(shown, content):
        match = [
            *find_identifiers(piece, shown, accepted),
            *names.search(piece, shown),
            *interviews.search(piece, shown),
            *withheld.search(piece, shown),
            *_withdrawn(piece, shown, withdrawn),
        ]
        for fault in match:
            # A page is read as source and as text: what stands in both is told once.
            if (fault.rule, fault.message) not in met:
                met.add((fault.rule, fault.message))
                yield fault


def _stated(root: Path) -> dict[str, dict[str, str]]:
    """Return what the open table states of each interview."""
    try:
        described = package.tables(root).get("cases")
    except DataError:
        return {}
    sheet = read(root, described.file(), described.columns)[0] if described else None
    if not described or not sheet or "case" not in sheet.columns:
        return {}
    names = [name for name in described.attributes if name in sheet.columns]
    rows = zip(sheet.columns["case"], *(sheet.columns[name] for name in names), strict=True)
    return {case: dict(zip(names, values, strict=True)) for case, *values in rows}


def _withdrawn(piece: Piece, shown: str, withdrawn: Withdrawn) -> Iterator[Fault]:
    """Yield traces of what was withdrawn; the project's own words about coding know pseudonyms as examples."""
    if of_the_program(shown) or shown in INSTRUCTIONS:
        return
    for mark in withdrawn.search(piece.text):
        what = {"case": "an interview", "segment": "the name of a passage", "passage": "words"}[mark.kind]
        message = f"{what} withdrawn on {mark.date}"
        yield Fault(
            shown,
            None,
            "withdrawn",
            message,
            "take it out; for kept drafts run `paper data withdraw --again`",
        )


def _interviews(root: Path, threshold: int) -> Iterator[Fault]:
    """Yield text in the data that isn't released, and interviewees whom their attributes give away."""
    sheets: dict[str, Sheet] = {}
    try:
        described = package.tables(root)
    except DataError:
        return  # a project without coded data; `paper data check` tells a broken description
    for name in (name for name in package.INTERVIEW_TABLES if name in described):
        sheet, _ = read(root, described[name].file(), described[name].columns)
        if sheet:
            sheets[name] = sheet
    yield from rules.release(sheets)
    if "cases" in sheets:
        yield from _small_cells(sheets["cases"], described["cases"].attributes, threshold)


def _small_cells(cases: Sheet, attributes: tuple[str, ...], threshold: int) -> Iterator[Fault]:
    columns = [cases.columns[name] for name in attributes if name in cases.columns]
    labels = list(zip(*columns, strict=True))
    few = scarce(labels, threshold)
    for label, line in zip(labels, cases.lines, strict=False):
        if label in few:
            message = f"{' and '.join(attributes)} are shared by {labels.count(label)} of at least {threshold} cases"
            remedy = (
                "run `paper data generalise`: what too few share is left empty here, and waits in "
                f"{ATTRIBUTES} until enough share it"
            )
            yield Fault(cases.file, line, "small-cell", message, remedy, column=attributes[0])
