"""Fields that a type must have, and what may stand in pages, volumes, editions and cross-references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.model import Entry, circular_keys
from paper.bibliography.names import fold
from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.rules.identifiers import web_sources
from paper.bibliography.types import PRIVATE, PUBLISHERS, READ, REQUIRED, VITAL, WHEN
from paper.report import Severity


@rule("missing-field", "warning", "add it, or say why it can't be had")
def missing_field(library: Library) -> Iterator[Finding]:
    """Find a field that this type of work must have."""
    on_the_web = {id(entry) for entry in web_sources(library)}
    for entry in library.entries:
        values = library.whole(entry)
        for wanted in REQUIRED.get(entry.type.lower(), ("title",)):
            names = wanted.split("|")
            if wanted == WHEN and id(entry) in on_the_web:
                continue  # web-date tells it
            if not any(name in values for name in names):
                shown = " or ".join(names[:4])
                lost = wanted in VITAL and not any(
                    values.get(name, "").strip() for name in ("title", "author", "editor")
                )
                yield at(
                    entry, (), f"@{entry.type} {entry.key} has no {shown}", severity="error" if lost else None
                )


@rule("empty-field", "warning", "fill it, or delete it")
def empty_field(library: Library) -> Iterator[Finding]:
    """Find a field with nothing in it."""
    for entry in library.entries:
        for one in entry.fields:
            if not one.value.strip(' \n\t{}"') and one.raw and one.name.lower() in READ:
                yield Finding(f"{one.name} is empty", entry, one.start, entry.file)


_PAGE = r"(?:[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdmIVXLCDM]+|[A-Za-z]?\d+[.:]\d+)"
_PAGES = re.compile(
    r"[\w.:]+-[\w.:]+\s*--\s*[\w.:]+-[\w.:]+|"  # pages that have a hyphen of their own
    rf"{_PAGE}(?:\+|ff?\.?)?(?:\s*(?:-{{1,3}}|–|—|\\textendash\s?|\\--)\s*{_PAGE})?(?:\s*[,;]\s*{_PAGE}(?:\s*(?:-+|–)\s*{_PAGE})?)*"
)


@rule("pages", "warning", "write 420--437, or the article's number in eid")
def pages(library: Library) -> Iterator[Finding]:
    """Find pages that are no page range."""
    for entry in library.entries:
        if "pages" not in entry.values:
            continue
        value = entry.get("pages").strip("{}")
        if re.match(r"(?:[Pp]p\.?|[Pp]\.|[Pp](?=\s)|p)\s*\d", value):
            yield at(entry, "pages", f"pages say {value!r}", "leave out “pp.”: the style adds it")
        elif mixed := re.search(r"\d[lO]\b|\b[lO]\d", value):
            yield at(entry, "pages", f"{mixed.group()!r} in pages {value!r} has a letter for a digit")
        elif value and not _PAGES.fullmatch(value):
            yield at(entry, "pages", f"pages are {value!r}")
        elif match := re.fullmatch(r"(\d{1,9})\s*(?:-+|–)\s*(\d{1,9})", value):
            yield from _range(entry, match[1], match[2])


WIDEST = 2_000
"""Pages: no article or chapter has more."""


def _range(entry: Entry, first: str, last: str) -> Iterator[Finding]:
    if int(last) >= int(first):
        if int(last) - int(first) > WIDEST:
            yield at(entry, "pages", f"the pages {first}–{last} are {int(last) - int(first):,}")
        return
    full = first[: len(first) - len(last)] + last
    if len(last) < len(first) and int(full) > int(first):
        yield at(
            entry, "pages", f"the last page is cut short: {first}–{last}", f"write {first}--{full}", "note"
        )
    else:
        yield at(entry, "pages", f"the pages run backwards: {first}–{last}")


@rule("volume", "warning", "write the number alone: volume = {25}, number = {3}")
def volume(library: Library) -> Iterator[Finding]:
    """Find a volume or number with words or with another number beside it."""
    for entry in library.entries:
        for name in ("volume", "number"):
            value = entry.get(name).strip("{}")
            word = re.match(r"(?i)(?:vol(?:ume)?|issue|iss|no|nr|num(?:ber)?|№)\b\.?\s*\d", value)
            if entry.type.lower() in ("article", "book", "incollection", "inproceedings") and (
                word or re.fullmatch(r"\d+\s*\(\d+\)", value)
            ):
                yield at(entry, name, f"the {name} is {value!r}")


@rule("stray-comma", "warning", "delete it: the style adds what is due")
def stray_comma(library: Library) -> Iterator[Finding]:
    """Find a value that ends in a comma or a semicolon."""
    names = (
        "title",
        "subtitle",
        "booktitle",
        "journal",
        "journaltitle",
        "publisher",
        "volume",
        "number",
        "pages",
    )
    for entry in library.entries:
        for name in names:
            value = entry.get(name).rstrip("} ")
            if (
                value.endswith((",", ";"))
                and not value.endswith("\\;")
                and not re.search(r"&\\?#?\w+;$", value)
            ):
                yield at(entry, name, f"the {name} ends in {value[-1]!r}")


@rule("private-field", "warning", "delete it; paper refs add leaves it out")
def private_field(library: Library) -> Iterator[Finding]:
    """Find what a program for references keeps for its owner: paths of a computer, notes."""
    for entry in library.entries:
        names = [
            one.name for one in entry.fields if one.name.lower() in PRIVATE | PUBLISHERS and one.value.strip()
        ]
        private = [name for name in names if name.lower() in PRIVATE]
        if names:
            shown, many = ", ".join(names), "s" if len(names) > 1 else ""
            message = f"{entry.key} has the field{many} {shown}, which no list of references prints"
            severity: Severity = "warning" if private else "note"
            yield at(entry, (private or names)[0].lower(), message, severity=severity)


@rule("ahead-of-print", "warning", "look up where it appeared since")
def ahead_of_print(library: Library) -> Iterator[Finding]:
    """Find volume, issue or pages of an article ahead of print."""
    for entry in library.entries:
        for name in ("volume", "number", "issue"):
            if entry.get(name).strip("{}") in (
                "0",
                "00",
                "ahead-of-print",
                "online first",
                "in press",
                "forthcoming",
            ):
                yield at(entry, name, f"{name} is {entry.get(name)!r}")
                break


MANY = 150
"""Volumes: with more, a journal has a volume for each issue, unless another entry says otherwise."""


@rule("missing-issue", "note", "add number, if the journal numbers its issues")
def missing_issue(library: Library) -> Iterator[Finding]:
    """Find an article with a volume but no issue."""
    numbered = {
        _journal_of(entry)
        for entry in library.entries
        if entry.get("number", "issue") and entry.get("volume")
    }
    for entry in library.entries:
        if entry.type.lower() != "article" or entry.get("number", "issue", "eid"):
            continue
        # Journals that number articles and no issues give each its own pages, or a number in their place.
        in_sequence = re.match(r"(?:[2-9]|\d{2,5})\s*(?:-+|–)\s*\d", entry.get("pages").strip("{}"))
        volume = entry.get("volume").strip("{}")
        weekly = (
            volume.isdecimal() and int(volume) <= MANY
        )  # journals of hundreds of volumes number no issues
        if volume not in ("", "0") and ((in_sequence and weekly) or _journal_of(entry) in numbered):
            yield at(entry, "volume", f"{entry.key} has volume {entry.get('volume')} but no issue")


def _journal_of(entry: Entry) -> str:
    return fold(entry.get("journaltitle", "journal"))


@rule("wrong-type", "warning", "change the type, or delete the field")
def wrong_type(library: Library) -> Iterator[Finding]:
    """Find fields that belong to another type of work."""
    for entry in library.entries:
        kind, values = entry.type.lower(), library.whole(entry)
        if kind in ("book", "collection") and entry.get("journal", "journaltitle"):
            yield at(
                entry,
                ("journal", "journaltitle"),
                f"@{entry.type} with a journal",
                "an article: use @article",
            )
        elif (
            kind == "book"
            and "volume" in values
            and not re.fullmatch(r"[1-4]|[IV]+", entry.get("volume"))  # of a work in several volumes
            and not any(values.get(name) for name in ("series", "isbn", "number", "maintitle", "volumes"))
        ):
            yield at(
                entry, "volume", f"@{entry.type} with volume {entry.get('volume')} but no series",
                "if it appeared in a journal, use @article and name the journal",
            )  # fmt: skip
        elif kind == "book" and entry.get("pages") and entry.get("booktitle"):
            yield at(entry, "booktitle", f"@{entry.type} within a book", "a chapter: use @incollection")
        elif kind == "article" and "booktitle" in values and not entry.get("journal", "journaltitle"):
            yield at(
                entry,
                "booktitle",
                "@article with booktitle and no journal",
                "use @incollection or @inproceedings",
            )
        elif (
            kind == "incollection"
            and "editor" not in values
            and entry.get("booktitle")
            and "crossref" not in values
        ):
            yield at(
                entry,
                "booktitle",
                f"the book of {entry.key} has no editor",
                "add editor; if its author wrote it all, use @inbook",
                "note",
            )


# Places that publishers' names are given with; those of a file's own address fields come to them.
_PLACES = frozenset(
    """
