"""The book as an EPUB 3, for readers of e-books: its chapters, notes, formulas and figures, and what says of itself.

pandoc writes the package: files of chapters, contents, list of files. The chapters come to it as the page has them, but
for what asks for a script or a style of the site: no text of an author's own HTML is taken unread, so every file is
valid XHTML. ``epub_package`` does what pandoc leaves.
https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import itertools
import tempfile
import uuid
from collections.abc import Container, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import panflute as pf

from paper import assets
from paper.images import images
from paper.numbering import joining
from paper.numbering.conversions import Conversions
from paper.numbering.numbering import NumberedChapter
from paper.parsing import notes
from paper.parsing.constructs import Callout, CrossReference, Equation, Tabset
from paper.parsing.tree import RAW, every, walk
from paper.project import Project
from paper.settings import as_list
from paper.tools import pandoc
from paper.tools.cache import Cache
from paper.words import words
from paper.writers import cite, epub_package, epub_pages
from paper.writers.html_constructs import HtmlRenderer
from paper.writers.renderer import Rendered, Renderer
from paper.writers.skeletons import Text
from paper.writers.typst.compiler import timestamp

FRONT: Final = "title-page"
# What each kind of chapter is, in the vocabulary of EPUB. https://www.w3.org/TR/epub-ssv-11/
_TYPES: Final = {"index": "titlepage", "chapter": "chapter", "appendix": "appendix"}


def book_epub(
    project: Project, chapters: Sequence[NumberedChapter], out: Path, cache: Cache | None = None
) -> None:
    """Write the book's EPUB to ``out``. Raises CitationError for a citation without entry, ToolError.

    cache: where conversions are kept of chapters that are as they were numbered.
    """
    ids = {chapter.page: FRONT if chapter.kind == "index" else chapter.id for chapter in chapters}
    conversions = Conversions("epub", cache)

    parts = [
        conversions.part(chapter, ids, partial(_converted, project, chapter, ids)) for chapter in chapters
    ]
    book = joining.whole(project, chapters, parts, FRONT)
    settled = book.settle("epub", partial(_settle, project, book), _names(book), cache)
    of_book = joining.titles_of(settled)
    front = _front(project, of_book)
    texts = [Text(one.text, one.notes["skeleton"], one.notes["first"]) for one in settled]
    _head(texts, next((at for at, part in enumerate(parts) if part.chapter.kind == "index"), None), front)
    metadata = _metadata(project, [*(one.notes for one in settled), _notes(pf.Doc(*front))])
    settings = project.format("epub")
    style = [assets.find(project.root, "css/epub.css"), *_files(project, settings.get("css"))]
    args = [
        "--mathml",
        "--wrap=none",
        "--section-divs",
        "--split-level=1",
        "--epub-title-page=false",
        "--syntax-highlighting=pygments",
        f"--toc-depth={project.level('toc-depth', 3, 'epub')}",
        *(f"--css={path}" for path in style),
        *(f"--epub-embed-font={path}" for path in _files(project, settings.get("epub-fonts"))),
        *(f"--epub-cover-image={path}" for path in _cover(project)),
        *(f"--epub-metadata={path}" for path in _files(project, settings.get("epub-metadata"))),
    ]
    if settings.get("toc", True):
        args.append("--toc")
    moment = timestamp(project)

    def to_epub(texts: Sequence[str]) -> bytes:
        doc = joining.document({**metadata, "lang": project.lang}, texts)
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "made.epub"
            env = {"SOURCE_DATE_EPOCH": str(moment)}
            pandoc.run(doc, to="epub3", args=[*args, f"--output={result}"], env=env)
            return result.read_bytes()

    files = epub_pages.write(texts, [metadata, project.lang, args], to_epub, cache)
    out.write_bytes(epub_package.finish(files, project, moment))


def _head(texts: list[Text], at: int | None, front: Sequence[pf.Element]) -> None:
    """Put what heads the first file before the text of the front page, else before all, in place."""
    first = joining.text_of(front)
    if at is None:
        texts.insert(0, Text(first, first, FRONT))
    else:
        whole, skeleton = (
            ",".join(filter(None, (first, text))) for text in (texts[at].whole, texts[at].skeleton)
        )
        texts[at] = Text(whole, skeleton, FRONT)


def _names(book: joining.Whole) -> list[list[str]]:
    """Return, by part, a name for each heading without an id: those that pandoc would give are others' at times."""
    names = (name for n in itertools.count(1) if (name := f"heading-{n}") not in book.places)
    return [
        [next(names) for heading in part.headings if not heading or heading in lost]
        for part, lost in zip(book.parts, book.lost, strict=True)
    ]


