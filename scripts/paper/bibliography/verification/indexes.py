"""The public indexes, each with the questions that are asked of it.

OpenAlex, DataCite and Open Library are asked by httpx2. Their clients don't do: pyalex has the address of OpenAlex
written in and no time-out, datacite is for those who deposit and wants a password, Open Library's is long unreleased.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from paper.bibliography import crossref
from paper.bibliography.verification import parsing
from paper.bibliography.verification.asking import get
from paper.bibliography.verification.model import IndexRecord, Notice
from paper.errors import MachineError

ADDRESSES = {
    "OpenAlex": os.environ.get("PAPER_OPENALEX", "https://api.openalex.org"),
    "DataCite": os.environ.get("PAPER_DATACITE", "https://api.datacite.org"),
    "Open Library": os.environ.get("PAPER_OPENLIBRARY", "https://openlibrary.org"),
    "doi.org": os.environ.get("PAPER_DOI", "https://doi.org"),
}
_FIELDS = "key,title,subtitle,author_name,publish_year,first_publish_year,publisher,isbn"
_CHOSEN = (
    "id,doi,display_name,publication_year,type,is_retracted,authorships,primary_location,locations,biblio"
)


class Indexes:
    """The indexes during one run; one that can't be asked is left out from then on.

    mailto: the address that Crossref and OpenAlex ask programs for.
    """

    def __init__(self, mailto: str = "") -> None:
        self.mailto = mailto
        self.unreachable: dict[str, str] = {}

    def by_doi(self, doi: str) -> list[IndexRecord]:
        """Return what Crossref, else DataCite, else OpenAlex has under a DOI; nothing where none knows it."""
        record = self._crossref(lambda: crossref.find_doi(doi, mailto=self.mailto))
        if record:
            return [parsing.from_crossref(record)]
        answer = self._get("DataCite", f"dois/{quote(doi, safe='')}")
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, dict):
            return [parsing.from_datacite(data)]
        work = self._openalex_doi(doi)
        return [work] if work else []

    def is_registered(self, doi: str) -> bool:
        """Return whether any agency has registered a DOI; True where doi.org can't be asked."""
        answer = self._get("doi.org", f"api/handles/{quote(doi, safe='/')}")
        return answer is not None or "doi.org" in self.unreachable

    def notices(self, record: IndexRecord) -> tuple[Notice, ...]:
        """Return what was published about a work: by its own record, by notices that name it, and by OpenAlex."""
        results = list(record.notices)
        if record.doi:
            updates = self._crossref(lambda: crossref.find_updates(record.doi, mailto=self.mailto)) or []
            results += parsing.notices_from_updates(record.doi, updates)
        if record.doi and record.index != "OpenAlex":
            work = self._openalex_doi(record.doi)
            results += work.notices if work else ()
        said = {notice.kind for notice in results if notice.source != "OpenAlex"}
        results = [notice for notice in results if notice.source != "OpenAlex" or notice.kind not in said]
        return tuple({(notice.kind, notice.record): notice for notice in reversed(results)}.values())[::-1]

    def by_isbn(self, isbn: str) -> list[IndexRecord]:
        """Return the books that Crossref and Open Library have under an ISBN, without their chapters."""
        records = self._crossref(lambda: crossref.find_isbn(isbn, mailto=self.mailto)) or []
        results = [parsing.from_crossref(record) for record in records]
        return results + self._open_library({"q": f"isbn:{isbn}"})

    def by_title(self, title: str, author: str, year: str, *, book: bool) -> Iterator[IndexRecord]:
        """Yield what searches for a title and its first author give, index by index: who has found it can stop."""
        words = " ".join(filter(None, (title, author, year)))
        records = self._crossref(lambda: crossref.search(words, mailto=self.mailto)) or []
        yield from (parsing.from_crossref(record) for record in records)
        if book:
            main = re.split(r"[:?]\s", title)[0]
            yield from self._open_library({"title": main, **({"author": author} if author else {})})
        plain = " ".join(re.findall(r"\w+", title))
        params = {"filter": f"title.search:{plain}", "per-page": "5", "select": _CHOSEN}
        yield from (
            parsing.from_openalex(work) for work in _list(self._get("OpenAlex", "works", params), "results")
        )
        params = {"query": f'titles.title:"{plain}"', "page[size]": "5"}
        yield from (
            parsing.from_datacite(work) for work in _list(self._get("DataCite", "dois", params), "data")
        )

    def _openalex_doi(self, doi: str) -> IndexRecord | None:
        answer = self._get("OpenAlex", f"works/https://doi.org/{quote(doi, safe='/')}", {"select": _CHOSEN})
        return parsing.from_openalex(answer) if isinstance(answer, dict) and answer.get("id") else None

    def _open_library(self, params: dict[str, str]) -> list[IndexRecord]:
        answer = self._get("Open Library", "search.json", {**params, "fields": _FIELDS, "limit": "5"})
        return [parsing.from_open_library(work) for work in _list(answer, "docs")]

    def _crossref(self, question: Callable[[], Any]) -> Any:
        return self._reached(crossref.INDEX, question)

    def _get(self, index: str, path: str, params: dict[str, str] | None = None) -> Any:
        params = dict(params or {})
        if index == "OpenAlex":
            params |= {"mailto": self.mailto} if self.mailto else {}
            key = os.environ.get("OPENALEX_API_KEY", "")
            params |= {"api_key": key} if key else {}
        address = f"{ADDRESSES[index]}/{path}"
        return self._reached(index, lambda: get(address, index, params, self.mailto))

    def _reached(self, index: str, question: Callable[[], Any]) -> Any:
        """Return an answer, or None where there is none and where the index can't be asked."""
        if index in self.unreachable:
            return None
        try:
            return question()
        except MachineError as error:
            self.unreachable[index] = error.message
        return None


def _list(answer: Any, name: str) -> list[dict[str, Any]]:
    items = answer.get(name) if isinstance(answer, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