new york|london|oxford|cambridge|paris|berlin|moscow|москва|almaty|алматы|astana|астана|nur-sultan|chicago|boston
princeton|new haven|los angeles|san francisco|berkeley|stanford|washington|washington dc|washington, d.c.|philadelphia
baltimore|toronto|amsterdam|leiden|the hague|dordrecht|cham|heidelberg|munich|münchen|frankfurt|frankfurt am main
stuttgart|tübingen|göttingen|leipzig|vienna|wien|zürich|zurich|basel|geneva|genève|rome|roma|milan|milano|madrid|barcelona
lisbon|stockholm|copenhagen|oslo|helsinki|warsaw|warszawa|prague|praha|budapest|st. petersburg|санкт-петербург|kyiv|kiev
минск|ташкент|tashkent|bishkek|бишкек|beijing|shanghai|tokyo|singapore|new delhi|delhi|sydney|melbourne|cheltenham
aldershot|farnham|basingstoke|houndmills|thousand oaks|newbury park|beverly hills|hoboken|reading|upper saddle river
englewood cliffs|bristol|manchester|edinburgh|leeds|abingdon|hillsdale|mahwah|ithaca|durham|bloomington|minneapolis
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@rule("place-in-publisher", "warning", "give the place a field of its own: address, or location")
def place_in_publisher(library: Library) -> Iterator[Finding]:
    """Find a place within the publisher's name."""
    known = {fold(place) for place in _PLACES}
    known |= {fold(entry.get("address", "location").split(",")[0]) for entry in library.entries}
    known = {place for place in known if len(place) > 2}
    for entry in library.entries:
        for name in ("publisher", "school", "institution"):
            value = entry.get(name).strip("{}")
            if _COUNTRY.search(value):
                head = _COUNTRY.sub("", value)
                if any(
                    _is_place(part, known) or part.endswith(tuple(known))
                    for part in [fold(x) for x in head.split(", ")]
                ):
                    yield at(entry, name, f"the {name} {value!r} ends with its place")
                continue
            if (
                name == "publisher"
                and (inside := re.fullmatch(r"(.+?) \(([^()]+)\)", value))
                and _is_place(inside[2], known)
            ):
                yield at(
                    entry,
                    name,
                    f"the {name} {value!r} ends with its place",
                    _apart(name, inside[1], inside[2]),
                )
                continue
            before, colon, after = value.partition(": ")
            head, comma, tail = value.rpartition(", ")
            if colon and (_is_place(before, known) or re.fullmatch(r"[^,]+, [A-Z]{2}", before)):
                yield at(
                    entry, name, f"the {name} {value!r} begins with its place", _apart(name, after, before)
                )
            elif (
                comma and _is_place(tail, known) and (name == "publisher" or entry.get("address", "location"))
            ):
                yield at(entry, name, f"the {name} {value!r} ends with its place", _apart(name, head, tail))
            elif comma and name == "publisher" and (match := re.fullmatch(r"(.+), ([^,]+, [A-Z]{2})", value)):
                yield at(
                    entry, name, f"the {name} {value!r} ends with its place", _apart(name, match[1], match[2])
                )


