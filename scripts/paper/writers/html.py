"""A numbered chapter as the inner HTML of its page, in the classes that Quarto's pages have."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import panflute as pf

from paper.images import images, policy, raster, resources
from paper.numbering import citing
from paper.numbering.citations import Citations
from paper.numbering.counting import reference_kind
from paper.numbering.numbering import NumberedChapter
from paper.numbering.references import relative
from paper.parsing import addresses, notes, titles
from paper.parsing.tree import RAW, Action, walk
from paper.parsing.wording import Wording
from paper.project import Project
from paper.tools import pandoc, trees
from paper.tools.cache import Cache, digest
from paper.writers import code, mathematics
from paper.writers.contents import TocEntry, nest_headings
from paper.writers.html_constructs import HtmlRenderer

ARGS: Final = ("--section-divs", "--mathjax", "--wrap=none", "--syntax-highlighting=pygments")
# A comment; scripts and styles, in which one is code, are passed over.
_COMMENT = re.compile(r"(<(script|style|textarea)\b.*?</\2\s*>)|<!--.*?-->", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """What a page says."""

    heading: str
    """The inner HTML of its h1."""
    html: str
    """Its body."""
    toc: tuple[TocEntry, ...]
    """Its contents."""
    images: tuple[str, ...] = ()
    """Addresses of the images that it shows, as far as they may be files of the project."""
    front: str = ""
    """HTML of what stands under its title."""
    links: tuple[str, ...] = ()
    """Addresses of what else it shows or leads to, as far as they may be files of the project."""
    allows: tuple[tuple[str, str], ...] = ()
    """What its security policy must let in besides what all pages have: directive and source."""
    name: str = ""
    """Its title as text."""
    parts: dict[str, str] = field(default_factory=dict)
    """On the front page, HTML of what the settings say of the book and mark up, by name."""


def body(
    project: Project,
    chapter: NumberedChapter,
    cache: Cache,
    cites: Citations,
    listed: Iterable[str] = (),
) -> Body:
    """Return the chapter's page. cites: how it cites; listed: works that it lists besides those that it cites."""
    own = {*chapter.outline.cites, *citing.nocite(project, chapter.source), *listed}
    links = [
        (
            label,
            entry.kind,
            entry.number,
            entry.sub,
            entry.words,
            entry.bare,
            relative(chapter.page, entry.page),
        )
        for label, entry in chapter.book.cross_references(chapter)
    ]
    elsewhere = chapter.book.section_links_to_other_pages(chapter)
    made_with = digest(
        "page",
        chapter.key,
        chapter.page,
        chapter.kind,
        chapter.number,
        sorted(chapter.repeated_labels),
        links,
        elsewhere,
        [str(other.path) for other in project.chapters],
        json.dumps(cites.of(chapter.citations, own)),
        pandoc.binary(),
    )
    cached = cache.get("page", made_with)
    if cached is None:
        result = _write(project, chapter, cites, own)
        cache.put("page", made_with, asdict(result))
        return result
    return Body(
        cached["heading"], cached["html"], _entries(cached["toc"]), tuple(cached["images"]), cached["front"],
        tuple(cached["links"]), tuple((name, value) for name, value in cached["allows"]), cached["name"],
        cached["parts"],
    )  # fmt: skip


