"""A record of Crossref as an entry of the bibliography: type, names, title, dates, in the house's form."""

from __future__ import annotations

import html
import re
from typing import Any

from paper.bibliography.rules.titles import proper_nouns
from paper.bibliography.tidy import format_entry

Record = dict[str, Any]

# Crossref's type: biblatex's
_TABLE = """
journal-article: article
book monograph reference-book book-set book-series: book
edited-book: collection
book-chapter book-section book-part book-track: incollection
reference-entry: inreference
proceedings: proceedings
proceedings-article: inproceedings
report report-component report-series: report
dissertation: thesis
posted-content: online
dataset database: dataset
standard: standard
"""
_TYPES = {old: row.split(": ")[1] for row in _TABLE.split("\n") if row for old in row.split(":")[0].split()}
_BEGIN, _END = "\ue000", "\ue001"
_IN_BOOKS = frozenset({"incollection", "inreference", "inproceedings"})


def bibtex(record: Record) -> str:
    """Return the record as a biblatex entry without a key; what it doesn't say is left out."""
    kind = _TYPES.get(str(record.get("type")), "misc")
    fields: dict[str, str] = {
        "author": _names(record.get("author")),
        "editor": _names(record.get("editor")),
        "title": _title(record),
        "date": _date(record),
        "volume": _text(record.get("volume")),
        "number": _text(record.get("issue")),
        "edition": _text(record.get("edition-number")),
        "pages": _pages(_text(record.get("page"))),
        "eid": _text(record.get("article-number")) if not record.get("page") else "",
        "doi": str(record.get("DOI") or ""),
    }
    container = _text(_first(record.get("container-title")))
    if kind == "article":
        fields["journaltitle"] = container
    elif kind in _IN_BOOKS:
        fields["booktitle"] = _protect_capitals(container)
    elif kind in ("book", "collection") and container != _text(_first(record.get("title"))):
        fields["series"] = container
    if kind != "article":
        fields["institution" if kind in ("report", "thesis") else "publisher"] = _text(
            record.get("publisher")
        )
        fields["location"] = _text(record.get("publisher-location"))
        fields["isbn"] = str(_first(record.get("ISBN")) or "").rpartition("/")[2]
    if kind == "thesis":
        fields["type"] = _text(_first(record.get("degree"))) or "phdthesis"
    filled = [(name, _restore_emphasis(f"{{{value}}}")) for name, value in fields.items() if value]
    return format_entry(kind, "", filled)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value if not isinstance(value, list) else ""


def _names(people: Any) -> str:
    names = []
    for person in people if isinstance(people, list) else []:
        if not isinstance(person, dict):
            continue
        body, family = _text(person.get("name")), _text(person.get("family"))
        given, suffix = _text(person.get("given")), _text(person.get("suffix"))
        if body or not given:
            names.append("{" + (body or family) + "}" if body or family else "")
        else:
            names.append(", ".join(part for part in (family, suffix, given) if part))
    return " and ".join(name for name in names if name)


def _title(record: Record) -> str:
    title, subtitle = (_text(_first(record.get(name))) for name in ("title", "subtitle"))
    title = re.sub(r"(?<=[a-z]{3})\.$", "", title)
    if subtitle and subtitle.lower() not in title.lower():
        title += (" " if title.endswith(("?", "!", ":")) else ": ") + subtitle
    return _protect_capitals(title)


def _protect_capitals(title: str) -> str:
    """Return the title with its proper nouns and acronyms in braces, and not all in capitals."""
    if title.isupper() and len(title) > 12:
        title = title.capitalize()
    title = re.sub(r"(?<![\w\\{-])(?:[A-Z]{2,}s?|[a-z]+[A-Z]\w*)(?![\w}])", r"{\g<0>}", title)
    return proper_nouns().sub(lambda match: f"{{{match.group()}}}", title)


def _text(value: Any) -> str:
    """Return a value of Crossref as LaTeX: entities, tags and white space resolved, signs of LaTeX escaped."""
    if value is None or isinstance(value, list | dict):
        return ""
    text = str(value)
    text = re.sub(r"<(?:mml:|/mml:|/?math)[^<>]*>", "", text)
    text = re.sub(
        r"<(i|em|italic|jats:italic)\b[^<>]*>(.*?)</\1>", _BEGIN + r"\2" + _END, text, flags=re.DOTALL
    )
    text = " ".join(html.unescape(html.unescape(re.sub(r"<[^<>]*>", "", text))).split())
    text = text.replace("\\", "").replace("{", "(").replace("}", ")")
    text = (
        re.sub(r"[&%$#_]", r"\\\g<0>", text)
        .replace("^", "\\textasciicircum{}")
        .replace("~", "\\textasciitilde{}")
    )
    return text


def _restore_emphasis(text: str) -> str:
    r"""Put ``\emph{…}`` for the marks that stood for it while capitals were put in braces."""
    return text.replace(_BEGIN, "\\emph{").replace(_END, "}")


def _pages(pages: str) -> str:
    return re.sub(r"\s*[-–—]+\s*", "--", pages)


def _date(record: Record) -> str:
    """Return the day of print before that of the web; a year alone for articles, whose issue tells the rest."""
    for name in ("published-print", "issued", "published", "published-online", "posted", "created"):
        date = record.get(name)
        parts = _first(date.get("date-parts")) if isinstance(date, dict) else None
        if isinstance(parts, list) and parts and isinstance(parts[0], int):
            numbers = parts if record.get("type") in ("report", "posted-content") else parts[:1]
            return "-".join(f"{int(part):02}" for part in numbers if isinstance(part, int))
    return ""