def _settle(project: Project, book: joining.Whole, pieces: Sequence[joining.Piece]) -> list[Any]:
    """Write out what parts take of the book, in place; return what ``_notes`` says of each, and the book's titles."""
    notes: list[Any] = []
    for piece in pieces:
        book.cite(piece)
        of_book = joining.take_titles(piece)
        _settle_links(project, piece.doc, book.places)
        nameless = (heading for heading in every(piece.doc, pf.Header) if not heading.identifier)
        for heading, name in zip(nameless, piece.own, strict=False):
            heading.identifier = name
        blocks = list(piece.doc.content)
        first = blocks[0].identifier if blocks and isinstance(blocks[0], pf.Header) else ""
        parts = {"skeleton": epub_pages.skeleton(blocks), "first": first}
        notes.append({"of book": of_book, **parts, **_notes(piece.doc)})
    return notes


def _notes(doc: pf.Doc) -> dict[str, bool]:
    """Return what the package says of a part: pictures, whether one has no description, formulas."""
    pictures = every(doc, pf.Image)
    nameless = any(not pf.stringify(picture).strip() for picture in pictures)
    return {"pictures": bool(pictures), "nameless": nameless, "formulas": bool(every(doc, pf.Math))}


def identifier(project: Project) -> str:
    """Return the book's name for libraries: its DOI, else a UUID that stays while address and title do."""
    if given := str(project.format("epub").get("identifier") or ""):
        return given
    if project.doi:
        return f"doi:{project.doi}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, project.site_url or project.title)}"


def _files(project: Project, named: Any) -> list[Path]:
    """Return the files of the project that a setting names; none outside it."""
    paths = [(project.root / str(name)).resolve() for name in as_list(named or [])]
    return [path for path in paths if path.is_file() and path.is_relative_to(project.root.resolve())]


def _cover(project: Project) -> list[Path]:
    """Return the cover: of ``epub-cover-image``, else the book's, as under Quarto."""
    named = project.format("epub").get("epub-cover-image") or project.book.get("cover-image")
    return _files(project, named)[:1]


def _metadata(project: Project, notes: Sequence[Mapping[str, bool]]) -> dict[str, Any]:
    """Return what the package says of the book, in pandoc's names of Dublin Core and schema.org.

    notes: as ``_notes`` returns them, by part.
    """
    licence = cite.licence(project)
    title = [{"type": "main", "text": project.title}]
    if project.subtitle:
        title.append({"type": "subtitle", "text": project.subtitle})
    creators = []
    for author in project.authors:
        family, given = cite.family_and_given(author)
        sorted_as = ", ".join(filter(None, (family, given)))
        creators.append({"role": "aut", "text": author.name, "file-as": sorted_as})
    pictures, nameless, formulas = (
        any(part[name] for part in notes) for name in ("pictures", "nameless", "formulas")
    )
    features = ["readingOrder", "structuralNavigation", "tableOfContents"]
    features += ["alternativeText"] if pictures and not nameless else []
    features += ["MathML"] if formulas else []
    values: dict[str, Any] = {
        "title": title,
        "toc-title": words(project.lang)["contents"],
        "creator": creators,
        "identifier": identifier(project),
        "date": project.date.isoformat() if project.date else "",
        "description": project.description,
        "subject": list(project.keywords),
        "rights": " ".join(filter(None, (licence.text, licence.url))),
        "accessModes": ["textual", *(["visual"] if pictures else [])],
        "accessModeSufficient": ["textual,visual" if nameless else "textual"],
        "accessibilityFeatures": features,
        "accessibilityHazards": ["none"],
    }
    return {name: value for name, value in values.items() if value not in ("", [])}


# -- chapters ----------------------------------------------------------------------------------------------------


def _converted(
    project: Project, chapter: NumberedChapter, ids: dict[str, str]
) -> tuple[list[pf.Element], None]:
    """Return a chapter under its heading, which begins a file of its own; ``_front`` heads the front page."""
    doc = chapter.doc
    _EpubRenderer(chapter, ids).render(doc)
    notes.unnest(doc)
    kind = _TYPES.get(chapter.kind, "")
    banner = [_banner(project)] if project.synthetic else []
    if chapter.kind == "index":
        return [*banner, *doc.content], None
    number = chapter.shown_number
    if chapter.kind == "appendix":
        number = f"{words(project.lang)['appendix']} {number} —"
    if any(div.identifier == "refs" for div in every(doc, pf.Div)):
        kind = "bibliography"
    before = [pf.Str(number), pf.Space()] if number else []
    return [_heading([*before, *chapter.title], chapter.id, kind), *banner, *doc.content], None


def _heading(inlines: list[pf.Element], name: str, kind: str) -> pf.Header:
    attributes = {"epub:type": kind} if kind else {}
    return pf.Header(*inlines, level=1, identifier=name, classes=["unnumbered"], attributes=attributes)


