"""From executed Markdown to a document tree in which everything that Quarto knows has one form.

Floats (figures, tables, listings, however they were written) become ``Div.quarto-float`` whose last child is
``Div.quarto-float-caption``; numbered equations ``Span.quarto-eq``; callouts, theorems, tabsets and panels what
``containers`` says, annotated code what ``annotated`` says. Writers read only these forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import panflute as pf

from paper.parsing import annotated, containers, list_tables
from paper.parsing.containers import LAYOUT
from paper.parsing.harmless import runs
from paper.parsing.tree import walk
from paper.parsing.wording import FLOATS
from paper.report import Fault
from paper.text.source import Source
from paper.tools import pandoc, trees

CONDITIONS = frozenset({"content-visible", "content-hidden"})
EQUATION_ID = re.compile(r"^\{#(eq-[^ }]+)(\})?$")
# Quarto divs whose content is shown, but without what makes them special.
PLAIN_IN_THIS_ENGINE = {
    "panel-sidebar": "a sidebar panel",
    "panel-input": "an input panel",
}


def normalise(doc: pf.Doc, source: Source, custom: frozenset[str] = frozenset()) -> list[Fault]:
    """Bring every construct to its one form, in place; returns what isn't known.

    custom: the kinds of floats that the book defines.
    """
    notices: list[Fault] = []
    float_id = re.compile(rf"^({'|'.join(map(re.escape, (*FLOATS, *sorted(custom))))})-")

    def blocks(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Image) and not isinstance(element.parent, pf.Link):
            _described(element)
        if isinstance(element, pf.Figure):
            return _figure(element, float_id)
        if isinstance(element, pf.Table) and (element.identifier.startswith("tbl-") or _caption_of(element)):
            return _table(element)
        if isinstance(element, pf.CodeBlock):
            if element.identifier.startswith("lst-"):
                return _listing(element)
            return annotated.with_filename(element) if "filename" in element.attributes else None
        if isinstance(element, pf.Div):
            return _div(element, source, notices, float_id)
        if isinstance(element, pf.Para):
            return _lone_image(element, float_id) or _equation(element)
        if isinstance(element, pf.Plain):
            return _equation(element)
        return None

    def links(element: pf.Element, _: pf.Doc) -> pf.Element | None:
        if isinstance(element, pf.Image):
            _described(element)  # one in a link, whose words are no caption of it
        if not isinstance(element, pf.Link) or not runs(element.url):
            return None
        place = source.find(element.url[:40])
        notices.append(
            Fault(str(place.file), place.line, "link-that-runs", "a link to code rather than to a place",
                  "it is shown as plain words", "warning")
        )  # fmt: skip
        return pf.Span(*element.content)

    walk(doc, blocks)
    walk(doc, links)
    walk(doc, lambda element, _: _sub_floats(element, float_id))
    annotated.annotate(doc)
    return notices


# -- floats -----------------------------------------------------------------------------------------------------


def make_float(
    content: Iterable[pf.Element],
    caption: Iterable[pf.Element],
    *,
    identifier: str = "",
    kind: str = "fig",
    **attributes: str,
) -> pf.Div:
    """A float in its one form."""
    inner = pf.Div(*caption, classes=["quarto-float-caption"])
    return pf.Div(
        *content,
        inner,
        identifier=identifier,
        classes=["quarto-float"],
        attributes={"kind": kind, **attributes},
    )


def is_float(element: pf.Element) -> bool:
    """Whether the element is a float in its one form; a filter's own ``Div`` of that class isn't."""
    return isinstance(element, pf.Div) and "quarto-float" in element.classes and "kind" in element.attributes


def caption_of(element: pf.Div) -> pf.Div:
    """The caption of a float in its one form."""
    return element.content[-1]


def _caption_of(element: Any) -> list[pf.Element]:
    caption = element.caption
    return list(caption.content) if caption is not None else []


def _figure(figure: pf.Figure, float_id: re.Pattern[str]) -> pf.Element:
    match = float_id.match(figure.identifier)
    images: list[pf.Image] = []
    walk(figure, lambda e, _: images.append(e) if isinstance(e, pf.Image) else None)
    attributes = dict(figure.attributes)
    for image in images:
        identifier = image.identifier
        if not figure.identifier and float_id.match(identifier):
            figure.identifier, image.identifier = identifier, ""
        _alternative_text(image)
    content = [pf.Para(*block.content) if isinstance(block, pf.Plain) else block for block in figure.content]
    return make_float(
        content, _as_paragraphs(_caption_of(figure)), identifier=figure.identifier,
        kind=match[1] if match else "fig", **attributes, **_classes(figure, images),
    )  # fmt: skip


def _lone_image(block: pf.Para, float_id: re.Pattern[str]) -> pf.Element | None:
    """A paragraph of one image, perhaps within a link, that pandoc doesn't take for a figure but Quarto does."""
    if len(block.content) != 1:
        return None
    only = block.content[0]
    link = only if isinstance(only, pf.Link) and len(only.content) == 1 else None
    image = link.content[0] if link else only
    if not isinstance(image, pf.Image):
        return None
    match = float_id.match(image.identifier)
    if not match and not (link and image.content):
        return None
    identifier = image.identifier if match else ""
    if match:
        image.identifier = ""
    caption = [pf.Plain(*image.content)] if image.content else []
    attributes = {k: v for k, v in image.attributes.items() if k.endswith("cap-location")}
    _alternative_text(image)
    return make_float(
        [pf.Para(only)], caption, identifier=identifier, kind=match[1] if match else "fig", **attributes,
        **_classes(image, []),
    )  # fmt: skip


