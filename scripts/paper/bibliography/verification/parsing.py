"""Answers of the indexes brought to one form.

Shapes: Crossref (https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md, and ``updated-by`` of
https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/), OpenAlex
(https://docs.openalex.org/api-entities/works/work-object), DataCite (https://support.datacite.org/reference/dois-2) and
Open Library (https://openlibrary.org/dev/docs/api/search).
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

from paper.bibliography.verification.model import IndexRecord, Notice, Person

_TAG = re.compile(r"<[^<>]*>")
# What publishers put before the title of a work that was withdrawn.
_RETRACTED = re.compile(r"(?i)^\W*(?:retracted(?: article)?|withdrawn|retracted and replaced)\s*[:.\]-]\s*")
_SAYS_NOTICE = re.compile(r"(?i)\b(?:retract|withdraw|notice|correct|corrig|errat|concern|addend|clarif)")
_BECAME = frozenset({"IsPreprintOf", "IsVersionOf", "IsVariantFormOf", "IsPreviousVersionOf"})


def from_crossref(record: dict[str, Any]) -> IndexRecord:
    """Return a record of Crossref, with what its ``updated-by`` and ``update-to`` say of the work itself."""
    doi = str(record.get("DOI") or "").lower()
    titles, marked = _titles(
        [*_texts(record.get("title")), *_texts(record.get("original-title"))], _texts(record.get("subtitle"))
    )
    notices = [_notice(update) for update in _dicts(record.get("updated-by"))]
    for update in _dicts(record.get("update-to")):
        if str(update.get("DOI")).lower() == doi:  # a work that was withdrawn in its place
            notices.append(_notice(update))
        elif not _SAYS_NOTICE.search(" ".join(titles)):  # what was meant is the work, and not this
            notices.append(replace(_notice(update), source="the DOI is that of the notice"))
    if marked:
        notices.append(Notice("retraction", doi, source="its title"))
    kind = str(record.get("type") or "")
    relation = record.get("relation")
    became = _dicts(relation.get("is-preprint-of")) if isinstance(relation, dict) else []
    dates = ("published-print", "published-online", "published", "issued", "published-other")
    return IndexRecord(
        index="Crossref",
        address=f"https://doi.org/{doi}",
        kind=kind,
        titles=titles,
        authors=_crossref_people(record.get("author")),
        editors=_crossref_people(record.get("editor")),
        years=frozenset(year for name in dates if (year := _year(record.get(name)))),
        containers=(*_texts(record.get("container-title")), *_texts(record.get("short-container-title"))),
        volume=_text(record.get("volume")),
        number=_text(record.get("issue")),
        pages=_text(record.get("page")),
        article=_text(record.get("article-number")),
        doi=doi,
        notices=tuple(notices),
        published_as=next((str(one["id"]).lower() for one in became if one.get("id-type") == "doi"), ""),
        preprint=kind == "posted-content",
    )


def notices_from_updates(doi: str, records: list[dict[str, Any]]) -> tuple[Notice, ...]:
    """Return what notices say of a DOI in their ``update-to``."""
    return tuple(
        _notice(update, str(record.get("DOI") or "").lower())
        for record in records
        for update in _dicts(record.get("update-to"))
        if str(update.get("DOI")).lower() == doi
    )


def from_openalex(record: dict[str, Any]) -> IndexRecord:
    """Return a work of OpenAlex; it gives names in one piece."""
    doi = _bare_doi(record.get("doi"))
    titles, marked = _titles([_text(record.get("display_name") or record.get("title"))], [])
    biblio = record.get("biblio") if isinstance(record.get("biblio"), dict) else {}
    assert isinstance(biblio, dict)
    first, last = _text(biblio.get("first_page")), _text(biblio.get("last_page"))
    places = [record.get("primary_location"), *_dicts(record.get("locations"))]
    sources = [place.get("source") for place in places if isinstance(place, dict)]
    year = record.get("publication_year")
    kind = str(record.get("type") or "")
    notices = (Notice("retraction", source="OpenAlex"),) if record.get("is_retracted") or marked else ()
    return IndexRecord(
        index="OpenAlex",
        address=str(record.get("id") or ""),
        kind=kind,
        titles=titles,
        authors=tuple(
            Person(
                "",
                "",
                _text(author.get("raw_author_name") or (author.get("author") or {}).get("display_name")),
            )
            for author in _dicts(record.get("authorships"))
        ),
        years=frozenset({year} if isinstance(year, int) else ()),
        containers=tuple(
            dict.fromkeys(_text(source.get("display_name")) for source in sources if isinstance(source, dict))
        ),
        volume=_text(biblio.get("volume")),
        number=_text(biblio.get("issue")),
        pages=f"{first}-{last}" if first and last else first,
        doi=doi,
        notices=notices,
        preprint=kind == "preprint",
    )


def from_datacite(record: dict[str, Any]) -> IndexRecord:
    """Return the record of a DOI of DataCite's (its ``data`` object)."""
    given = record.get("attributes")
    attributes: dict[str, Any] = given if isinstance(given, dict) else {}
    doi = str(attributes.get("doi") or record.get("id") or "").lower()
    titles, _ = _titles([_text(title.get("title")) for title in _dicts(attributes.get("titles"))], [])
    types = attributes.get("types")
    kind = str(types.get("resourceTypeGeneral") or "") if isinstance(types, dict) else ""
    year = re.match(r"\d{4}", str(attributes.get("publicationYear") or ""))
    dates = [re.match(r"\d{4}", str(date.get("date"))) for date in _dicts(attributes.get("dates"))]
    holder = attributes.get("container")
    container: dict[str, Any] = holder if isinstance(holder, dict) else {}
    preprint = kind == "Preprint" or doi.startswith("10.48550/")
    became = [
        _bare_doi(one.get("relatedIdentifier"))
        for one in _dicts(attributes.get("relatedIdentifiers"))
        if one.get("relationType") in _BECAME and one.get("relatedIdentifierType") == "DOI"
    ]
    own = doi.partition("/")[0]
    return IndexRecord(
        index="DataCite",
        address=f"https://doi.org/{doi}",
        kind=kind,
        titles=titles,
        authors=tuple(
            Person(
                _text(person.get("familyName")),
                _text(person.get("givenName")),
                _text(person.get("name")),
                person.get("nameType") == "Organizational",
            )
            for person in _dicts(attributes.get("creators"))
        ),
        years=frozenset(int(match.group()) for match in (year, *dates) if match),
        containers=tuple(filter(None, (_text(container.get("title")),))),
        volume=_text(container.get("volume")),
        number=_text(container.get("issue")),
        doi=doi,
        published_as=next((one for one in became if one and one.partition("/")[0] != own), "")
        if preprint
        else "",
        preprint=preprint,
    )


