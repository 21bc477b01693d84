"""Constructs (floats, callouts, theorems, tabs, layouts, code) → Quarto's HTML."""

from __future__ import annotations

import html
from typing import ClassVar

import panflute as pf

from paper.numbering.numbering import NumberedChapter
from paper.parsing import constructs
from paper.parsing.constructs import (
    Callout,
    CrossReference,
    Equation,
    Float,
    Layout,
    LayoutCell,
    Proof,
    Tabset,
    Theorem,
)
from paper.parsing.tree import every
from paper.parsing.wording import Wording
from paper.writers import code
from paper.writers.renderer import Rendered, Renderer

CAPTION_ID = "caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"  # Quarto's own, so that ids agree


class HtmlRenderer(Renderer):
    """Renders one chapter's constructs as Quarto's HTML."""

    kinds: ClassVar[tuple[type[pf.Element], ...]] = (pf.Header, pf.Table, pf.CodeBlock, pf.DefinitionList)

    def __init__(self, chapter: NumberedChapter) -> None:
        self.chapter = chapter
        self.wording = Wording.of(chapter.options)
        self.tabsets = 0
        self.annotated: list[pf.Span] = []

    def float(self, float_: Float, element: pf.Div) -> Rendered:
        """Render a float as a figure with its caption above or below."""
        kind, part = float_.kind, "subfloat" if float_.part else "float"
        inlines = float_.caption_inlines
        lead = float_.lead + (" " if float_.part or (float_.mark and inlines) else "")
        place = float_.caption_location or ("bottom" if kind == "fig" else "top")
        identifier = f"{float_.identifier}-{CAPTION_ID}" if float_.identifier else ""
        caption: list[pf.Element] = []
        if lead or inlines:
            classes = f"quarto-{part}-caption-{place} quarto-{part}-caption quarto-{part}-{kind}"
            named = f' id="{identifier}"' if identifier else ""
            caption = [
                pf.RawBlock(f'<figcaption class="{classes}"{named}>'),
                pf.Plain(pf.Str(lead), *inlines),
                pf.RawBlock("</figcaption>"),
            ]
        described = {"aria-describedby": identifier} if identifier and caption else {}
        content = pf.Div(*float_.content, attributes=described)
        outer = ["quarto-float"]
        if kind == "fig":
            outer += ["quarto-figure", f"quarto-figure-{_align(element)}"]
        if kind == "lst":
            outer.append("listing")
        return pf.Div(
            pf.RawBlock(f'<figure class="quarto-{part} quarto-{part}-{kind} figure">'),
            *([*caption, content] if place == "top" else [content, *caption]),
            pf.RawBlock("</figure>"),
            identifier=float_.identifier,
            classes=[*outer, *(c for c in float_.classes if c not in outer)],
        )

    def callout(self, callout: Callout) -> Rendered:
        """Render a callout; one that may be shut as ``<details>``, which needs no script."""
        heading = callout.heading
        if callout.title and not callout.number and callout.appearance == "default":
            name = html.escape(callout.label)
            heading.insert(0, pf.RawInline(f'<span class="screen-reader-only">{name}</span>', format="html"))
        icon = "" if callout.icon == "true" else " no-icon"
        named = f"callout-{callout.kind}" if callout.kind else ""
        looks = f"callout callout-style-{callout.appearance} {named}{icon} {' '.join(callout.classes)}"
        style = html.escape(" ".join(looks.split()))
        identifier = f' id="{html.escape(callout.identifier)}"' if callout.identifier else ""
        inside = "span" if callout.collapse and heading else "div"  # a summary holds no blocks
        mark = f'<i class="callout-icon{icon}"></i>'
        header = f'<{inside} class="callout-icon-container">{mark}</{inside}>'
        if not heading:
            return [
                pf.RawBlock(f'<div class="{style}"{identifier}><div class="callout-body">{header}'),
                pf.Div(*callout.content, classes=["callout-body-container"]),
                pf.RawBlock("</div></div>"),
            ]
        outer, inner, state = ("details", "summary", "") if callout.collapse else ("div", "div", "")
        if callout.collapse == "false":
            state = " open"
        return [
            pf.RawBlock(f'<{outer} class="{style} callout-titled"{identifier}{state}>'
                        f'<{inner} class="callout-header">{header}'
                        f'<{inside} class="callout-title-container flex-fill">'),
            pf.Plain(*heading),
            pf.RawBlock(f"</{inside}></{inner}>"),
            pf.Div(*callout.content, classes=["callout-body-container", "callout-body"]),
            pf.RawBlock(f"</{outer}>"),
        ]  # fmt: skip

    def theorem(self, theorem: Theorem) -> Rendered:
        """Render a theorem or proof as a ``Div`` of its class."""
        form = "proof" if isinstance(theorem, Proof) else "theorem"
        classes = [form, *(c for c in theorem.classes if c != form)]
        return pf.Div(*theorem.with_lead_in(), identifier=theorem.identifier, classes=classes)

    def tabset(self, tabset: Tabset) -> Rendered:
        """Render tabs above their panels, all of which are shown where no script runs."""
        self.tabsets += 1
        heads: list[pf.Element] = [pf.RawInline('<ul class="nav-tabs">', format="html")]
        panels = []
        for number, tab in enumerate(tabset.tabs, 1):
            name = f"tabset-{self.tabsets}-{number}"
            opening = f'<li><a id="{name}-tab" href="#{name}">'
            heads += [
                pf.RawInline(opening, format="html"), *tab.title, pf.RawInline("</a></li>", format="html"),
            ]  # fmt: skip
            title = {"data-title": pf.stringify(pf.Plain(*tab.title)).strip()}
            panels.append(pf.Div(*tab.content, identifier=name, classes=["tab-pane"], attributes=title))
        heads.append(pf.RawInline("</ul>", format="html"))
        return pf.Div(
            pf.Plain(*heads),
            pf.Div(*panels, classes=["tab-content"]),
            identifier=tabset.identifier,
            classes=["panel-tabset"],
            attributes={"data-group": tabset.group} if tabset.group else {},
        )

    def layout(self, layout: Layout) -> Rendered:
        """Render blocks side by side as rows of cells, whose widths are shares of the row."""
        rows = [pf.Div(*map(_cell, row), classes=["quarto-layout-row"]) for row in layout.rows]
        classes = [layout.form, *layout.classes]
        return pf.Div(*rows, identifier=layout.identifier, classes=classes, attributes=layout.attributes)

    def equation(self, equation: Equation) -> Rendered:
        r"""Render an equation with its number as TeX's ``\tag``."""
        math = equation.math
        math.text = f"{math.text} \\tag{{{equation.number}}}"
        alt = {"alt": equation.alt} if equation.alt else {}
        return pf.Span(math, identifier=equation.identifier, classes=[equation.form], attributes=alt)

    def reference(self, reference: CrossReference) -> Rendered:
        """Render a cross-reference as a link of Quarto's class."""
        return pf.Link(*reference.content, url=reference.url, classes=[reference.form])

    def other(self, element: pf.Element) -> Rendered:
        """Render headings, tables, code, asides and images as Quarto's pages have them."""
        match element:
            case pf.Header() if "number" in element.attributes:
                number = element.attributes["data-number"] = element.attributes.pop("number")
                shown = f'<span class="header-section-number">{number}</span> '
                element.content.insert(0, pf.RawInline(shown, format="html"))
            case pf.Table():
                _set_scopes(element)
            case pf.CodeBlock():
                return code.block(element, self.chapter.options, self.wording)
            case pf.DefinitionList() if terms := code.terms(element):
                if self.chapter.options.get("code-annotations") == "none":
                    return []
                self.annotated += terms
                return code.notes(element)
            case pf.Div() | pf.Span() if "aside" in element.classes:
                remaining = [c for c in element.classes if c not in ("aside", "column-margin")]
                element.classes = [*remaining, "column-margin"]
            case pf.Image():
                _set_alt(element)
        return None