def _classes(element: Any, images: list[pf.Image] = []) -> dict[str, str]:  # noqa: B006
    names = [
        c
        for owner in (element, *images)
        for c in owner.classes
        if c.startswith("column-") or c.startswith("caption-")
    ]
    return {"extra": " ".join(names)} if names else {}


def _described(image: pf.Image) -> None:
    if "fig-alt" in image.attributes:
        _alternative_text(image)


def _alternative_text(image: pf.Image) -> None:
    """``fig-alt`` becomes the image's own text; a caption is not an alternative text, as in Quarto."""
    alt = image.attributes.pop("fig-alt", image.attributes.pop("alt", ""))
    image.content = pf.ListContainer(*([pf.Str(alt)] if alt else []))
    if alt:
        image.attributes["alt"] = alt


def _as_paragraphs(blocks: Iterable[pf.Element]) -> list[pf.Element]:
    return [pf.Plain(*b.content) if isinstance(b, pf.Para) else b for b in blocks]


def _table(table: pf.Table) -> pf.Element:
    caption = _as_paragraphs(_caption_of(table))
    table.caption = pf.Caption()
    identifier, table.identifier = table.identifier, ""
    set_widths(table, table.attributes.pop("tbl-colwidths", ""))
    if not identifier:
        caption, identifier = _trailing_label(caption, "tbl")
    return make_float([table], caption, identifier=identifier, kind="tbl", **_classes(table))


def set_widths(table: pf.Table, given: str) -> None:
    """Give a table's columns the widths of ``tbl-colwidths``: "[40,60]", per cent."""
    widths = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", given)]
    if len(widths) == len(table.colspec) and any(widths):
        table.colspec = [
            (alignment, width / 100) for (alignment, _), width in zip(table.colspec, widths, strict=True)
        ]


def _trailing_label(caption: list[pf.Element], kind: str) -> tuple[list[pf.Element], str]:
    """A label that the reader left in the caption's text, ``Caption {#tbl-x}``."""
    if caption and hasattr(caption[-1], "content") and len(caption[-1].content):
        last = caption[-1].content[-1]
        if isinstance(last, pf.Str) and (match := re.fullmatch(rf"\{{#({kind}-[^ }}]+)\}}", last.text)):
            words = list(caption[-1].content)[:-1]
            while words and isinstance(words[-1], pf.Space | pf.SoftBreak):
                words.pop()
            return [*caption[:-1], pf.Plain(*words)], match[1]
    return caption, ""


