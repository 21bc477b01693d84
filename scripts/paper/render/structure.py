"""From executed Markdown to a document tree in which everything that Quarto knows has one form.

Floats (figures, tables, listings, however they were written) become ``Div.quarto-float`` whose last child is
``Div.quarto-float-caption``; callouts ``Div.callout`` with ``callout-title`` and ``callout-body``; panels
``Div.quarto-layout-panel`` of rows and cells; numbered equations ``Span.quarto-eq``. Writers read only these forms.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import panflute as pf

from paper.project import Project
from paper.render import pandoc
from paper.render.source import Source, lookup
from paper.report import Fault

FLOATS = {"fig": "Figure", "tbl": "Table", "lst": "Listing"}
CALLOUTS = {
    "note": "Note",
    "warning": "Warning",
    "important": "Important",
    "tip": "Tip",
    "caution": "Caution",
}
CALLOUT_LABELS = {"nte": "note", "wrn": "warning", "imp": "important", "tip": "tip", "cau": "caution"}
THEOREMS = {
    "thm": "Theorem", "lem": "Lemma", "cor": "Corollary", "prp": "Proposition", "cnj": "Conjecture",
    "def": "Definition", "exm": "Example", "exr": "Exercise", "alg": "Algorithm",
}  # fmt: skip
FLOAT_ID = re.compile(r"^(fig|tbl|lst)-")
EQUATION_ID = re.compile(r"^\{#(eq-[^ }]+)\}$")
LAYOUT = ("layout", "layout-ncol", "layout-nrow")
# Quarto divs whose content is shown, but without what makes them special.
PLAIN_IN_THIS_ENGINE = {
    "panel-tabset": "tabs",
    "panel-sidebar": "a sidebar panel",
    "panel-input": "an input panel",
}


class _AnyFormat(frozenset[str]):
    """Raw text may be of any format, as in pandoc; panflute's own list lacks Typst, among others."""

    def __contains__(self, _: object) -> bool:
        return True


pf.elements.RAW_FORMATS = _AnyFormat()


def parse(text: str) -> pf.Doc:
    """A tree of the Markdown, in pandoc's terms."""
    return load(pandoc.run(text, source=pandoc.READER, to="json"))


def load(tree: str) -> pf.Doc:
    """A tree from pandoc's JSON."""
    return pf.load(io.StringIO(tree))


def dump(doc: pf.Doc) -> str:
    """Pandoc's JSON of a tree."""
    stream = io.StringIO()
    pf.dump(doc, stream)
    return stream.getvalue()


def copy(doc: pf.Doc) -> pf.Doc:
    """A tree of its own that may be changed."""
    return load(dump(doc))


def normalise(doc: pf.Doc, source: Source) -> list[Fault]:
    """Bring floats, callouts, panels and equations to their one form, in place; returns what isn't known."""
    notices: list[Fault] = []

    def blocks(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Figure):
            return _figure(element)
        if isinstance(element, pf.Table) and (FLOAT_ID.match(element.identifier) or _caption_of(element)):
            return _table(element)
        if isinstance(element, pf.CodeBlock) and element.identifier.startswith("lst-"):
            return _listing(element)
        if isinstance(element, pf.Div):
            return _div(element, source, notices)
        if isinstance(element, pf.Para | pf.Plain):
            return _equation(element)
        return None

    doc.walk(blocks)
    doc.walk(_sub_floats)
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
    """Whether the element is a float in its one form."""
    return isinstance(element, pf.Div) and "quarto-float" in element.classes


def caption_of(element: pf.Div) -> pf.Div:
    """The caption of a float in its one form."""
    return element.content[-1]


def _caption_of(element: Any) -> list[pf.Element]:
    caption = element.caption
    return list(caption.content) if caption is not None else []


def _figure(figure: pf.Figure) -> pf.Element:
    kind = figure.identifier[:3] if FLOAT_ID.match(figure.identifier) else "fig"
    images: list[pf.Image] = []
    figure.walk(lambda e, _: images.append(e) if isinstance(e, pf.Image) else None)
    attributes = dict(figure.attributes)
    for image in images:
        identifier = image.identifier
        if not figure.identifier and FLOAT_ID.match(identifier):
            figure.identifier, image.identifier = identifier, ""
        _alternative_text(image)
    content = [pf.Para(*block.content) if isinstance(block, pf.Plain) else block for block in figure.content]
    return make_float(
        content, _as_paragraphs(_caption_of(figure)), identifier=figure.identifier, kind=kind, **attributes,
        **_classes(figure, images),
    )  # fmt: skip


