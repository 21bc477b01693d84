"""The audit of ``references.bib`` and of every citation in the text: one sorted list of faults.

Rules are switched off for the whole project in ``_quarto.yml``, each with its reason::

    paper:
      references:
        off:
          web-archive: copies are made when the paper is published
        key-pattern: "[a-z]+[0-9]{4}[a-z]*"
        proxies: [ezproxy.nu.edu.kz]

for one entry in the entry, ``audit-ignore = {missing-doi: the journal gives none}`` (several joined by
``;``), and for one line of the text by ``<!-- audit-ignore year-mismatch: asked the author -->`` on that
line or the one before. An exception without a reason is itself a fault.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paper import project
from paper.bibliography.citations import all_citations, sources
from paper.bibliography.reader import Bibliography, read
from paper.bibliography.rules import Finding, Library, Rule, load, told_by_reader
from paper.errors import PaperError, Place, ProjectError
from paper.report import Fault, ordered

_EXCEPTION = re.compile(r"\s*([a-z][a-z-]*)\s*(?::\s*(.*?))?\s*$", re.DOTALL)
_COMMENT = re.compile(r"<!--\s*audit-ignore\s+([a-z-]+)\s*(?::\s*(.*?))?\s*-->", re.DOTALL)

told_by_reader(
    "exception",
    "warning",
    "an exception without a reason, or from a rule that there isn't",
    "write rule: reason",
)
told_by_reader("exception-unused", "note", "an exception from a rule that finds nothing there", "delete it")


@dataclass(frozen=True)
class Settings:
    """What ``paper: references:`` of ``_quarto.yml`` says. off: rule → reason."""

    off: dict[str, str] = field(default_factory=dict)
    key_pattern: str = r"[a-z]+\d{4}[a-z]*"
    proxies: tuple[str, ...] = ()


def settings(root: Path) -> Settings:
    """The audit's settings. Raises ProjectError, with the line, for what is not one."""
    config = project.load(root).config.get("paper")
    given = config.get("references") if isinstance(config, dict) else None
    if given is None:
        return Settings()
    place = Place("_quarto.yml", project.line_of(root / "_quarto.yml", "paper", "references"))
    if not isinstance(given, dict):
        raise ProjectError(
            "paper: references: holds no settings",
            place=place,
            remedy="write off:, key-pattern: or proxies: under it",
        )
    off = given.get("off") or {}
    if not isinstance(off, dict) or not all(isinstance(reason, str) and reason for reason in off.values()):
        raise ProjectError(
            "a rule is switched off without a reason", place=place, remedy="write off: {rule: reason}"
        )
    unknown = [str(name) for name in off if name not in load()]
    if unknown:
        raise ProjectError(
            f"there is no rule {unknown[0]!r}", place=place, remedy="paper refs rules lists them"
        )
    pattern = str(given.get("key-pattern") or Settings.key_pattern)
    try:
        re.compile(pattern)
    except re.error as error:
        raise ProjectError(f"key-pattern is no regular expression: {error}", place=place) from None
    proxies = given.get("proxies") or []
    return Settings(
        {str(k): str(v) for k, v in off.items()}, pattern, tuple(str(host).lower() for host in proxies)
    )


def check_references(root: Path) -> list[Fault]:
    """Every fault of the project's bibliography and of the citations in its text, in order."""
    from paper.bibliography.formatted import bibliography_files

    bibs = [read(path, _relative(path, root)) for path in bibliography_files(root)]
    chosen = settings(root)
    texts = sources(root, brief=True)
    library = Library(bibs, texts, all_citations(root, brief=True), chosen.key_pattern, chosen.proxies)
    return audit(library, chosen.off)


