"""What is known already and so no finding: the paper's authors, the authors it cites, what was allowed.

In ``_quarto.yml``, with the reason for each::

    paper:
      privacy:
        allow:
          info@example.org: the body's own public address
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from paper import project
from paper.errors import Place, ProjectError
from paper.settings import line_of

# RFC 2606 and 6761: names that never lead anywhere, for examples and tests.
RESERVED = ("example.com", "example.org", "example.net", ".example", ".invalid", ".test", ".localhost")


@dataclass(frozen=True)
class Known:
    """What may stand in the open.

    allow: texts in lower case; own: the authors' addresses, in lower case; people: the paper's authors and their
    institutions, as they write themselves; authors: (family, given) of everyone cited, and of the paper's authors.
    """

    allow: frozenset[str]
    own: tuple[str, ...]
    people: tuple[str, ...]
    authors: tuple[tuple[str, str], ...]

    def email(self, address: str) -> bool:
        """Whether an address may stand in the open."""
        address = address.lower()
        # Search indexes put the word before an address in front of it without a space.
        return address in self.allow or address.endswith((*RESERVED, *self.own))


def known(root: Path) -> Known:
    """Read the project's settings and bibliography. Raises ProjectError for settings that are none."""
    book = project.load(root)
    given = book.config.get("paper") or {}
    given = given.get("privacy") or {} if isinstance(given, dict) else {}
    allow = given.get("allow") or {} if isinstance(given, dict) else None
    if not isinstance(allow, dict) or set(given) - {"allow"} or not all(allow.values()):
        raise ProjectError(
            "paper: privacy: holds something else than allow: with a reason for each text",
            place=Place("_quarto.yml", line_of(root / "_quarto.yml", "paper", "privacy")),
            remedy="write, under allow:, each text with its reason, as info@example.org: a public address",
        )
    people = [name for author in book.authors for name in (author.name, author.affiliation)]
    emails = tuple(author.email.lower() for author in book.authors if author.email)
    own = [(author.name.split()[-1], " ".join(author.name.split()[:-1])) for author in book.authors]
    return Known(
        frozenset(str(text).lower() for text in allow),
        emails,
        tuple(name for name in people if name),
        (*own, *_cited(book)),
    )


def _cited(book: project.Project) -> list[tuple[str, str]]:
    """Family and given name of every author and editor in the bibliography; institutions have neither."""
    from paper.bibliography.names import people
    from paper.bibliography.reader import read

    files = [path for path in book.bibliography if path.is_file()]
    entries = [entry for path in files for entry in read(path).entries]
    names = [people(entry.values.get(role, "")) for entry in entries for role in ("author", "editor")]
    return [(name.family, name.given) for group in names for name in group if not name.body]
