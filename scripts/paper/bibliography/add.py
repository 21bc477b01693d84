"""Works new to the bibliography: from a DOI, an ISBN, or BibTeX that someone else wrote."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

from paper.bibliography import crossref
from paper.bibliography.audit import audit
from paper.bibliography.formatted import bibliography_files
from paper.bibliography.language import missing
from paper.bibliography.model import Bibliography, Entry
from paper.bibliography.names import fold, people
from paper.bibliography.reader import read, read_text
from paper.bibliography.record import bibtex
from paper.bibliography.rules import Library
from paper.bibliography.rules.identifiers import DOI, isbn_valid, strip_resolver
from paper.bibliography.settings import Settings, author_mail, settings
from paper.bibliography.tidy import faults, format_entry, keep_order, tidy_text, write
from paper.bibliography.types import FOREIGN
from paper.bibliography.values import MONTHS
from paper.errors import CitationError, Place, SourceError
from paper.project import Project
from paper.report import Fault

_DUPLICATE = ("duplicate-doi", "duplicate-work", "duplicate-key", "key-case")


@dataclass(frozen=True)
class Addition:
    """A work that was added, or that is listed already."""

    key: str
    text: str
    """Its entry as laid out."""
    faults: list[Fault]
    """What the audit says of it."""
    dropped: tuple[str, ...] = ()
    """Names of fields that were left out."""
    listed: str = ""
    """Why it was not added; "" for one that was."""


def add(project: Project, given: str, *, force: bool = False, dry: bool = False) -> list[Addition]:
    """Add a work to the project's (first) .bib file, which stays in order if it was; return what was added.

    given: a DOI, an ISBN, BibTeX, or the path of a file that holds BibTeX. force: even if it seems to be
    listed already. dry: change nothing. Of several works, those that are listed stay out, and the others are
    added. Raises SourceError for what is none of these or where all is listed already, MachineError where
    Crossref can't be asked.
    """
    path = bibliography_files(project)[0]
    bib = read(path, path.name)
    if faults(bib):
        place = Place(bib.name, bib.line(bib.problems[0].position))
        raise CitationError(
            "nothing added: the file has faults", place=place, remedy="mend it: paper refs check"
        )
    chosen = settings(project)
    entries = _assign_keys(
        bib, new_entries(given, mailto=chosen.mailto or author_mail(project)), chosen.key_pattern
    )
    added, text = _audit_new(bib, entries, chosen)
    twice = {} if force else _duplicates(added, set(bib.by_key))
    if len(twice) == len(added):
        raise SourceError(
            f"nothing added: {next(iter(twice.values()))}", remedy="cite the work by the key that it has"
        )
    if twice:
        rest = [entry for entry in entries if entry.key not in twice]
        added, text = _audit_new(bib, rest, chosen)
        given_keys = {entry.key: entry.given or entry.key for entry in entries}
        for key, said in twice.items():
            named = re.sub(rf"(?<![\w-]){re.escape(key)}(?![\w-])", given_keys[key], said)
            added.append(Addition(given_keys[key], "", [], listed=named))
    if not dry:
        write(path, bib, text)
    return added


def _audit_new(bib: Bibliography, entries: list[_New], chosen: Settings) -> tuple[list[Addition], str]:
    """Return the works with what the audit says of each, and the file's text with them in it."""
    text = _joined(bib, [entry.text for entry in entries])
    library = Library([read_text(text, bib.name)], key_pattern=chosen.key_pattern, proxies=chosen.proxies)
    result = audit(library, chosen.off).faults
    return [
        Addition(one.key, one.text, _about(library, one.key, result), one.dropped) for one in entries
    ], text


def new_entries(given: str, *, mailto: str = "") -> list[Entry]:
    """Return the entries of a DOI, an ISBN, BibTeX or a file of BibTeX. Raises SourceError for anything else."""
    given = given.strip()
    doi = strip_resolver(given)
    if DOI.fullmatch(doi):
        return _read(bibtex(crossref.by_doi(doi, mailto=mailto)), "Crossref's answer")
    isbn = re.sub(r"(?i)isbn(?:-1[03])?:?|[\s\-‐–]", "", given).upper()
    if re.fullmatch(r"\d{9}[\dX]|\d{13}", isbn):
        if not isbn_valid(isbn):
            raise SourceError(
                f"{given} is no ISBN: its check digit is wrong", remedy="compare it with the book"
            )
        return _read(bibtex(crossref.by_isbn(isbn, mailto=mailto)), "Crossref's answer")
    if given.startswith("@"):
        return _read(given, "the entry given")
    file = Path(given)
    with contextlib.suppress(OSError):
        if given and file.is_file():
            return _entries(read(file, given), given)
    remedy = "give a DOI (10.1093/intqhc/mzm042), an ISBN, an entry (@article{…}) or a .bib file"
    raise SourceError(f"{given[:80]!r} is neither DOI nor ISBN nor BibTeX nor a file", remedy=remedy)


