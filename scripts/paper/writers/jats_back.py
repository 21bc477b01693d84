"""Statements that an article makes of itself, and its references, as JATS for Reuse recommends them.

A section of the class ``data-availability``, ``ethics-statement``, ``competing-interests``, ``funding``,
``acknowledgements`` or ``supplementary-material`` is what its class says, in every format a section and in JATS the
element that archives look for. https://jats4r.niso.org
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from paper.settings import Yaml
from paper.writers.jats_front import author_notes, funding_group

STATEMENTS: Final = (
    "data-availability", "ethics-statement", "competing-interests", "funding", "acknowledgements",
    "supplementary-material",
)  # fmt: skip
XLINK: Final = "{http://www.w3.org/1999/xlink}"
# The kinds of works that JATS names, by those of CSL.
# https://jats.nlm.nih.gov/archiving/tag-library/1.2/attribute/publication-type.html
PUBLICATIONS: Final = {
    "article": "preprint", "article-journal": "journal", "article-magazine": "journal",
    "article-newspaper": "newspaper", "bill": "government", "book": "book", "chapter": "book",
    "dataset": "data", "entry-encyclopedia": "book", "legal_case": "government", "legislation": "government",
    "manuscript": "working-paper", "paper-conference": "confproc", "patent": "patent", "post-weblog": "blog",
    "regulation": "government", "report": "report", "review": "review", "software": "software",
    "speech": "speech", "standard": "standard", "thesis": "thesis", "webpage": "web",
}  # fmt: skip
UNKNOWN: Final = "document"  # JATS4R asks not to say "other"
_DOI: Final = re.compile(r"https?://(?:dx\.)?doi\.org/(10\..+)", re.I)


def statement_of(classes: list[str], identifier: str) -> str:
    """Return which statement a heading begins, by its class; "" for none. Acknowledgements go by their id, too."""
    named = {*classes, *({identifier} & {"acknowledgements"})}
    return next((name for name in STATEMENTS if name in named), "")


def place_statements(root: Any, statements: Mapping[str, str]) -> None:
    """Turn the sections of these ids into the elements of the statements that they make."""
    for identifier, kind in statements.items():
        section = next((s for s in root.iter("sec", "app") if s.get("id") == identifier), None)
        if section is None:
            continue
        if kind == "ethics-statement":  # which may stand among the methods
            if section.tag == "sec":
                section.set("sec-type", kind)
        elif kind == "competing-interests":
            _to_author_notes(root, section)
        elif kind == "funding":
            _to_funding(root, section)
        else:
            _to_back(root, section, kind)


def _to_back(root: Any, section: Any, kind: str) -> None:
    back = root.find("back")
    back = etree.SubElement(root, "back") if back is None else back
    _take(section)
    if kind == "acknowledgements":
        section.tag = "ack"
    else:
        section.tag = "sec"
        section.set("sec-type", kind)
    at = next(
        (n for n, child in enumerate(back) if child.tag in ("app-group", "fn-group", "ref-list")), len(back)
    )
    back.insert(at, section)


def _to_author_notes(root: Any, section: Any) -> None:
    """https://jats4r.niso.org/conflict-of-interest-statements/."""
    _take(section)
    note = etree.SubElement(
        author_notes(root.find("front/article-meta")),
        "fn",
        {"fn-type": "coi-statement", "id": section.get("id")},
    )
    note.extend(child for child in list(section) if child.tag not in ("label", "title"))


def _to_funding(root: Any, section: Any) -> None:
    """https://jats4r.niso.org/funding/."""
    _take(section)
    group = funding_group(root.find("front/article-meta"))
    statement = group.find("funding-statement")
    statement = etree.SubElement(group, "funding-statement") if statement is None else statement
    statement.set("id", section.get("id"))
    for paragraph in section.iter("p"):
        _append(statement, (" " if statement.text or len(statement) else "") + (paragraph.text or ""))
        for child in paragraph:
            statement.append(deepcopy(child))


def _append(element: Any, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _take(section: Any) -> None:
    """Take a section out of its place; a group of appendices without any goes with it."""
    parent = section.getparent()
    parent.remove(section)
    if parent.tag == "app-group" and not len(parent):
        parent.getparent().remove(parent)


def complete_references(root: Any, works: Mapping[str, Yaml]) -> None:
    """Say of each work what kind it is, and give its DOI by itself.

    https://jats4r.niso.org/general-citations/, https://jats4r.niso.org/data-citations/
    """
    for citation in root.iter("mixed-citation"):
        work = works.get(citation.getparent().get("id", "").removeprefix("ref-"), {})
        kind = PUBLICATIONS.get(str(work.get("type")), UNKNOWN)
        citation.set("publication-type", kind)
        title = " ".join(re.sub(r"<[^>]+>", "", str(work.get("title") or "")).split())
        if kind == "data" and not _name_title(citation, title):
            citation.set("publication-type", UNKNOWN)
        for link in list(citation.iter("ext-link")):
            if doi := _DOI.fullmatch("".join(link.itertext())):
                _isolate_doi(link, doi[1])
            elif title:
                link.set(f"{XLINK}title", title)


def _isolate_doi(link: Any, doi: str) -> None:
    """Put ``pub-id`` in the place of a link to a DOI; the address of the resolver stays as text."""
    number = etree.Element("pub-id", {"pub-id-type": "doi", f"{XLINK}href": link.get(f"{XLINK}href")})
    number.text, number.tail = doi, link.tail
    resolver = "".join(link.itertext()).removesuffix(doi)
    before, parent = link.getprevious(), link.getparent()
    if before is not None:
        before.tail = (before.tail or "") + resolver
    else:
        parent.text = (parent.text or "") + resolver
    parent.replace(link, number)


def _name_title(citation: Any, title: str) -> bool:
    """Name the title of data as such, in whatever case the style prints it; return whether it stands there."""
    for element in citation.iter():
        for before in (None, *element):
            text = (element.text if before is None else before.tail) or ""
            at = text.lower().find(title.lower()) if title else -1
            if at < 0:
                continue
            named = etree.Element("data-title")
            named.text, named.tail = text[at : at + len(title)], text[at + len(title) :]
            if before is None:
                element.text = text[:at]
                element.insert(0, named)
            else:
                before.tail = text[:at]
                before.addnext(named)
            return True
    return False


def describe_links(root: Any) -> None:
    """Give each link whose words are its address a title: the name of the site. https://jats4r.niso.org/accessibility/."""
    for link in root.iter("ext-link"):
        address = link.get(f"{XLINK}href", "")
        words = "".join(link.itertext()).strip()
        if not link.get(f"{XLINK}title") and (
            words in ("", address) or re.match(r"(https?|s?ftp)://", words)
        ):
            link.set(f"{XLINK}title", urlsplit(address).hostname or address)
