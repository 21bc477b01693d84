"""One work as a reader and its author see it: as it prints, where it is cited, what is doubtful or wrong."""

from __future__ import annotations

from dataclasses import dataclass

from paper.bibliography.audit import Outcome, audit_project
from paper.bibliography.citations import Citation
from paper.bibliography.model import Entry
from paper.errors import CitationError, Place
from paper.project import Project
from paper.report import Fault


@dataclass(frozen=True)
class WorkReport:
    """Everything that is known of one work."""

    key: str
    place: str
    """File and line of the entry."""
    source: str
    """The entry as the file has it."""
    printed: str
    """In the book's style."""
    cited: list[Citation]
    faults: list[Fault]
    exemptions: list[tuple[str, str]]


def show(project: Project, key: str) -> WorkReport:
    """Everything that is known of a work. Raises CitationError for a key that no entry has."""
    from paper.bibliography.formatted import entries, write

    outcome = audit_project(project)
    library = outcome.library
    entry = library.by_key.get(key)
    if entry is None:
        raise CitationError(
            f"no entry has the key {key!r}", place=Place(library.bibs[0].name), remedy=_near(outcome, key)
        )
    bib = library.bibs[entry.file]
    blocks = entries(project, frozenset({key})).get(key)
    return WorkReport(
        key,
        library.place(entry),
        bib.text[entry.start : entry.end],
        write(blocks, "plain").strip() if blocks else "",
        [citation for citation in library.citations if citation.key == key],
        [
            fault
            for fault in outcome.faults
            if _within(fault, bib.name, bib.line(entry.start), bib.line(entry.end))
        ],
        [(one.rule, one.reason) for one in outcome.exemptions if one.place.entry is entry],
    )


def _within(fault: Fault, file: str, first: int, last: int) -> bool:
    return fault.file == file and fault.line is not None and first <= fault.line <= last


def _near(outcome: Outcome, key: str) -> str:
    from rapidfuzz import fuzz, process

    def words(entry: Entry) -> str:
        return f"{entry.key} {entry.get('author', 'editor')} {entry.get('title')}"

    known = {entry.key: words(entry) for entry in outcome.library.entries}
    result = process.extract(key.lower(), list(known), scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    near = [str(one[0]) for one in result] or [
        name for name, text in known.items() if key.lower() in text.lower()
    ][:5]
    return f"did you mean {', '.join(near)}?" if near else "paper refs add adds a work"