def _write(project: Project, chapter: NumberedChapter, cites: Citations, own: Collection[str]) -> Body:
    heads = _titles(chapter, cites)
    doc = chapter.doc
    _front(chapter, doc)
    walk(doc, _on_page(project, chapter.page), pf.Link, pf.Image, *RAW)
    elsewhere = chapter.book.section_links_to_other_pages(chapter)

    def to_other_page(element: pf.Element, _: pf.Doc) -> None:
        if element.url[1:] in elsewhere and element.url.startswith("#"):
            element.url = elsewhere[element.url[1:]]

    if elsewhere:
        walk(doc, to_other_page, pf.Link)
    nested_notes = notes.NestedNotes(doc)
    formulas = mathematics.formulas(doc)
    known = addresses.of(doc)
    allows = policy.needed(doc)
    renderer = HtmlRenderer(chapter)
    renderer.render(doc)
    walk(doc, _enlargeable(chapter), pf.Image)
    cites.insert(doc)
    if own:
        cites.place_list(doc, own)
    args = list(ARGS)
    place = str(chapter.options.get("reference-location") or "document")
    if place in ("block", "section"):
        args.append(f"--reference-location={place}")
    written = pandoc.run(trees.dump(doc), to="html5", args=args)
    headings = pandoc.run(json.dumps(_heading_doc(heads)), to="html5", args=["--wrap=none", "--mathjax"])
    shown = [_bare(text) for text in re.findall(r"<p>(.*?)</p>", headings, re.S)][: len(heads)]
    written = nested_notes.placed(written)
    # Those of the list of works aren't in the text.
    formulas = list(dict.fromkeys([*formulas, *mathematics.formulas_of_page(written)]))
    text = code.with_anchors(mathematics.with_mathml(written, formulas), renderer.annotated)
    works = chapter.options.get("citation-location") == "margin"
    if _has_margin(text, place == "margin", works):
        from paper.writers import margin  # and with it a parser of HTML, which is slow to import

        text = margin.place_in_margin(text, notes=place == "margin", works=works)
    local = tuple(url for url in known.images if images.is_local(url))
    links = tuple(url for url in (*known.links, *known.markup) if images.is_local(url))
    pieces = dict(re.findall(r"<!--paper-front (\w+)-->(.*?)<!--paper-front-end-->", text, re.S))
    text = re.sub(r"<!--paper-front \w+-->.*?<!--paper-front-end-->\s*", "", text, flags=re.S)
    text = _without_comments(text)
    pieces = {
        name: re.sub(r"^<p>(.*)</p>$", r"\1", piece.strip(), flags=re.S) for name, piece in pieces.items()
    }
    under = pieces.pop("under", "")
    title = pieces.pop("title", "")
    heading = _heading(chapter, title) if chapter.kind != "index" else title
    name = titles.plain(chapter.title, cites.insert)
    contents = _toc(project, heads, shown)
    return Body(heading, text, contents, local, under, links, allows, name, pieces)


def fragment(project: Project, chapter: NumberedChapter, doc: pf.Doc) -> str:
    """Return blocks of a chapter as HTML, by themselves: without citations, notes, numbers and a margin."""
    walk(doc, _on_page(project, chapter.page), pf.Link, pf.Image, *RAW)
    formulas = mathematics.formulas(doc)
    HtmlRenderer(chapter).render(doc)
    walk(doc, _enlargeable(chapter), pf.Image)
    written = pandoc.run(trees.dump(doc), to="html5", args=ARGS)
    return _without_comments(mathematics.with_mathml(written, formulas))


def _without_comments(text: str) -> str:
    """Return HTML without comments: what an author noted for themselves, perhaps on a person, is in no output.

    Quarto publishes them.
    """
    return _COMMENT.sub(lambda found: found[1] or "", text)


def _front(chapter: NumberedChapter, doc: pf.Doc) -> None:
    """Put the title, and what stands under it, before the text between marks, so that all are written as one.

    Notes are then numbered in the order of the page, and citations and formulas are those of the text.
    """
    front = chapter.kind == "index"
    block = titles.take(doc, of_book=front)
    named: dict[str, list[pf.Element]] = {}
    if front:
        named = titles.parts(block)
        under = [pf.Div(*named.pop(n), classes=[n]) for n in ("doi", "abstract") if n in named]
    else:
        named["title"] = [pf.Plain(*chapter.title)]
        under = list(block.content) if block else []
    if under:
        named["under"] = under
    marked: list[pf.Element] = []
    for name, blocks in named.items():
        begins, ends = (f"<!--paper-front {name}-->", "<!--paper-front-end-->")
        marked += [pf.RawBlock(begins, format="html"), *blocks, pf.RawBlock(ends, format="html")]
    # The book's title heads the front page, as under Quarto; what its own title says is text.
    own = [pf.Para(pf.Strong(*chapter.title))] if front and chapter.source.meta.get("title") else []
    doc.content = [*marked, *own, *doc.content]


def _bare(heading: str) -> str:
    """Return a heading's HTML for use outside the text: without links and the marks of notes."""
    heading = re.sub(r'<a [^>]*class="footnote-ref".*?</a>', "", heading, flags=re.S)
    return re.sub(r"</?a\b[^>]*>", "", heading)


