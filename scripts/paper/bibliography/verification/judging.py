"""What is known of one entry: looked up by its DOI, its ISBN, else by title and authors."""

from __future__ import annotations

import datetime as dt
import re

from paper.bibliography import language
from paper.bibliography.model import Entry
from paper.bibliography.names import fold, people
from paper.bibliography.rules import Library
from paper.bibliography.rules.identifiers import clean, doi_of, isbn_valid
from paper.bibliography.rules.legal import laws
from paper.bibliography.rules.transliteration import is_transliterated
from paper.bibliography.verification.comparing import (
    FOUND,
    OTHER_TITLE,
    SAME_TITLE,
    Match,
    differences,
    match,
)
from paper.bibliography.verification.fingerprint import fingerprint
from paper.bibliography.verification.indexes import Indexes
from paper.bibliography.verification.model import SEPARATOR, IndexRecord, Notice, Status, Verification

# Types whose works the indexes hold, so that one that none of them knows is doubtful.
_ARTICLES = frozenset({"article", "inproceedings", "conference"})
_WHOLE_BOOKS = frozenset({"book", "mvbook", "collection", "mvcollection", "reference"})
_BOOKS = _WHOLE_BOOKS | {"inbook", "bookinbook", "incollection"}
# Kinds of records that may be a work of a type, in the words of all indexes.
_KINDS = {
    "article": ("article", "journal", "review", "preprint", "posted-content", "letter", "editorial"),
    "inproceedings": (
        "proceedings",
        "conference",
        "article",
        "chapter",
        "book-part",
        "posted-content",
        "preprint",
    ),
    "book": ("book", "monograph", "reference-book", "edited-book", "report"),
    "incollection": ("chapter", "book-section", "book-part", "reference-entry", "article"),
}
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?")
_GROUPS = {"conference": "inproceedings", "inbook": "incollection", "bookinbook": "incollection"}
_RETRACTED = frozenset({"retraction", "removal", "withdrawal"})
_CONCERN = frozenset({"expression_of_concern", "partial_retraction"})
_CORRECTED = frozenset({"correction", "corrigendum", "erratum", "addendum", "clarification"})
NOTICES = {**dict.fromkeys(_RETRACTED, "retraction"), **dict.fromkeys(_CONCERN, "concern")} | dict.fromkeys(
    _CORRECTED, "correction"
)
"""Crossref's type of update → what it means for who cites the work."""


def judge(library: Library, entry: Entry, indexes: Indexes, today: dt.date) -> Verification:
    """Return what the indexes know of an entry."""
    values = library.whole(entry)
    doi = _doi(entry)
    records: list[IndexRecord] = []
    method = ""
    if doi:
        records, method = indexes.by_doi(doi), "doi"
    isbn = "" if records else _isbn(entry)
    if isbn:
        records, method = indexes.by_isbn(isbn), "isbn"
    own = entry.type.lower() in _WHOLE_BOOKS or method == "doi"
    if records and (best := _best(values, records)) and (own or best[1].title >= SAME_TITLE):
        return _held(entry, values, best, method, indexes, today, another=method)
    result = _searched(library, entry, values, indexes)
    dead = "doi" if doi and not indexes.is_registered(doi) else ""
    if result and result[1].score >= FOUND:
        message = (
            f"doi: {doi} is registered nowhere; it is {result[0].doi or 'none'} in {result[0].index}"
            if dead
            else ""
        )
        return _held(entry, values, result, "title", indexes, today, more=message)
    missing = dead or (
        _is_expected(library, entry) and not doi and not _is_in_known_book(entry, values, indexes)
    )
    status: Status = "not-found" if missing else "unknowable"
    nearest = f"nearest: {result[0].titles[0]} ({result[0].index})" if result and result[0].titles else ""
    message = f"doi: {doi} is registered nowhere" if dead else ""
    return Verification(
        entry.key, today, status, fingerprint(entry), method or "title", score=result[1].score if result else None,
        differs=SEPARATOR.join(filter(None, (message, nearest))),
    )  # fmt: skip


def _held(
    entry: Entry, values: dict[str, str], best: tuple[IndexRecord, Match], method: str, indexes: Indexes,
    today: dt.date, *, another: str = "", more: str = "",
) -> Verification:  # fmt: skip
    """Return what is known of an entry whose record was found. another: the identifier that may be another work's."""
    record, near = best
    differs = [
        f"{name}: {here} here, {there} in {record.index}" for name, here, there in differences(values, record)
    ]
    status: Status = "differs" if differs or more else "confirmed"
    if another and (near.title < OTHER_TITLE or (near.title < SAME_TITLE and near.authors < 50)):
        status = "another-work"
        differs = [
            f"{another} leads to “{record.titles[0] if record.titles else 'no title'}” in {record.index}"
        ]
    said = SEPARATOR.join(_shown(one) for one in indexes.notices(record) if one.kind in NOTICES)
    return Verification(
        entry.key, today, status, fingerprint(entry), method, record.index, record.address, near.score,
        SEPARATOR.join(filter(None, (more, *differs))), said,
        record.published_as if status != "another-work" else "",
    )  # fmt: skip


def _shown(notice: Notice) -> str:
    words = (NOTICES[notice.kind], notice.date, notice.record, f"({notice.source})" if notice.source else "")
    return " ".join(filter(None, words))


