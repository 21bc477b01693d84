"""The head of an article in JATS: who wrote it and did what, who paid, who holds the rights, when it was sent.

What is written follows the recommendations of JATS for Reuse (https://jats4r.niso.org), and comes from the settings
by the names that Quarto has for it: ``author`` with ``affiliations`` and ``roles``, ``funding``, ``copyright``,
``license``, ``citation: submitted``. What isn't said is left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import panflute as pf
from lxml import etree

from paper import dates
from paper.authors import Affiliation, Author, Role
from paper.funding import Award, Funding, Party, funding
from paper.project import Project
from paper.rights import Copyright, copyright_of
from paper.settings import as_mapping
from paper.writers import cite

# In the order of the schema, what may stand before the dates of an article's history, and before its funding.
_BEFORE_HISTORY = (
    "article-id", "article-categories", "title-group", "contrib-group", "aff", "author-notes", "pub-date", "volume",
    "issue", "fpage", "lpage", "elocation-id",
)  # fmt: skip
_BEFORE_NOTES = ("article-id", "article-categories", "title-group", "contrib-group", "aff")
_BEFORE_FUNDING = (*_BEFORE_HISTORY, "history", "permissions", "self-uri", "abstract", "kwd-group")


def metadata(project: Project, abstract: list[pf.Element]) -> dict[str, Any]:
    """Return what pandoc's JATS template knows of an article."""
    date = project.date
    places = _affiliations(project)
    corresponding = [
        {"id": str(number), "email": author.email}
        for number, author in enumerate(project.authors, 1)
        if author.corresponding and author.email
    ]
    licence = cite.licence(project)
    values: dict[str, Any] = {
        "title": project.title,
        "subtitle": project.subtitle,
        "author": [_author(author, number, places) for number, author in enumerate(project.authors, 1)],
        "affiliation": [
            {"id": str(number), **_affiliation(place, project.lang)} for place, number in places.items()
        ],
        "tags": list(project.keywords),
        "article": {
            "type": "research-article",
            "heading": cite.status(project),
            "doi": project.doi,
            **({"author-notes": {"corresp": corresponding}} if corresponding else {}),
        },
        "copyright": _copyright(rights_of(project)),
        "license": [_filled(link=licence.url, text=licence.text or licence.url)]
        if licence.text or licence.url
        else [],
        "abstract": pf.MetaBlocks(*abstract) if abstract else "",
    }
    if date:
        parts = {"year": str(date.year), "month": f"{date.month:02}", "day": f"{date.day:02}"}
        values["date"] = {"iso-8601": date.isoformat(), **parts}
    return {name: value for name, value in values.items() if value not in ("", [], {})}


def rights_of(project: Project) -> Copyright:
    """Return who holds the rights in the paper, as the settings or the variables state it."""
    return copyright_of(project.config.get("copyright"), project.variables.get("copyright"))


def funding_of(project: Project) -> Funding:
    """Return who paid for the work, as ``funding:`` states it."""
    return funding(project.config.get("funding"), project.authors, project.config.get("affiliations"))


def complete(root: Any, project: Project) -> None:
    """Put into an article's head what pandoc's template has no place for: its history and its funding."""
    head = root.find("front/article-meta")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", project.lang)
    stated = as_mapping(project.config.get("citation"))
    if submitted := dates.parse(stated["submitted"]) if stated.get("submitted") else None:
        history = etree.Element("history")
        received = etree.SubElement(
            history, "date", {"date-type": "received", "iso-8601-date": submitted.isoformat()}
        )
        for name, value in (("day", submitted.day), ("month", submitted.month), ("year", submitted.year)):
            etree.SubElement(received, name).text = f"{value:02}"
        insert_after(head, history, _BEFORE_HISTORY)
    money = funding_of(project)
    if money.statement or money.awards:
        group = funding_group(head)
        for award in money.awards:
            _award(group, award)
        if money.statement:
            etree.SubElement(group, "funding-statement").text = money.statement


def funding_group(head: Any) -> Any:
    """Return the one ``funding-group`` of an article's head, made where there is none."""
    group = head.find("funding-group")
    if group is None:
        group = etree.Element("funding-group")
        insert_after(head, group, _BEFORE_FUNDING)
    return group


