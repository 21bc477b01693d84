"""Evidence at the claim: each claim on a page opens to its entry in the list of evidence, where the reader is.

After Annotation for Transparent Inquiry (https://qdr.syr.edu/ati). An entry opens as a popover, which browsers bring
themselves, so that it works by keyboard and without script; the claim's own link leads to the entry in the list. The
annotations can be taken away in the W3C's model (https://www.w3.org/TR/annotation-model/).
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from lxml import html as tree

from paper.coding.claims import ANNOTATIONS
from paper.errors import Place, SourceError
from paper.project import Project
from paper.site.cited import relative_address

if TYPE_CHECKING:
    from paper.site.site import Page

CONTEXT: Final = 64  # signs of text around an anchor, at most and within its block
BLOCKS: Final = ("p", "li", "td", "th", "dd", "figcaption", "blockquote", "div", "section", "main")
_LINK: Final = re.compile(
    r'<a (?=[^>]*\bclass="[^"]*(?<![\w-])claim(?![\w-]))'
    r'[^>]*?\bhref="(?P<page>[^"#]*)#(?P<entry>(?:claim|quote)-[^"]+)"'
    r"[^>]*>(?P<words>(?:(?!</a>).)*)</a>",
    re.DOTALL,
)
_ROW: Final = re.compile(r'<span class="row-id">\(([^<()]*)\)</span>')
_OWN: Final = ("id", "name", "aria-describedby", "aria-labelledby", "data-pagefind-weight")


@dataclass(frozen=True)
class Anchor:
    """A claim or quotation on a page."""

    page: Page
    id: str
    """Of the link that makes it."""
    entry_page: str
    entry: str
    """Id of its entry on that page."""


def open_at_claims(pages: Sequence[Page], t: Mapping[str, str]) -> tuple[list[Page], list[Anchor]]:
    """Let every claim open to its entry; entries lead back to their claims. t: the site's words.

    Returns the pages and the claims' anchors in reading order. Raises SourceError for a claim whose page of evidence
    has no entry for it.
    """
    anchors: list[Anchor] = []
    marked = [replace(page, body=_marked(page, anchors, t)) for page in pages]
    if not anchors:
        return list(pages), []
    entries = _entries(marked, anchors)
    for anchor in anchors:
        if (anchor.entry_page, anchor.entry) not in entries:
            raise SourceError(
                f"the claim {anchor.entry.partition('-')[2]} leads to {anchor.entry_page}, which has no entry for it",
                place=Place(anchor.page.source or anchor.page.path),
                remedy="call tables.evidence() on that page in every edition that makes the claim",
            )
    with_notes = [page if not (notes := _notes(page, anchors, entries, t)) else replace(page, body=page.body + notes)
                  for page in marked]  # fmt: skip
    return [replace(page, body=_listed(page, anchors, t)) for page in with_notes], anchors


def _marked(page: Page, anchors: list[Anchor], t: Mapping[str, str]) -> str:
    """Give each claim of a page an id and the button that opens its entry; add them to the anchors."""
    counts: dict[str, int] = {}

    def mark(match: re.Match[str]) -> str:
        entry = html.unescape(match["entry"])
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(page.path), html.unescape(match["page"]))
        )
        counts[entry] = counts.get(entry, 0) + 1
        anchor = Anchor(page, f"made-{entry}-{counts[entry]}", target if match["page"] else page.path, entry)
        anchors.append(anchor)
        link = match[0].replace("<a ", f'<a id="{html.escape(anchor.id)}" ', 1)
        if anchor.entry_page == page.path:
            return link
        return (
            f'{link}<button type="button" class="claim-mark" popovertarget="note-{html.escape(entry)}" '
            f'aria-label="{html.escape(t["evidence_open"])}" title="{html.escape(t["evidence_open"])}"></button>'
        )

    return _LINK.sub(mark, page.body)


def _entries(pages: Sequence[Page], anchors: Sequence[Anchor]) -> dict[tuple[str, str], tree.HtmlElement]:
    """Return the entries that claims lead to: page and id → element."""
    results: dict[tuple[str, str], tree.HtmlElement] = {}
    for page in pages:
        wanted = {anchor.entry for anchor in anchors if anchor.entry_page == page.path}
        if wanted:
            body = tree.fragment_fromstring(_linked_rows(page.body), create_parent="main")
            results |= {(page.path, str(e.get("id"))): e for e in body.iter() if e.get("id") in wanted}
    return results


def _notes(
    page: Page,
    anchors: Sequence[Anchor],
    entries: Mapping[tuple[str, str], tree.HtmlElement],
    t: Mapping[str, str],
) -> str:
    """Return the popovers of a page: a copy of the entry of each claim that it makes."""
    notes = []
    label, whole, close = (html.escape(text) for text in (t["evidence"], t["evidence_all"], t["close"]))
    here = [anchor for anchor in anchors if anchor.page.path == page.path and anchor.entry_page != page.path]
    for anchor in {anchor.entry: anchor for anchor in here}.values():
        inner = _copied(entries[anchor.entry_page, anchor.entry], anchor.entry_page, page.path)
        name = html.escape(f"note-{anchor.entry}")
        to = html.escape(f"{relative_address(page.path, anchor.entry_page)}#{quote(anchor.entry)}")
        notes.append(
            f'<div id="{name}" class="claim-note" popover role="dialog" aria-label="{label}" data-pagefind-ignore>\n'
            f'{inner}\n<p class="claim-note-foot"><a href="{to}">{whole}</a> '
            f'<button type="button" popovertarget="{name}" popovertargetaction="hide">{close}</button></p>\n</div>'
        )
    return "\n" + "\n".join(notes) if notes else ""


def _copied(entry: tree.HtmlElement, start: str, page: str) -> str:
    """Return an entry's content for another page: without ids, its links from there."""
    copy = tree.fromstring(tree.tostring(entry, encoding="unicode", with_tail=False))
    for element in copy.iter():
        if not isinstance(element.tag, str):
            continue
        for name in _OWN:
            element.attrib.pop(name, None)
        href = element.get("href")
        if href is not None and not re.match(r"[a-z][a-z0-9+.-]*:|//", href, re.I):
            path, _, anchor = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(start), path)) if path else start
            element.set("href", relative_address(page, target) + (f"#{anchor}" if anchor else ""))
    return (
        html.escape(copy.text or "") + "".join(tree.tostring(e, encoding="unicode") for e in copy)
    ).strip()