def _best(values: dict[str, str], records: list[IndexRecord]) -> tuple[IndexRecord, Match] | None:
    """Return the record nearest to an entry; of equal ones that with the fewest differences."""
    matches = [(record, match(values, record)) for record in records if record.titles]
    if not matches:
        return (records[0], Match(0.0, 100.0)) if records else None
    return max(matches, key=lambda one: (one[1].score, -len(list(differences(values, one[0])))))


def _searched(
    library: Library, entry: Entry, values: dict[str, str], indexes: Indexes
) -> tuple[IndexRecord, Match] | None:
    """Return the record nearest to an entry of those that a search by title gives; None where none was asked."""
    title = _plain(": ".join(filter(None, (values.get("title"), values.get("subtitle")))))
    if len(title) < 8 or (not _is_expected(library, entry) and not _is_searched(library, entry)):
        return None
    names = people(values.get("author") or values.get("editor") or "")
    author = "" if not names else _plain(names[0].family)
    year = re.search(r"\d{4}", values.get("date") or values.get("year") or "")
    kind = entry.type.lower()
    candidates: list[IndexRecord] = []
    for record in indexes.by_title(title, author, year.group() if year else "", book=kind in _WHOLE_BOOKS):
        near = match(values, record)
        if near.title >= SAME_TITLE and near.authors == 100 and not list(differences(values, record)):
            return record, near
        if _is_of_kind(kind, record, near):
            candidates.append(record)
    best = _best(values, candidates) if candidates else None
    generic = len(title.split()) <= 3
    if best and best[1].score < FOUND and best[1].title >= 96 and not generic and best[1].authors < 50:
        return best[0], Match(best[1].title, 100.0)  # the title is there, with others as its authors
    return best


def _is_in_known_book(entry: Entry, values: dict[str, str], indexes: Indexes) -> bool:
    """Return whether a chapter's book exists: of few books the indexes hold the chapters, too."""
    title = values.get("booktitle", "")
    if entry.type.lower() not in ("incollection", "inbook", "bookinbook") or len(title) < 8:
        return False
    editors = people(values.get("editor") or values.get("bookauthor") or "")
    author = _plain(editors[0].family) if editors else ""
    book = {"title": title, "author": values.get("editor") or values.get("bookauthor") or ""}
    result = (match(book, record) for record in indexes.by_title(_plain(title), author, "", book=True))
    return any(near.title >= SAME_TITLE and near.authors > 0 for near in result)


def _is_of_kind(kind: str, record: IndexRecord, near: Match) -> bool:
    """Return whether a record may be a work of a type: a review bears the title of the book that it is about."""
    kinds = _KINDS.get(_GROUPS.get(kind, "book" if kind in _WHOLE_BOOKS else kind))
    return (
        kinds is None
        or any(word in record.kind.lower() for word in kinds)
        or not record.kind
        or near.authors == 100
    )


def _is_expected(library: Library, entry: Entry) -> bool:
    """Return whether the indexes would hold a work such as this, so that one they don't know is doubtful."""
    if is_beyond(library, entry):
        return False
    kind = entry.type.lower()
    if kind in _ARTICLES:  # a newspaper's has a day and neither volume nor pages
        return bool(entry.get("volume", "number", "pages", "issn", "eid", "booktitle")) or not entry.get(
            "url"
        )
    return kind in _BOOKS


def _is_searched(library: Library, entry: Entry) -> bool:
    """Return whether a search may know a work, though its absence says nothing."""
    kinds = ("report", "techreport", "thesis", "phdthesis", "mastersthesis", "misc", "unpublished", "dataset")
    return entry.type.lower() in kinds and not is_beyond(library, entry)


def is_beyond(library: Library, entry: Entry) -> bool:
    """Return whether no index can be expected to hold a work: laws, speeches, works in Cyrillic or from it."""
    if any(law is entry for law in laws(library)):
        return True
    spoken = entry.get("langid", "language", "hyphenation").lower()
    if spoken.startswith(("ru", "kk", "kaz", "uk", "ky", "uz")) or language.of_title(entry):
        return True
    return entry.type.lower() in ("speech", "letter", "performance") or any(
        is_transliterated(entry.get(name)) for name in ("title", "booktitle")
    )


def _doi(entry: Entry) -> str:
    """Return an entry's DOI; of a preprint of arXiv without one, that which arXiv gives it."""
    if result := doi_of(entry):
        return result
    eprint = _ARXIV.fullmatch(clean(entry.get("eprint")).lower())
    archive = entry.get("eprinttype", "archiveprefix").lower()
    return f"10.48550/arxiv.{eprint[1]}" if eprint and archive in ("", "arxiv") else ""


def _isbn(entry: Entry) -> str:
    """Return an entry's first valid ISBN, without hyphens."""
    for value in re.split(r"[;,]|\s(?=97[89])", clean(entry.get("isbn"))):
        digits = re.sub(r"\(.*?\)|[\s\-‐–]|ISBN(?:-1[03])?:?", "", value, flags=re.IGNORECASE).upper()
        if isbn_valid(digits):
            return digits
    return ""


def _plain(value: str) -> str:
    """Return a value as one searches for it: letters alone, without LaTeX, capitals and accents."""
    return fold(re.sub(r"\\?&", " and ", value))
