"""The one door to Crossref: a DOI or an ISBN in, what Crossref's records say of the work out.

Records are those of the REST API (https://api.crossref.org), fetched by habanero. A request may take
``TIMEOUT`` seconds and is made up to three times; a work that Crossref doesn't know is told at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from paper.errors import MachineError, SourceError

ADDRESS = os.environ.get("PAPER_CROSSREF", "https://api.crossref.org")
TIMEOUT = 15.0
PAUSES = (1.0, 3.0)  # seconds before the second and the third try
_BOOKS = ("book", "monograph", "edited-book", "reference-book", "edited-volume", "proceedings", "report")
_BY_HAND = "give its BibTeX instead: paper refs add '@book{…}'"

Record = dict[str, Any]


def by_doi(doi: str, *, mailto: str = "") -> Record:
    """Return the record of a DOI. Raises SourceError where Crossref has none, MachineError where it can't be asked."""
    answer = _ask(lambda crossref: crossref.works(ids=quote(doi, safe="")), mailto)
    if answer is None:
        raise SourceError(f"Crossref knows no DOI {doi}", remedy=f"compare it with the work, or {_BY_HAND}")
    return _message(answer)


def by_isbn(isbn: str, *, mailto: str = "") -> Record:
    """Return the record of the book with an ISBN; of several, the book before its chapters. Raises as by_doi."""
    answer = _ask(lambda crossref: crossref.works(filter={"isbn": isbn}, limit=20), mailto)
    items = [item for item in _message(answer).get("items") or [] if isinstance(item, dict)] if answer else []
    books = [item for item in items if item.get("type") in _BOOKS]
    if not books:
        raise SourceError(f"Crossref knows no book with the ISBN {isbn}", remedy=_BY_HAND)
    return min(books, key=lambda item: _BOOKS.index(item["type"]))


def _message(answer: Any) -> Record:
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict):
        raise MachineError("Crossref's answer can't be read", remedy="try again later")
    return message


def _ask(question: Callable[[Any], Any], mailto: str) -> Any:
    """Crossref's answer; None where it says that there is nothing of the kind."""
    import httpx2
    from habanero import Crossref
    from habanero.exceptions import RequestError

    crossref = Crossref(base_url=ADDRESS, mailto=mailto or None, ua_string="paper-refs", timeout=TIMEOUT)
    said = ""
    for pause in (*PAUSES, None):
        try:
            return question(crossref)
        except httpx2.HTTPStatusError as error:
            status, said = error.response.status_code, f"it answers {error.response.status_code}"
        except RequestError as error:
            status, said = error.status_code, f"it answers {error.status_code}"
        except (httpx2.HTTPError, RuntimeError, ValueError) as error:
            status, said = 0, " ".join(str(error).split()) or type(error).__name__
        if status in (400, 404):
            return None
        if pause is None or (400 < status < 500 and status != 429):
            break
        time.sleep(pause)
    remedy = f"look at the connection and try again, or {_BY_HAND}"
    raise MachineError(f"Crossref can't be asked: {said}", remedy=remedy)