def _entries(kept: list[dict[str, Any]]) -> tuple[TocEntry, ...]:
    return tuple(TocEntry(e["id"], e["number"], e["title_html"], _entries(e["children"])) for e in kept)


# -- titles and contents ----------------------------------------------------------------------------------------


def _titles(chapter: NumberedChapter, cites: Citations) -> list[dict[str, Any]]:
    """Return the chapter's title and its headings, with their inlines as JSON."""
    results: list[dict[str, Any]] = [
        {"level": 1, "id": chapter.id, "number": chapter.number, "inlines": _plain(chapter.title, cites)}
    ]

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if "unlisted" not in element.classes and not isinstance(element.parent, pf.Div):
            results.append(
                {
                    "level": element.level,
                    "id": element.identifier,
                    "number": element.attributes.get("number", ""),
                    "inlines": _plain(element.content, cites),
                }
            )

    walk(chapter.doc, visit, pf.Header)
    return results


def _plain(inlines: Any, cites: Citations) -> list[Any]:
    """Inlines as JSON without notes and links, for use outside the text."""
    para = pf.Para(*titles.without_notes(inlines, cites.insert))
    walk(para, lambda link, _: list(link.content), pf.Link)
    return [json.loads(json.dumps(i.to_json())) for i in para.content]


def _heading_doc(titles: list[dict[str, Any]]) -> dict[str, Any]:
    blocks = [{"t": "Para", "c": title["inlines"] or [{"t": "Str", "c": ""}]} for title in titles]
    return {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}


def _heading(chapter: NumberedChapter, title: str) -> str:
    """Return the inner HTML of the page's h1: number and title, which carries the id that the author gave it."""
    wording = Wording.of(chapter.options)
    if chapter.kind == "appendix":
        mark = f"{wording.appendix_title} {chapter.number}{wording.appendix_delimiter}"
        shown = f'<span class="chapter-title">{html.escape(mark, quote=False)} {title}</span>'
    else:
        shown = f'<span class="chapter-title">{title}</span>'
        if number := chapter.shown_number:
            shown = f'<span class="chapter-number">{number}</span>&nbsp; {shown}'
    if reference_kind(chapter.id):
        return f'<span id="{html.escape(chapter.id)}" class="quarto-section-identifier">{shown}</span>'
    return shown


def _toc(project: Project, titles: list[dict[str, Any]], rendered: list[str]) -> tuple[TocEntry, ...]:
    headings = [
        (title["level"], TocEntry(title["id"], title["number"], text))
        for title, text in zip(titles[1:], rendered[1:], strict=True)
    ]
    return nest_headings(headings, project.level("toc-depth", 3, "html"))


def _enlargeable(chapter: NumberedChapter) -> Action:
    """Images that lead to themselves in full size, where ``lightbox`` asks for it: a plain link, without a script.

    https://quarto.org/docs/output-formats/html-lightbox-figures.html
    """
    every = str(chapter.options.get("lightbox") or "false").lower() != "false"

    def visit(element: pf.Element, _: pf.Doc) -> pf.Link | None:
        asked, refused = ({name} & {*element.classes} for name in ("lightbox", "nolightbox"))
        element.classes = [name for name in element.classes if name not in ("lightbox", "nolightbox")]
        above = element.parent
        while above is not None and not isinstance(above, pf.Link):
            above = above.parent
        if above is not None or refused or not (every or asked) or images.is_data(element.url):
            return None
        said = element.attributes.get("alt") or pf.stringify(element)
        name = {} if said.strip() else {"aria-label": element.url.rpartition("/")[2]}
        return pf.Link(element, url=element.url, classes=["lightbox"], attributes=name)

    return visit


def _on_page(project: Project, page: str) -> Action:
    """Addresses of a chapter's source become those of its page."""

    def change(url: str) -> str:
        return resources.page_address(project, page, url)

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Link):
            element.url = change(element.url)
        elif isinstance(element, pf.Image):
            element.url = raster.page_address(images.relative_to_page(element.url, page))
        elif element.format == "html":
            element.text = addresses.rewritten(element.text, change)

    return visit


def _has_margin(page: str, notes: bool, works: bool) -> bool:
    """Whether anything on the page goes to the margin."""
    if re.search(r'class="[^"]*\bcolumn-margin\b|<aside>', page):
        return True
    return (notes and "footnote-ref" in page) or (works and "doc-biblioref" in page)
