"""The one form of each construct (float, callout, theorem, tabs, code) → Quarto's HTML."""

from __future__ import annotations

import html

import panflute as pf

from paper.numbering.numbering import NumberedChapter
from paper.parsing import containers, structure
from paper.parsing.tree import walk
from paper.parsing.wording import Wording
from paper.writers import code

CAPTION_ID = "caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"  # Quarto's own, so that ids agree


class Writer:
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
        if isinstance(element, pf.Table):
            _scoped(element)
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


def _scoped(table: pf.Table) -> None:
    """Say of each head cell what it heads, for readers by ear.

    https://www.w3.org/WAI/tutorials/tables/multi-level/
    """
    for row in table.head.content:
        for cell in row.content:
            cell.attributes.setdefault("scope", "colgroup" if cell.colspan > 1 else "col")
    for body in table.content:
        for row in body.head:
            for cell in row.content:
                cell.attributes.setdefault("scope", "rowgroup")
        for row in body.content:
            for cell in row.content[: body.row_head_columns]:
                cell.attributes.setdefault("scope", "rowgroup" if cell.rowspan > 1 else "row")
