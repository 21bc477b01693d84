"""Authors and their affiliations, in the forms that Quarto knows.

https://quarto.org/docs/journals/authors.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from paper.settings import as_list


@dataclass(frozen=True)
class Author:
    """One author as the title block prints them; what is not given is ""."""

    name: str
    email: str = ""
    orcid: str = ""
    affiliation: str = ""
    """The institution of the first affiliation."""
    department: str = ""
    """Its department."""
    places: tuple[str, ...] = ()
    """All affiliations, each in words."""


def authors(value: Any, shared: Any = None) -> Iterator[Author]:
    """Yield the authors that ``author:`` names, in the forms that Quarto knows.

    shared: ``affiliations:`` of the document, to which an author's may refer.
    """
    known = {str(item.get("id")): item for item in as_list(shared or []) if isinstance(item, Mapping)}
    for entry in value if isinstance(value, list) else [value] if value else []:
        if not isinstance(entry, Mapping):
            yield Author(str(entry))
            continue
        name = entry.get("name")
        if isinstance(name, Mapping):
            name = " ".join(str(name[k]) for k in ("given", "family") if k in name)
        places = entry.get("affiliations") or entry.get("affiliation") or []
        listed = [
            known.get(str(item.get("ref") if isinstance(item, Mapping) else item), item)
            for item in as_list(places)
        ]
        first = listed[0] if listed else ""
        place, department = "", ""
        if isinstance(first, Mapping):
            place, department = str(first.get("name") or ""), str(first.get("department") or "")
        elif first:
            place = str(first)
        yield Author(
            str(name or ""), str(entry.get("email") or ""), str(entry.get("orcid") or ""), place, department,
            tuple(filter(None, map(_affiliation, listed))),
        )  # fmt: skip


def _affiliation(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value or "")
    names = ("department", "group", "name", "city", "state", "region", "country")
    return ", ".join(str(value[name]) for name in names if value.get(name))
