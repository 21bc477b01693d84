"""Numbered chapters → the constructs that ``assets/typst/typst-template.typ`` sets, as Quarto's writer makes them.

Typst counts for itself, by the template's rules; that it arrives at the numbers of the pages is tested.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import panflute as pf

from paper.numbering.conversions import Conversions, Part
from paper.numbering.numbering import NumberedChapter
from paper.numbering.references import SECTIONS
from paper.parsing import constructs, position
from paper.parsing.constructs import (
    Callout,
    CrossReference,
    Equation,
    Float,
    FloatList,
    Layout,
    Tabset,
    Theorem,
)
from paper.parsing.origins import Origin, origin
from paper.parsing.tree import IDENTIFIED, walk
from paper.project import Project
from paper.tools.cache import Cache, digest
from paper.words import words
from paper.writers.renderer import Rendered, Renderer
from paper.writers.typst import floats, headings, tables
from paper.writers.typst.labels import Labels
from paper.writers.typst.syntax import EQUATION, MARK, attached, block, inline, label, length, string


class Writer:
    """Turns each chapter into blocks that pandoc's Typst writer passes through."""

    def __init__(
        self, project: Project, chapters: Sequence[NumberedChapter], cache: Cache | None = None
    ) -> None:
        self.project = project
        self.conversions = Conversions("typst", cache)
        self.words = words(project.lang)
        self.pages = {chapter.page: chapter.id for chapter in chapters}
        kinds = {str(chapter.path): chapter.kind for chapter in project.chapters}
        self.page_of = {chapter.path: chapter.page for chapter in chapters}
        self.counted = 0  # headings of level 1 that Typst has numbered
        self.first_appendix = next((c.path for c in chapters if kinds.get(c.path) == "appendix"), "")
        self.labels = Labels(chapters, cache)
        self._around = digest("book", self.labels.key, self.pages, self.page_of)
        self.origins: list[Origin] = []  # of each block that was marked, by number

    def part(self, chapter: NumberedChapter, *, headed: bool = True) -> Part:
        """Return the chapter with its heading, and before the first appendix the divider; it is asked for in order.

        headed: whether with them. Its blocks are marked from 0; beside them stand the headings counted after it, and
        the words at each mark.
        """
        before = self.counted

        def convert() -> tuple[list[pf.Element], Any]:
            self.origins.clear()
            blocks, counted = (
                self._convert(chapter, before) if headed else (self._body(chapter, above=0), before)
            )
            return blocks, [counted, [origin.words for origin in self.origins]]

        around = [self._around, before, headed, chapter.path == self.first_appendix]
        part = self.conversions.part(chapter, around, convert)
        self.counted = part.beside[0]
        return part

    def _convert(self, chapter: NumberedChapter, counted: int) -> tuple[list[pf.Element], int]:
        """Return a chapter's blocks, and the headings of level 1 counted after it. counted: those before it."""
        results: list[pf.Element] = []
        if chapter.path == self.first_appendix:
            counted = 0
            results.append(pf.Header(pf.Str(self.words["appendices"]), level=1, classes=["unnumbered"]))
        results.append(self._mark(chapter, pf.Para(*chapter.title)))
        if chapter.number and counted + 1 != chapter.counts:  # a chapter before it has no heading, or several
            results.append(block(f"#counter(heading).update({chapter.counts - 1})"))
        own = 1 if chapter.number else 0
        tops = [b for b in chapter.doc.content if isinstance(b, pf.Header) and b.level == 1]
        own += sum("unnumbered" not in heading.classes for heading in tops)
        counted = own + (chapter.counts - 1 if chapter.number else counted)
        if chapter.kind != "index":
            classes = [] if chapter.number else ["unnumbered"]
            title = headings.inlines(chapter.title)
            identifier = self.labels.own(chapter.page, chapter.id)
            heading = pf.Doc(pf.Header(*title, level=1, identifier=identifier, classes=classes))
            TypstRenderer(self, chapter, set()).render(heading)
            results += list(heading.content)
        return [*results, *self._body(chapter, above=0 if chapter.kind == "index" else 1)], counted

    def _body(self, chapter: NumberedChapter, above: int) -> list[pf.Element]:
        """Return the chapter without its heading; above: the level of the heading that it stands under."""
        doc = chapter.doc
        doc.content = [part for b in list(doc.content) for part in (self._mark(chapter, b), b)]
        levels = headings.Levels(doc, above)
        walk(doc, lambda header, _: levels.heading(header), pf.Header)
        walk(doc, lambda e, _: self._relabel(e, chapter), *IDENTIFIED)
        TypstRenderer(self, chapter, floats.wholes(doc)).render(doc)
        return list(doc.content)

    def _mark(self, chapter: NumberedChapter, element: pf.Element) -> pf.RawBlock:
        self.origins.append(origin(chapter.source, element))
        return block(f"{MARK}{len(self.origins) - 1}")

    def _relabel(self, element: pf.Element, chapter: NumberedChapter) -> None:
        if identifier := element.identifier:
            element.identifier = self.labels.own(chapter.page, identifier)
        float_ = constructs.of(element)
        if isinstance(float_, Float) and float_.parent:
            constructs.amend(element, parent=self.labels.own(chapter.page, float_.parent))


