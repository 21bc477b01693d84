"""A numbered chapter as the inner HTML of its page, in the classes that Quarto's pages have."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import panflute as pf

from paper.project import Project
from paper.render import citing, code, containers, margin, mathematics, pandoc, structure, titles
from paper.render.cache import Cache, digest, file_digest
from paper.render.counting import reference_kind
from paper.render.numbering import NumberedChapter
from paper.render.references import relative
from paper.render.site import TocEntry, nested
from paper.render.source import Source
from paper.render.tree import walk
from paper.render.wording import Wording

CAPTION_ID = "caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"  # Quarto's own, so that ids agree


@dataclass(frozen=True)
class Body:
    """What a page says: its title's HTML, its body, its contents, the images that it shows, what is under the title."""

    heading: str
    html: str
    toc: tuple[TocEntry, ...]
    images: tuple[str, ...] = field(default=())
    front: str = ""


def body(
    project: Project,
    chapter: NumberedChapter,
    cache: Cache,
    cited: Sequence[str] = (),
    others: Sequence[Source] = (),
) -> Body:
    """The chapter's page.

    cited: keys to list besides those that the chapter itself cites, and others: the chapters whose bibliographies
    hold them; both for the page that lists the works of the whole book.
    """
    asked = citing.citation_args(project, [chapter.source, *others])
    cited = [*cited, *citing.nocite(project, chapter.source)]
    sources = [
        file_digest(Path(arg.partition("=")[2])) for arg in asked if arg.startswith(("--bib", "--csl"))
    ]
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
        for label, entry in chapter.book.referred(chapter)
    ]
    elsewhere = chapter.book.elsewhere(chapter)
    made_with = digest(
        "page",
        chapter.key,
        chapter.page,
        chapter.kind,
        chapter.number,
        links,
        elsewhere,
        sources,
        [arg for arg in asked if arg.startswith("--metadata")],
        cited,
        pandoc.binary(),
    )
    kept = cache.get("page", made_with)
    if kept is None:
        made = _write(project, chapter, cited, asked)
        cache.put("page", made_with, asdict(made))
        return made
    return Body(kept["heading"], kept["html"], _entries(kept["toc"]), tuple(kept["images"]), kept["front"])


def _write(project: Project, chapter: NumberedChapter, cited: list[str], asked: list[str]) -> Body:
    heads = _titles(chapter)
    doc = structure.copy(chapter.doc)
    walk(doc, _page_links)
    elsewhere = chapter.book.elsewhere(chapter)

    def to_other_page(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Link) and element.url[1:] in elsewhere and element.url.startswith("#"):
            element.url = elsewhere[element.url[1:]]

    walk(doc, to_other_page)
    formulas = mathematics.formulas(doc)
    images = tuple(_images(doc))
    writer = _Writer(chapter)
    walk(doc, writer.element)
    if cited:
        key = pf.Cite(*[], citations=[pf.Citation(k, mode="NormalCitation") for k in cited])
        doc.metadata["nocite"] = pf.MetaInlines(key)
    args = ["--section-divs", "--mathjax", "--wrap=none", "--syntax-highlighting=pygments"]
    place = str(chapter.options.get("reference-location") or "document")
    if place in ("block", "section"):
        args.append(f"--reference-location={place}")
    written, warnings = pandoc.run_with_warnings(structure.dump(doc), to="html5", args=[*args, *asked])
    citing.refuse_unknown(warnings, lambda key: chapter.source.find(f"@{key}"))
    headings = pandoc.run(json.dumps(_heading_doc(heads)), to="html5", args=["--wrap=none", "--mathjax"])
    shown = re.findall(r"<p>(.*?)</p>", headings, re.S)
    text = code.with_anchors(mathematics.with_mathml(written, formulas), writer.annotated)
    works = chapter.options.get("citation-location") == "margin"
    if margin.wanted(text, place == "margin", works):
        text = margin.placed(text, notes=place == "margin", works=works)
    title = mathematics.with_mathml(shown[0], mathematics.formulas_of_page(shown[0]))
    given = {"abstract": project.book.get("abstract")} if chapter.kind == "index" else chapter.source.meta
    front = titles.block(given, writer.wording)
    return Body(_heading(chapter, title), text, _toc(project, heads, shown), images, front)


def _entries(kept: list[dict[str, Any]]) -> tuple[TocEntry, ...]:
    return tuple(TocEntry(e["id"], e["number"], e["title_html"], _entries(e["children"])) for e in kept)


# -- titles and contents ----------------------------------------------------------------------------------------


def _titles(chapter: NumberedChapter) -> list[dict[str, Any]]:
    """The chapter's title and its headings, with their inlines as JSON."""
    found: list[dict[str, Any]] = [
        {"level": 1, "id": chapter.id, "number": chapter.number, "inlines": _plain(chapter.title)}
    ]

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if (
            isinstance(element, pf.Header)
            and "unlisted" not in element.classes
            and not isinstance(element.parent, pf.Div)
        ):
            found.append(
                {
                    "level": element.level,
                    "id": element.identifier,
                    "number": element.attributes.get("number", ""),
                    "inlines": _plain(element.content),
                }
            )

    walk(chapter.doc, visit)
    return found