def _cell(cell: LayoutCell) -> pf.Div:
    gap = ["quarto-layout-gap"] if cell.width < 0 else []
    style = {"style": f"flex-basis: {cell.share}%;"}
    return pf.Div(*cell.content, classes=["quarto-layout-cell", *gap], attributes=style)


def _align(div: pf.Div) -> str:
    """Return where the first image of a float that says so stands."""
    asked = (image.attributes.get("fig-align", "") for image in every(div, pf.Image))
    return next((name for name in asked if name in ("left", "center", "right")), "center")


def _set_alt(image: pf.Image) -> None:
    """Say of an image without words, and without a caption, that it has nothing to say, as CommonMark does.

    https://html.spec.whatwg.org/multipage/images.html#alt
    """
    image.attributes.pop("alt", None)
    if pf.stringify(image).strip():
        return
    above = image.parent
    while above is not None:
        if isinstance(constructs.of(above), Float):
            return  # its caption speaks for it
        above = above.parent
    image.attributes["alt"] = ""


def _set_scopes(table: pf.Table) -> None:
    """Set what each head cell heads, for readers by ear.

    https://www.w3.org/WAI/tutorials/tables/multi-level/
    """
    for row in table.head.content:
        for cell in row.content:
            cell.attributes.setdefault("scope", "colgroup" if cell.colspan > 1 else "col")
    for body in table.content:
        for row in body.head:
            for cell in row.content:
                cell.attributes.setdefault("scope", "rowgroup")
        reaching = [0] * body.row_head_columns  # rows below that a cell of each column of heads still covers
        for row in body.content:
            cells = iter(row.content)
            at = 0
            while at < len(reaching):
                if reaching[at]:
                    reaching[at] -= 1
                    at += 1
                    continue
                cell = next(cells, None)
                if cell is None:
                    break
                cell.attributes.setdefault("scope", "rowgroup" if cell.rowspan > 1 else "row")
                reaching[at : at + cell.colspan] = [cell.rowspan - 1] * len(reaching[at : at + cell.colspan])
                at += cell.colspan
