"""The book as a Word file for journals: real styles, numbers as text, links within, figures as PNG at 300 dpi."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import panflute as pf

from paper import assets
from paper.images.raster import drawn_width
from paper.numbering import joining
from paper.numbering.conversions import Conversions
from paper.numbering.numbering import NumberedChapter
from paper.parsing import constructs, formulas, notes, position, queries, titles
from paper.parsing.constructs import Callout, CrossReference, Equation, Float, FloatList, Layout
from paper.parsing.tree import every, walk
from paper.project import Project
from paper.tools import pandoc, trees
from paper.tools.cache import Cache
from paper.words import words
from paper.writers import cite, docx_pictures, office, wordtables
from paper.writers.renderer import Rendered, Renderer
from paper.writers.typst.compiler import timestamp
from paper.writers.typst.tables import embolden_row_heads

ROOM = (6.1, 8.6)  # inches of the page that a figure with its caption may take
CELL_INSET = 0.15  # inches that a cell keeps free at its sides


@dataclass(frozen=True)
class Caption:
    """A numbered float as a list of floats shows it."""

    kind: str
    """``fig``, ``tbl``, …"""
    identifier: str
    """The label that the list leads to."""
    lead: str
    """Name and number."""
    words: list[pf.Element]
    """The caption's inlines, copied, without notes."""

    def to_json(self) -> list[Any]:
        """Return its facts as JSON can hold them."""
        return [self.kind, self.identifier, self.lead, [word.to_json() for word in self.words]]


def book_docx(
    project: Project, chapters: Sequence[NumberedChapter], out: Path, cache: Cache | None = None
) -> None:
    """Write the book's DOCX to ``out``. Raises CitationError for a citation without entry, ToolError.

    cache: where conversions are kept of chapters that are as they were numbered.
    """
    write(project, chapters, title_page(project), properties(project), out, cache)


def properties(project: Project) -> office.Properties:
    """Return what the book's Word file says of itself."""
    return office.Properties(
        title=project.title,
        author="; ".join(author.name for author in project.authors),
        subject=project.description,
        keywords=project.keywords,
        lang=project.lang,
        status=cite.status(project),
        mark=words(project.lang)["synthetic_mark"] if project.synthetic else "",
    )


def write(
    project: Project,
    chapters: Sequence[NumberedChapter],
    front: Sequence[pf.Element],
    facts: office.Properties,
    out: Path,
    cache: Cache | None = None,
) -> None:
    """Write a DOCX of ``front`` and the chapters, in the styles of ``assets/docx/reference.docx``."""
    own = project.root / str(project.format("docx").get("reference-doc") or "")
    reference = own if own.is_file() else assets.find(project.root, "docx/reference.docx")
    room = docx_pictures.printed_width(reference)
    conversions = Conversions("docx", cache)
    parts = [
        conversions.part(chapter, room, partial(_converted, project, chapter, room)) for chapter in chapters
    ]
    book = joining.whole(project, chapters, parts)
    captions = [caption for part in parts for caption in part.beside["captions"]]
    # A part that lists floats takes their captions of all the others, with citations and links.
    of_all = [captions, *book.cites.of(book.cites.records, ()), sorted(book.places)]
    owns = [of_all if part.beside["lists"] else None for part in parts]
    settled = book.settle("docx", partial(_settle, book), owns, cache)
    of_book = joining.titles_of(settled)
    texts = [joining.text_of(_marked_up(block, of_book) for block in front), *_numbered_comments(settled)]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "made.docx"
        doc = joining.document({"lang": project.lang}, texts)
        pandoc.run(doc, to="docx", args=[f"--reference-doc={reference}", f"--output={result}"])
        out.write_bytes(office.finalise_docx(result.read_bytes(), facts, timestamp(project)))


def _converted(project: Project, chapter: NumberedChapter, room: float) -> tuple[list[pf.Element], Any]:
    """Return the chapter's blocks, and its captions, with whether it lists those of the book.

    room: of a page, as ``docx_pictures`` takes it.
    """
    renderer = _DocxRenderer()
    results = blocks(project, chapter, renderer)
    walk(pf.Doc(*results), lambda image, _: docx_pictures.set_size(image, room), pf.Image)
    return results, {
        "captions": [caption.to_json() for caption in renderer.captions],
        "lists": renderer.lists,
    }


def _settle(book: joining.Whole, pieces: Sequence[joining.Piece]) -> list[Any]:
    """Write out what parts take of the book, in place; return of each the book's titles and if it has comments."""
    notes: list[Any] = []
    for piece in pieces:
        if piece.own is not None:
            captions = [
                Caption(kind, label, lead, trees.elements(said)) for kind, label, lead, said in piece.own[0]
            ]
            walk(piece.doc, partial(_list_of_floats, captions=captions), pf.Div)
        book.cite(piece)
        of_book = joining.take_titles(piece)
        _settle_links(piece.doc, book.places)
        notes.append(
            {
                "of book": of_book,
                "comments": queries.has_comments(piece.doc),
            }
        )
    formulas.convert(*(piece.doc for piece in pieces))
    return notes