def _listing(block: pf.CodeBlock) -> pf.Element:
    caption = block.attributes.pop("lst-cap", "")
    identifier, block.identifier = block.identifier, ""
    words = [pf.Plain(*trees.inlines(caption))] if caption else []
    extra = " ".join(c for c in block.classes if c.startswith("column-"))
    attributes = {k: block.attributes.pop(k) for k in list(block.attributes) if k.endswith("cap-location")}
    if extra:
        attributes["extra"] = extra
        block.classes = [c for c in block.classes if not c.startswith("column-")]
    content = [annotated.with_filename(block)]
    return make_float(content, words, identifier=identifier, kind="lst", **attributes)


def is_condition(attribute: str) -> bool:
    """Whether an attribute says when conditional content is kept."""
    return attribute.startswith(("when-", "unless-"))


def is_conditional(element: pf.Element) -> bool:
    """Whether the element is shown in some formats or profiles only."""
    return isinstance(element, pf.Div | pf.Span | pf.CodeBlock) and bool(CONDITIONS & set(element.classes))


def _conditional(
    div: pf.Div, source: Source, notices: list[Fault], float_id: re.Pattern[str]
) -> pf.Element | None:
    """A float, theorem, callout or layout that is conditional itself, within a ``Div`` that holds the condition."""
    rules = {name: div.attributes.pop(name) for name in list(div.attributes) if is_condition(name)}
    names = [name for name in div.classes if name in CONDITIONS]
    div.classes = [name for name in div.classes if name not in CONDITIONS]
    normal = _div(div, source, notices, float_id)
    inner = [div] if normal is None else normal if isinstance(normal, list) else [normal]
    return pf.Div(*inner, classes=names, attributes=rules)


def _div(
    div: pf.Div, source: Source, notices: list[Fault], float_id: re.Pattern[str]
) -> pf.Element | list[pf.Element] | None:
    if is_float(div) or "quarto-float-caption" in div.classes:
        return None
    if is_conditional(div) and (
        div.identifier or len(div.classes) > 1 or any(key in div.attributes for key in LAYOUT)
    ):
        return _conditional(div, source, notices, float_id)
    if "list-table" in div.classes and (listed := list_tables.table(div)) is not None:
        return _table(listed) if listed.identifier or _caption_of(listed) else listed
    if float_id.match(div.identifier) or "cell-float" in div.classes:
        return _float_div(div, float_id)
    if (made := containers.contained(div, trees.inlines)) is not None:
        return made
    for name in div.classes:
        if name in PLAIN_IN_THIS_ENGINE:
            place = source.find(f".{name}")
            notices.append(
                Fault(str(place.file), place.line, "quarto-feature",
                      f"{PLAIN_IN_THIS_ENGINE[name]} (.{name}) are shown one under the other by the embedded engine",
                      "build with --engine quarto for the full effect", "warning")
            )  # fmt: skip
    if any(key in div.attributes for key in LAYOUT):
        return containers.panel(div, is_float)
    return None


