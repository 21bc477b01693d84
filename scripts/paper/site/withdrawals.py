"""Withdrawing interviews or passages: what used them, everywhere; taking them out; and a look for what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from paper import project, renewal
from paper.coding.claims import ledger
from paper.coding.claims.support import Evidence
from paper.coding.exchange import withdrawing
from paper.coding.exchange.withdrawing import Withdrawal
from paper.coding.privacy.files import built, committed, of_the_program
from paper.coding.privacy.withdrawal import FILE, INSTRUCTIONS, Withdrawn
from paper.errors import PaperError
from paper.project import Project
from paper.site.tombstones import bury_withdrawn
from paper.tools import git
from paper.typography import amount


@dataclass(frozen=True)
class Scope:
    """Where to look: the project, and a built site with the drafts that it keeps."""

    project: Project
    site: Path | None

    @classmethod
    def of(cls, root: Path, site: Path | None) -> Scope:
        """Return the scope of a project; its own site where none is named. Raises PaperError for one that isn't."""
        book = project.load(root)
        if site is not None and not site.is_dir():
            raise PaperError(f"{site} is not a folder", remedy="name the folder of a built site")
        folder = site or book.output_dir
        return cls(book, folder if folder.is_dir() else None)


@dataclass(frozen=True)
class Uses:
    """What used the interviews and passages that are to go."""

    withdrawal: Withdrawal
    claims: tuple[str, ...]
    files: tuple[str, ...]
    """Files with a trace, from the project's root: tables, figures, pages, and those of kept drafts."""
    commits: tuple[str, ...]
    """Commits that brought or took out a name."""

    def lines(self) -> Iterator[str]:
        """Yield what a person should know before it goes; no word of an interview is in it."""
        cases, segments = self.withdrawal.cases, self.withdrawal.segments
        yield f"To go: {', '.join(cases) or 'no interview'}; {amount(len(segments), 'passage')}: {', '.join(segments)}"
        if self.withdrawal.memos:
            yield f"{amount(len(self.withdrawal.memos), 'memo')}: {', '.join(self.withdrawal.memos)}"
        groups = {
            "Claims that rest on them": self.claims,
            "Data, tables and figures": [f for f in self.files if f.startswith(("data/", "assets/"))],
            "Kept drafts": [f for f in self.files if "/drafts/" in f],
        }
        listed = {file for group in groups.values() for file in group}
        groups["Pages and other files"] = [file for file in self.files if file not in listed]
        for title, group in groups.items():
            yield f"{title}: {', '.join(group) or 'none'}"
        if self.commits:
            yield f"In git's history, which only you can rewrite: {', '.join(self.commits)}"
        if self.withdrawal.private:
            yield f"Private files, which you destroy yourself: {', '.join(self.withdrawal.private)}"
        if self.withdrawal.too_short:
            short = ", ".join(self.withdrawal.too_short)
            yield f"Of too few words to be looked for by them; look yourself for the words of: {short}"


def find_uses(scope: Scope, names: Sequence[str], date: dt.date | None = None) -> Uses:
    """Find everything that uses interviews or passages. Raises DataError for a name that is neither."""
    root = scope.project.root
    withdrawal = withdrawing.plan_withdrawal(root, names, date or dt.date.today())
    claims, _ = ledger.read(root, synthetic=False)
    used = []
    if any(claim.kind == "interviews" for claim in claims):
        evidence = Evidence(root, synthetic=False)
        for claim in claims:
            support = evidence.support(claim)
            cases = {case for position, of in support.cases.items() if position != "silent" for case in of}
            if cases & set(withdrawal.cases) or {q.segment for q in support.quotes} & set(
                withdrawal.segments
            ):
                used.append(claim.id)
    files = _traces(scope, Withdrawn(withdrawal.marks))
    commits = dict.fromkeys(
        commit for name in (*withdrawal.cases, *withdrawal.segments) for commit in _commits(root, name)
    )
    return Uses(withdrawal, tuple(used), tuple(files), tuple(commits))


def carry_out(scope: Scope, uses: Uses) -> Iterator[str]:
    """Take it out of the data, renew figures and tables; yield what changed."""
    root = scope.project.root
    files = withdrawing.withdraw(root, uses.withdrawal)
    yield f"Taken out of {', '.join(file for file in files if not file.startswith('data/private'))}"
    try:
        renewed = renewal.renew(root)
    except PaperError as error:
        yield f"Figures and tables could not be renewed: {str(error).splitlines()[0]}"
        return
    names = {*renewed.figures, *(Path(file).stem for file in renewed.files)}
    known = Withdrawn.read(root)
    counted = {name for name in (*names, *(name.partition("-")[2] for name in names)) if name}
    Withdrawn(known.marks, known.counted | (counted if uses.withdrawal.cases else set())).write(root)
    yield f"Renewed: {', '.join([*renewed.figures, *renewed.files]) or 'nothing'}"


def clean_drafts(scope: Scope) -> Iterator[str]:
    """Put tombstones into the kept drafts of the site; yield what changed."""
    if scope.site:
        changed = bury_withdrawn(scope.project, scope.site / "drafts")
        yield f"Kept drafts: {amount(len(changed), 'file')} with a tombstone or gone: {', '.join(changed) or 'none'}"


def find_traces(scope: Scope) -> list[str]:
    """Return the files, committed or built, that hold a trace of what was ever withdrawn."""
    return _traces(scope, Withdrawn.read(scope.project.root))


def _traces(scope: Scope, withdrawn: Withdrawn) -> list[str]:
    root = scope.project.root
    files = {path.relative_to(root).as_posix(): path for path in committed(root)}
    if scope.site:
        site = scope.site.resolve()
        name = site.relative_to(root).as_posix() if site.is_relative_to(root) else site.name
        files = {shown: path for shown, path in files.items() if not path.is_relative_to(site)}
        files |= {f"{name}/{path.relative_to(site).as_posix()}": path for path in built(site)}
    return [
        shown
        for shown, path in files.items()
        if not of_the_program(shown)
        and shown not in _PASSED_OVER
        and withdrawn.traces(shown, path.read_bytes())
    ]


_PASSED_OVER: Collection[str] = (*INSTRUCTIONS, FILE)


def _commits(root: Path, name: str) -> list[str]:
    folders = ("data", "assets", "chapters", "brief")
    answer = git.ask(root, "log", "--format=%h", f"-S{name}", "--", *folders, timeout=120)
    return (answer or b"").decode().split()
