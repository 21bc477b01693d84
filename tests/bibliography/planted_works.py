"""Entries for recorded works as different people write them; and the same with a fault planted in each.

Everything is drawn with one seed: a run finds what the last one found.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index_server import Indexes, articles, books
from small_books import Book

Work = dict[str, Any]
Fields = dict[str, str]


def _initials(given: str, mark: str = ".") -> str:
    return " ".join(f"{part[0]}{mark}" for part in given.replace("-", " ").split() if part)


def _people(work: Work, draw: random.Random) -> str:
    if "names" in work:
        people = [tuple(reversed(name.rsplit(" ", 1))) for name in work["names"]]
    else:
        people = [(family, given) for family, given in work["people"]]
    form = draw.choice(["full", "full", "initials", "bare initials", "given first"])
    names = []
    for family, given in people:
        if not given:
            names.append(family)
        elif form == "full":
            names.append(f"{family}, {given}")
        elif form == "initials":
            names.append(f"{family}, {_initials(given)}")
        elif form == "bare initials":
            names.append(f"{family}, {_initials(given, '').replace(' ', '')}")
        else:
            names.append(f"{given} {{{family}}}" if " " in family else f"{given} {family}")
    if len(names) > 4 and draw.random() < 0.25:
        names = [*names[:3], "others"]
    return " and ".join(names)


def _title(work: Work, draw: random.Random) -> Fields:
    title = work["title"] + (f": {work['subtitle']}" if work.get("subtitle") else "")
    title = title.replace("–", "--").replace("&", "\\&")
    head, colon, rest = title.partition(": ")
    form = draw.choice(["as is", "braces", "title case", "sentence", "subtitle", "no subtitle"])
    if form == "braces":
        return {"title": f"{{{title}}}"}
    if form == "title case":
        return {"title": " ".join(word[:1].upper() + word[1:] for word in title.split())}
    if form == "sentence":
        return {"title": title[:1] + title[1:].lower()}
    if form == "subtitle" and colon:
        return {"title": head, "subtitle": rest}
    if form == "no subtitle" and colon and len(head.split()) > 2:
        return {"title": head}
    return {"title": title}


def entry(work: Work, draw: random.Random) -> tuple[str, Fields]:
    """Return type and fields of a true entry for a work, in one of many habits of writing."""
    if work["type"] == "open-library":
        year = str(draw.choice(work["years"]))
        fields = {
            "author": _people(work, draw),
            **_title(work, draw),
            "year": year,
            "publisher": work["publisher"],
        }
        if draw.random() < 0.6:
            fields["isbn"] = work["isbn"]
        return "book", fields
    years = [work["year"], *([work["online"]] if work.get("online") else [])]
    name = draw.choice(["year", "date"])
    fields = {"author": _people(work, draw), **_title(work, draw), name: str(draw.choice(years))}
    kind, place = {"journal-article": ("article", draw.choice(["journal", "journaltitle"]))}.get(
        work["type"], ("incollection", "booktitle")
    )
    if work["type"] == "posted-content":
        return "misc", {**fields, "doi": work["doi"]}
    container = work.get("short") if work.get("short") and draw.random() < 0.3 else work.get("container")
    if container:
        fields[place] = container.replace("&", "\\&")
    if kind == "incollection":
        fields["publisher"] = work.get("publisher", "Springer")
    for mine, theirs in (("volume", "volume"), ("number", "issue")):
        if work.get(theirs) and draw.random() < 0.8:
            fields[mine] = work[theirs]
    if work.get("page") and draw.random() < 0.85:
        first, dash, last = work["page"].partition("-")
        cut = len(first) == len(last) and first[:1] == last[:1] and draw.random() < 0.3
        fields["pages"] = (
            first + (draw.choice(["--", "-", "–"]) if dash else "") + (last[1:] if cut else last)
        )
    if work["type"] != "journal-article" or draw.random() < 0.65:
        fields["doi"] = draw.choice([work["doi"], work["doi"].upper(), f"https://doi.org/{work['doi']}"])
    return kind, fields


def bibtex(key: str, kind: str, fields: Fields) -> str:
    """Return an entry as text."""
    return (
        f"@{kind}{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"
    )


def recorded(draw: random.Random) -> list[Work]:
    """Return the works that the indexes hold, with what makes real records harder: years online, cut-off subtitles."""
    works = []
    for work in [*articles(), *books()]:
        work = dict(work)
        if work["type"] == "journal-article" and draw.random() < 0.3:
            work["online"] = work["year"] - 1
        if ": " in work["title"] and draw.random() < 0.4:
            work["split"] = True
        works.append(work)
    review = {
        "type": "journal-article",
        "container": "Administrative Science Quarterly",
        "volume": "40",
        "year": 1995,
    }
    for number, book in enumerate(books()):  # a review bears the title of its book
        people = [["Reviewer", "Anna"], ["Critic", "Ben"]][number % 2 :]
        works.append(
            {
                **review,
                "doi": f"10.9999/review.{number}",
                "title": book["title"],
                "people": people[:1],
                "page": "9-11",
            }
        )
    return works


_WORDS = """
governance municipal adaptive resilience stakeholder capacity reform digital street-level accountability transition
collaborative regional incentive participatory performance network institutional innovation budget decentralised
"""
_TOPICS = _WORDS.split()
_NAMES = "Hartmann, Lena;Okafor, Daniel;Sato, Kenji;Petrova, Irina;Alvarez, Miguel;Novak, Jana;Walsh, Fiona"
_PEOPLE = _NAMES.split(";")


def _invented(draw: random.Random) -> tuple[str, Fields]:
    first, second, third, fourth = draw.sample(_TOPICS, 4)
    title = draw.choice(
        [
            f"{first.capitalize()} {second} and {third} {fourth}: evidence from four cities",
            f"Towards {first} {second}: how {third} shapes {fourth} in practice",
            f"The {first} turn in {second} {third}",
        ]
    )
    authors = " and ".join(draw.sample(_PEOPLE, draw.randint(1, 3)))
    journal = draw.choice(["Public Administration Review", "Governance", "Bioinformatics", "Nature Methods"])
    volume = str(draw.randint(3, 60))
    return "article", {
        "author": authors, "title": title, "journal": journal, "year": str(draw.randint(1998, 2021)), "volume": volume,
        "number": str(draw.randint(1, 6)), "pages": f"{draw.randint(1, 300)}--{draw.randint(301, 700)}",
    }  # fmt: skip


Planted = tuple[str, str, Fields]  # kind of fault, type, fields


def planted(works: list[Work], indexes: Indexes, draw: random.Random) -> Iterator[Planted]:
    """Yield 200 entries with one fault each; what the indexes must know of them is entered there."""
    journal = [
        work for work in works if work["type"] == "journal-article" and not work["doi"].startswith("10.9999/")
    ]
    long = [work for work in journal if len(work["title"].split()) > 4 and len(work["people"]) > 1]
    whole = [work for work in works if work["type"] == "open-library"]
    for _ in range(35):
        yield "invented", *_invented(draw)
    for number in range(20):
        kind, fields = _invented(draw)
        yield "invented, with a DOI", kind, {**fields, "doi": f"10.1111/padm.{70000 + number}"}
    for work, other in zip(draw.sample(long, 25), draw.sample(long, 25), strict=True):
        kind, fields = entry(work, draw)
        doi = other["doi"] if other is not work else long[0]["doi"]
        yield "the DOI of another", kind, {**fields, "doi": doi}
    for work, other in zip(whole[:5], whole[5:], strict=False):
        kind, fields = entry(work, draw)
        yield "the ISBN of another", kind, {**fields, "isbn": other["isbn"]}
    for work in draw.sample(long, 30):
        kind, fields = entry(work, draw)
        name = "year" if "year" in fields else "date"
        yield (
            "wrong year",
            kind,
            {**fields, name: str(work["year"] + draw.choice([-7, -4, -3, -2, 1, 2, 3, 5]))},
        )
    for number, work in enumerate(draw.sample(long, 30)):
        kind, fields = entry({**work, "people": _wrong(work["people"], number % 5, draw)}, draw)
        if fields["author"].endswith("others") and number % 5:
            fields["author"] = " and ".join(f"{f}, {g}" for f, g in _wrong(work["people"], number % 5, draw))
        yield f"wrong authors ({number % 5})", kind, fields
    for number, work in enumerate(draw.sample(long, 15)):
        kind, fields = entry(work, draw)
        fields |= [
            {"volume": str(900 + number)}, {"pages": "7001--7009"},
            {"journaltitle" if "journaltitle" in fields else "journal": "Journal of Cultural Heritage Studies"},
        ][number % 3]  # fmt: skip
        yield "wrong volume, pages or journal", kind, fields
    yield from _noticed(draw.sample(journal, 40), indexes, draw)


def _wrong(people: list[list[str]], how: int, draw: random.Random) -> list[list[str]]:
    """Return authors with one replaced, one left out, one more, another first name, or all others."""
    stranger = draw.choice([["Hartmann", "Lena"], ["Okafor", "Daniel"], ["Zhumabekova", "Aliya"]])
    if how == 0:
        return [stranger, *people[1:]]
    if how == 1:
        return people[:-1]
    if how == 2:
        return [*people, stranger]
    if how == 3:
        first = next(letter for letter in "XQZW" if letter not in people[0][1])
        return [[people[0][0], first + "ander"], *people[1:]]
    return [stranger, ["Petrova", "Irina"]]


def _noticed(works: list[Work], indexes: Indexes, draw: random.Random) -> Iterator[Planted]:
    date = {"date-parts": [[2019, 5, 1]], "date-time": "2019-05-01T00:00:00Z"}
    for number, work in enumerate(works):
        kind, fields = entry(work, draw)
        doi, notice = work["doi"], f"10.9999/notice.{number}"
        update = {
            "DOI": notice,
            "type": "retraction",
            "label": "Retraction",
            "source": "publisher",
            "updated": date,
        }
        if number < 14:
            source = "retraction-watch" if number % 2 else "publisher"
            indexes.updated_by[doi] = [{**update, "source": source}]
            yield "retraction: updated-by", kind, fields
        elif number < 24:
            back = {**update, "DOI": doi}
            indexes.notices[doi] = [
                {"DOI": notice, "type": "journal-article", "title": ["Retraction"], "update-to": [back]}
            ]
            yield "retraction: update-to", kind, fields
        elif number < 28:
            work["update-to"] = [{**update, "DOI": doi, "type": "withdrawal"}]
            yield "retraction: in its place", kind, fields
        elif number < 30:
            indexes.retracted.add(doi)
            yield "retraction: OpenAlex", kind, fields
        elif number < 35:
            indexes.updated_by[doi] = [
                {**update, "type": "expression_of_concern", "label": "Expression of concern"}
            ]
            yield "concern", kind, fields
        else:
            indexes.updated_by[doi] = [
                {**update, "type": draw.choice(["correction", "erratum", "corrigendum"])}
            ]
            yield "correction", kind, fields


_MAIL = "paper:\n  references:\n    mailto: author@example.org\n"


def book_of(book: Book, *entries: str) -> Path:
    root = book({"index.qmd": "# A\n", "references.bib": "\n".join(entries)}, _MAIL)
    (root / "data").mkdir()
    return root
