"""``paper privacy check``: nothing that could harm an interviewee is committed or published.

Looked at are the files that git would commit and, when asked for, a built site: text of all kinds, PDF, Office
files, compressed search indexes, and what files say about themselves. Looked for are interview text that has
not been released, names from the private list, e-mail addresses, telephone and identity numbers, and
interviewees whom their role and region would give away. A report never repeats what it found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from paper import project
from paper.coding import package, rules
from paper.coding.privacy.excerpts import Interviews
from paper.coding.privacy.extract import Piece, pieces
from paper.coding.privacy.files import PRIVATE, built, committed, private_files
from paper.coding.privacy.names import Names
from paper.coding.privacy.settings import Known, known
from paper.coding.privacy.signs import signs
from paper.coding.sheet import Sheet, read
from paper.errors import DataError, MachineError
from paper.report import Fault, ordered

SHARED: Final = 2  # cases that must share a combination of role and region


def has_interviews(root: Path) -> bool:
    """Whether the project has interviewees to guard, or asks to be guarded.

    It has where ``data/private`` is there or the data's description names a table of interviews (also where that
    description can't be read), and asks by a key ``privacy`` under ``paper:`` in ``_quarto.yml``.
    """
    own = project.load(root).config.get("paper")
    if (root / PRIVATE).exists() or (isinstance(own, dict) and "privacy" in own):
        return True
    try:
        return (root / package.FILE).exists() and bool(
            set(package.INTERVIEW_TABLES) & set(package.tables(root))
        )
    except DataError:
        return True


def check_privacy(root: Path, site: Path | None = None, *, shared: int = SHARED) -> list[Fault]:
    """What must not be committed or published, by file and line.

    site: a folder of built files to look at, too. shared: how many cases at least must have the same role and
    region. Raises ProjectError for wrong settings, MachineError when the site's folder isn't there.
    """
    if site and not site.is_dir():
        raise MachineError(f"{site} is not a folder", remedy="build first, or name the folder of the site")
    return _look(root, committed(root), site, shared)


def check_built(root: Path, site: Path) -> list[Fault]:
    """What must not be published: in a folder of built files, and in the data that they are made from."""
    return _look(root, [path for path in committed(root) if path.is_relative_to(root / "data")], site, SHARED)


def _look(root: Path, sources: list[Path], site: Path | None, shared: int) -> list[Fault]:
    accepted = known(root)
    interviews, names = Interviews.read(root), Names.read(root, accepted.authors)
    faults = [*private_files(root), *names.faults, *_interviews(root, shared)]
    places = {path: path.relative_to(root).as_posix() for path in sources}
    if site:
        folder = site.resolve()
        within = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(site)
        # A site within the project is looked at as a site, even where git doesn't ignore it.
        places = {path: shown for path, shown in places.items() if not path.is_relative_to(folder)}
        places |= {path: f"{within}/{path.relative_to(folder).as_posix()}" for path in built(folder)}
    for path, shown in places.items():
        faults += _file(path, shown, accepted, interviews, names)
    return ordered(faults)


def _file(path: Path, shown: str, accepted: Known, interviews: Interviews, names: Names) -> Iterator[Fault]:
    """What is wrong with one file: its name, its text, what it says about itself."""
    yield from names.search(Piece(shown, where="the file's name"), shown)
    try:
        content = path.read_bytes()
    except OSError as error:
        yield Fault(shown, None, "unreadable", f"can't be read: {error.strerror}", severity="warning")
        return
    met: set[tuple[str, str]] = set()
    for piece in pieces(shown, content):
        found = [
            *signs(piece, shown, accepted),
            *names.search(piece, shown),
            *interviews.search(piece, shown),
        ]
        for fault in found:
            # A page is read as source and as text: what stands in both is told once.
            if (fault.rule, fault.message) not in met:
                met.add((fault.rule, fault.message))
                yield fault


def _interviews(root: Path, shared: int) -> Iterator[Fault]:
    """Text in the data that isn't released, and interviewees whom their attributes give away."""
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
    yield from _small_cells(sheets.get("cases"), shared)


def _small_cells(cases: Sheet | None, shared: int) -> Iterator[Fault]:
    if not cases or not {"role", "region"} <= set(cases.columns):
        return
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for role, region, line in zip(cases.columns["role"], cases.columns["region"], cases.lines, strict=True):
        lines[role, region].append(line)
    for (role, region), places in lines.items():
        if (role or region) and len(places) < shared:
            said = f"the combination of role and region is shared by {len(places)} of at least {shared} cases"
            remedy = "leave the region or the role of this interview empty, or make both broader"
            for line in places:
                yield Fault(cases.file, line, "small-cell", said, remedy, column="role" if role else "region")
