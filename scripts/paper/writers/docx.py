"""The book as a Word file for journals: real styles, numbers as text, links within, figures as PNG at 300 dpi."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import panflute as pf

from paper import assets
from paper.images.raster import drawn_width
from paper.numbering import whole
from paper.numbering.numbering import NumberedChapter
from paper.numbering.references import NBSP
from paper.parsing import containers, formulas, notes, queries, structure, titles
from paper.parsing.tree import walk
from paper.project import Project
from paper.tools import pandoc, trees
from paper.words import words
from paper.writers import cite, office
from paper.writers.typst.compiler import timestamp
from paper.writers.typst.floats import nested
from paper.writers.typst.tables import embolden_row_heads

ROOM = (6.1, 8.6)  # inches of the page that a figure with its caption may take


def book_docx(project: Project, chapters: Sequence[NumberedChapter], out: Path) -> None:
    """Write the book's DOCX to ``out``. Raises CitationError for a citation without entry, ToolError."""
    write(project, chapters, title_page(project), properties(project), out)


def properties(project: Project) -> office.Properties:
    """What the book's Word file says of itself."""
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
) -> None:
    """Write a DOCX of ``front`` and the chapters, in the styles of ``assets/docx/reference.docx``."""
    doc = whole.joined(chapters, lambda chapter: blocks(project, chapter))
    written = whole.cited_blocks(project, chapters, doc)
    of_book = titles.of_book(written)
    doc = trees.load(json.dumps(written))
    _settle_links(doc)
    formulas.convert(doc)
    queries.number_comments(doc)
    front = [_marked_up(block, of_book) for block in front]
    for at, block in enumerate(front):
        doc.content.insert(at, block)
    doc.metadata["lang"] = project.lang
    own = project.root / str(project.format("docx").get("reference-doc") or "")
    reference = own if own.is_file() else assets.find(project.root, "docx/reference.docx")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.docx"
        pandoc.run(trees.dump(doc), to="docx", args=[f"--reference-doc={reference}", f"--output={made}"])
        out.write_bytes(office.finished(made.read_bytes(), facts, timestamp(project)))


def _marked_up(block: pf.Element, of_book: dict[str, pf.MetaInlines]) -> pf.Element:
    """A paragraph of the title page; the book's title and subtitle as they are marked up."""
    style = block.attributes.get("custom-style", "") if isinstance(block, pf.Div) else ""
    given = of_book.get(style.lower())
    return styled(style, *given.content) if given is not None else block


def title_page(project: Project) -> list[pf.Element]:
    """Title, authors with their places and addresses, date, version, status."""
    word = words(project.lang)
    made = [styled("Title", project.title)]
    if project.subtitle:
        made.append(styled("Subtitle", project.subtitle))
    for author in project.authors:
        made.append(styled("Author", author.name))
        place = ", ".join(filter(None, (author.department, author.affiliation)))
        contact = " · ".join(filter(None, (author.email, author.orcid)))
        made += [styled("Affiliation", line) for line in (place, contact) if line]
    version = word["version"].format(version=project.version) if project.version else ""
    facts = " · ".join(filter(None, (project.date_text, version)))
    made += [styled("Date", facts)] if facts else []
    made += [styled("Draft Status", status)] if (status := cite.status(project)) else []
    return made


def styled(style: str, *content: pf.Element | str) -> pf.Div:
    """A paragraph in a named style."""
    inlines = [pf.Str(part) if isinstance(part, str) else part for part in content]
    return pf.Div(pf.Para(*inlines), attributes={"custom-style": style})


def blocks(project: Project, chapter: NumberedChapter) -> list[pf.Element]:
    """The chapter with its heading, as pandoc's Word writer takes it."""
    doc = chapter.doc
    elements = _Elements()
    walk(doc, elements.element)
    notes.unnest(doc)
    if chapter.kind == "index":
        return list(doc.content)
    number = chapter.shown_number
    if chapter.kind == "appendix":
        number = f"{words(project.lang)['appendix']} {number} —"
    return [pf.Header(*_numbered(number), *chapter.title, level=1, identifier=chapter.id), *doc.content]


def _numbered(number: str) -> list[pf.Element]:
    return [pf.Str(number), pf.Space] if number else []


