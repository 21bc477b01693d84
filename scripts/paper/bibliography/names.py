"""Names of people and bodies in a .bib file: split, parsed and folded for comparison.

pybtex splits lists and names as BibTeX does; only the plain form ``Family, Given`` takes a short way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ROLES = (
    "author",
    "editor",
    "translator",
    "bookauthor",
    "afterword",
    "commentator",
    "introduction",
    "foreword",
)

_LETTER = r"[^\W\d_]"
_CAPITAL = r"[^\W\d_a-z]"
_PLAIN = re.compile(
    rf"(?=[^,]*[a-zà-ÿа-я])({_CAPITAL}(?:['’]?{_LETTER}+)?(?:[-'’]{_LETTER}+)*), "
    rf"({_CAPITAL}(?:\.?['’-]?{_LETTER})*\.?(?: {_CAPITAL}(?:\.?['’-]?{_LETTER})*\.?)*)"
)


_LONGEST = 2_000  # letters: no name is longer, and pybtex takes its time over what is none


@dataclass(frozen=True, slots=True)
class Name:
    """One name."""

    text: str
    """As written."""
    family: str
    """With its particle."""
    given: str
    """First names, or ""."""
    body: bool = False
    """Whether it stands in braces, as a body's name does."""
    regular: bool = False
    """Whether it is ``Family, Given`` in letters alone, so that nothing can be wrong with its form."""

    @property
    def initials(self) -> str:
        """Return the initials of the given names, folded."""
        return given_parts(self.given)[0]

    @property
    def first(self) -> str:
        """The first given name, folded; one letter where only the initial is given."""
        return given_parts(self.given)[1]


def split(value: str) -> list[str]:
    """Return the names of a field's value, split at "and" outside braces."""
    value = " ".join(value.split())
    if "{" not in value:
        return re.split(r"\s+and\s+", value, flags=re.IGNORECASE) if " and " in value.lower() else [value]
    from pybtex.bibtex.utils import split_name_list
    from pybtex.exceptions import PybtexError

    try:
        names: list[str] = split_name_list(value)
    except PybtexError:
        return [value]
    return names


def people(value: str) -> list[Name]:
    """Return the names of a field's value, parsed; "others" is left out."""
    return [parse(name) for name in split(value) if name.strip() and name.strip().lower() != "others"]


@lru_cache(maxsize=100_000)
def parse(text: str) -> Name:
    """Parse one name by BibTeX's rules; what they can't read is all family name."""
    text = text.strip()
    if match := _PLAIN.fullmatch(text):
        return Name(text, match[1], match[2], regular=True)
    if text.startswith("{") and text.endswith("}") and _one_group(text):
        return Name(text, text[1:-1].strip(), "", body=True)
    if biblatex := _extended(text):
        return biblatex
    if len(text) > _LONGEST:
        return Name(text, text, "")
    from pybtex.database import Person
    from pybtex.exceptions import PybtexError

    try:
        person = Person(text)
    except (PybtexError, ValueError, IndexError):
        return Name(text, text, "")
    family = " ".join([*person.prelast_names, *person.last_names])
    given = " ".join([*person.first_names, *person.middle_names])
    return Name(text, family or text, given)


def _extended(text: str) -> Name | None:
    """Parse biblatex's ``family=Thiel, given=Sandra, prefix=van`` form."""
    parts = dict(re.findall(r"(family|given|prefix|suffix)\s*=\s*(\{[^{}]*\}|[^,]*)", text))
    if not parts.get("family"):
        return None
    clean = {name: value.strip(' {}"') for name, value in parts.items()}
    family = f"{clean.get('prefix', '')} {clean['family']}".strip()
    return Name(text, family, clean.get("given", ""), regular=True)


def _one_group(text: str) -> bool:
    depth = 0
    for at, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0:
            return at == len(text) - 1
    return False


@lru_cache(maxsize=100_000)
def given_parts(given: str) -> tuple[str, str]:
    """Return the initials and the first of someone's given names, both folded."""
    parts = [part for part in re.split(r"[\s.\-]+", fold(given)) if part]
    return "".join(part[0] for part in parts), re.split(r"[\s.]", fold(given), maxsplit=1)[0]


_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l", "đ": "d"}
    | {"Đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "ʹ": "'", "ʼ": "'"}
)
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+\s*|[^a-zA-Z])")
_LETTERS = re.compile(r"\\(ss|ae|AE|oe|OE|o|O|l|L|aa|AA|i|j)(?![a-zA-Z])\s*")


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, without accents, LaTeX and braces: what two spellings of one name have in common."""
    if "\\" in text:
        text = _COMMAND.sub("", _LETTERS.sub(lambda match: match[1], text))
    text = text.replace("{", "").replace("}", "").replace("~", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(text.lower().split())