def _read(text: str, name: str) -> list[Entry]:
    return _entries(read_text(text, name), name)


def _entries(bib: Bibliography, name: str) -> list[Entry]:
    missing_keys = [problem for problem in bib.problems if problem.rule != "no-key"]
    if missing_keys:
        problem = missing_keys[0]
        place = Place(name, bib.line(problem.position))
        raise SourceError(problem.message, place=place, remedy=problem.remedy)
    if not bib.entries:
        raise SourceError("there is no entry in it", place=Place(name), remedy="give at least one @…{key, …}")
    return bib.entries


@dataclass(frozen=True)
class _New:
    """A work to add."""

    key: str
    given: str
    """Its key where it comes from."""
    text: str
    dropped: tuple[str, ...]
    """Names of fields that are left out."""


def _assign_keys(bib: Bibliography, entries: list[Entry], pattern: str) -> list[_New]:
    """Each entry's key and text; a key is made where none is given, where it is taken or off the pattern."""
    reserved = {key.lower() for key in bib.by_key}
    results = []
    for entry in entries:
        fits = entry.key.lower() not in reserved and re.fullmatch(pattern, entry.key)
        key = entry.key if fits else next(key for key in _keys(entry) if key not in reserved)
        reserved.add(key.lower())
        kept, dropped = own_fields(entry)
        text = format_entry(entry.type, key, [(name, _raw(name, value)) for name, value in kept.items()])
        results.append(_New(key, entry.key, tidy_text(read_text(text)).rstrip(), dropped))
    return results


def _raw(name: str, value: str) -> str:
    """Return a value with its delimiters; a month by its string, which alone every program reads."""
    month = value.strip(" .").lower()
    if name == "month" and month.isalpha() and month[:3] in MONTHS:
        return month[:3]
    return f"{{{value}}}"


# Notes that say something of the work's publication; any other is somebody's own.
_PRINTED_NOTE = re.compile(
    r"(?i)\b(?:accessed|retrieved|arxiv|in press|forthcoming|to appear|under review|translat|reprint|original"
    r"|unpublished|working paper|discussion paper|thesis|dissertation|no\.|law|decree|resolution|edition|version"
    r"|R package|series|presented at|with a|дата обращения|перевод)"
)
# Lines that Zotero's "Extra" holds.
_EXTRA = re.compile(r"(?m)^\s*(?:_?[A-Za-z]+(?: [A-Za-z]+)?|tex\.\w+): \S")


def own_fields(entry: Entry) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what of an entry is of the work, with its language; and the names of what is not: see types.FOREIGN."""
    exported = not FOREIGN.isdisjoint(entry.values)
    remaining: dict[str, str] = {}
    for name, value in entry.values.items():
        own_note = name == "note" and exported and (_EXTRA.search(value) or not _PRINTED_NOTE.search(value))
        if name not in FOREIGN and not own_note:
            remaining[name] = value
    dropped = tuple(name for name in entry.values if name not in remaining)
    if spoken := missing(entry):
        remaining["langid"] = spoken
    return remaining, dropped


def _keys(entry: Entry) -> Iterator[str]:
    """Keys for an entry, the best first: family name of the first author and year; then with letters after it."""
    names = people(entry.get("author", "editor"))
    name = re.sub("[^a-z]", "", fold(names[0].family if names else entry.get("title")))[:20]
    year = re.search(r"\d{4}", entry.get("year", "date"))
    stem = (name or "work") + (year.group() if year else "")
    yield stem
    for length in count(1):
        yield from (
            stem + "".join(letters) for letters in product("bcdefghijklmnopqrstuvwxyz", repeat=length)
        )


def _joined(bib: Bibliography, new: list[str]) -> str:
    """Return the file with the new entries: in their places if it is in order, else at its end."""
    body = bib.text.rstrip("\n")
    return keep_order(bib, "\n\n".join([*([body] if body else []), *new]) + "\n")


def _about(library: Library, key: str, found: list[Fault]) -> list[Fault]:
    entry = library.by_key[key]
    bib = library.bibs[0]
    first, last = bib.line(entry.start), bib.line(entry.end)
    names = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    return [
        fault
        for fault in found
        if first <= (fault.line or 0) <= last or (fault.rule in _DUPLICATE and names.search(fault.message))
    ]


def _duplicates(added: list[Addition], known: set[str]) -> dict[str, str]:
    """Return key → message for each new work that is listed already, in the file or before it among the new ones."""
    results: dict[str, str] = {}
    for work in added:
        for fault in work.faults:
            if fault.rule in _DUPLICATE and known & set(re.findall(r"[^\s,()]+", fault.message)) - {work.key}:
                results.setdefault(work.key, fault.message)
        known = known | {work.key}
    return results
