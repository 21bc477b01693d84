"""The article as JATS XML (Journal Archiving and Interchange, 1.2) for archives: a ZIP of the XML and its figures.

The article is of the archives' tag set (Archiving and Interchange, 1.2), which asks for no journal.
`tests/render/jats-publishing-dtd-1.1.zip` holds the stricter DTD for journals, in the public domain and as
distributed; a test holds the article, and a chapter of hard constructs, to it. No package that can be locked brings
one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import panflute as pf

from paper.bibliography import works
from paper.numbering import citing, joining
from paper.numbering.conversions import Conversions, Part
from paper.numbering.numbering import NumberedChapter
from paper.parsing import notes, queries
from paper.parsing.constructs import Callout, CrossReference, Equation, Float
from paper.project import Project
from paper.tools import pandoc
from paper.tools.cache import Cache, digest
from paper.words import words
from paper.writers import jats_back, jats_front, jats_sections, jats_supplements, office
from paper.writers.jats_tree import postprocess, serialise
from paper.writers.renderer import Rendered, Renderer
from paper.writers.skeletons import Text
from paper.writers.typst.compiler import timestamp

FIGURES = "figures"


def book_jats(
    project: Project,
    chapters: Sequence[NumberedChapter],
    out: Path,
    cache: Cache | None = None,
    data: Mapping[str, Path] | None = None,
) -> None:
    """Write the archive's file to ``out``: ``NAME.xml``, the figures that it shows, and the data behind them.

    chapters: numbered for DOCX, whose figures and conditions JATS shares; cache: where conversions are kept of those
    that are as they were numbered; data: the id of a figure → its file of data (`jats_supplements`). Raises
    CitationError, ToolError.
    """
    writer = _JatsRenderer(project, chapters, Conversions("jats", cache))
    parts = [writer.part(chapter) for chapter in chapters]
    book = joining.whole(project, chapters, parts)
    settled = book.settle("jats", partial(_settle, book), (None for _ in parts), cache)
    named = {name: pf.MetaInlines(*words) for name, words in joining.titles_of(settled).items()}
    texts = [Text(one.text, one.notes["skeleton"], one.notes["first"]) for one in settled]
    # The first abstract that there is, else what stands first on the front page.
    at = next((n for n, one in enumerate(settled) if one.notes["abstract"]), None)
    if at is None:
        at = next((n for n, part in enumerate(parts) if part.chapter.kind == "index"), None)
    abstract: list[pf.Element] = []
    if at is not None:
        doc = pf.Doc(*settled[at].blocks())
        abstract = writer.abstract(doc)
        rest = joining.text_of(doc.content)
        texts[at] = Text(rest, rest, "")
    metadata = {**jats_front.metadata(project, abstract), **named}

    def to_xml(given: Sequence[str]) -> str:
        return pandoc.run(joining.document(metadata, given), to="jats", args=["--standalone", "--wrap=none"])

    xml = jats_sections.write(texts, joining.document(metadata, ()), to_xml, cache)
    root = postprocess(xml, writer.labels, writer.appendices)
    jats_front.complete(root, project)
    jats_back.place_statements(root, writer.statements)
    listed = [ref.get("id", "").removeprefix("ref-") for ref in root.iter("ref")]
    cited = works.of_keys(citing.files(project, [c.source for c in chapters]), listed)
    jats_back.complete_references(root, cited)
    jats_back.describe_links(root)
    supplements = jats_supplements.add(root, data or {}, project)
    files = {f"{project.output_file}.xml": serialise(root), **writer.images, **supplements}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.write_bytes(office.make_repeatable(stream.getvalue(), timestamp(project)))


def _settle(book: joining.Whole, pieces: Sequence[joining.Piece]) -> list[Any]:
    """Write out what parts take of the book, in place; return of each the book's titles, and if it has an abstract."""
    notes: list[Any] = []
    for piece in pieces:
        book.cite(piece)
        of_book = joining.take_titles(piece)
        piece.doc.content = [block for block in piece.doc.content if not _is(block, "doi")]
        blocks = list(piece.doc.content)
        notes.append(
            {
                "of book": of_book,
                "abstract": any(_is(block, "abstract") for block in blocks),
                "skeleton": jats_sections.skeleton(blocks),
                "first": blocks[0].identifier if blocks and isinstance(blocks[0], pf.Header) else "",
            }
        )
    return notes