def _classes(element: Any, images: list[pf.Image] = []) -> dict[str, str]:  # noqa: B006
    names = [
        c
        for owner in (element, *images)
        for c in owner.classes
        if c.startswith("column-") or c.startswith("caption-")
    ]
    return {"extra": " ".join(names)} if names else {}


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
    if not identifier:
        caption, identifier = _trailing_label(caption, "tbl")
    return make_float([table], caption, identifier=identifier, kind="tbl", **_classes(table))


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
    inlines: list[pf.Element] = []
    if caption:
        parsed = parse(caption)
        inlines = _as_paragraphs(parsed.content)
    return make_float([block], inlines, identifier=identifier, kind="lst")


def _div(div: pf.Div, source: Source, notices: list[Fault]) -> pf.Element | list[pf.Element] | None:
    if is_float(div) or "quarto-float-caption" in div.classes:
        return None
    if FLOAT_ID.match(div.identifier) or "cell-float" in div.classes:
        return _float_div(div)
    for name in div.classes:
        if name.startswith("callout-") and name.removeprefix("callout-") in CALLOUTS:
            return _callout(div, name.removeprefix("callout-"))
        if name in PLAIN_IN_THIS_ENGINE:
            place = source.find(f".{name}")
            notices.append(
                Fault(str(place.file), place.line, "quarto-feature",
                      f"{PLAIN_IN_THIS_ENGINE[name]} (.{name}) are shown one under the other by the embedded engine",
                      "build with --engine quarto for the full effect", "warning")
            )  # fmt: skip
    if any(key in div.attributes for key in LAYOUT):
        return _panel(div)
    return None


def _float_div(div: pf.Div) -> pf.Element:
    kind = div.attributes.pop("kind", "") or (div.identifier[:3] if FLOAT_ID.match(div.identifier) else "fig")
    content = list(div.content)
    has_caption = div.attributes.pop("has-caption", "")
    caption: list[pf.Element] = []
    inner = content[0] if len(content) == 1 else None
    if has_caption == "true" or (not has_caption and content and _is_caption(content[-1])):
        last = content.pop()
        caption = _as_paragraphs([last])
    elif not has_caption and inner is not None and is_float(inner) and not inner.identifier:
        # ::: {#tbl-x} around one captioned table or image: the caption inside is the float's own.
        caption = list(caption_of(inner).content)
        content = list(inner.content)[:-1]
        kind = div.identifier[:3]
    computed = div.attributes.pop("computed", "")
    if computed and len(content) == 1 and is_float(content[0]) and not content[0].identifier:
        content = list(content[0].content)[:-1]  # a computed table's own caption gives way to tbl-cap
    attributes = {k: v for k, v in div.attributes.items() if k not in LAYOUT}
    layout = {k: v for k, v in div.attributes.items() if k in LAYOUT}
    if layout:
        content = [_panel(pf.Div(*content, attributes=layout))]
    extra = " ".join(c for c in div.classes if c != "cell-float")
    if extra:
        attributes["extra"] = extra
    return make_float(content, caption, identifier=div.identifier, kind=kind, **attributes)


def _is_caption(block: pf.Element) -> bool:
    """The last paragraph of a float's Div is its caption, unless it only holds images."""
    if not isinstance(block, pf.Para):
        return False
    return any(not isinstance(e, pf.Image | pf.Space | pf.SoftBreak | pf.LineBreak) for e in block.content)


def _sub_floats(element: pf.Element, _: pf.Doc) -> None:
    """Number the floats that stand inside a numbered float: (a), (b)…"""
    if not is_float(element) or not element.identifier or "sub" in element.attributes:
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
    named = [child for child in inside if child.identifier or len(inside) > 1]
    for number, child in enumerate(named):
        child.attributes["sub"] = _letters(number)
        child.attributes["parent"] = element.identifier


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters


# -- callouts, panels, equations --------------------------------------------------------------------------------


def _callout(div: pf.Div, kind: str) -> pf.Element:
    content = list(div.content)
    title = div.attributes.pop("title", "")
    heading: list[pf.Element] = []
    if title:
        heading = list(parse(title).content)
    elif content and isinstance(content[0], pf.Header):
        heading = [pf.Plain(*content.pop(0).content)]
    inlines = list(heading[0].content) if heading else []
    classes = [
        "callout",
        f"callout-{kind}",
        *(c for c in div.classes if c not in ("callout", f"callout-{kind}")),
    ]
    attributes = {"kind": kind, **div.attributes}
    return pf.Div(
        pf.Div(pf.Plain(*inlines), classes=["callout-title"]),
        pf.Div(*content, classes=["callout-body"]),
        identifier=div.identifier,
        classes=classes,
        attributes=attributes,
    )