def _float_div(div: pf.Div, float_id: re.Pattern[str]) -> pf.Element:
    match = float_id.match(div.identifier)
    kind = div.attributes.pop("kind", "") or (match[1] if match else "fig")
    content = list(div.content)
    has_caption = div.attributes.pop("has-caption", "")
    given = div.attributes.pop(f"{kind}-cap", "")
    caption: list[pf.Element] = []
    inner = content[0] if len(content) == 1 else None
    if has_caption == "true" or (not has_caption and content and _is_caption(content)):
        last = content.pop()
        caption = _as_paragraphs([last])
    elif given:
        caption = [pf.Plain(*trees.inlines(given))]
    elif not has_caption and inner is not None and is_float(inner) and not inner.identifier:
        # ::: {#tbl-x} around one captioned table or image: the caption inside is the float's own.
        caption = list(caption_of(inner).content)
        content = list(inner.content)[:-1]
    elif not has_caption and kind == "tbl":
        caption = _taken_caption(content)
    computed = div.attributes.pop("computed", "")
    if computed and len(content) == 1 and is_float(content[0]) and not content[0].identifier:
        content = list(content[0].content)[:-1]  # a computed table's own caption gives way to tbl-cap
    if widths := div.attributes.pop("tbl-colwidths", ""):
        walk(div, lambda e, _: set_widths(e, widths) if isinstance(e, pf.Table) else None)
    attributes = {k: v for k, v in div.attributes.items() if k not in LAYOUT}
    layout = {k: v for k, v in div.attributes.items() if k in LAYOUT}
    if layout:
        content = [containers.panel(pf.Div(*content, attributes=layout), is_float)]
    extra = " ".join(c for c in div.classes if c != "cell-float")
    if extra:
        attributes["extra"] = extra
    return make_float(content, caption, identifier=div.identifier, kind=kind, **attributes)


def _taken_caption(content: list[pf.Element]) -> list[pf.Element]:
    """The caption that a raw HTML table has, taken out of it."""
    for block in content:
        if isinstance(block, pf.RawBlock) and block.format == "html":
            pattern = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.S | re.I)
            if (match := pattern.search(block.text)) and match[1].strip():
                block.text = pattern.sub("", block.text, count=1)
                read = trees.load(pandoc.run(match[1].strip(), source="html", to="json"))
                return _as_paragraphs(read.content)
    return []


def _is_caption(content: list[pf.Element]) -> bool:
    """The last of several blocks of a float's Div is its caption if it is a paragraph, unless it only holds images."""
    if len(content) < 2 or not isinstance(content[-1], pf.Para):
        return False
    blank = pf.Image | pf.Space | pf.SoftBreak | pf.LineBreak
    return any(not isinstance(e, blank) for e in content[-1].content)


def _sub_floats(element: pf.Element, float_id: re.Pattern[str]) -> None:
    """Number the floats that stand inside a numbered float: (a), (b)…"""
    if not is_float(element) or not float_id.match(element.identifier) or "sub" in element.attributes:
        return
    inside: list[pf.Div] = []

    def gather(block: pf.Element) -> None:
        for child in getattr(block, "content", ()):
            if is_float(child):
                inside.append(child)
            elif isinstance(child, pf.Div):
                gather(child)

    for child in list(element.content)[:-1]:
        gather(pf.Div(*[child])) if not is_float(child) else inside.append(child)
    for number, child in enumerate((child for child in inside if child.identifier), 1):
        child.attributes["sub"] = str(number)
        child.attributes["parent"] = element.identifier


# -- equations --------------------------------------------------------------------------------------------------


def _equation(block: pf.Para | pf.Plain) -> pf.Element | None:
    content = list(block.content)
    made: list[pf.Element] = []
    at = 0
    while at < len(content):
        element = content[at]
        at += 1
        match = EQUATION_ID.match(element.text) if isinstance(element, pf.Str) else None
        math = next((e for e in reversed(made) if not isinstance(e, pf.Space)), None)
        if not match or not isinstance(math, pf.Math) or math.format != "DisplayMath":
            made.append(element)
            continue
        end = at
        if not match[2]:  # attributes follow the label
            while end < len(content) and not _closes(content[end]):
                end += 1
            if end == len(content):
                made.append(element)
                continue
            end += 1
        described = pf.stringify(pf.Para(*content[at:end])) if end > at else ""
        alt = re.search(r"alt=[“\"'](.*)[”\"']", described)
        while made[-1] is not math:
            made.pop()
        made.pop()
        attributes = {"alt": alt[1]} if alt else {}
        made.append(pf.Span(math, identifier=match[1], classes=["quarto-eq"], attributes=attributes))
        at = end
    return type(block)(*made) if len(made) != len(content) else None


def _closes(element: pf.Element) -> bool:
    return isinstance(element, pf.Str) and element.text.endswith("}")