def _listed(page: Page, anchors: Sequence[Anchor], t: Mapping[str, str]) -> str:
    """Let each entry of a page lead back to where its claim is made, and its rows to their tables."""
    places: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.entry_page == page.path:
            places.setdefault(anchor.entry, []).append(anchor)
    if not places:
        return page.body
    body = _linked_rows(page.body)
    for entry, result in places.items():
        links = ", ".join(
            f'<a href="{html.escape(relative_address(page.path, a.page.path) if a.page.path != page.path else "")}'
            f'#{html.escape(quote(a.id))}">{html.escape(_name(a.page))}</a>'
            for a in result
        )
        line = f'<p class="claim-made" data-pagefind-ignore>{html.escape(t["evidence_made"])} {links}</p>'
        opening = re.compile(rf'(<div id="{re.escape(html.escape(entry))}"[^>]*>\s*<p\b.*?</p>)', re.DOTALL)
        body = opening.sub(lambda match, line=line: match[1] + line, body, count=1)  # type: ignore[misc]
    return body


def _name(page: Page) -> str:
    """Return a page's number and its title, up to a colon in a chapter's."""
    title = page.title if page.kind == "appendix" else page.title.partition(": ")[0]
    return f"{page.number} {title}".strip()


def _linked_rows(body: str) -> str:
    """Let the id of a coded row lead to the row, where a table of the page prints it."""

    def link(match: re.Match[str]) -> str:
        if f'id="row-{match[1]}"' not in body:
            return match[0]
        return f'<span class="row-id">(<a href="#row-{match[1]}">{match[1]}</a>)</span>'

    return _ROW.sub(link, body)


