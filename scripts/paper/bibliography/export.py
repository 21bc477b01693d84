"""The bibliography for other programs: classic BibTeX, RIS and CSL-JSON.

CSL-JSON is pandoc's reading of the file. RIS is made from that. BibTeX is written here, because pandoc's
writer of it drops DOI, ISBN, type and chapter: biblatex's types and fields get the names that BibTeX's
styles know, and the doubt about an entry becomes its ``annote``, which no ordinary style prints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Literal

from paper.bibliography import language
from paper.bibliography.formatted import bibliography_files
from paper.bibliography.model import Entry, inherited
from paper.bibliography.reader import read, refuse_circles
from paper.bibliography.ris import ris
from paper.bibliography.tidy import faults, format_entry
from paper.bibliography.types import FOREIGN
from paper.errors import CitationError, Place
from paper.project import Project

Form = Literal["bibtex", "ris", "csljson"]

# biblatex's type: BibTeX's
_TABLE = """
report: techreport
collection mvbook mvcollection reference: book
bookinbook suppbook: inbook
inreference suppcollection: incollection
mvproceedings: proceedings
thesis: phdthesis
online electronic www dataset software patent periodical legislation legal jurisdiction standard: misc
speech letter image video audio movie music artwork performance: misc
"""
_TYPES = {old: row.split(": ")[1] for row in _TABLE.split("\n") if row for old in row.split(":")[0].split()}
_NAMES = {"journaltitle": "journal", "location": "address", "venue": "address", "doubt": "annote"}
_LEFT_OUT = frozenset(
    {"audit-ignore", "bookauthor", "crossref", "date", "ids", "langidopts", "proof", "urldate", "xdata"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def export(project: Project, form: Form, keys: Iterable[str] = (), *, doubts: bool = True) -> str:
    """Return the project's works, or those of the keys, in another format; with what is doubtful about each.

    Raises CitationError for a key that no entry has, and where a .bib file is missing.
    """
    bibs = [read(path) for path in bibliography_files(project)]
    for bib in bibs:
        if faults(bib):
            place = Place(bib.name, bib.line(bib.problems[0].position))
            message = f"not exported: {bib.problems[0].message}"
            raise CitationError(message, place=place, remedy="paper refs check tells all that is wrong")
    refuse_circles(bibs)

    every = {entry.key: entry if doubts else _without_doubt(entry) for bib in bibs for entry in bib.entries}
    wanted = list(dict.fromkeys(keys)) or [
        key for key in every if every[key].type.lower() not in ("xdata", "set")
    ]
    for key in wanted:
        if key not in every:
            raise CitationError(f"no entry has the key {key!r}", remedy="paper refs show finds the nearest")
    writers: dict[Form, Callable[[], str]] = {
        "bibtex": lambda: "\n\n".join(_classic(every[key], every) for key in wanted) + "\n",
        "ris": lambda: "".join(ris(item) for item in _items(every, wanted, as_printed=True)),
        "csljson": lambda: json.dumps(_items(every, wanted), ensure_ascii=False, indent=1) + "\n",
    }
    return writers[form]()


def _without_doubt(entry: Entry) -> Entry:
    return replace(
        entry,
        fields=[field for field in entry.fields if field.name.lower() != "doubt"],
        values={name: value for name, value in entry.values.items() if name != "doubt"},
    )


def _items(every: dict[str, Entry], wanted: list[str], *, as_printed: bool = False) -> list[dict[str, Any]]:
    """Works as CSL has them. as_printed: titles keep their capitals, where CSL wants a sentence's."""
    from paper.tools import pandoc

    text = "\n".join(_pandoc_entry(entry, as_printed) for entry in every.values())
    items = {item["id"]: item for item in json.loads(pandoc.run(text, source="biblatex", to="csljson"))}
    results = [items[key] for key in wanted if key in items]
    for item in results:
        item["type"] = item.get("type") or "document"
        _drop_others(item)
        if item.get("language") == "kazakh":  # pandoc has no tag for it
            item["language"] = "kk-KZ"
        _keep_words_of_year(item, every[item["id"]])
    return results


def _drop_others(item: dict[str, Any]) -> None:
    """BibTeX's "and others" is a name to pandoc: CSL and RIS have no word for it, and print it as a person's."""
    for names in item.values():
        if isinstance(names, list) and len(names) > 1 and names[-1] == {"literal": "others"}:
            names.pop()


def _keep_words_of_year(item: dict[str, Any], entry: Entry) -> None:
    """Keep a year such as "forthcoming" or "c. 1990", which is no date to pandoc: CSL has ``literal`` for it."""
    given = item.get("issued")
    if not isinstance(given, dict) or any(part and part != [0] for part in given.get("date-parts") or []):
        return
    words = (entry.get("date") or entry.get("year")).strip()
    if words:
        item["issued"] = {"literal": words}
    else:
        del item["issued"]


_TITLES = frozenset(
    {"title", "subtitle", "booktitle", "booksubtitle", "maintitle", "journaltitle", "journal"}
)


def _pandoc_entry(entry: Entry, as_printed: bool) -> str:
    """Format an entry for pandoc: strings and language put in, titles in braces where their capitals are to stay."""
    spoken = language.missing(entry)
    fields = [("langid", f"{{{spoken}}}")] if spoken else []
    for name, value in entry.values.items():
        if name in FOREIGN or name == "proof":
            continue
        if name == "month":  # "mar" in braces is no month to pandoc
            value = str(_month(value) or value)
        raw = f"{{{{{value}}}}}" if as_printed and name in _TITLES else f"{{{value}}}"
        fields.append(("annotation" if name == "doubt" else name, raw))
    return format_entry(entry.type, entry.key, fields)


def _month(value: str) -> int | None:
    """Return the number of a month given as number, name or its first three letters."""
    word = value.strip(" .").lower()
    if word.isdigit():
        return int(word)
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS and word.isalpha() else None


def _classic(entry: Entry, every: dict[str, Entry]) -> str:
    """Return an entry as BibTeX of 1988 has it; what it takes over by cross-reference stands in it."""
    values = {**inherited(entry, every), **entry.values}
    if spoken := language.missing(entry):
        values["langid"] = spoken
    kind = _TYPES.get(entry.type.lower(), entry.type.lower())
    if kind == "inbook" and "booktitle" in values:
        kind = "incollection"
    if "thesis" in kind:
        kind = "mastersthesis" if values.pop("type", "").lower().startswith("ma") else kind
        values["school"] = values.pop("institution", values.get("school", ""))
    if kind == "misc" and "url" in values:
        values.setdefault("howpublished", f"\\url{{{values['url']}}}")
    accessed = f"Accessed {values['urldate']}" if "urldate" in values else ""
    values["note"] = ". ".join(filter(None, (values.get("note"), values.pop("eventtitle", ""), accessed)))
    fields = {
        _NAMES.get(name, name): f"{{{value}}}"
        for name, value in values.items()
        if name not in _LEFT_OUT | FOREIGN and value
    }
    return format_entry(kind, entry.key, {**_year_and_month(values.get("date", "")), **fields}.items())


def _year_and_month(date: str) -> dict[str, str]:
    """Return the fields that say what biblatex's ``date`` says; of a range, where it begins."""
    match = re.match(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", date)
    if not match:
        return {}
    results = {"year": f"{{{match[1]}}}"}
    if match[2]:
        results["month"] = _MONTHS[int(match[2]) - 1]
    if match[3]:
        results["day"] = f"{{{int(match[3])}}}"
    return results