def _numbered_comments(settled: Sequence[joining.Settled]) -> Iterator[str]:
    """Yield the text of each part, comments with the numbers that they have in the whole file."""
    before = Counter[str]()
    for part in settled:
        if part.notes["comments"]:
            doc = pf.Doc(*part.blocks())
            queries.number_comments(doc, before)
            yield joining.text_of(doc.content)
        else:
            yield part.text


def _marked_up(block: pf.Element, of_book: dict[str, list[pf.Element]]) -> pf.Element:
    """Return a paragraph of the title page; the book's title and subtitle as they are marked up."""
    style = block.attributes.get("custom-style", "") if isinstance(block, pf.Div) else ""
    given = of_book.get(style.lower())
    return styled(style, *given) if given is not None else block


def title_page(project: Project) -> list[pf.Element]:
    """Title, authors with their places and addresses, date, version, status."""
    word = words(project.lang)
    results = [styled("Title", project.title)]
    if project.subtitle:
        results.append(styled("Subtitle", project.subtitle))
    for author in project.authors:
        results.append(styled("Author", author.name))
        place = ", ".join(filter(None, (author.department, author.affiliation)))
        contact = " · ".join(filter(None, (author.email, author.orcid)))
        results += [styled("Affiliation", line) for line in (place, contact) if line]
    version = word["version"].format(version=project.version) if project.version else ""
    facts = " · ".join(filter(None, (project.date_text, version)))
    results += [styled("Date", facts)] if facts else []
    results += [styled("Draft Status", status)] if (status := cite.status(project)) else []
    return results


def styled(style: str, *content: pf.Element | str) -> pf.Div:
    """Return a paragraph in a named style."""
    inlines = [pf.Str(part) if isinstance(part, str) else part for part in content]
    return pf.Div(pf.Para(*inlines), attributes={"custom-style": style})


def blocks(project: Project, chapter: NumberedChapter, renderer: _DocxRenderer) -> list[pf.Element]:
    """Return the chapter with its heading, as pandoc's Word writer takes it."""
    doc = chapter.doc
    renderer.render(doc)
    notes.unnest(doc)
    if chapter.kind == "index":
        return list(doc.content)
    number = chapter.shown_number
    if chapter.kind == "appendix":
        number = f"{words(project.lang)['appendix']} {number} —"
    return [pf.Header(*_numbered(number), *chapter.title, level=1, identifier=chapter.id), *doc.content]


def _numbered(number: str) -> list[pf.Element]:
    return [pf.Str(number), pf.Space] if number else []


class _DocxRenderer(Renderer):
    """Renders one chapter's elements in the styles of the reference document.

    captions: of its floats, lists: whether it lists floats; both grow.
    """

    kinds = (pf.Header, pf.Table, pf.Space)

    def __init__(self) -> None:
        self.captions: list[Caption] = []
        self.lists = False

    def float(self, float_: Float, element: pf.Div) -> Rendered:  # noqa: ARG002
        """Render a float: its content in the styles of figures or tables, with its caption above or below."""
        content = list(float_.content)
        if float_.kind == "fig":
            content = [_in_style("Captioned Figure", b) if _shows(b) else b for b in content]
        if float_.kind == "tbl":  # what stands before the table stays with it, as its caption does
            at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table)), 0)
            content = [_in_style("Table Caption", b) for b in content[:at]] + [
                _in_style(office.TABLE_NOTE, b) if isinstance(b, pf.Para) else b for b in content[at:]
            ]
        lead, inlines = float_.lead, float_.caption_inlines
        if not lead and not inlines:
            return content
        if float_.number and not float_.part:
            self.captions.append(Caption(float_.kind, float_.identifier, lead, titles.without_notes(inlines)))
        words = [pf.Str(lead) if float_.part else pf.Strong(pf.Str(lead))] if lead else []
        between = [pf.Space] if lead and inlines else []
        style = "Image Caption" if float_.kind == "fig" else "Table Caption"
        caption = styled(style, *words, *between, *inlines)
        caption.identifier = float_.identifier
        return [caption, *content] if float_.side == "top" else [*content, caption]

    def callout(self, callout: Callout) -> Rendered:
        """Render a callout: its title, then its text, in styles of their own."""
        title = [styled("Callout Title", *callout.heading)] if callout.heading else []
        return [*title, _in_style("Callout", *callout.content)]

    def layout(self, layout: Layout) -> Rendered:
        """Render blocks side by side as tables without lines, one for rows of the same widths."""
        results: list[pf.Element] = []
        for widths, rows in groupby(layout.rows, lambda row: [cell.width for cell in row]):
            cells = [[list(cell.content) for cell in row] for row in rows]
            if len(widths) == 1:
                results += [block for row in cells for blocks in row for block in blocks]
                continue
            total = max(100.0, sum(map(abs, widths)))
            shares = [abs(width) / total for width in widths]
            for row in cells:
                for share, blocks in zip(shares, row, strict=True):
                    for image in every(pf.Div(*blocks), pf.Image):
                        docx_pictures.shrink(image, share * ROOM[0] - CELL_INSET)
            results += [_apart()] if results and isinstance(results[-1], pf.Table) else []
            results.append(_grid(shares, cells))
        return results

    def float_list(self, list_: FloatList) -> Rendered:
        """Keep the list for ``write``, which knows the floats of all chapters."""
        self.lists = True
        return list_.element()

    def equation(self, equation: Equation) -> Rendered:
        """Render an equation with its number behind it."""
        math = equation.math
        math.text = f"{math.text} \\qquad \\text{{({equation.number})}}"
        return math

    def reference(self, reference: CrossReference) -> Rendered:
        """Render a reference as a link within the document."""
        return _link(reference.content, reference.url)

    def other(self, element: pf.Element) -> Rendered:
        """Render what is no construct."""
        match element:
            case pf.Div():
                return self.div(element)
            case pf.Header():
                words = [*_numbered(element.attributes.get("number", "")), *element.content]
                return pf.Header(*words, level=element.level, identifier=element.identifier)
            case pf.Image():
                return self.image(element)
            case pf.Table():
                embolden_row_heads(element)
                return None
            case pf.Space() if _breaks(element.prev):
                return []  # Word prints a space that begins a line
            case pf.Link() if not re.match(r"^[a-z][a-z0-9+.-]*:", element.url, re.I):
                return _link(element.content, element.url)
        return position.as_note(element)

    def div(self, div: pf.Div) -> Rendered:
        """Render a ``Div`` that is no construct: most leave nothing but what they hold."""
        if div.identifier == "refs":
            return None
        if "landscape" in div.classes and not position.is_nested(div):
            return [_section(), *div.content, _section('<w:pgSz w:orient="landscape"/>')]
        if "further-reading" in div.classes:
            return _in_style("Bibliography", *div.content)
        return list(div.content)

    def image(self, image: pf.Image) -> pf.Image:
        """Return the image in its own size, as far as it was drawn at a known one."""
        size = {k: v for k, v in image.attributes.items() if k in ("width", "height")}
        if not size and (width := drawn_width(Path(image.url), ROOM)):
            size = {"width": f"{width:.3f}in"}
        alt = image.attributes.get("alt") or image.attributes.get("fig-alt")
        image.content = pf.ListContainer(*([pf.Str(alt)] if alt else image.content))
        image.attributes = size
        return image


