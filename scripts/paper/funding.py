"""Who paid for the work: ``funding:`` in the forms that Quarto knows.

https://quarto.org/docs/journals/authors.html#funding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from paper.authors import Affiliation, Author, affiliation, authors
from paper.settings import as_list, as_mapping
from paper.typography import plain_text


@dataclass(frozen=True)
class Party:
    """A funder, recipient or investigator."""

    person: Author | None = None
    """A person; None for an institution."""
    institution: Affiliation | None = None
    """An institution; None for a person."""


@dataclass(frozen=True)
class Award:
    """A grant."""

    id: str = ""
    """Its number."""
    sources: tuple[Affiliation, ...] = ()
    """Who gave it."""
    recipients: tuple[Party, ...] = ()
    """Who received it."""
    investigators: tuple[Party, ...] = ()
    """Who led the work."""


@dataclass(frozen=True)
class Funding:
    """What is said of the money behind a paper."""

    statement: str = ""
    """In words."""
    awards: tuple[Award, ...] = ()
    """The grants, each by itself."""


def funding(value: Any, people: tuple[Author, ...], places: Any = None) -> Funding:
    """Return what ``funding:`` states: words, ``{statement, awards}``, or a list of them.

    people: the paper's authors, and places: its ``affiliations:``, to which ``{ref: ID}`` may lead.
    """
    known = {
        str(item.get("id")): affiliation(item) for item in as_list(places or []) if isinstance(item, Mapping)
    }
    known |= {place.name: place for author in people for place in author.affiliations}
    statements: list[str] = []
    awards: list[Award] = []
    for group in as_list(value or []):
        if not isinstance(group, Mapping):
            statements.append(str(group))
            continue
        if group.get("statement"):
            statements.append(str(group["statement"]))
        awards += [_award(as_mapping(item), known) for item in as_list(group.get("awards") or [])]
    text = " ".join(plain_text(statement).strip() for statement in statements)
    return Funding(text, tuple(awards))


def _award(given: Mapping[str, Any], known: Mapping[str, Affiliation]) -> Award:
    sources = [party.institution for party in _parties(given.get("source"), known) if party.institution]
    return Award(
        str(given.get("id") or ""),
        tuple(sources),
        tuple(_parties(given.get("recipient"), known)),
        tuple(_parties(given.get("investigator"), known)),
    )


def _parties(value: Any, known: Mapping[str, Affiliation]) -> Iterator[Party]:
    """Yield whom a setting names: a funder in words, ``{institution}``, ``{name}``, or ``{ref}`` to an affiliation."""
    for item in as_list(value or []):
        if not isinstance(item, Mapping):
            yield Party(institution=Affiliation(str(item)))
        elif "institution" in item:
            yield Party(institution=affiliation(item["institution"]))
        elif "ref" in item:
            name = str(item["ref"])
            yield Party(institution=known.get(name, Affiliation(name)))
        elif "name" in item:
            yield Party(person=next(authors([item])))
        elif "text" in item:
            yield Party(institution=Affiliation(str(item["text"])))