def _plain(inlines: Any) -> list[Any]:
    """Inlines as JSON without notes, links and citations, for use outside the text."""
    para = pf.Para(*[structure_copy(i) for i in inlines])
    walk(
        para,
        lambda e, _: (
            [] if isinstance(e, pf.Note) else list(e.content) if isinstance(e, pf.Link | pf.Cite) else None
        ),
    )
    return [json.loads(json.dumps(i.to_json())) for i in para.content]


def structure_copy(element: pf.Element) -> pf.Element:
    """An inline of its own, with its children."""
    doc = structure.copy(pf.Doc(pf.Para(element), api_version=(1, 23, 1)))
    return doc.content[0].content[0]


def _heading_doc(titles: list[dict[str, Any]]) -> dict[str, Any]:
    blocks = [{"t": "Para", "c": title["inlines"] or [{"t": "Str", "c": ""}]} for title in titles]
    return {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}


def _heading(chapter: NumberedChapter, title: str) -> str:
    """The inner HTML of the page's h1: number and title, which carries the id that the author gave it."""
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
    return nested(headings, project.level("toc-depth", 3, "html"))


# -- elements ---------------------------------------------------------------------------------------------------


def _page_links(element: pf.Element, _: pf.Doc) -> None:
    """Links to sources become links to pages."""
    if isinstance(element, pf.Link) and re.match(r"^[^:#?]+\.(qmd|md)(#.*)?$", element.url):
        element.url = re.sub(r"\.(qmd|md)(?=#|$)", ".html", element.url)


def _images(doc: pf.Doc) -> list[str]:
    found: list[str] = []
    walk(doc, lambda e, _: found.append(e.url) if isinstance(e, pf.Image) else None)
    return [url for url in found if not re.match(r"^[a-z]+:|^//|^#", url)]


