"""Numbered chapters → the constructs that ``assets/typst/typst-template.typ`` sets, as Quarto's writer makes them.

Typst counts for itself, by the template's rules; that it arrives at the numbers of the pages is tested.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

import panflute as pf

from paper.errors import ChapterError
from paper.project import Project
from paper.render import containers, structure
from paper.render.numbering import NumberedChapter
from paper.render.references import SECTIONS
from paper.render.tree import walk
from paper.render.typst import floats
from paper.render.typst.syntax import attached, block, inline, label, length, string
from paper.render.web.words import words

MARK = "// chapter: "
LONG_CELL = 1200  # characters


class Writer:
    """Turns each chapter into blocks that pandoc's Typst writer passes through."""

    def __init__(self, project: Project, chapters: Sequence[NumberedChapter]) -> None:
        self.project = project
        self.words = words(project.lang)
        self.pages = {chapter.page: chapter.id for chapter in chapters}
        self.sources = {chapter.path: chapter.id for chapter in chapters}
        kinds = {str(chapter.path): chapter.kind for chapter in project.chapters}
        self.counted = 0  # headings of level 1 that Typst has numbered
        self.first_appendix = next((c.path for c in chapters if kinds.get(c.path) == "appendix"), "")

    def blocks(self, chapter: NumberedChapter) -> list[pf.Element]:
        """The chapter with its heading, and before the first appendix the divider. Raises as ``body``."""
        made: list[pf.Element] = []
        if chapter.path == self.first_appendix:
            self.counted = 0
            made.append(pf.Header(pf.Str(self.words["appendices"]), level=1, classes=["unnumbered"]))
        made.append(block(f"{MARK}{chapter.path}"))
        if (
            chapter.number and self.counted + 1 != chapter.counts
        ):  # a chapter before it has no heading, or several
            made.append(block(f"#counter(heading).update({chapter.counts - 1})"))
        own = 1 if chapter.number else 0
        tops = [b for b in chapter.doc.content if isinstance(b, pf.Header) and b.level == 1]
        own += sum("unnumbered" not in heading.classes for heading in tops)
        self.counted = own + (chapter.counts - 1 if chapter.number else self.counted)
        if chapter.kind != "index":
            classes = [] if chapter.number else ["unnumbered"]
            made.append(pf.Header(*chapter.title, level=1, identifier=chapter.id, classes=classes))
        return [*made, *self.body(chapter, above=0 if chapter.kind == "index" else 1)]

    def body(self, chapter: NumberedChapter, above: int = 0) -> list[pf.Element]:
        """The chapter without its heading; above: the level of the heading that it stands under.

        Raises ChapterError for a heading that skips a level: a tagged PDF may not.
        """
        doc = chapter.doc
        _refuse_skipped_levels(chapter, doc, above)
        walk(doc, _Elements(self, chapter, floats.wholes(doc)).element)
        return list(doc.content)


def _refuse_skipped_levels(chapter: NumberedChapter, doc: pf.Doc, above: int) -> None:
    def visit(element: pf.Element, _: pf.Doc) -> None:
        nonlocal above
        if isinstance(element, pf.Header):
            if element.level > above + 1:
                text = pf.stringify(element)
                raise ChapterError(
                    f"the heading {text!r} is of level {element.level} under one of level {above}",
                    place=chapter.source.find(text),
                    remedy=f"give it {'#' * (above + 1)}: readers of the PDF by ear rely on unbroken levels",
                )
            above = element.level

    walk(doc, visit)


