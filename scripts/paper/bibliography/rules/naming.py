"""Works that the text names by hand: are they listed, of that year, spelt so, and in one style?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from paper.bibliography.mentions import Authors, Mention, mentions, squeeze
from paper.bibliography.model import Entry
from paper.bibliography.rules import Finding, Library, in_text, rule
from paper.bibliography.rules.titles import proper_nouns

_PEOPLE = frozenset({"Weber", "Nazarbayev", "Putin", "Stalin"})  # proper nouns that name people
_ARTICLE = re.compile(r"\b(?:the|an?|this|that|our|its)\s+$", re.IGNORECASE)  # before a thing, not an author


class Mentions:
    """The mentions of a library's texts, with the entries that they may mean."""

    def __init__(self, library: Library) -> None:
        self.authors = Authors.of(library)
        common = {
            word
            for source in library.sources
            for word in re.findall(r"(?<!\w)[^\W\d_A-Z][\w’'-]+", source.prose)
        }
        self.all = [
            mention
            for source in library.sources
            for mention in mentions(source, self.authors)
            if self._is_work(mention, common)
        ]

    def _is_work(self, mention: Mention, common: set[str]) -> bool:
        first = mention.names[0]
        if self.entries(mention) or any(self.authors.near(name) for name in mention.names):
            return True
        if first.lower() in common or len(first) < 3 or first.isupper():
            return False
        if proper_nouns().fullmatch(first) and first not in _PEOPLE:
            return False
        if _ARTICLE.search(mention.source.prose, max(0, mention.start - 6), mention.start):
            return False
        return bool(mention.form or mention.etal or len(mention.names) > 1)

    def entries(self, mention: Mention) -> list[Entry]:
        """Entries by those of the mentioned authors who are known; all of them, if that leaves any."""
        known = [self.authors.entries[key] for name in mention.names if (key := self.key(name))]
        if not known:
            return []
        shared = [entry for entry in known[0] if all(entry in others for others in known[1:])]
        return list(dict.fromkeys(shared or known[0]))

    def key(self, name: str) -> str:
        """Return the author whom a name means, with a slip of the pen or without its particle; or ""."""
        plain = squeeze(name)
        if plain in self.authors.entries:
            return plain
        parts = name.split()
        last = squeeze(parts[-1]) if len(parts) > 1 else ""
        if last and last in self.authors.entries:
            return last  # a first name before the family name
        return self.authors.bare.get(plain) or self.authors.near(name)


def mentions_of(library: Library) -> Mentions:
    """Return the library's mentions, looked for once."""
    found: Mentions | None = library.__dict__.get("_mentions")
    if found is None:
        found = library.__dict__["_mentions"] = Mentions(library)
    return found


def _year(entry: Entry) -> str:
    match = re.search(r"\d{4}", entry.get("year", "date"))
    return match.group() if match else ""


@rule("year-mismatch", "warning", "correct the year, or add the work", "text")
def year_mismatch(library: Library) -> Iterator[Finding]:
    """Find a year in the text in which no listed work of that author appeared."""
    index = mentions_of(library)
    for mention in index.all:
        entries = index.entries(mention)
        if entries and not any(_year(entry) == mention.year for entry in entries):
            entries.sort(key=lambda entry: (abs(int(_year(entry) or 0) - int(mention.year)), entry.key))
            near = ", ".join(f"{entry.key} ({_year(entry) or 'n.d.'})" for entry in entries[:3])
            yield in_text(
                mention.source,
                mention.start,
                f"“{mention.text}”: nothing listed is of that year",
                f"nearest: {near}",
            )


@rule("mention-not-listed", "warning", "add the work, and cite it by its key", "text")
def mention_not_listed(library: Library) -> Iterator[Finding]:
    """Find a work named by hand whose author the bibliography lacks."""
    index = mentions_of(library)
    for mention in index.all:
        if not index.entries(mention):
            yield in_text(mention.source, mention.start, f"“{mention.text}” is named, and not listed")