class _Writer:
    """Turns the one form of each construct into Quarto's HTML."""

    def __init__(self, chapter: NumberedChapter) -> None:
        self.chapter = chapter
        self.wording = Wording.of(chapter.options)
        self.tabsets = 0
        self.annotated: list[pf.Span] = []

    def element(self, element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if structure.is_float(element):
            return self.float(element)
        if isinstance(element, pf.Div):
            if "callout" in element.classes:
                return self.callout(element)
            if "quarto-layout-cell" in element.classes:
                width = element.attributes.pop("width", "")
                element.attributes["style"] = f"flex-basis: {width};"
            if "quarto-theorem" in element.classes or "quarto-proof" in element.classes:
                return self.theorem(element)
            if "quarto-tabset" in element.classes:
                return self.tabset(element)
        if isinstance(element, pf.Header) and "number" in element.attributes:
            number = element.attributes["number"]
            del element.attributes["number"]
            element.attributes["data-number"] = number
            element.content.insert(
                0, pf.RawInline(f'<span class="header-section-number">{number}</span> ', format="html")
            )
        if isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            math = element.content[0]
            number = element.attributes.pop("number")
            math.text = f"{math.text} \\tag{{{number}}}"
        if isinstance(element, pf.CodeBlock):
            return code.block(element, self.chapter.options, self.wording)
        if isinstance(element, pf.DefinitionList) and (terms := code.terms(element)):
            if self.chapter.options.get("code-annotations") == "none":
                return []
            self.annotated += terms
            return code.notes(element)
        if isinstance(element, pf.Div | pf.Span) and "aside" in element.classes:
            element.classes = [c for c in element.classes if c not in ("aside", "column-margin")]
            element.classes.append("column-margin")
        if isinstance(element, pf.Link) and "quarto-xref" in element.classes:
            for name in ("ref", "kind", "number", "text-prefix"):
                element.attributes.pop(name, None)
        if isinstance(element, pf.Image) and "alt" in element.attributes:
            del element.attributes["alt"]
        return None

    def float(self, div: pf.Div) -> pf.Element:
        attributes = dict(div.attributes)
        kind, sub = attributes["kind"], attributes.get("sub", "")
        caption = structure.caption_of(div)
        words = list(caption.content)
        prefix = f"({sub}) " if sub else attributes.get("mark", "")
        if prefix and not sub and words:
            prefix += attributes["delimiter"] + " "
        inlines = [e for b in words for e in (b.content if isinstance(b, pf.Plain | pf.Para) else [])]
        shown = [pf.Plain(pf.Str(prefix), *inlines)] if prefix or inlines else []
        part = "subfloat" if sub else "float"
        place = (
            attributes.get(f"{kind}-cap-location")
            or attributes.get("cap-location")
            or ("bottom" if kind == "fig" else "top")
        )
        identifier = f"{div.identifier}-{CAPTION_ID}" if div.identifier else ""
        classes = f"quarto-{part}-caption-{place} quarto-{part}-caption quarto-{part}-{kind}"
        idattr = f' id="{identifier}"' if identifier else ""
        figcaption: list[pf.Element] = []
        if shown:
            figcaption = [
                pf.RawBlock(f'<figcaption class="{classes}"{idattr}>'),
                *shown,
                pf.RawBlock("</figcaption>"),
            ]
        content = pf.Div(
            *list(div.content)[:-1],
            attributes={"aria-describedby": identifier} if identifier and shown else {},
        )
        inner = [*figcaption, content] if place == "top" else [content, *figcaption]
        outer = ["quarto-float"]
        if kind == "fig":
            align = _align(div)
            outer += ["quarto-figure", f"quarto-figure-{align}"]
        if kind == "lst":
            outer.append("listing")
        if extra := attributes.get("extra"):
            outer += [c for c in extra.split() if c not in outer]
        return pf.Div(
            pf.RawBlock(f'<figure class="quarto-{part} quarto-{part}-{kind} figure">'),
            *inner,
            pf.RawBlock("</figure>"),
            identifier=div.identifier,
            classes=outer,
        )

    def callout(self, div: pf.Div) -> list[pf.Element]:
        kind, numbered = div.attributes["kind"], "number" in div.attributes
        appearance = div.attributes["appearance"]
        inlines = containers.heading_of(div)
        if not numbered and containers.title_of(div) and appearance == "default":
            name = html.escape(div.attributes["label"])
            inlines.insert(0, pf.RawInline(f'<span class="screen-reader-only">{name}</span>', format="html"))
        icon = "" if div.attributes["icon"] == "true" else " no-icon"
        own = ("callout", f"callout-{kind}")
        extra = " ".join(c for c in div.classes if c not in own)
        named = f"callout-{kind}" if kind else ""
        style = html.escape(" ".join(f"callout callout-style-{appearance} {named}{icon} {extra}".split()))
        identifier = f' id="{html.escape(div.identifier)}"' if div.identifier else ""
        collapse = div.attributes.get("collapse")
        header = f'<div class="callout-icon-container"><i class="callout-icon{icon}"></i></div>'
        content = containers.body_of(div)
        body = pf.Div(*content, classes=["callout-body-container", "callout-body"])
        titled = [pf.Plain(*inlines)]
        if not inlines:
            return [
                pf.RawBlock(f'<div class="{style}"{identifier}><div class="callout-body">{header}'),
                pf.Div(*content, classes=["callout-body-container"]),
                pf.RawBlock("</div></div>"),
            ]
        if collapse is not None:
            state = " open" if collapse == "false" else ""
            return [
                pf.RawBlock(f'<details class="{style} callout-titled"{identifier}{state}>'
                            f'<summary class="callout-header">{header}'
                            '<div class="callout-title-container flex-fill">'),
                *titled,
                pf.RawBlock("</div></summary>"),
                body,
                pf.RawBlock("</details>"),
            ]  # fmt: skip
        return [
            pf.RawBlock(f'<div class="{style} callout-titled"{identifier}><div class="callout-header">{header}'
                        '<div class="callout-title-container flex-fill">'),
            *titled,
            pf.RawBlock("</div></div>"),
            body,
            pf.RawBlock("</div>"),
        ]  # fmt: skip

    def theorem(self, div: pf.Div) -> pf.Element:
        form = "theorem" if "quarto-theorem" in div.classes else "proof"
        classes = [form, *(c for c in div.classes if c not in (form, f"quarto-{form}"))]
        return pf.Div(*containers.led(div), identifier=div.identifier, classes=classes)

    def tabset(self, div: pf.Div) -> pf.Element:
        """Tabs above their panels, all of which are shown where no script runs."""
        self.tabsets += 1
        tabs: list[pf.Element] = [pf.RawInline('<ul class="nav-tabs">', format="html")]
        panels = []
        for number, tab in enumerate(div.content, 1):
            name = f"tabset-{self.tabsets}-{number}"
            tabs += [
                pf.RawInline(f'<li><a id="{name}-tab" href="#{name}">', format="html"),
                *containers.title_of(tab),
                pf.RawInline("</a></li>", format="html"),
            ]
            panels.append(
                pf.Div(
                    *containers.body_of(tab),
                    identifier=name,
                    classes=["tab-pane"],
                    attributes={"data-title": pf.stringify(tab.content[0]).strip()},
                )
            )
        tabs.append(pf.RawInline("</ul>", format="html"))
        attributes = {"data-group": group} if (group := div.attributes.get("group")) else {}
        return pf.Div(
            pf.Plain(*tabs),
            pf.Div(*panels, classes=["tab-content"]),
            identifier=div.identifier,
            classes=["panel-tabset"],
            attributes=attributes,
        )


def _align(div: pf.Div) -> str:
    images: list[str] = []
    walk(
        div,
        lambda e, _: images.append(e.attributes.get("fig-align", "")) if isinstance(e, pf.Image) else None,
    )
    return next((name for name in images if name in ("left", "center", "right")), "center")


def local_file(project: Project, page: str, url: str) -> Path | None:
    """The file in the project that an image's address on a page means; None where it leads outside."""
    name = unquote(url.split("#")[0].split("?")[0])  # pandoc writes a space as %20
    path = (project.root / PurePosixPath(page).parent / name).resolve()
    return path if path.is_relative_to(project.root.resolve()) else None
