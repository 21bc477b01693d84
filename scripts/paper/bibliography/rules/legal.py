"""Laws, decrees and resolutions, and words spoken: what a reader needs to find them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.model import Entry
from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.types import LEGAL

_KINDS = "law|decree|resolution|order|code|statute|act|ordinance|regulation"
_LAW = re.compile(
    rf"(?i)^\W*(?:the )?(?:constitutional )?(?:{_KINDS}) (?:of|on|no|n°|№|\d)"
    r"|\bthe law of the republic\b|approved by the government"
    r"|\b(?:presidential|government(?:al)?) (?:decree|resolution|order)\b"
    r"|^\W*(?:zakon|ukaz|postanovlenie|prikaz|kodeks|rasporyazhenie|zań|qaulysy)\b"
    r"|^\W*(?:закон|указ|постановление|приказ|кодекс|заң|қаулы)\b"
)
_LAW_TYPE = re.compile(rf"(?i)\b(?:{_KINDS})\b")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(
    r"(?:№|\bNos?\.?~?|\bN°|\bN)\s*~?\{?(\d+[\w/-]*)"
    rf"|\b(?:Law|Decree|Resolution|Order|Ukaz|Zakon|Закон|Указ) (\d+[\w-]*)(?!\w)(?! (?:{_MONTH}))"
)
_OTHER_TYPES = frozenset(
    {"article", "book", "incollection", "inproceedings", "inbook", "phdthesis", "thesis"}
)
_BODY = ("author", "institution", "organization", "editor", "publisher")


def laws(library: Library) -> Iterator[Entry]:
    """Entries that are laws, decrees or resolutions, by type or by what they say of themselves."""
    for entry in library.entries:
        if entry.type.lower() in LEGAL:
            yield entry
        elif entry.type.lower() not in _OTHER_TYPES and not any(
            name.given and not name.body for name in library.authors.get(id(entry), [])
        ):
            kind = entry.get("type", "entrysubtype", "howpublished")
            texts = (entry.get("title"), entry.get("author"), entry.get("note"))
            if (kind and _LAW_TYPE.search(kind) and len(kind) < 60) or any(
                text and _LAW.search(text) for text in texts
            ):
                yield entry


@rule("statute-number", "warning", "look it up and add it as number: titles of laws recur")
def statute_number(library: Library) -> Iterator[Finding]:
    """Find a law or decree without its number."""
    for entry in laws(library):
        text = " ".join(
            entry.get(name) for name in ("title", "titleaddon", "note", "howpublished", "type", "author")
        )
        if not entry.get("number") and not NUMBER.search(text):
            yield at(entry, "title", f"{entry.key} is cited without its number")


@rule("statute-body", "warning", "add author = {{Name of the body}}")
def statute_body(library: Library) -> Iterator[Finding]:
    """Find a law or decree without the body that issued it."""
    for entry in laws(library):
        author = entry.get("author")
        if not entry.get(*_BODY) or (author and _LAW.search(author.strip("{}"))):
            yield at(entry, ("author", "title"), f"{entry.key} names no issuing body")


@rule("statute-date", "note", "look it up and add it: date = {YYYY-MM-DD}")
def statute_date(library: Library) -> Iterator[Finding]:
    """Find a law or decree without its day."""
    for entry in laws(library):
        date = entry.get("date")
        if not re.match(r"\d{4}-\d\d-\d\d", date) and not (entry.get("month") and entry.get("day")):
            text = " ".join(entry.get(name) for name in ("month", "note", "titleaddon", "howpublished"))
            if not re.search(rf"\d{{1,2}} ?(?:{_MONTH})|[A-Z]\w+ \d{{1,2}}\b", text):
                yield at(entry, ("date", "year"), f"{entry.key} is cited without its day")


@rule("oral-source", "note", "cite it in the text as a personal communication, with consent")
def oral_source(library: Library) -> Iterator[Finding]:
    """Find a speech, an interview or a letter that no reader can look up."""
    said = re.compile(
        r"(?i)\b(?:speech|personal communication|(?:interview|conversation) with|(?:e-?mail|letter) to|remarks)\b"
    )
    for entry in library.entries:
        text = " ".join(
            entry.get(name)
            for name in ("title", "type", "howpublished", "note", "entrysubtype", "titleaddon")
        )
        spoken = entry.type.lower() in ("speech", "unpublished", "misc", "letter") and said.search(text)
        if spoken and not entry.get("url", "doi", "publisher", "isbn", "journal"):
            yield at(entry, (), f"{entry.key} is spoken word without a record")