@rule("mention-misspelt", "warning", "spell it as its bearer does", "text")
def mention_misspelt(library: Library) -> Iterator[Finding]:
    """Find an author's name in the text spelt otherwise than in the bibliography."""
    index = mentions_of(library)
    for mention in index.all:
        for name in mention.names:
            key = index.key(name)
            written = index.authors.written.get(key, "")
            parts = name.split()
            if (key and squeeze(name) != key and not (len(parts) > 1 and squeeze(parts[-1]) == key)) or (
                key and squeeze(name) == key and " " in name and " " not in written and "-" not in written
            ):
                yield in_text(
                    mention.source,
                    mention.start,
                    f"“{name}” in “{mention.text}” is {written} in the bibliography",
                    f"write {written}",
                )


@rule("plain-citation", "note", "cite it by its key", "text")
def plain_citation(library: Library) -> Iterator[Finding]:
    """Find a listed work named by hand, without link and check."""
    index = mentions_of(library)
    for mention in index.all:
        match = next((entry for entry in index.entries(mention) if _year(entry) == mention.year), None)
        if match:
            form = f"@{match.key}" if mention.form == "(" else f"[@{match.key}]"
            yield in_text(
                mention.source, mention.start, f"“{mention.text}” is named by hand", f"write {form}"
            )


@rule("mention-style", "note", "cite by key: the style does the rest", "text")
def mention_style(library: Library) -> Iterator[Finding]:
    """Find citations by hand in two styles: with a comma before the year, and without."""
    plain = [mention for mention in mentions_of(library).all if mention.form != "("]
    forms = Counter(mention.form for mention in plain)
    if len(forms) > 1:
        rare = min(forms, key=lambda form: (forms[form], form))
        for mention in plain:
            if mention.form == rare:
                message = "has a comma before its year" if rare else "has no comma before its year"
                yield in_text(
                    mention.source,
                    mention.start,
                    f"“{mention.text}” {message}, others don't"
                    if rare
                    else f"“{mention.text}” {message}, others do",
                )


@rule("ibid", "warning", "repeat the citation", "text")
def ibid(library: Library) -> Iterator[Finding]:
    """Find “ibid.” in an author-date style."""
    for source in library.sources:
        for match in re.finditer(r"(?i)\b(?:ibid(?:em)?|op\. ?cit|loc\. ?cit)\b\.?", source.prose):
            yield in_text(source, match.start(), f"“{match.group()}” tells no reader which work is meant")


@rule("et-al", "note", "write “et al.”, or cite by key", "text")
def et_al(library: Library) -> Iterator[Finding]:
    """Find “et al” without its full stop."""
    for source in library.sources:
        for match in re.finditer(r"\bet\.? al\b(?!\.)", source.prose):
            yield in_text(source, match.start(), "“et al” lacks its full stop")


@rule("statute-by-number", "warning", "add it, and cite it by its key", "text")
def statute_by_number(library: Library) -> Iterator[Finding]:
    """Find a law or decree cited by number that the bibliography lacks."""
    listed = {
        number.lower()
        for entry in library.entries
        for name in ("number", "title", "titleaddon", "note", "author", "howpublished", "type")
        for number in re.findall(r"\d[\w/-]*", entry.get(name))
    }
    pattern = re.compile(
        r"\b(?:Law|Decree|Resolution|Order|Ukaz|Act|Regulation)\s+(?:No\.?|№|N°|Nr\.?)?\s*(\d[\w/-]*)"
    )
    for source in library.sources:
        for match in pattern.finditer(source.prose):
            number = match[1].lower()
            if number not in listed and not re.fullmatch(r"(?:1[89]|20)\d\d", number):
                yield in_text(
                    source,
                    match.start(),
                    f"“{' '.join(match.group().split())}” is in no entry of the bibliography",
                )
