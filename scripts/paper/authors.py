"""Authors, their affiliations and roles, in the forms that Quarto knows.

https://quarto.org/docs/journals/authors.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from paper.settings import as_list

# The roles of the Contributor Role Taxonomy: the last part of a role's address → its name. https://credit.niso.org
CREDIT: Final = {
    "conceptualization": "Conceptualization",
    "data-curation": "Data curation",
    "formal-analysis": "Formal analysis",
    "funding-acquisition": "Funding acquisition",
    "investigation": "Investigation",
    "methodology": "Methodology",
    "project-administration": "Project administration",
    "resources": "Resources",
    "software": "Software",
    "supervision": "Supervision",
    "validation": "Validation",
    "visualization": "Visualization",
    "writing-original-draft": "Writing – original draft",
    "writing-review-editing": "Writing – review & editing",
}
# Quarto's short names for some. https://quarto.org/docs/authoring/front-matter.html#roles
_SHORT: Final = {
    "writing": "writing-original-draft",
    "editing": "writing-review-editing",
    "analysis": "formal-analysis",
    "funding": "funding-acquisition",
}


@dataclass(frozen=True)
class Role:
    """What an author did."""

    name: str
    """In words; for a role of CRediT its name there."""
    credit: str = ""
    """The role's key in ``CREDIT``, "" for a role of the author's own naming."""
    degree: str = ""
    """"lead", "equal" or "supporting"; "" where it isn't said."""


@dataclass(frozen=True)
class Affiliation:
    """A place where an author works; what is not given is ""."""

    name: str
    """The institution."""
    department: str = ""
    group: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    ror: str = ""
    """The institution's address in the Research Organization Registry."""
    isni: str = ""
    """Its International Standard Name Identifier."""
    ringgold: str = ""
    """Its number with Ringgold."""

    def __str__(self) -> str:
        """Return the affiliation in words."""
        parts = (self.department, self.group, self.name, self.city, self.region, self.country)
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Author:
    """One author as the title block prints them; what is not given is ""."""

    name: str
    email: str = ""
    orcid: str = ""
    family: str = ""
    """The family name, where the settings tell it from the given one."""
    given: str = ""
    """The given name, likewise."""
    affiliations: tuple[Affiliation, ...] = ()
    """Where the author works, in the order of the settings."""
    roles: tuple[Role, ...] = ()
    """What the author did."""
    corresponding: bool = False
    """Whether letters go to this author."""
    equal_contributor: bool = False
    """Whether the author shares the first place."""

    @property
    def affiliation(self) -> str:
        """The institution of the first affiliation, or ""."""
        return self.affiliations[0].name if self.affiliations else ""

    @property
    def department(self) -> str:
        """Its department, or ""."""
        return self.affiliations[0].department if self.affiliations else ""

    @property
    def places(self) -> tuple[str, ...]:
        """All affiliations, each in words."""
        return tuple(filter(None, map(str, self.affiliations)))


def authors(value: Any, shared: Any = None) -> Iterator[Author]:
    """Yield the authors that ``author:`` names, in the forms that Quarto knows.

    shared: ``affiliations:`` of the document, to which an author's may refer.
    """
    known = {str(item.get("id")): item for item in as_list(shared or []) if isinstance(item, Mapping)}
    for entry in value if isinstance(value, list) else [value] if value else []:
        if not isinstance(entry, Mapping):
            yield Author(str(entry))
            continue
        places = entry.get("affiliations") or entry.get("affiliation") or []
        listed = [
            known.get(str(item.get("ref") if isinstance(item, Mapping) else item), item)
            for item in as_list(places)
        ]
        stated = _attributes(entry)
        yield Author(
            **_name(entry.get("name")),
            email=str(entry.get("email") or ""),
            orcid=str(entry.get("orcid") or ""),
            affiliations=tuple(map(affiliation, listed)),
            roles=tuple(_roles(entry.get("roles") or entry.get("role"))),
            corresponding="corresponding" in stated,
            equal_contributor="equal-contributor" in stated,
        )


def affiliation(value: Any) -> Affiliation:
    """Return an affiliation, given in words or as a mapping."""
    if not isinstance(value, Mapping):
        return Affiliation(str(value or ""))
    given = {name: str(value[name]) for name in Affiliation.__dataclass_fields__ if value.get(name)}
    region = {"region": str(value["state"])} if value.get("state") else {}
    return Affiliation(**{"name": "", **region, **given})


def _name(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {"name": str(value or "")}
    family, given = str(value.get("family") or ""), str(value.get("given") or "")
    parts = {
        name: str(value[name]) for name in ("dropping-particle", "non-dropping-particle") if name in value
    }
    family = " ".join([*parts.values(), family]).strip()
    name = str(value.get("literal") or "") or f"{given} {family}".strip()
    return {"name": name, "family": family, "given": given} if family and given else {"name": name}


def _attributes(entry: Mapping[str, Any]) -> set[str]:
    """Return what is said of an author by a word alone: ``corresponding: true``, ``attributes: [corresponding]``."""
    given = entry.get("attributes") or ()
    names = {str(name) for name, holds in given.items() if holds} if isinstance(given, Mapping) else set()
    names |= {str(name) for name in as_list(given)} if not isinstance(given, Mapping) else set()
    return names | {name for name in ("corresponding", "equal-contributor") if entry.get(name) is True}


def _roles(value: Any) -> Iterator[Role]:
    """Yield an author's roles: a word, a list of words, or of ``word: degree``."""
    for item in as_list(value or []):
        pairs = item.items() if isinstance(item, Mapping) else [(item, "")]
        for name, degree in pairs:
            key = re.sub("[^a-z]+", "-", str(name).lower()).strip("-")
            key = _SHORT.get(key, key)
            credit = key if key in CREDIT else ""
            yield Role(CREDIT.get(key, str(name)), credit, str(degree or ""))