def _is(block: pf.Element, name: str) -> bool:
    """Whether a block is the part of this name of what stands under a title."""
    return isinstance(block, pf.Div) and block.classes[:1] == [name]


class _JatsRenderer(Renderer):
    """Turns chapters into what pandoc's JATS writer takes; what it has no form for is written as XML."""

    kinds = (pf.Header,)

    def __init__(
        self, project: Project, chapters: Sequence[NumberedChapter], conversions: Conversions
    ) -> None:
        self.conversions = conversions
        self.word = words(project.lang)
        self.ids = {chapter.page: chapter.id for chapter in chapters}
        self.front = next((chapter.id for chapter in chapters if chapter.kind == "index"), "")
        self.labels: dict[str, str] = {}
        self.appendices: list[str] = []
        self.statements: dict[str, str] = {}
        self.images: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}  # of the images
        self.shown: dict[str, str] = {}  # by a chapter: name in the archive → file

    def abstract(self, doc: pf.Doc) -> list[pf.Element]:
        """Take the book's abstract, or the front page's text up to its next heading, out of a chapter."""
        own = next((block for block in doc.content if _is(block, "abstract")), None)
        if own is not None:
            doc.content.remove(own)
            return list(own.content)[1:]
        start = next(
            (n for n, b in enumerate(doc.content) if isinstance(b, pf.Header) and b.identifier == self.front),
            None,
        )
        if start is None:
            return []
        after = range(start + 1, len(doc.content))
        end = next((n for n in after if isinstance(doc.content[n], pf.Header)), len(doc.content))
        reserved = []
        for block in list(doc.content)[start + 1 : end]:  # an abstract holds paragraphs only
            reserved += list(block.content) if isinstance(block, pf.BlockQuote) else [block]
        for _ in range(start, end):
            doc.content.pop(start)
        for block in list(doc.content)[start:]:
            if isinstance(block, pf.Header):
                if block.level == 1:
                    break
                block.level = 1  # what else stands on the front page follows as sections of the article
        return reserved

    def part(self, chapter: NumberedChapter) -> Part:
        """Return a chapter with its heading, and note what is made of it once it is XML."""

        def convert() -> tuple[list[pf.Element], Any]:
            of_others = self.labels, self.appendices, self.statements
            self.labels, self.appendices, self.statements, self.shown = {}, [], {}, {}
            blocks = self._convert(chapter)
            own = [self.labels, self.appendices, self.statements, self.shown]
            self.labels, self.appendices, self.statements = of_others
            return blocks, own

        self.digests |= {n: digest(content) for n, content in self.images.items() if n not in self.digests}
        around = [self.ids, self.digests]
        part = self.conversions.part(chapter, around, convert)
        labels, appendices, statements, shown = part.beside
        self.labels |= labels
        self.appendices += appendices
        self.statements |= statements
        self.images |= {name: Path(file).read_bytes() for name, file in shown.items()}
        return part

    def _convert(self, chapter: NumberedChapter) -> list[pf.Element]:
        doc = chapter.doc
        self.render(doc)
        notes.unnest(doc)
        if chapter.kind == "index":
            return list(doc.content)
        if chapter.number:
            appendix = chapter.kind == "appendix"
            self.labels[chapter.id] = (
                f"{self.word['appendix']} {chapter.number}" if appendix else chapter.number
            )
            self.appendices += [chapter.id] if appendix else []
        if statement := jats_back.statement_of(list(chapter.outline.classes), chapter.id):
            self.statements[chapter.id] = statement
        return [pf.Header(*chapter.title, level=1, identifier=chapter.id), *doc.content]

    def other(self, element: pf.Element) -> Rendered:
        """Render what is no construct."""
        match element:
            case pf.Div():
                return None if element.identifier == "refs" else list(element.content)
            case pf.Header():
                if number := element.attributes.get("number"):
                    self.labels[element.identifier] = number
                if statement := jats_back.statement_of(element.classes, element.identifier):
                    self.statements[element.identifier] = statement
                return pf.Header(*element.content, level=element.level, identifier=element.identifier)
            case pf.Image():
                return _xml_inline(self.graphic(element, "inline-graphic"))
            case pf.Link():
                return self.link(element)
        if (comment := queries.as_words(element)) is not None:
            return comment
        if isinstance(element, pf.Span) and element.classes == ["identifying"] and not element.identifier:
            return list(element.content)  # a mark for `paper manuscript --anonymous` alone
        if isinstance(element, pf.Span) and element.identifier:
            return [_xml_inline(f"<target id={quoteattr(element.identifier)}/>"), *element.content]
        return None

    def equation(self, equation: Equation) -> Rendered:
        """Render an equation behind a place that ``jats_tree`` makes its own."""
        name, number = quoteattr(equation.identifier), quoteattr(f"({equation.number})")
        return [_xml_inline(f"<target id={name} specific-use={number}/>"), equation.math]

    def reference(self, reference: CrossReference) -> Rendered:
        """Render a reference as a link within the article."""
        return pf.Link(*reference.content, url=f"#{reference.label}")

    def link(self, link: pf.Link) -> Rendered:
        """Render a link: those to chapters stay within the article, to pages of the site they end."""
        path, _, anchor = link.url.partition("#")
        if re.match(r"^[a-z][a-z0-9+.-]*:", link.url, re.I):
            return None
        target = anchor or next(
            (i for page, i in self.ids.items() if path and page.endswith(Path(path).stem + ".html")), ""
        )
        return pf.Link(*link.content, url=f"#{target}") if target else list(link.content)

    def callout(self, callout: Callout) -> Rendered:
        """Render a callout as a quotation under its title."""
        head = [pf.Para(pf.Strong(*callout.heading))] if callout.heading else []
        return pf.BlockQuote(*head, *callout.content)

    def float(self, float_: Float, element: pf.Div) -> Rendered:  # noqa: ARG002
        """Render a float as ``fig`` or ``table-wrap``, one with parts as a group of them."""
        content = [b for b in float_.content if not isinstance(b, pf.RawBlock) or b.format == "jats"]
        wrapped = "table-wrap" if float_.kind == "tbl" else "fig"
        opening = tuple(f"<{name}{end}" for name in ("fig", "table-wrap") for end in (" ", ">"))
        parts = any(isinstance(b, pf.RawBlock) and b.text.startswith(opening) for b in content)
        if parts:
            wrapped = f"{wrapped}-group"
        identity = f" id={quoteattr(float_.identifier)}" if float_.identifier else ""
        head = [_xml(f"<{wrapped}{identity}>")]
        if number := f"({float_.part})" if float_.part else float_.mark:
            head.append(_xml(f"<label>{escape(number)}</label>"))
        before, after = [], content
        if float_.kind == "tbl" and not parts:
            at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table)), len(content))
            before, after = content[:at], content[at:]
            if len(after) > 1:
                after = [after[0], _xml("<table-wrap-foot>"), *after[1:], _xml("</table-wrap-foot>")]
        words = [pf.Para(*float_.caption_inlines)] if float_.caption_inlines else []
        if words or before:
            head += [_xml("<caption>"), *words, *before, _xml("</caption>")]
        return [*head, *(_standing(block) for block in after), _xml(f"</{wrapped}>")]

    def graphic(self, image: pf.Image, tag: str) -> str:
        """Return the element that shows an image, whose file comes into the archive."""
        path = Path(image.url)
        content, suffix = path.read_bytes(), path.suffix.lower()
        name = next((name for name, known in self.images.items() if known == content), "")
        name = name or f"{FIGURES}/{len(self.images) + 1:02}{suffix}"
        self.images[name], self.shown[name] = content, str(path)
        alt = (
            image.attributes.get("alt")
            or image.attributes.get("fig-alt")
            or pf.stringify(pf.Para(*image.content))
        )
        message = f"<alt-text>{escape(alt.strip())}</alt-text>" if alt.strip() else ""
        kind = {"jpg": "jpeg"}.get(suffix[1:], suffix[1:])
        return f'<{tag} mimetype="image" mime-subtype="{kind}" xlink:href="{name}">{message}</{tag}>'


def _standing(block: pf.Element) -> pf.Element:
    """Turn an image that stands by itself in a float into a graphic: it is no part of a line."""
    if isinstance(block, pf.Para | pf.Plain):
        raws = [e for e in block.content if not isinstance(e, pf.Space | pf.SoftBreak)]
        if raws and all(isinstance(e, pf.RawInline) and e.text.startswith("<inline-graphic") for e in raws):
            return _xml("\n".join(e.text.replace("inline-graphic", "graphic") for e in raws))
    return block


def _xml(text: str) -> pf.RawBlock:
    return pf.RawBlock(text, format="jats")


def _xml_inline(text: str) -> pf.RawInline:
    return pf.RawInline(text, format="jats")