class _Elements:
    """One chapter's elements; children are visited before their parents."""

    def __init__(self, book: Writer, chapter: NumberedChapter, wholes: set[str]) -> None:
        self.book = book
        self.chapter = chapter
        self.wholes = wholes

    def element(self, element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Div):
            return self.div(element)
        if isinstance(element, pf.Header):
            return _header(element)
        if isinstance(element, pf.Image):
            return inline(f"#box({self.image(element)})")
        if isinstance(element, pf.Link):
            return self.link(element)
        if isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            return _equation(element)
        if (note := containers.as_note(element)) is not None:
            return note
        if isinstance(element, pf.Math) and not _numbered(element):
            return [inline(f"#[#set math.equation(alt: {string(element.text)});"), element, inline("]")]
        if isinstance(element, pf.Table):
            element.classes = [*element.classes, "typst:no-figure"]
            if _has_long_cells(element):
                return [block("#[#set table.cell(breakable: true)"), element, block("]")]
        return None

    # -- blocks -----------------------------------------------------------------------------------------------

    def div(self, div: pf.Div) -> pf.Element | list[pf.Element] | None:
        if structure.is_float(div):
            return floats.float_(div, self.wholes)
        if "callout" in div.classes:
            return floats.callout(div)
        if "quarto-layout-panel" in div.classes:
            return floats.panel(div)
        if "quarto-theorem" in div.classes:
            return floats.theorem(div)
        if "quarto-proof" in div.classes:
            return floats.proof(div)
        if "quarto-tab" in div.classes:
            return floats.tab(div)
        if div.identifier == "refs" or {"quarto-title", "quarto-float-caption"} & set(div.classes):
            return None
        if any(name.startswith("quarto-layout-") for name in div.classes):
            return None  # rows and cells: read by their panel
        if "further-reading" in div.classes:
            return [block("#listed["), *div.content, block("]")]
        anchor = [block(f"#metadata(none){attached(div.identifier)}")] if div.identifier else []
        if "claim-evidence" in div.classes:
            return [*anchor, block("#evidence["), *div.content, block("]")]
        return [*anchor, *div.content]

    # -- inlines ----------------------------------------------------------------------------------------------

    def image(self, image: pf.Image) -> str:
        """The call that shows an image; one without any words is decoration, which a reader by ear skips."""
        root = self.book.project.root.resolve()
        path = "/" + Path(image.url).resolve().relative_to(root).as_posix()
        size = "".join(
            f", {name}: {value}"
            for name in ("width", "height")
            if (value := length(image.attributes.get(name, "")))
        )
        alt = _description(image)
        if not alt:
            return f"pdf.artifact(image({string(path)}{size}))"
        return f"image({string(path)}{size}, alt: {string(alt)})"

    def link(self, link: pf.Link) -> pf.Element | list[pf.Element] | None:
        if "quarto-xref" in link.classes:
            attributes = link.attributes
            target = label(attributes["ref"])
            if not attributes["number"] or attributes["kind"] in SECTIONS:  # a heading may show no number
                return [inline(f"#link({target})["), *link.content, inline("]")]
            return inline(f"#ref({target}, supplement: [{_escaped(attributes['text-prefix'])}])")
        url = link.url
        if re.match(r"^[a-z][a-z0-9+.-]*:", url, re.I):
            return None
        path, _, anchor = url.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self.chapter.page), path))
        known = {**self.book.sources, **self.book.pages}
        inside = not path or page in known
        if inside and (place := anchor or known.get(page, "")):
            call = "#claim" if "claim" in link.classes else "#link"
            return [inline(f"{call}({label(place)})["), *link.content, inline("]")]
        if inside:
            return list(link.content)
        if site := self.book.project.site_url:
            link.url = f"{site}/{page}" + (f"#{anchor}" if anchor else "")
            return link
        return list(link.content)


def _has_long_cells(table: pf.Table) -> bool:
    """Whether a row may be too tall to stay on one page."""
    found: list[bool] = []
    walk(
        table,
        lambda e, _: found.append(len(pf.stringify(e)) > LONG_CELL) if isinstance(e, pf.TableCell) else None,
    )
    return any(found)


def _header(header: pf.Header) -> pf.Header:
    if header.level > 1 and "number" not in header.attributes and "unnumbered" not in header.classes:
        header.classes = [*header.classes, "unnumbered"]
    header.attributes = {}
    return header


def _numbered(math: pf.Math) -> bool:
    return isinstance(math.parent, pf.Span) and "quarto-eq" in math.parent.classes


def _equation(span: pf.Span) -> list[pf.Element]:
    math = span.content[0]
    return [
        inline(f"#[#set math.equation(numbering: equation-numbering, alt: {string(math.text)});"),
        math,
        inline(f"{attached(span.identifier)}]"),
    ]


def _description(image: pf.Image) -> str:
    """What the author says of the image: its alternative text, else the caption of the float that holds it."""
    own = (
        image.attributes.get("alt")
        or image.attributes.get("fig-alt")
        or pf.stringify(pf.Para(*image.content))
    )
    if own.strip():
        return str(own).strip()
    above = image.parent
    while above is not None and not structure.is_float(above):
        above = above.parent
    if above is None:
        return ""
    return str(above.attributes.get("fig-alt") or pf.stringify(structure.caption_of(above))).strip()


def _escaped(text: str) -> str:
    """Words as markup that prints them as they are."""
    return re.sub(r"([\\#$*_`<>@\[\]~/=+\-])", r"\\\1", text)