def _grid(shares: Sequence[float], rows: Sequence[Sequence[list[pf.Element]]]) -> pf.Table:
    """Return a table of blocks side by side, by whose style ``office`` knows it. shares: of the room, by column."""
    result = (pf.TableRow(*(pf.TableCell(*blocks) for blocks in row)) for row in rows)
    widths = [("AlignDefault", share) for share in shares]
    return pf.Table(pf.TableBody(*result), colspec=widths, attributes={"custom-style": wordtables.LAYOUT})


def _apart() -> pf.RawBlock:
    """Return a paragraph of no height, without which Word makes one table of two."""
    look = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return pf.RawBlock(f"<w:p><w:pPr>{look}</w:pPr></w:p>", format="openxml")


def _list_of_floats(element: pf.Element, _: pf.Doc, captions: Sequence[Caption]) -> list[pf.Element] | None:
    """Return a list of figures or tables, whose numbers lead to them; None for what is none."""
    list_ = constructs.of(element)
    if not isinstance(list_, FloatList):
        return None
    listed = [one for one in captions if one.kind == list_.kind]
    links = [[pf.Link(pf.Str(c.lead), url=f"#{c.identifier}"), pf.Space, *c.words] for c in listed]
    return [styled("Heading 2", list_.heading), *(styled("Compact", *link) for link in links)]


def _section(page: str = "") -> pf.RawBlock:
    """Return the end of a section of pages, of which ``office`` sets the size. page: what tells it from the others."""
    return pf.RawBlock(f"<w:p><w:pPr><w:sectPr>{page}</w:sectPr></w:pPr></w:p>", format="openxml")


def _link(words: Iterable[pf.Element], url: str) -> Rendered:
    """Return a link to a place of the document, which is the whole book; words where an address has none."""
    place = url.partition("#")[2]
    return pf.Link(*words, url=f"#{place}") if place else list(words)


def _in_style(style: str, *blocks: pf.Element) -> pf.Div:
    return pf.Div(*blocks, attributes={"custom-style": style})


def _breaks(element: pf.Element | None) -> bool:
    raw = isinstance(element, pf.RawInline) and element.format == "openxml" and "<w:br/>" in element.text
    return raw or isinstance(element, pf.LineBreak)


def _shows(block: pf.Element) -> bool:
    return isinstance(block, pf.Para | pf.Plain) and any(isinstance(e, pf.Image) for e in block.content)


def _settle_links(doc: pf.Doc, places: Container[str]) -> None:
    """Let citations and cross-references lead to their bookmarks; what has none in this document is text.

    places: the ids of the document.
    """

    def settle(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Cite):
            return list(element.content)
        if isinstance(element, pf.Link) and element.url.startswith("#") and element.url[1:] not in places:
            return list(element.content)
        return None

    walk(doc, settle, pf.Cite, pf.Link)
