"""What an archive asks of a deposit: Zenodo's own form, and DataCite's, which archives share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import langcodes

from paper.authors import Author
from paper.errors import Place, SourceError
from paper.project import Project
from paper.rights import Licence
from paper.tools import pandoc
from paper.writers import cite, jats_front

ZENODO: Final = ".zenodo.json"
DATACITE: Final = "datacite.json"
PLACE: Final = "Zenodo"  # where the guide leads; DataCite asks for one
_DATACITE_SCHEMA: Final = "http://datacite.org/schema/kernel-4"


def zenodo(project: Project) -> dict[str, Any]:
    """Return what Zenodo asks of a deposit; what the author's own ``.zenodo.json`` says stands instead.

    https://developers.zenodo.org/#representation. Raises SourceError where that file is no JSON object.
    """
    licence = cite.licence(project)
    assert project.date is not None  # `make.refuse` has seen to it
    results = {
        "title": project.title,
        "upload_type": "publication",
        "publication_type": "workingpaper",
        "description": _description(project),
        "creators": [_creator(author) for author in project.authors],
        "publication_date": project.date.isoformat(),
        "access_right": "open",
        "license": _licence_id(licence),
        "keywords": list(project.keywords),
        "version": project.version,
        "language": _language(project.lang),
        "notes": ". ".join(filter(None, (cite.status(project), licence.text))),
        "related_identifiers": _related(project),
        # A DOI that Zenodo reserved; another one is of another place.
        "doi": project.doi if project.doi.startswith("10.5281/") else "",
    }
    return {
        name: value for name, value in {**results, **_by_author(project)}.items() if value not in ("", [])
    }


def datacite(project: Project) -> dict[str, Any]:
    """Return the deposit as DataCite describes it. https://schema.datacite.org/meta/kernel-4.5/."""
    licence = cite.licence(project)
    assert project.date is not None
    titles = [{"title": project.title}]
    titles += [{"title": project.subtitle, "titleType": "Subtitle"}] if project.subtitle else []
    summary = project.description or (
        pandoc.run(project.abstract, source="markdown", to="plain", args=["--wrap=none"]).strip()
        if project.abstract
        else ""
    )
    money = jats_front.funding_of(project)
    results: dict[str, Any] = {
        "doi": project.doi,
        "url": f"{project.site_url}/" if project.site_url else "",
        "creators": [_datacite_creator(author) for author in project.authors],
        "titles": titles,
        "publisher": {"name": PLACE},
        "publicationYear": str(project.date.year),
        "types": {"resourceTypeGeneral": "Text", "resourceType": "Working paper with data and code"},
        "subjects": [{"subject": word} for word in project.keywords],
        "dates": [{"date": project.date.isoformat(), "dateType": "Issued"}],
        "language": project.lang,
        "version": project.version,
        "rightsList": [
            _filled(rights=licence.text, rightsUri=licence.url, rightsIdentifier=_licence_id(licence))
        ],
        "descriptions": [{"description": summary, "descriptionType": "Abstract"}] if summary else [],
        "fundingReferences": [
            _filled(funderName=source.name, awardNumber=award.id)
            for award in money.awards
            for source in award.sources
        ],
        "relatedIdentifiers": [
            _filled(
                relatedIdentifier=one["identifier"],
                relatedIdentifierType="URL",
                relationType=one["relation"][0].upper() + one["relation"][1:],
            )
            for one in _related(project)
        ],
        "schemaVersion": _DATACITE_SCHEMA,
    }
    return _filled(**results)


def text(value: Mapping[str, Any]) -> str:
    """Return metadata as a file has it."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _description(project: Project) -> str:
    """Return as HTML what the paper is about: its description, else its abstract, else what it is called."""
    if project.description or not project.abstract:
        return f"<p>{escape(project.description or project.subtitle or project.title, quote=False)}</p>"
    return pandoc.run(project.abstract, source="markdown", to="html", args=["--wrap=none"]).strip()


def _by_author(project: Project) -> dict[str, Any]:
    path = project.root / ZENODO
    if not path.is_file():
        return {}
    try:
        given = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise SourceError(
            f"not JSON: {error}", place=Place(ZENODO, line), remedy="correct that line"
        ) from None
    if not isinstance(given, dict):
        raise SourceError(
            "holds no names with values", place=Place(ZENODO), remedy='write {"communities": …}'
        )
    return given


def _creator(author: Author) -> dict[str, str]:
    family, given = cite.family_and_given(author)
    return _filled(
        name=", ".join(filter(None, (family, given))),
        affiliation=author.places[0] if author.places else "",
        orcid=author.orcid.rstrip("/").rpartition("/")[2],
    )


def _datacite_creator(author: Author) -> dict[str, Any]:
    family, given = cite.family_and_given(author)
    orcid = author.orcid.rstrip("/").rpartition("/")[2]
    return _filled(
        name=", ".join(filter(None, (family, given))),
        nameType="Personal" if given else "Organizational",
        givenName=given,
        familyName=family if given else "",
        affiliation=[{"name": place} for place in author.places],
        nameIdentifiers=[
            {
                "nameIdentifier": f"https://orcid.org/{orcid}",
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
        if orcid
        else [],
    )


def _related(project: Project) -> list[dict[str, str]]:
    links = (
        ("isIdenticalTo", f"{project.site_url}/" if project.site_url else ""),
        ("isDerivedFrom", project.repo_url),
    )
    return [{"identifier": address, "relation": relation} for relation, address in links if address]


def _licence_id(licence: Licence) -> str:
    """Return the name by which SPDX knows a licence of Creative Commons, in small letters; "" for another."""
    words = licence.url.removesuffix("/").split("/")
    if "creativecommons.org" not in licence.url or len(words) < 2:
        return ""
    kind, version = words[-2:]
    return f"cc0-{version}" if kind == "zero" else f"cc-{kind}-{version}"


def _language(tag: str) -> str:
    """Return a language's code of three letters, which Zenodo asks for; "" where it isn't known."""
    try:
        return langcodes.get(tag).to_alpha3()
    except LookupError:  # no tag, or of a language that has no code
        return ""


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], {})}