def from_open_library(record: dict[str, Any]) -> IndexRecord:
    """Return a work of Open Library's search; its years are those of all editions."""
    titles, _ = _titles([_text(record.get("title"))], _texts(record.get("subtitle")))
    given = record.get("publish_year")
    years = {year for year in given if isinstance(year, int)} if isinstance(given, list) else set()
    first = record.get("first_publish_year")
    return IndexRecord(
        index="Open Library",
        address=f"https://openlibrary.org{record.get('key') or ''}",
        kind="book",
        titles=titles,
        authors=tuple(Person("", "", name) for name in _texts(record.get("author_name"))),
        years=frozenset(years | ({first} if isinstance(first, int) else set())),
    )


def _titles(titles: list[str], subtitles: list[str]) -> tuple[tuple[str, ...], bool]:
    """Return the forms of a title without a publisher's "RETRACTED", and whether it had one."""
    bare = [_RETRACTED.sub("", title) for title in titles]
    forms = [*(f"{title}: {subtitle}" for title in bare[:1] for subtitle in subtitles), *bare]
    return tuple(dict.fromkeys(filter(None, forms))), bare != titles


def _notice(update: dict[str, Any], doi: str = "") -> Notice:
    """Return one update of Crossref's. doi: of the notice, where the update names the work instead."""
    kind = re.sub(r"[\s-]+", "_", str(update.get("type") or update.get("label") or "").lower())
    date = update.get("updated")
    parts = date.get("date-parts") if isinstance(date, dict) else None
    day = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    shown = "-".join(f"{part:02}" for part in day if isinstance(part, int))
    return Notice(
        kind, doi or str(update.get("DOI") or "").lower(), shown, str(update.get("source") or "publisher")
    )


def _crossref_people(people: Any) -> tuple[Person, ...]:
    return tuple(
        Person("", "", _text(person.get("name")), body=True)
        if person.get("name")
        else Person(_text(person.get("family")), _text(person.get("given")))
        for person in _dicts(people)
    )


def _bare_doi(value: Any) -> str:
    return re.sub(r"(?i)^https?://(?:dx\.)?doi\.org/", "", str(value or "")).lower()


def _year(date: Any) -> int:
    parts = date.get("date-parts") if isinstance(date, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    year = first[0] if isinstance(first, list) and first else None
    return year if isinstance(year, int) else 0


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := _text(one))]


def _text(value: Any) -> str:
    """Return a value as plain text, entities and tags resolved."""
    if value is None or isinstance(value, list | dict):
        return ""
    return " ".join(html.unescape(html.unescape(_TAG.sub("", str(value)))).split())