_COUNTRY = re.compile(
    r", (?:USA|U\.S\.A\.|US|UK|U\.K\.|England|Germany|France|The Netherlands|Netherlands|Switzerland)$"
)


def _is_place(text: str, known: set[str]) -> bool:
    return fold(text) in known or fold(text.split(",")[0]) in known


def _apart(name: str, publisher: str, place: str) -> str:
    return f"write {name} = {{{publisher.strip()}}}, address = {{{place.strip()}}}"


@rule("edition", "note", "write a number: 3")
def edition(library: Library) -> Iterator[Finding]:
    """Find an edition in words that styles don't take."""
    for entry in library.entries:
        value = entry.get("edition").strip("{}")
        if value and re.search(r"(?i)\bed(?:ition|n|\.)", value):
            yield at(entry, "edition", f"the edition is {value!r}")


@rule("crossref", "error", "correct the key, or add that entry")
def crossref(library: Library) -> Iterator[Finding]:
    """Find a cross-reference to an entry that isn't there."""
    circles = circular_keys(library.by_key)
    for entry in library.entries:
        for name in ("crossref", "xdata", "xref", "entryset"):
            for key in entry.get(name).split(","):
                key = key.strip()
                if key and key not in library.by_key:
                    yield at(entry, name, f"{name} names {key}, which no entry has")
        if entry.key in circles:
            yield at(entry, "crossref", f"crossref leads back to {entry.key}", "break the circle")