def web_annotations(project: Project, pages: Sequence[Page], anchors: Sequence[Anchor]) -> str:
    """Return the claims of the pages with their evidence as a collection of Web Annotations (JSON-LD).

    The addresses are whole where the site's is known, else relative to the site's root.
    """
    concerned = {path for anchor in anchors for path in (anchor.page.path, anchor.entry_page)}
    bodies = {page.path: _by_id(page.body) for page in pages if page.path in concerned}
    base = f"{project.site_url}/" if project.site_url else ""
    items = list(_items(bodies, anchors, base, project.lang))
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{base}{ANNOTATIONS}",
        "type": "AnnotationCollection",
        "label": project.title,
        "creator": [{"type": "Person", "name": author.name} for author in project.authors],
        "total": len(items),
        "first": {
            "id": f"{base}{ANNOTATIONS}#page",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"


def _by_id(body: str) -> dict[str, tree.HtmlElement]:
    """Return the elements of a page's body that have an id; of several with the same, the first."""
    elements: dict[str, tree.HtmlElement] = {}
    for element in tree.fragment_fromstring(body, create_parent="main").iter():
        if (name := element.get("id")) is not None:
            elements.setdefault(str(name), element)
    return elements


def _items(
    bodies: Mapping[str, Mapping[str, tree.HtmlElement]], anchors: Sequence[Anchor], base: str, lang: str
) -> Iterator[dict[str, Any]]:
    for anchor in anchors:
        place = bodies[anchor.page.path][anchor.id]
        entry = bodies[anchor.entry_page][anchor.entry]
        yield {
            "id": f"{base}{ANNOTATIONS}#{anchor.id}",
            "type": "Annotation",
            "motivation": "commenting",
            "target": {
                "source": f"{base}{anchor.page.path}",
                "selector": [
                    text_quote(place),
                    {
                        "type": "FragmentSelector",
                        "conformsTo": "http://www.w3.org/TR/html/",
                        "value": anchor.id,
                    },
                ],
            },
            "body": [
                {
                    "type": "TextualBody",
                    "format": "text/plain",
                    "language": lang,
                    "purpose": "describing",
                    "value": _plain(entry),
                },
                {
                    "type": "SpecificResource",
                    "purpose": "linking",
                    "source": f"{base}{anchor.entry_page}#{anchor.entry}",
                },
            ],
        }


def text_quote(element: tree.HtmlElement) -> dict[str, str]:
    """Return the words of an element, with those around it in its block, as a TextQuoteSelector."""
    block = next((e for e in element.iterancestors() if e.tag in BLOCKS), element.getroottree().getroot())
    start = len("".join(_pieces(block, element)))
    text, exact = block.text_content(), element.text_content()
    return {
        "type": "TextQuoteSelector",
        "exact": exact,
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[start + len(exact) :][:CONTEXT],
    }


def _pieces(block: tree.HtmlElement, until: tree.HtmlElement) -> Iterator[str]:
    """Yield the pieces of a block's text up to an element."""
    within = [*until.iterancestors()]

    def walk(element: tree.HtmlElement) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if child is until:
                return
            if any(child is e for e in within):
                yield from walk(child)
                return
            yield (child.text_content() if isinstance(child.tag, str) else "") + (child.tail or "")

    return walk(block)


def _plain(entry: tree.HtmlElement) -> str:
    """Return an entry's words, a line each for its blocks."""
    lines = [
        " ".join(e.text_content().split())
        for e in entry.iter("p", "li")
        if e.get("class") != "claim-made" and not any(a.tag == "li" for a in e.iterancestors())
    ]
    return "\n".join(line for line in lines if line)
