"""The settings of privacy, and what is no finding: the paper's authors, the authors it cites, what was allowed.

In ``_quarto.yml``::

    paper:
      privacy:
        threshold: 3        # interviews that must share what is stated of them, 3 or more
        allow:              # with the reason for each
          info@example.org: the body's own public address
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from paper.coding.data.attributes import THRESHOLD
from paper.errors import ProjectError
from paper.project import Project
from paper.settings import place_of
from paper.tools.cache import digest, of_project

# RFC 2606 and 6761: names that never lead anywhere, for examples and tests.
RESERVED = ("example.com", "example.org", "example.net", ".example", ".invalid", ".test", ".localhost")


@dataclass(frozen=True)
class PrivacySettings:
    """What may stand in the open."""

    allow: frozenset[str]
    """Texts in lower case that may stand anywhere."""
    own: tuple[str, ...]
    """The authors' addresses, in lower case."""
    people: tuple[str, ...]
    """The paper's authors and their institutions, as they write themselves."""
    authors: tuple[tuple[str, str], ...]
    """Family and given name of everyone cited, and of the paper's authors."""
    threshold: int = THRESHOLD
    """Interviews that must share whatever is stated of their attributes."""

    def email(self, address: str) -> bool:
        """Whether an address may stand in the open."""
        address = address.lower()
        # Search indexes put the word before an address in front of it without a space.
        return address in self.allow or address.endswith((*RESERVED, *self.own))


def load_settings(book: Project) -> PrivacySettings:
    """Read the project's settings and bibliography. Raises ProjectError for settings that are none."""
    given = _stated(book)
    allow = given.get("allow") or {}
    if not isinstance(allow, dict) or set(given) - {"allow", "threshold"} or not all(allow.values()):
        raise _wrong(
            book,
            "paper: privacy: holds something else than threshold: and allow: with a reason for each text",
            "write, under allow:, each text with its reason, as info@example.org: a public address",
        )
    people = [name for author in book.authors for name in (author.name, author.affiliation)]
    emails = tuple(author.email.lower() for author in book.authors if author.email)
    own = [(author.name.split()[-1], " ".join(author.name.split()[:-1])) for author in book.authors]
    return PrivacySettings(
        frozenset(str(text).lower() for text in allow),
        emails,
        tuple(name for name in people if name),
        (*own, *_cited(book)),
        threshold(book),
    )


def threshold(book: Project) -> int:
    """Return how many interviews must share what is stated of them. Raises ProjectError for less than THRESHOLD."""
    number = _stated(book).get("threshold", THRESHOLD)
    if not isinstance(number, int) or number < THRESHOLD:
        message = f"paper: privacy: threshold: is not a whole number of at least {THRESHOLD}"
        raise _wrong(
            book, message, f"write {THRESHOLD} or more: what two share, each of them knows of the other"
        )
    return number


def _stated(book: Project) -> dict[str, Any]:
    setting = book.config.get("paper") or {}
    setting = setting.get("privacy") or {} if isinstance(setting, dict) else {}
    if not isinstance(setting, dict):
        raise _wrong(
            book, "paper: privacy: holds no settings", "write, under allow:, each text with a reason"
        )
    return setting


def _wrong(book: Project, message: str, remedy: str) -> ProjectError:
    return ProjectError(message, place=place_of(book.root, "paper", "privacy"), remedy=remedy)


def _cited(book: Project) -> list[tuple[str, str]]:
    """Family and given name of every author and editor in the bibliography; institutions have neither."""
    files = [path for path in book.bibliography if path.is_file()]
    made_from = digest(*(path.read_bytes() for path in files))
    cache = of_project(book.root)
    return [(family, given) for family, given in cache.kept("people", made_from, partial(_people, files))]


def _people(files: Iterable[Path]) -> list[tuple[str, str]]:
    from paper.bibliography.names import people
    from paper.bibliography.reader import read

    entries = [entry for path in files for entry in read(path).entries]
    names = [people(entry.values.get(role, "")) for entry in entries for role in ("author", "editor")]
    return [(name.family, name.given) for group in names for name in group if not name.body]
