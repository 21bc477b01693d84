"""The one door to Crossref: what its records say of a work.

Records are those of the REST API (https://api.crossref.org), fetched by habanero.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from paper.bibliography.verification import asking
from paper.errors import MachineError, SourceError

INDEX = "Crossref"
ADDRESS = os.environ.get("PAPER_CROSSREF", "https://api.crossref.org")
_BOOKS = ("book", "monograph", "edited-book", "reference-book", "edited-volume", "proceedings", "report")
_BY_HAND = "give its BibTeX instead: paper refs add '@book{…}'"

Record = dict[str, Any]


def by_doi(doi: str, *, mailto: str = "") -> Record:
    """Return the record of a DOI. Raises SourceError where Crossref has none, MachineError where it can't be asked."""
    record = find_doi(doi, mailto=mailto)
    if record is None:
        raise SourceError(f"Crossref knows no DOI {doi}", remedy=f"compare it with the work, or {_BY_HAND}")
    return record


def by_isbn(isbn: str, *, mailto: str = "") -> Record:
    """Return the record of the book with an ISBN; of several, the book before its chapters. Raises as by_doi."""
    books = [item for item in find_isbn(isbn, mailto=mailto) if item.get("type") in _BOOKS]
    if not books:
        raise SourceError(f"Crossref knows no book with the ISBN {isbn}", remedy=_BY_HAND)
    return min(books, key=lambda item: _BOOKS.index(item["type"]))


def find_doi(doi: str, *, mailto: str = "") -> Record | None:
    """Return the record of a DOI, or None. Raises MachineError where Crossref can't be asked."""
    answer = _ask(lambda crossref: crossref.works(ids=quote(doi, safe="")), mailto)
    return None if answer is None else _message(answer)


def find_isbn(isbn: str, *, mailto: str = "") -> list[Record]:
    """Return the records that have an ISBN. Raises MachineError where Crossref can't be asked."""
    return _items(_ask(lambda crossref: crossref.works(filter={"isbn": isbn}, limit=20), mailto))


def find_updates(doi: str, *, mailto: str = "") -> list[Record]:
    """Return the records of notices (retractions, corrections) whose ``update-to`` names a DOI. Raises as find_doi."""
    return _items(_ask(lambda crossref: crossref.works(filter={"updates": doi}, limit=20), mailto))


def search(words: str, *, mailto: str = "") -> list[Record]:
    """Return the records nearest to a reference in words, the best first. Raises as find_doi."""
    return _items(_ask(lambda crossref: crossref.works(query_bibliographic=words, limit=5), mailto))


def _items(answer: Any) -> list[Record]:
    items = (_message(answer).get("items") or []) if answer else []
    return [item for item in items if isinstance(item, dict)]


def _message(answer: Any) -> Record:
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict):
        raise MachineError("Crossref's answer can't be read", remedy="try again later")
    return message


def _ask(question: Callable[[Any], Any], mailto: str) -> Any:
    """Return Crossref's answer; None where it says that there is nothing of the kind."""
    from habanero import Crossref

    crossref = Crossref(
        base_url=ADDRESS, mailto=mailto or None, ua_string=asking.AGENT, timeout=asking.TIMEOUT
    )
    remedy = f"look at the connection and try again, or {_BY_HAND}"
    return asking.ask(lambda: question(crossref), INDEX, ADDRESS, remedy)