def check_file(path: Path, name: str | None = None, chosen: Settings | None = None) -> list[Fault]:
    """Every fault of one .bib file by itself; only rules that need no text."""
    chosen = chosen or Settings()
    try:
        bib = read(path, name or str(path))
    except IsADirectoryError:
        raise PaperError("a folder, not a .bib file", place=Place(path)) from None
    except OSError as error:
        raise PaperError(f"can't be read: {error.strerror}", place=Place(path)) from None
    return audit(Library([bib], [], [], chosen.key_pattern, chosen.proxies), chosen.off)


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def audit(library: Library, off: Iterable[str] = ()) -> list[Fault]:
    """Run every rule that isn't off, and leave out what entries and lines make an exception of."""
    off = set(off)
    rules = load()
    exceptions = _Exceptions(library)
    faults: list[Fault] = []
    for name, rule in rules.items():
        if name in off or (rule.subject == "text" and not library.sources):
            continue
        for finding in _findings(library, rule):
            if not exceptions.cover(name, finding):
                faults.append(_fault(library, rule, finding))
    for name, finding in exceptions.faults(off):
        if name not in off:
            faults.append(_fault(library, rules[name], finding))
    return ordered(faults)


def _findings(library: Library, rule: Rule) -> Iterator[Finding]:
    if rule.check is not None:
        yield from rule.check(library)
        return
    for index, bib in enumerate(library.bibs):
        for problem in bib.problems:
            if problem.rule == rule.name:
                entry = bib.entry_at(problem.position)
                yield Finding(problem.message, entry, problem.position, index, remedy=problem.remedy)


def _fault(library: Library, rule: Rule, finding: Finding) -> Fault:
    if finding.source is not None:
        file, line = finding.source.file, finding.source.line(finding.position)
    else:
        bib: Bibliography = library.bibs[finding.file]
        file, line = bib.name, bib.line(finding.position)
    return Fault(
        file,
        line,
        rule.name,
        finding.message,
        finding.remedy or rule.remedy,
        finding.severity or rule.severity,
    )


class _Exceptions:
    """What entries (``audit-ignore``) and comments in the text except from a rule."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.entries: dict[int, set[str]] = defaultdict(set)
        self.lines: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.wrong: list[Finding] = []
        self.places: list[tuple[str, object, Finding]] = []
        self.used: set[tuple[str, object]] = set()
        for entry in library.entries:
            for part in entry.values.get("audit-ignore", "").split(";"):
                if part.strip():
                    place = Finding("", entry, entry.place("audit-ignore"), entry.file)
                    self._add(_EXCEPTION.match(part), id(entry), place, self.entries[id(entry)])
        for source in library.sources:
            for match in _COMMENT.finditer(source.text):
                line = source.line(match.start())
                place = Finding("", None, match.start(), 0, source)
                self._add(match, (source.file, line), place, self.lines[source.file, line])

    def _add(self, match: re.Match[str] | None, key: object, place: Finding, names: set[str]) -> None:
        name = match[1] if match else ""
        if match is None or name not in load():
            said = f"there is no rule {name!r}" if name else "an exception names no rule"
            self.wrong.append(
                Finding(
                    said, place.entry, place.position, place.file, place.source, "paper refs rules lists them"
                )
            )
            return
        if not match[2]:
            self.wrong.append(
                Finding(
                    f"the exception from {name} gives no reason",
                    place.entry,
                    place.position,
                    place.file,
                    place.source,
                )
            )
        names.add(name)
        self.places.append((name, key, place))

    def cover(self, name: str, finding: Finding) -> bool:
        """Whether a finding is excepted."""
        if finding.source is None:
            key: object = id(finding.entry)
            if finding.entry is not None and name in self.entries.get(id(finding.entry), ()):
                self.used.add((name, key))
                return True
            return False
        line = finding.source.line(finding.position)
        for number in (line, line - 1):
            if name in self.lines.get((finding.source.file, number), ()):
                self.used.add((name, (finding.source.file, number)))
                return True
        return False

    def faults(self, off: set[str]) -> Iterator[tuple[str, Finding]]:
        """Exceptions that are themselves at fault, each with the rule that says so."""
        yield from (("exception", finding) for finding in self.wrong)
        for name, key, place in self.places:
            text_rule = load()[name].subject == "text" and not self.library.sources
            if (name, key) not in self.used and name not in off and not text_rule:
                said = f"{name} finds nothing here"
                yield "exception-unused", Finding(said, place.entry, place.position, place.file, place.source)