def _banner(project: Project) -> pf.Div:
    return pf.Div(pf.Para(pf.Str(words(project.lang)["synthetic"])), classes=["synthetic-banner"])


def _front(project: Project, of_book: Mapping[str, list[pf.Element]]) -> list[pf.Element]:
    """Return what heads the first file: the book's title, subtitle, authors, date and state under it."""
    t = words(project.lang)
    heading = _heading(of_book.get("title", [pf.Str(project.title)]), FRONT, _TYPES["index"])
    lines = [("subtitle", of_book.get("subtitle", [pf.Str(project.subtitle)] if project.subtitle else []))]
    for author in project.authors:
        place = ", ".join(filter(None, (author.department, author.affiliation)))
        contact = " · ".join(filter(None, (author.email, author.orcid)))
        lines += [("author", [pf.Str(author.name)])]
        lines += [("affiliation", [pf.Str(line)]) for line in (place, contact) if line]
    version = t["version"].format(version=project.version) if project.version else ""
    for name, text in (
        ("date", " · ".join(filter(None, (project.date_text, version)))),
        ("status", cite.status(project)),
    ):
        lines += [(name, [pf.Str(text)])] if text else []
    front = [pf.Div(pf.Para(*inlines), classes=[name]) for name, inlines in lines if inlines]
    return [heading, *front]


class _EpubRenderer(HtmlRenderer):
    """Renders one chapter's constructs as the page has them, less what asks for a script or for the site's frame."""

    kinds = (*HtmlRenderer.kinds, *RAW)

    def __init__(self, chapter: NumberedChapter, ids: dict[str, str]) -> None:
        super().__init__(chapter)
        self.ids = ids

    def callout(self, callout: Callout) -> Rendered:
        """Render a callout as a block under its title, always open."""
        named = [f"callout-{callout.kind}"] if callout.kind else []
        title = [pf.Div(pf.Para(*callout.heading), classes=["callout-title"])] if callout.heading else []
        return pf.Div(
            *title,
            *callout.content,
            identifier=callout.identifier,
            classes=["callout", *named, *callout.classes],
        )

    def tabset(self, tabset: Tabset) -> Rendered:
        """Render a tabset: one tab after the other, each under its title."""
        return Renderer.tabset(self, tabset)

    def equation(self, equation: Equation) -> Rendered:
        """Render an equation with its number beside it: MathML has none."""
        number = pf.Span(pf.Str(f"({equation.number})"), classes=["equation-number"])
        return pf.Span(equation.math, number, identifier=equation.identifier, classes=["equation"])

    def reference(self, reference: CrossReference) -> Rendered:
        """Render a cross-reference as a link within the book."""
        return self._link(pf.Link(*reference.content, url=reference.url)) or []

    def other(self, element: pf.Element) -> Rendered:
        """Render what is no construct: links lead within the book, code is open, HTML is none of the author's own."""
        match element:
            case pf.RawBlock() | pf.RawInline():
                return []
            case pf.Link():
                return self._link(element)
            case pf.CodeBlock():
                for name in ("code-fold", "code-summary", "code-line-numbers", "code-overflow"):
                    element.attributes.pop(name, None)
                return None
            case pf.Image():
                alt = element.attributes.pop("alt", "") or element.attributes.pop("fig-alt", "")
                if alt:
                    element.content = pf.ListContainer(pf.Str(alt))
                return None
            case pf.Div() | pf.Span() if "query-note" in element.classes:
                return None
        return super().other(element)

    def _link(self, link: pf.Link) -> pf.Link:
        """Let a link to a page of the book lead to its chapter, and one to a place of it to that place."""
        if images.is_local(link.url):
            path, _, place = link.url.partition("#")
            page = images.site_path(self.chapter.book.project, self.chapter.page, unquote(path))
            if page.endswith(".qmd"):
                page = f"{page[:-4]}.html"
            if page in self.ids:
                link.url = f"#{place or self.ids[page]}"
            elif page:
                link.url = f"site:{page}" + (f"#{place}" if place else "")
        return link


def _settle_links(project: Project, doc: pf.Doc, places: Container[str]) -> None:
    """Lead links to files of the site there, in place; what has no place in book or site is text.

    places: the ids of the book.
    """

    def settle(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Cite):
            return list(element.content)
        if not isinstance(element, pf.Link):
            return None
        if element.url.startswith("site:"):
            if not project.site_url:
                return list(element.content)
            element.url = f"{project.site_url}/{element.url[5:]}"
        lost = element.url.startswith("#") and element.url[1:] not in places
        return list(element.content) if lost or images.is_local(element.url) else None

    walk(doc, settle, pf.Cite, pf.Link)