def _panel(div: pf.Div) -> pf.Element:
    items = list(div.content)
    if (
        len(items) == 1
        and isinstance(items[0], pf.Div)
        and not is_float(items[0])
        and "cell-output" not in items[0].classes
    ):
        items = list(items[0].content)
    flat: list[pf.Element] = []
    for item in items:
        if isinstance(item, pf.Para | pf.Plain) and sum(isinstance(e, pf.Image) for e in item.content) > 1:
            flat += [pf.Para(e) for e in item.content if isinstance(e, pf.Image)]
        else:
            flat.append(item)
    rows = _rows(div.attributes, len(flat))
    attributes = {k: v for k, v in div.attributes.items() if k not in LAYOUT}
    at = 0
    made: list[pf.Element] = []
    for widths in rows:
        cells = []
        for width in widths:
            if width < 0:
                cells.append(
                    pf.Div(
                        classes=["quarto-layout-cell", "quarto-layout-gap"],
                        attributes={"width": f"{-width:.4g}%"},
                    )
                )
                continue
            if at >= len(flat):
                break
            cells.append(
                pf.Div(flat[at], classes=["quarto-layout-cell"], attributes={"width": f"{width:.4g}%"})
            )
            at += 1
        if cells:
            made.append(pf.Div(*cells, classes=["quarto-layout-row"]))
    classes = ["quarto-layout-panel", *(c for c in div.classes if c not in ("quarto-layout-panel",))]
    return pf.Div(*made, identifier=div.identifier, classes=classes, attributes=attributes)


def _rows(attributes: dict[str, str], count: int) -> list[list[float]]:
    """Widths in per cent, row by row; what doesn't fit the given layout follows in rows of the last form."""
    rows: list[list[float]] = []
    if given := attributes.get("layout"):
        try:
            value = json.loads(given)
        except ValueError:
            value = []
        if value and not isinstance(value[0], list):
            value = [value]
        for row in value:
            numbers = [float(n) for n in row if isinstance(n, int | float) and n]
            total = sum(abs(n) for n in numbers)
            if total:
                rows.append([100 * n / total if total < 99 or total > 101 else n for n in numbers])
    if not rows:
        columns = _whole(attributes.get("layout-ncol"))
        lines = _whole(attributes.get("layout-nrow"))
        columns = columns or (-(-count // lines) if lines else 1)
        rows = [[100 / columns] * columns]
    while sum(sum(w > 0 for w in row) for row in rows) < count:
        rows.append(rows[-1])
    return rows


def _whole(value: str | None) -> int:
    return int(value) if value and value.isdigit() and 0 < int(value) < 100 else 0


def _equation(block: pf.Para | pf.Plain) -> pf.Element | None:
    content = list(block.content)
    made: list[pf.Element] = []
    found = False
    for element in content:
        match = EQUATION_ID.match(element.text) if isinstance(element, pf.Str) else None
        if match:
            while made and isinstance(made[-1], pf.Space | pf.SoftBreak):
                made.pop()
            if made and isinstance(made[-1], pf.Math) and made[-1].format == "DisplayMath":
                made.append(pf.Span(made.pop(), identifier=match[1], classes=["quarto-eq"]))
                found = True
                continue
        made.append(element)
    return type(block)(*made) if found else None


# -- one format -------------------------------------------------------------------------------------------------

ALIASES = {"html": {"html", "html5", "html4"}, "typst": {"typst"}, "docx": {"docx", "openxml"}}


def for_format(tree: str, form: str, project: Project, source: Source) -> pf.Doc:
    """The tree (pandoc's JSON) with what is meant for this format and profile only."""
    names = ALIASES[form]
    profiles = set(filter(None, re.split(r"[,\s]+", project.profile)))

    def matches(attributes: dict[str, str]) -> bool:
        rules: list[tuple[str, Callable[[str], bool]]] = [
            ("format", lambda value: value in names),
            ("profile", lambda value: value in profiles),
            (
                "meta",
                lambda value: lookup({**project.config, **source.meta}, value) not in (None, "false", "", 0),
            ),
        ]
        for name, test in rules:
            given, unless = attributes.get(f"when-{name}"), attributes.get(f"unless-{name}")
            if given is not None and not any(test(v) for v in re.split(r"[,\s]+", given.strip())):
                return False
            if unless is not None and any(test(v) for v in re.split(r"[,\s]+", unless.strip())):
                return False
        return True

    def keep(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Div) and "paper-only" in element.classes:
            return list(element.content) if form in element.attributes["only"].split() else []
        if isinstance(element, pf.Div | pf.Span):
            visible = "content-visible" in element.classes
            hidden = "content-hidden" in element.classes
            if visible or hidden:
                if matches(dict(element.attributes)) != visible:
                    return []
                return list(element.content) if isinstance(element, pf.Span) else _without_conditions(element)
        return None

    made = load(tree)
    made.walk(keep)
    return made


def _without_conditions(div: pf.Div) -> pf.Div | list[pf.Element]:
    classes = [c for c in div.classes if c not in ("content-visible", "content-hidden")]
    attributes = {k: v for k, v in div.attributes.items() if not k.startswith(("when-", "unless-"))}
    if not classes and not attributes and not div.identifier:
        return list(div.content)
    return pf.Div(*div.content, identifier=div.identifier, classes=classes, attributes=attributes)
