"""References to labels of the book → links that say what Quarto's say."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

import panflute as pf

from paper.errors import Place, did_you_mean
from paper.numbering.counting import Entry, canonical_label, reference_kind
from paper.parsing.constructs import NBSP, CrossReference
from paper.parsing.tree import walk
from paper.parsing.wording import Wording
from paper.report import Fault, warning
from paper.settings import Yaml
from paper.text import places

if TYPE_CHECKING:
    from paper.text.source import Source

SECTIONS = ("sec", "ch", "apx")


def resolve(
    doc: pf.Doc,
    page: str,
    entries: Mapping[str, Entry],
    options: Yaml,
    goes_by_title: Callable[[Entry], bool],
) -> None:
    """Turn the references of a chapter, whose page is ``page``, into links, in place.

    goes_by_title: whether the chapter refers to a section by its title; all go so where the book numbers none.
    """
    wording = Wording.of(options)
    numbered = options.get("number-sections", True) is not False
    linked = wording.crossref.get("ref-hyperlink", True) is not False
    kinds = wording.custom

    def references(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if not any(reference_kind(c.id, kinds) for c in element.citations):
            return None
        results: list[pf.Element] = []
        others = []
        for citation in element.citations:
            if not reference_kind(citation.id, kinds):
                others.append(citation)
                continue
            if results:
                results += [pf.Str(wording.between), pf.Space()]
            label = canonical_label(citation.id)
            entry = entries.get(label)
            if entry is None:
                results.append(pf.Strong(pf.Str(f"?@{label}")))  # as Quarto prints it
                continue
            link = _link(citation, label, entry, page, wording, numbered and not goes_by_title(entry))
            results += [link.element()] if linked else link.content
        if others:
            if results:
                results += [pf.Str(wording.between), pf.Space()]
            results.append(pf.Cite(*element.content, citations=others))
        return results

    walk(doc, references, pf.Cite)


def _link(
    citation: pf.Citation, label: str, entry: Entry, page: str, wording: Wording, numbered: bool
) -> CrossReference:
    number = entry.number + (f" ({entry.sub})" if entry.sub else "")
    by_title = entry.kind in SECTIONS and not (numbered and number)
    if by_title:
        number = entry.words
    words = wording.prefix(entry.kind)
    if citation.id[0].isupper():
        words = words[:1].upper() + words[1:]
    prefix: list[pf.Element] = []
    if citation.prefix:
        prefix = [*citation.prefix, pf.Str(NBSP)]
    elif by_title:
        prefix = [] if number else [pf.Str(words)]
    elif citation.mode != "SuppressAuthor" and words:
        prefix = [pf.Str(words + wording.space(entry.kind))]
    before = pf.stringify(pf.Para(*prefix)).replace(NBSP, " ").strip() if prefix else ""
    return CrossReference(
        content=(*prefix, *(_inlines(number) if by_title else [pf.Str(number.replace(" ", NBSP))])),
        url=address(label, entry, page),
        label=label,
        kind=entry.kind,
        number=number,
        prefix=before,
    )


def _inlines(words: str) -> list[pf.Element]:
    """Words as inlines that may break over lines between them."""
    results: list[pf.Element] = []
    for word in words.split(" "):
        results += [pf.Space(), pf.Str(word)] if results else [pf.Str(word)]
    return results


def address(label: str, entry: Entry, page: str) -> str:
    """Where a link on a page leads to: to a chapter on another page as a whole, else to the place itself."""
    url = relative(page, entry.page)
    return url if url and entry.kind in ("ch", "apx") else f"{url}#{label}"


def relative(page: str, target: str) -> str:
    """Return the address of one page of the site from another; "" for the page itself."""
    return "" if page == target else quote(posixpath.relpath(target, posixpath.dirname(page) or "."))


def unresolved(source: Source, label: str, entries: Iterable[str], custom: frozenset[str]) -> Fault:
    """Return the warning of a reference that leads nowhere, in Quarto's words, with the nearest label."""
    known = [name for name in entries if reference_kind(name, custom)]
    name = canonical_label(label)
    remedy = did_you_mean(name, known, f"label what it should point to with #{name}", "@")
    message = f"Unable to resolve crossref @{label}"
    return warning(places.of_key(source, label), "unknown-reference", message, remedy)


def label_twice(label: str, first: Place, again: Place) -> Fault:
    """Return the warning of a label that two floats or sections have: references lead to the first."""
    message = f"the label {label} is given twice, first in {first}: references lead to the first"
    return warning(again, "label-twice", message, "give each float and section a label of its own")