def author_notes(head: Any) -> Any:
    """Return the ``author-notes`` of an article's head, made where there are none."""
    notes = head.find("author-notes")
    if notes is None:
        notes = etree.Element("author-notes")
        insert_after(head, notes, _BEFORE_NOTES)
    return notes


def insert_after(head: Any, element: Any, before: tuple[str, ...]) -> None:
    """Insert an element behind the last one of those that the schema puts before it."""
    at = max((n for n, child in enumerate(head, 1) if child.tag in before), default=0)
    head.insert(at, element)


def _affiliations(project: Project) -> dict[Affiliation, int]:
    """Return each affiliation once, with its number from 1."""
    places = (place for author in project.authors for place in author.affiliations if str(place))
    return {place: number for number, place in enumerate(dict.fromkeys(places), 1)}


def _author(author: Author, number: int, places: dict[Affiliation, int]) -> dict[str, Any]:
    family, given = cite.family_and_given(author)
    named = {"surname": family, "given-names": given} if given else {"name": author.name}
    notes = {"cor-id": str(number)} if author.corresponding and author.email else {}
    equal = {"equal-contrib": True} if author.equal_contributor else {}
    return {
        **named,
        **notes,
        **equal,
        **_filled(
            email=author.email,
            orcid=author.orcid and f"https://orcid.org/{author.orcid.rstrip('/').rpartition('/')[2]}",
            roles=[_role(role) for role in author.roles],
            affiliation=[str(places[place]) for place in author.affiliations if place in places],
        ),
    }


def _role(role: Role) -> dict[str, str]:
    named = {"credit": role.credit, "credit-name": role.name} if role.credit else {"name": role.name}
    degree = {"degree": role.degree.capitalize()} if role.degree else {}
    return {**named, **degree}


def _affiliation(place: Affiliation, lang: str) -> dict[str, Any]:
    code = country_code(place.country, lang)
    return _filled(
        organization=place.name,
        department=place.department,
        group=place.group,
        city=place.city,
        country=place.country,
        ror=_ror(place.ror),
        isni=place.isni,
        ringgold=place.ringgold,
        **({"country-code": code} if code else {}),
    )


def _ror(ror: str) -> str:
    return f"https://ror.org/{ror.rstrip('/').rpartition('/')[2]}" if ror else ""


def _copyright(rights: Copyright) -> dict[str, Any]:
    return _filled(
        statement=[rights.statement] if rights.statement else [],
        year=list(rights.years[:1]),
        holder=list(rights.holders),
    )


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


@lru_cache(maxsize=64)
def country_code(name: str, lang: str) -> str:
    """Return the code of ISO 3166-1 of a country by its name in the book's language or in English, "" for no such."""
    if not name:
        return ""
    from babel import Locale, UnknownLocaleError

    for tag in (lang, "en"):
        try:
            territories = Locale.parse(tag, sep="-").territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, known in territories.items():
            if len(code) == 2 and name.casefold() in (known.casefold(), code.casefold()):
                return str(code)
    return ""


def _award(group: Any, award: Award) -> None:
    """Write a grant: of each of its givers one ``award-group``, as JATS4R asks."""
    for source in award.sources or (Affiliation(""),):
        element = etree.SubElement(group, "award-group")
        if str(source):
            _institution(etree.SubElement(element, "funding-source"), source)
        if award.id:
            etree.SubElement(element, "award-id").text = award.id
        for tag, parties in (
            ("principal-award-recipient", award.recipients),
            ("principal-investigator", award.investigators),
        ):
            for party in parties:
                _party(etree.SubElement(element, tag), party)


def _party(element: Any, party: Party) -> None:
    if party.institution is not None:
        _institution(element, party.institution)
    elif party.person is not None:
        family, given = cite.family_and_given(party.person)
        if given:
            name = etree.SubElement(element, "name")
            etree.SubElement(name, "surname").text = family
            etree.SubElement(name, "given-names").text = given
        else:
            etree.SubElement(element, "string-name").text = party.person.name


def _institution(element: Any, place: Affiliation) -> None:
    wrap = etree.SubElement(element, "institution-wrap")
    etree.SubElement(wrap, "institution").text = ", ".join(filter(None, (place.department, place.name)))
    for kind, value in (("ROR", _ror(place.ror)), ("ISNI", place.isni), ("Ringgold", place.ringgold)):
        if value:
            etree.SubElement(wrap, "institution-id", {"institution-id-type": kind}).text = value
