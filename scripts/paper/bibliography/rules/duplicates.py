"""Works listed twice: one DOI, or nearly the same title by the same authors in the same year.

Comparing every pair takes time with the square of the entries. So entries are put into blocks that two
records of one work share nearly always (first author and year; the title's first letters; its last), and
only within a block are titles compared, by rapidfuzz; in a large block each with its neighbours in order
of title. A work escapes only if author or year, the title's beginning and its end all differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz

from paper.bibliography.model import Entry
from paper.bibliography.names import Name, fold
from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.rules.identifiers import doi_of

ALIKE = 90.0  # of 100: titles this near, by the words in any order, are taken for one
NEIGHBOURS = 8
LARGE = 40


@rule("duplicate-doi", "error", "keep one, or correct the DOI")
def duplicate_doi(library: Library) -> Iterator[Finding]:
    """Find two entries with one DOI."""
    first: dict[str, Entry] = {}
    for entry in library.entries:
        if doi := doi_of(entry):
            before = first.setdefault(doi, entry)
            if before is not entry and before.key != entry.key:  # one key: the other rule tells it
                yield at(entry, "doi", f"{entry.key} has the DOI of {before.key} ({library.place(before)})")


@rule("duplicate-work", "warning", "keep one, and cite it everywhere")
def duplicate_work(library: Library) -> Iterator[Finding]:
    """Find two entries that seem to be one work."""
    records = [
        record
        for entry in library.entries
        if (record := _Record.of(entry, library.authors.get(id(entry), [])))
    ]
    blocks: dict[tuple[str, str], list[_Record]] = defaultdict(list)
    for record in records:
        for block in record.blocks():
            blocks[block].append(record)
    seen: set[tuple[int, int]] = set()
    for sharing in blocks.values():
        if len(sharing) < 2:
            continue
        if len(sharing) > LARGE:
            sharing.sort(key=lambda record: record.title)
        reach = len(sharing) if len(sharing) <= LARGE else NEIGHBOURS
        for index, one in enumerate(sharing):
            for other in sharing[index + 1 : index + 1 + reach]:
                pair = (id(one), id(other))
                if pair in seen:
                    continue
                seen.add(pair)
                score = one.alike(other)
                if score:
                    first, second = sorted(
                        (one.entry, other.entry), key=lambda entry: (entry.file, entry.start)
                    )
                    same = "is" if score == 100 else f"seems to be ({score:.0f} % alike)"
                    yield at(second, "title", f"{second.key} {same} {first.key} ({library.place(first)})")


def _bare(value: str) -> str:
    return re.sub(r"[^0-9a-z]", "", value.lower())


def _name(value: str) -> str:
    """Return the first letters of a periodical's or a book's words: alike in its full name and its abbreviation."""
    words = [
        word
        for word in re.findall(r"\w+", fold(value))
        if word not in ("the", "of", "and", "for", "in", "on")
    ]
    return "".join(word[0] for word in words)


class _Record:
    """What of an entry tells whether it is another: folded title, first family name, year."""

    __slots__ = ("author", "doi", "entry", "numbers", "surnames", "title", "whereabouts", "year")

    def __init__(self, entry: Entry, title: str, author: str, surnames: frozenset[str], year: str) -> None:
        self.entry, self.title, self.author, self.surnames, self.year = entry, title, author, surnames, year
        self.doi = doi_of(entry)
        self.whereabouts = {
            "year": year,
            "volume": _bare(entry.get("volume")),
            "number": _bare(entry.get("number", "issue")),
            "page": _bare(re.split(r"[-–—,+]", entry.get("pages", "eid"))[0]),
            "journal": _name(entry.get("journaltitle", "journal")),
            "book": _name(entry.get("booktitle")),
            "edition": _bare(entry.get("edition")),
            "isbn": _bare(entry.get("isbn")),
            "doi": self.doi,
        }
        self.numbers = re.findall(r"\d+|\b[ivx]+\b", title)

    @classmethod
    def of(cls, entry: Entry, people: list[Name]) -> _Record | None:
        title = re.sub(r"[^\w]+", " ", fold(entry.get("title"))).strip()
        if not title:
            return None
        names = [fold(name.family).replace(" ", "").replace("-", "") for name in people]
        year = re.search(r"\d{4}", entry.get("year", "date"))
        return cls(entry, title, names[0] if names else "", frozenset(names), year.group() if year else "")

    def blocks(self) -> list[tuple[str, str]]:
        joined = self.title.replace(" ", "")
        results = [("begins", joined[:14]), ("ends", joined[-14:])]
        if self.author:
            results.append((self.author, self.year))
        return results

    def alike(self, other: _Record) -> float:
        """How much the titles are alike (of 100) where the two may be one work; 0 where they aren't.

        What other rules tell, one key or one DOI, is not told again.
        """
        if (
            self.entry.key == other.entry.key
            or (self.doi and self.doi == other.doi)
            or not self.may_be(other)
        ):
            return 0
        score = fuzz.ratio(self.title, other.title, score_cutoff=ALIKE)
        score = score or fuzz.token_sort_ratio(self.title, other.title, score_cutoff=ALIKE)
        return score or (ALIKE if self.extends(other) else 0)

    def may_be(self, other: _Record) -> bool:
        """Whether authors, years and numbers (parts, editions of a series) allow the two to be one work."""
        if (
            self.year
            and other.year
            and abs(int(self.year) - int(other.year)) > 1
            and self.title != other.title
        ):
            return False
        if self.numbers != other.numbers:
            return False
        if self.surnames and other.surnames and not self.surnames & other.surnames:
            return fuzz.ratio(self.author, other.author) >= 80
        generic = len(self.title.split()) <= 2  # "Introduction", "Editorial"
        if generic and not (self.surnames & other.surnames and self.year == other.year):
            return False
        return self.apart(other) < (1 if generic else 2)

    def apart(self, other: _Record) -> int:
        """In how many ways the two say that they appeared elsewhere: one may be a slip, several are none.

        Columns, editorials and reports of meetings have one title for years; an edition or a volume of a
        book is a work of its own.
        """
        mine, theirs = self.whereabouts, other.whereabouts
        differ = {name for name in mine if mine[name] and theirs[name] and mine[name] != theirs[name]}
        if differ & {"journal", "book"}:
            differ |= {"edition"}
        manuals = [record.entry.type.lower() in ("manual", "software") for record in (self, other)]
        books = [record.entry.type.lower() in ("book", "collection") for record in (self, other)]
        years = [int(record.year or 0) for record in (self, other)]
        new_edition = all(books) and all(years) and abs(years[0] - years[1]) > 1
        others = self.surnames != other.surnames and not self.entry.get("author").endswith("others")
        return (
            len(differ)
            + (manuals[0] != manuals[1])
            + (books[0] != books[1] and others and bool(mine["journal"] or theirs["journal"]))
            + (books[0] != books[1] and others)
            + new_edition
            + ("edition" in differ or ("volume" in differ and not mine["journal"]))
        )

    def extends(self, other: _Record) -> bool:
        """Whether one title is the other with a subtitle, by the same authors in the same year."""
        short, long = sorted((self.title, other.title), key=len)
        same = self.surnames == other.surnames and bool(self.surnames) and self.year == other.year
        return same and len(short.split()) >= 3 and long.startswith(short + " ")