class TypstRenderer(Renderer):
    """Renders one chapter's elements as calls of the template's functions."""

    kinds = (pf.Table,)

    def __init__(self, book: Writer, chapter: NumberedChapter, wholes: set[str]) -> None:
        self.book = book
        self.chapter = chapter
        self.wholes = wholes

    def float(self, float_: Float, element: pf.Div) -> Rendered:
        """Render a float."""
        return floats.render_float(float_, element, self.wholes)

    def callout(self, callout: Callout) -> Rendered:
        """Render a callout."""
        return floats.render_callout(callout)

    def theorem(self, theorem: Theorem) -> Rendered:
        """Render a theorem or proof; one without a number is plain paragraphs."""
        return floats.render_theorem(theorem) if theorem.number else theorem.with_lead_in()

    def tabset(self, tabset: Tabset) -> Rendered:
        """Render tabs one after the other, each under its title."""
        return [
            *_anchor(tabset.identifier),
            *(part for tab in tabset.tabs for part in floats.render_tab(tab)),
        ]

    def layout(self, layout: Layout) -> Rendered:
        """Render blocks side by side."""
        return floats.render_layout(layout)

    def equation(self, equation: Equation) -> Rendered:
        """Return the equation for ``text.finish``, which sets all formulas of the book at once."""
        alt = {"alt": equation.alt} if equation.alt else {}
        return pf.Span(equation.math, identifier=equation.identifier, classes=[EQUATION], attributes=alt)

    def reference(self, reference: CrossReference) -> Rendered:
        """Render a reference as Typst's own, which numbers by itself; to a heading, which may show none, as a link."""
        page = self.page(reference.url.partition("#")[0])
        target = label(self.book.labels.resolve(page, reference.label) or reference.label)
        if not reference.number or reference.kind in SECTIONS:
            return [inline(f"#link({target})["), *reference.content, inline("]")]
        return inline(f"#ref({target}, supplement: [{_escaped(reference.prefix)}])")

    def float_list(self, list_: FloatList) -> Rendered:
        """Render a list of figures or tables, which the template makes."""
        return block(f"#float-list({string(list_.kind)}, {string(list_.heading)})")

    def other(self, element: pf.Element) -> Rendered:
        """Render images, links, tables, asides and plain ``Div``s."""
        match element:
            case pf.Div():
                return self.div(element)
            case pf.Image():
                return inline(f"#box({self.image(element)})")
            case pf.Link():
                return self.link(element)
            case pf.Table():
                return tables.table(element)
            case pf.Span() if "claim-label" in element.classes:
                return [inline("#evidence-label["), *element.content, inline("]")]
        return position.as_note(element)

    # -- blocks -----------------------------------------------------------------------------------------------

    def div(self, div: pf.Div) -> Rendered:
        """Render a ``Div`` that is no construct: most leave nothing but what they hold."""
        if div.identifier == "refs":
            return None
        if "further-reading" in div.classes:
            return [block("#listed["), *div.content, block("]")]
        if "landscape" in div.classes and not position.is_nested(div):
            return [block("#page(flipped: true)["), *div.content, block("]")]
        if "claim-evidence" in div.classes:
            return [*_anchor(div.identifier), block("#evidence["), *div.content, block("]")]
        return [*_anchor(div.identifier), *div.content]

    # -- inlines ----------------------------------------------------------------------------------------------

    def image(self, image: pf.Image) -> str:
        """Return the call that shows an image; one without any words is decoration, which a reader by ear skips."""
        root = self.book.project.root.resolve()
        path = "/" + Path(image.url).resolve().relative_to(root).as_posix()
        size = _size(image)
        alt = _description(image)
        if not alt:
            return f"pdf.artifact(image({string(path)}{size}))"
        return f"image({string(path)}{size}, alt: {string(alt)})"

    def page(self, path: str) -> str:
        """Return the page that a relative address leads to, the chapter's own for none."""
        if not path:
            return self.chapter.page
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self.chapter.page), path))
        return self.book.page_of.get(page, page)

    def link(self, link: pf.Link) -> Rendered:
        """Render a link: within the book to a label, to other files of the site by their address on the web."""
        url = link.url
        if re.match(r"^[a-z][a-z0-9+.-]*:", url, re.I):
            return None
        path, _, anchor = url.partition("#")
        page = self.page(path)
        if page in self.book.pages:
            place = self.book.labels.resolve(page, anchor, elsewhere=not path) if anchor else ""
            place = place or (self.book.labels.own(page, self.book.pages[page]) if path else "")
            call = "#claim" if "claim" in link.classes else "#goto"
            return (
                [inline(f"{call}({label(place)})["), *link.content, inline("]")]
                if place
                else list(link.content)
            )
        if site := self.book.project.site_url:
            link.url = f"{site}/{page}" + (f"#{anchor}" if anchor else "")
            return link
        return list(link.content)


def _anchor(identifier: str) -> list[pf.Element]:
    return [block(f"#metadata(none){attached(identifier)}")] if identifier else []


def _size(image: pf.Image) -> str:
    """Return the width and height that the author gives an image, no wider than the text."""
    given = {name: length(image.attributes.get(name, "")) for name in ("width", "height")}
    width = given["width"]
    points = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0}.get(width[-2:], 0.0)
    if (points and float(width[:-2]) * points > tables.ROOM) or (
        width.endswith("%") and float(width[:-1]) > 100
    ):
        given = {"width": "100%"}
    return "".join(f", {name}: {value}" for name, value in given.items() if value)


def _description(image: pf.Image) -> str:
    """Return what the author says of the image: its alternative text, else the caption of its float."""
    if own := headings.alternative(image):
        return own
    above = image.parent
    while above is not None and not isinstance(float_ := constructs.of(above), Float):
        above = above.parent
    if above is None or not isinstance(float_, Float):
        return ""
    return str(float_.alt or pf.stringify(pf.Div(*float_.caption))).strip()


def _escaped(text: str) -> str:
    """Words as markup that prints them as they are."""
    return re.sub(r"([\\#$*_`<>@\[\]~/=+\-])", r"\\\1", text)
