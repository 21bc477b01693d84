"""The audit of ``references.bib`` and of every citation in the text: one sorted list of faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paper.bibliography.citations import citations_in, nocite, sources
from paper.bibliography.model import BIBTEX
from paper.bibliography.reader import read, read_or_raise
from paper.bibliography.rules import Finding, Library, Rule, load
from paper.bibliography.rules.exemptions import Exemption, Exemptions
from paper.bibliography.settings import Settings, settings
from paper.bibliography.support.citing import read_support
from paper.bibliography.verification import store
from paper.bibliography.verification.model import Verification
from paper.project import Project
from paper.report import Fault, ordered

# Rules of what keeps a file from being read, or an entry from being the one that is meant: a build stops there.
UNREADABLE = (
    "syntax", "unbalanced-braces", "unbalanced-quotes", "missing-comma", "no-key", "bad-key", "undefined-string",
    "duplicate-key",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """The result of an audit."""

    library: Library
    faults: list[Fault]
    exemptions: list[Exemption]
    """Findings that entries and lines let stand."""
    off: dict[str, str]
    """Rule → why it was switched off."""


def check_references(project: Project) -> list[Fault]:
    """Every fault of the project's bibliography and of the citations in its text, in order."""
    return audit_project(project).faults


def have_keys_once(project: Project, paths: Iterable[Path]) -> bool:
    """Return whether no key of .bib files is given twice. Raises CitationError for a missing file."""
    library = Library([read_or_raise(path, _relative(path, project.root)) for path in paths])
    return len(library.by_key) == len(library.entries)


def check_readable(project: Project, paths: Iterable[Path]) -> list[Fault]:
    """Find what keeps .bib files from being read as they are meant. Raises CitationError for a missing one."""
    bibs = [read_or_raise(path, _relative(path, project.root)) for path in paths]
    library, rules = Library(bibs), load()
    if len(library.by_key) < len(library.entries):  # which of two is taken matters where the text lists it
        texts = sources(project)
        library = Library(bibs, texts, citations_in(project, texts), listed=nocite(project))
    faults = [
        _fault(library, rules[name], found)
        for name in UNREADABLE
        for found in _findings(library, rules[name])
    ]
    return ordered(faults)


def check_file(path: Path, name: str | None = None) -> list[Fault]:
    """Every fault of one .bib file by itself, without any text. Raises CitationError if it can't be read."""
    return audit(Library([read_or_raise(path, name or str(path))])).faults


def audit_project(project: Project) -> Outcome:
    """Audit the project's bibliography, its chapters and its brief."""
    chosen = settings(project)
    return audit(library(project, chosen), chosen.off)


def check_record(project: Project, rows: Iterable[Verification] = ()) -> list[Fault]:
    """Return what the dated record of the public indexes, and ``rows`` before it, say of the works, in order."""
    names = {name for name, rule in load().items() if rule.subject == "record"}
    chosen = settings(project)
    whole = library(project, chosen)
    whole.verified = {**whole.verified, **{row.key: row for row in rows}}
    return [fault for fault in audit(whole, chosen.off).faults if fault.rule in names]


def library(project: Project, chosen: Settings | None = None) -> Library:
    """Return the bibliography with the texts that cite it. Raises CitationError where a .bib file is missing."""
    from paper.bibliography.formatted import bibliography_files

    chosen = chosen or Settings()
    paths = [path for path in bibliography_files(project) if path.suffix in BIBTEX]
    bibs = [read(path, _relative(path, project.root)) for path in paths]
    texts = sources(project, brief=True)
    date = project.date
    year = date.year if date else 0
    cited = citations_in(project, texts)
    verified = store.read_record(project.root)
    support = read_support(project.root)
    return Library(
        bibs, texts, cited, chosen.key_pattern, chosen.proxies, year, verified, support, nocite(project)
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def audit(library: Library, off: dict[str, str] | None = None) -> Outcome:
    """Run every rule that isn't off, and leave out what entries and lines exempt."""
    off = off or {}
    rules = load()
    exemptions = Exemptions(library)
    looked = {name for name, rule in rules.items() if name not in off and _applies(rule, library)}
    faults: list[Fault] = []
    for name in rules:
        if name in looked:
            result = _findings(library, rules[name])
            faults += [_fault(library, rules[name], one) for one in result if not exemptions.cover(name, one)]
    faults += [_fault(library, rules[name], one) for name, one in exemptions.faults(looked) if name in looked]
    return Outcome(library, ordered(faults), exemptions.all, off)


def _applies(rule: Rule, library: Library) -> bool:
    needed = {"text": library.sources, "record": library.verified, "support": library.support}
    return rule.subject not in needed or bool(needed[rule.subject])


def _findings(library: Library, rule: Rule) -> Iterable[Finding]:
    return rule.check(library) if rule.check else _parser_findings(library, rule.name)


def _parser_findings(library: Library, name: str) -> Iterator[Finding]:
    """Yield the problems that the parser met, as findings of a rule."""
    for index, bib in enumerate(library.bibs):
        for problem in bib.problems:
            if problem.rule == name:
                entry = bib.entry_at(problem.position)
                yield Finding(problem.message, entry, problem.position, index, remedy=problem.remedy)


def _fault(library: Library, rule: Rule, finding: Finding) -> Fault:
    if finding.source is not None:
        file, line = finding.source.file, finding.source.line(finding.position)
    else:
        bib = library.bibs[finding.file]
        file, line = bib.name, bib.line(finding.position)
    remedy, severity = finding.remedy or rule.remedy, finding.severity or rule.severity
    return Fault(file, line, rule.name, finding.message, remedy, severity)
