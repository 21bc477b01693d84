"""What public indexes said of the works, as the dated record has it; see ``paper refs verify``.

A finding stands until the entry changes or the work is verified again. What no index can know is no fault; the author's
own proof for it, or for a work that none holds, stands in the entry::

    proof = {photograph of the title page, 2026-11-20; https://web.archive.org/…}
"""

from __future__ import annotations

from collections.abc import Iterator

from paper.bibliography.model import Entry
from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.verification.fingerprint import fingerprint
from paper.bibliography.verification.model import SEPARATOR, Verification


def _current(library: Library, *statuses: str) -> Iterator[tuple[Entry, Verification]]:
    """Yield entries that haven't changed since they were verified, with what was said of them."""
    for entry in library.by_key.values():
        row = library.verified.get(entry.key)
        if row and (not statuses or row.status in statuses) and row.fingerprint == fingerprint(entry):
            yield entry, row


@rule(
    "work-not-found", "warning", "look for the work itself; where it exists, say where: proof = {…}", "record"
)
def work_not_found(library: Library) -> Iterator[Finding]:
    """Find a work that none of the public indexes holds, though they hold such works."""
    for entry, row in _current(library, "not-found"):
        if not entry.get("proof"):
            more = f"; {row.differs}" if row.differs else ""
            score = f" ({row.score} of 100)" if row.differs and row.score is not None else ""
            yield at(entry, "title", f"no index holds {entry.key}{more}{score}")


@rule(
    "another-work", "error", "one of the two is wrong: look up the identifier, or correct the entry", "record"
)
def another_work(library: Library) -> Iterator[Finding]:
    """Find a DOI or an ISBN that is another work's."""
    for entry, row in _current(library, "another-work"):
        yield at(entry, row.method, f"the {row.differs}, {row.score} of 100 alike")


@rule("record-differs", "warning", "compare both with the work: records have mistakes, too", "record")
def record_differs(library: Library) -> Iterator[Finding]:
    """Find an entry that says otherwise than the record of its work."""
    for entry, row in _current(library, "differs"):
        for said in row.differs.split(SEPARATOR):
            field = said.partition(":")[0]
            names = {"year": ("date", "year"), "journal": ("journaltitle", "journal")}.get(field, (field,))
            yield at(entry, names, f"{entry.key}: {said}")


_NOTICES = {"retraction": "retracted", "concern": "concern", "correction": "corrected"}


def _noticed(library: Library, kind: str) -> Iterator[tuple[Entry, str]]:
    for entry in library.by_key.values():
        row = library.verified.get(entry.key)
        for said in row.notices.split(SEPARATOR) if row and row.status != "another-work" else ():
            if said.startswith(kind):
                yield entry, said.removeprefix(kind).strip()


@rule(
    "retracted",
    "error",
    "take it out, or say so in the text and exempt it with the reason",
    "record",
)
def retracted(library: Library) -> Iterator[Finding]:
    """Find a work that was retracted or withdrawn."""
    for entry, said in _noticed(library, "retraction"):
        yield at(entry, "doi", f"{entry.key} is retracted: {said}")


@rule("expression-of-concern", "warning", "read the notice before you rest on the work", "record")
def expression_of_concern(library: Library) -> Iterator[Finding]:
    """Find a work about which its publisher has expressed concern."""
    for entry, said in _noticed(library, "concern"):
        yield at(entry, "doi", f"there is a notice of concern about {entry.key}: {said}")


@rule("corrected", "note", "read the correction: does it touch what you cite?", "record")
def corrected(library: Library) -> Iterator[Finding]:
    """Find a work that was corrected after it appeared."""
    for entry, said in _noticed(library, "correction"):
        yield at(entry, "doi", f"{entry.key} is corrected: {said}")


@rule("preprint-published", "note", "cite the published version, if it says the same", "record")
def preprint_published(library: Library) -> Iterator[Finding]:
    """Find a preprint that was published since."""
    for entry, row in _current(library):
        if row.published_as:
            message = f"{entry.key} was published as {row.published_as}"
            yield at(entry, "doi", message, f"paper refs add {row.published_as}")


@rule("not-to-be-known", "note", "keep your own proof: proof = {link, photograph or archive}", "record")
def not_to_be_known(library: Library) -> Iterator[Finding]:
    """Find a law, a speech, a page or a work in Cyrillic that no index can confirm, without the author's own proof."""
    for entry, _ in _current(library, "unknowable"):
        if not entry.get("proof"):
            yield at(entry, (), f"whether {entry.key} exists cannot be known here: no index holds such works")