class _Elements:
    """One chapter's elements; children are visited before their parents."""

    def element(self, element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Div):
            return self.div(element)
        if isinstance(element, pf.Header):
            number = element.attributes.get("number", "")
            return pf.Header(
                *_numbered(number), *element.content, level=element.level, identifier=element.identifier
            )
        if isinstance(element, pf.Image):
            return self.image(element)
        if isinstance(element, pf.Table):
            embolden_row_heads(element)
            return None
        if isinstance(element, pf.Space) and _breaks(element.prev):
            return []  # Word prints a space that begins a line
        if isinstance(element, pf.Link) and not re.match(r"^[a-z][a-z0-9+.-]*:", element.url, re.I):
            place = element.url.partition("#")[2]  # the book is one document
            return pf.Link(*element.content, url=f"#{place}") if place else list(element.content)
        if (note := containers.as_note(element)) is not None:
            return note
        if isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            math = element.content[0]
            math.text = f"{math.text} \\qquad \\text{{({element.attributes['number']})}}"
            return math
        return None

    def div(self, div: pf.Div) -> pf.Element | list[pf.Element] | None:
        if structure.is_float(div):
            return _float(div)
        if "callout" in div.classes:
            return _callout(div)
        if {"quarto-title", "quarto-float-caption"} & set(div.classes) or div.identifier == "refs":
            return None
        if "quarto-theorem" in div.classes or "quarto-proof" in div.classes:
            return containers.led(div)
        if "quarto-tab" in div.classes:
            return [pf.Para(pf.Strong(*containers.title_of(div))), *containers.body_of(div)]
        if "landscape" in div.classes and not nested(div):
            return [_section(), *div.content, _section('<w:pgSz w:orient="landscape"/>')]
        if "further-reading" in div.classes:
            return pf.Div(*div.content, attributes={"custom-style": "Bibliography"})
        return list(div.content)

    def image(self, image: pf.Image) -> pf.Image:
        """The image in its own size, as far as it was drawn at a known one."""
        size = {k: v for k, v in image.attributes.items() if k in ("width", "height")}
        if not size and (width := drawn_width(Path(image.url), ROOM)):
            size = {"width": f"{width:.3f}in"}
        alt = image.attributes.get("alt") or image.attributes.get("fig-alt")
        image.content = pf.ListContainer(*([pf.Str(alt)] if alt else image.content))
        image.attributes = size
        return image


def _section(page: str = "") -> pf.RawBlock:
    """The end of a section of pages, of which ``office`` sets the size. page: what tells it from the others."""
    return pf.RawBlock(f"<w:p><w:pPr><w:sectPr>{page}</w:sectPr></w:pPr></w:p>", format="openxml")


def _float(div: pf.Div) -> list[pf.Element]:
    attributes = dict(div.attributes)
    kind, sub = attributes["kind"], attributes.get("sub", "")
    inlines = [e for b in structure.caption_of(div).content for e in getattr(b, "content", ())]
    number = (
        f"({sub})"
        if sub
        else f"{attributes['label']}{NBSP}{attributes['number']}"
        if "number" in attributes
        else ""
    )
    lead: list[pf.Element] = []
    if number:
        mark = number + (":" if inlines and not sub else "")
        lead = [pf.Str(mark) if sub else pf.Strong(pf.Str(mark))]
        lead += [pf.Space] if inlines else []
    content = list(div.content)[:-1]
    if kind == "fig":
        content = [
            pf.Div(b, attributes={"custom-style": "Captioned Figure"}) if _shows(b) else b for b in content
        ]
    if kind == "tbl":  # what stands before the table stays with it, as its caption does
        at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table)), 0)
        content = [pf.Div(b, attributes={"custom-style": "Table Caption"}) for b in content[:at]] + [
            pf.Div(b, attributes={"custom-style": office.TABLE_NOTE}) if isinstance(b, pf.Para) else b
            for b in content[at:]
        ]
    if not lead and not inlines:
        return content
    caption = styled("Image Caption" if kind == "fig" else "Table Caption", *lead, *inlines)
    caption.identifier = div.identifier
    place = attributes.get(f"{kind}-cap-location") or attributes.get("cap-location")
    top = place == "top" if place in ("top", "bottom") else kind != "fig"
    return [caption, *content] if top else [*content, caption]


def _breaks(element: pf.Element | None) -> bool:
    raw = isinstance(element, pf.RawInline) and element.format == "openxml" and "<w:br/>" in element.text
    return raw or isinstance(element, pf.LineBreak)


def _shows(block: pf.Element) -> bool:
    return isinstance(block, pf.Para | pf.Plain) and any(isinstance(e, pf.Image) for e in block.content)


def _callout(div: pf.Div) -> list[pf.Element]:
    inlines = containers.heading_of(div)
    title = [styled("Callout Title", *inlines)] if inlines else []
    return [*title, pf.Div(*containers.body_of(div), attributes={"custom-style": "Callout"})]


def _settle_links(doc: pf.Doc) -> None:
    """Let citations and cross-references lead to their bookmarks; what has none in this document is text."""
    places: set[str] = set()

    def collect(element: pf.Element, _: pf.Doc) -> None:
        if identifier := getattr(element, "identifier", ""):
            places.add(identifier)

    def settle(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Cite):
            return list(element.content)
        if isinstance(element, pf.Link) and element.url.startswith("#") and element.url[1:] not in places:
            return list(element.content)
        return None

    walk(doc, collect)
    walk(doc, settle)
