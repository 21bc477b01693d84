"""Crossref, OpenAlex, DataCite, Open Library and doi.org on this machine: recorded works in their documented shapes.

A search gives the nearest works whatever it is asked, as the real ones do: that nothing fits is for the asker to see.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from rapidfuzz import fuzz, process

Work = dict[str, Any]
WORKS: list[Work] = json.loads((Path(__file__).parent / "indexes" / "works.json").read_text("utf8"))


def articles() -> list[Work]:
    """Return the works that have a DOI."""
    return [work for work in WORKS if work["type"] != "open-library"]


def books() -> list[Work]:
    """Return the books of Open Library."""
    return [work for work in WORKS if work["type"] == "open-library"]


@dataclass
class Indexes:
    """What the indexes answer. Everything may be changed by a test before it asks."""

    address: str = ""
    works: list[Work] = field(default_factory=list)
    updated_by: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """DOI → what Crossref's record of the work says of its updates."""
    notices: dict[str, list[Work]] = field(default_factory=dict)
    """DOI → records of notices that name it in ``update-to``."""
    retracted: set[str] = field(default_factory=set)
    """DOIs that OpenAlex marks as retracted."""
    datacite: dict[str, Work] = field(default_factory=dict)
    """DOI → attributes of DataCite."""
    foreign: set[str] = field(default_factory=set)
    """DOIs that another agency has registered."""
    relations: dict[str, Any] = field(default_factory=dict)
    """DOI → relations of Crossref's record."""
    unlisted: set[str] = field(default_factory=set)
    """DOIs of works that Crossref doesn't have, and OpenAlex has."""
    down: set[str] = field(default_factory=set)
    """Indexes that answer 503."""
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Return status and JSON for a request."""
        index, _, rest = path.lstrip("/").partition("/")
        if index in self.down:
            return 503, {"message": "busy"}
        given: tuple[int, Any] = getattr(self, f"_{index}")(rest, query)
        return given

    def _by_doi(self, doi: str) -> Work | None:
        return next((work for work in self.works if work.get("doi") == doi.lower()), None)

    def _nearest(self, words: str, works: list[Work], most: int = 5) -> list[Work]:
        texts = {
            n: f"{work['title']} {work.get('subtitle', '')} {_names(work)} {work.get('year', '')}"
            for n, work in enumerate(works)
        }
        found = process.extract(
            words.lower(), texts, scorer=fuzz.token_set_ratio, processor=str.lower, limit=most
        )
        return [works[number] for _, _, number in found]

    def _crossref(self, rest: str, query: dict[str, str]) -> tuple[int, Any]:
        known = [
            work for work in self.works if work["type"] != "open-library" and work["doi"] not in self.unlisted
        ]
        if rest.startswith("works/"):
            work = self._by_doi(rest.removeprefix("works/"))
            if work not in known:
                return 404, "Resource not found."
            return 200, {"status": "ok", "message-type": "work", "message": self._crossref_work(work)}
        given = query.get("filter", "")
        if given.startswith("updates:"):
            items = self.notices.get(given.removeprefix("updates:").lower(), [])
        elif given.startswith("isbn:"):
            items = [
                self._crossref_work(work) for work in known if work.get("isbn") == given.removeprefix("isbn:")
            ]
        else:
            items = [
                self._crossref_work(work)
                for work in self._nearest(query.get("query.bibliographic", ""), known)
            ]
        return 200, {
            "status": "ok",
            "message-type": "work-list",
            "message": {"total-results": len(items), "items": items},
        }

    def _crossref_work(self, work: Work) -> Work:
        title, _, subtitle = work["title"].partition(": ") if work.get("split") else (work["title"], "", "")
        online = {"published-online": {"date-parts": [[work["online"], 11, 2]]}} if work.get("online") else {}
        updates = {"updated-by": self.updated_by[work["doi"]]} if work["doi"] in self.updated_by else {}
        relations = {"relation": self.relations[work["doi"]]} if work["doi"] in self.relations else {}
        return {
            "DOI": work["doi"],
            "type": work["type"],
            "title": [title],
            "subtitle": [subtitle] if subtitle else [],
            "author": [
                {"family": family, "given": given, "sequence": "additional", "affiliation": []}
                for family, given in work["people"]
            ],
            "container-title": [work["container"]] if work.get("container") else [],
            "short-container-title": [work["short"]] if work.get("short") else [],
            "issued": {"date-parts": [[work.get("online", work["year"])]]},
            "published-print": {"date-parts": [[work["year"], 3]]},
            **online,
            **({"volume": work["volume"]} if work.get("volume") else {}),
            **({"issue": work["issue"]} if work.get("issue") else {}),
            **({"page": work["page"]} if work.get("page") else {}),
            "publisher": work.get("publisher", ""),
            **updates,
            **relations,
            **({"update-to": work["update-to"]} if work.get("update-to") else {}),
        }

    def _openalex(self, rest: str, query: dict[str, str]) -> tuple[int, Any]:
        known = [work for work in self.works if work["type"] != "open-library"]
        if rest.startswith("works/"):
            work = self._by_doi(rest.removeprefix("works/https://doi.org/"))
            return (200, self._openalex_work(work)) if work else (404, {"error": "not found"})
        words = query["filter"].removeprefix("title.search:").lower().split()
        found = [
            work for work in known
            if sum(word in work["title"].lower() for word in words) >= 0.8 * len(words)
        ]  # fmt: skip
        return 200, {
            "meta": {"count": len(found)},
            "results": [self._openalex_work(work) for work in found[:5]],
        }

    def _openalex_work(self, work: Work) -> Work:
        first, _, last = work.get("page", "").partition("-")
        return {
            "id": f"https://openalex.org/W{abs(hash(work['doi'])) % 10**9}",
            "doi": f"https://doi.org/{work['doi']}",
            "display_name": work["title"],
            "publication_year": work.get("online", work["year"]),
            "type": {"journal-article": "article", "posted-content": "preprint"}.get(work["type"], "book-chapter"),
            "is_retracted": work["doi"] in self.retracted,
            "authorships": [
                {"author_position": "middle", "author": {"display_name": f"{given} {family}"}}
                for family, given in work["people"]
            ],
            "primary_location": {"source": {"display_name": work.get("container")} if work.get("container") else None},
            "locations": [],
            "biblio": {
                "volume": work.get("volume"), "issue": work.get("issue"),
                "first_page": first or None, "last_page": last or None,
            },
        }  # fmt: skip

    def _openlibrary(self, _: str, query: dict[str, str]) -> tuple[int, Any]:
        known = [work for work in self.works if work["type"] == "open-library"]
        if "q" in query:
            found = [work for work in known if work["isbn"] == query["q"].removeprefix("isbn:")]
        else:
            words = f"{query['title']} {query.get('author', '')}".lower().split()
            found = [
                work for work in known
                if all(word in f"{work['title']} {_names(work)}".lower() for word in words)
            ]  # fmt: skip
        docs = [
            {
                "key": f"/works/OL{number}W", "title": work["title"], "author_name": work["names"],
                "publish_year": work["years"], "first_publish_year": min(work["years"]), "isbn": [work["isbn"]],
                **({"subtitle": work["subtitle"]} if work.get("subtitle") else {}),
            }
            for number, work in enumerate(found)
        ]  # fmt: skip
        return 200, {"numFound": len(docs), "docs": docs}

    def _datacite(self, rest: str, query: dict[str, str]) -> tuple[int, Any]:
        if rest.startswith("dois/"):
            given = self.datacite.get(rest.removeprefix("dois/"))
            return (200, {"data": {"attributes": given}}) if given else (404, {"errors": [{"status": "404"}]})
        wanted = re.sub(r'^titles\.title:"|"$', "", query["query"]).lower()
        found = [
            {"attributes": given}
            for given in self.datacite.values()
            if " ".join(re.findall(r"\w+", given["titles"][0]["title"].lower())) == wanted
        ]
        return 200, {"data": found}

    def _doi(self, rest: str, _: dict[str, str]) -> tuple[int, Any]:
        doi = rest.removeprefix("api/handles/").lower()
        if self._by_doi(doi) or doi in self.foreign or doi in self.datacite:
            return 200, {"responseCode": 1, "handle": doi}
        return 404, {"responseCode": 100, "handle": doi}


def _names(work: Work) -> str:
    return " ".join(work.get("names") or [f"{given} {family}" for family, given in work["people"]])


@contextmanager
def serve(indexes: Indexes) -> Iterator[Indexes]:
    """Answer on a port of this machine until the context is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            indexes.asked.append(self.path)
            indexes.agents.add(self.headers["User-Agent"])
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, body = indexes.answer(unquote(parts.path), query)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        indexes.address = f"http://127.0.0.1:{http.server_port}"
        yield indexes
        http.shutdown()
