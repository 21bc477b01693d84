"""Floats of a chapter, however they are written: images, tables, code and ``Div``s with a label or a caption."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import panflute as pf

from paper.parsing import annotated, constructs
from paper.parsing.constructs import Float
from paper.parsing.layouts import LAYOUT, layout
from paper.parsing.tree import every
from paper.tools import pandoc, trees


def captioned(element: Any) -> list[pf.Element]:
    """Return the blocks of a figure's or table's caption."""
    return list(element.caption.content) if element.caption is not None else []


def describe(image: pf.Image) -> None:
    """Make ``fig-alt`` the image's own text, where it is given."""
    if "fig-alt" in image.attributes:
        _alternative_text(image)


def of_figure(figure: pf.Figure, float_id: re.Pattern[str]) -> Float:
    """Return the float of a figure of pandoc's."""
    match = float_id.match(figure.identifier)
    images = every(figure, pf.Image)
    identifier = figure.identifier
    for image in images:
        if not identifier and float_id.match(image.identifier):
            identifier, image.identifier = image.identifier, ""
        _alternative_text(image)
    content = [pf.Para(*block.content) if isinstance(block, pf.Plain) else block for block in figure.content]
    return _float(
        content, _as_plain(captioned(figure)), identifier, match[1] if match else "fig",
        _looks(figure, *images), dict(figure.attributes),
    )  # fmt: skip


def of_paragraph(block: pf.Para, float_id: re.Pattern[str]) -> Float | None:
    """Return the float of one image, perhaps within a link, that Quarto takes for a figure and pandoc doesn't."""
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
    kind = match[1] if match else "fig"
    return _float([pf.Para(only)], caption, identifier, kind, _looks(image), attributes)


def of_table(table: pf.Table) -> Float:
    """Return the float of a table with a label or caption."""
    caption = _as_plain(captioned(table))
    table.caption = pf.Caption()
    identifier, table.identifier = table.identifier, ""
    _set_widths(table, table.attributes.pop("tbl-colwidths", ""))
    if not identifier:
        caption, identifier = _trailing_label(caption, "tbl")
    return _float([table], caption, identifier, "tbl", _looks(table), {})


def of_code(block: pf.CodeBlock) -> Float:
    """Return the float of a listing."""
    caption = block.attributes.pop("lst-cap", "")
    identifier, block.identifier = block.identifier, ""
    words = [pf.Plain(*trees.inlines(caption))] if caption else []
    classes = [c for c in block.classes if c.startswith("column-")]
    block.classes = [c for c in block.classes if c not in classes]
    attributes = {k: block.attributes.pop(k) for k in list(block.attributes) if k.endswith("cap-location")}
    return _float([annotated.with_filename(block)], words, identifier, "lst", classes, attributes)


def of_div(div: pf.Div, float_id: re.Pattern[str]) -> Float:
    """Return the float of a ``Div`` with a float's label, or of what a cell shows."""
    match = float_id.match(div.identifier)
    attributes = dict(div.attributes)
    kind = attributes.pop("kind", "") or (match[1] if match else "fig")
    computed = attributes.pop("computed", "")
    content, caption = _caption_of(list(div.content), kind, attributes)
    if computed and (inner := _unlabelled(content)) is not None:
        content = list(inner.content)  # a computed table's own caption gives way to tbl-cap
    if widths := attributes.pop("tbl-colwidths", ""):
        for table in every(div, pf.Table):
            _set_widths(table, widths)
    given = {key: attributes.pop(key) for key in list(attributes) if key in LAYOUT}
    if given:
        content = [layout(pf.Div(*content, attributes=given)).element()]
    classes = [c for c in div.classes if c != "cell-float"]
    return _float(content, caption, div.identifier, kind, classes, attributes)


def _float(
    content: Iterable[pf.Element],
    caption: Iterable[pf.Element],
    identifier: str,
    kind: str,
    classes: Iterable[str],
    attributes: dict[str, str],
) -> Float:
    places = [attributes.pop(f"{kind}-cap-location", ""), attributes.pop("cap-location", "")]
    return Float(
        content=tuple(content),
        caption=tuple(caption),
        identifier=identifier,
        kind=kind,
        classes=tuple(classes),
        caption_location=next(filter(None, places), ""),
        alt=attributes.pop("fig-alt", ""),
        attributes=attributes,
    )


def _caption_of(
    content: list[pf.Element], kind: str, attributes: dict[str, str]
) -> tuple[list[pf.Element], list[pf.Element]]:
    """Return the content of a float's ``Div`` without its caption, and the caption."""
    has_caption = attributes.pop("has-caption", "")
    given = attributes.pop(f"{kind}-cap", "")
    if has_caption == "true" or (not has_caption and content and _ends_in_caption(content)):
        return content[:-1], _as_plain(content[-1:])
    if given:
        return content, [pf.Plain(*trees.inlines(given))]
    if not has_caption and (inner := _unlabelled(content)) is not None:
        # ::: {#tbl-x} around one captioned table or image: the caption inside is the float's own.
        return list(inner.content), list(inner.caption)
    if not has_caption and kind == "tbl":
        return content, _caption_in_html(content)
    return content, []


def _unlabelled(content: list[pf.Element]) -> Float | None:
    """Return the float without a label that is the only block; None for anything else."""
    inner = constructs.of(content[0]) if len(content) == 1 else None
    return inner if isinstance(inner, Float) and not inner.identifier else None


def _looks(*elements: Any) -> list[str]:
    """Return the classes of a float's elements that say where it and its caption stand."""
    return [c for e in elements for c in e.classes if c.startswith(("column-", "caption-"))]


def _alternative_text(image: pf.Image) -> None:
    """Make ``fig-alt`` the image's own text; a caption is not an alternative text, as in Quarto."""
    alt = image.attributes.pop("fig-alt", image.attributes.pop("alt", ""))
    image.content = pf.ListContainer(*([pf.Str(alt)] if alt else []))
    if alt:
        image.attributes["alt"] = alt


def _as_plain(blocks: Iterable[pf.Element]) -> list[pf.Element]:
    return [pf.Plain(*b.content) if isinstance(b, pf.Para) else b for b in blocks]


def _set_widths(table: pf.Table, given: str) -> None:
    """Give a table's columns the widths of ``tbl-colwidths``: "[40,60]", per cent."""
    widths = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", given)]
    if len(widths) == len(table.colspec) and any(widths):
        table.colspec = [
            (alignment, width / 100) for (alignment, _), width in zip(table.colspec, widths, strict=True)
        ]


def _trailing_label(caption: list[pf.Element], kind: str) -> tuple[list[pf.Element], str]:
    """Return a caption without the label that pandoc left in its text, ``Caption {#tbl-x}``, and the label."""
    if caption and hasattr(caption[-1], "content") and len(caption[-1].content):
        last = caption[-1].content[-1]
        if isinstance(last, pf.Str) and (match := re.fullmatch(rf"\{{#({kind}-[^ }}]+)\}}", last.text)):
            words = list(caption[-1].content)[:-1]
            while words and isinstance(words[-1], pf.Space | pf.SoftBreak):
                words.pop()
            return [*caption[:-1], pf.Plain(*words)], match[1]
    return caption, ""


def _caption_in_html(content: list[pf.Element]) -> list[pf.Element]:
    """Take the caption out of a raw HTML table."""
    pattern = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.S | re.I)
    for block in content:
        match = (
            pattern.search(block.text) if isinstance(block, pf.RawBlock) and block.format == "html" else None
        )
        if match and match[1].strip():
            block.text = pattern.sub("", block.text, count=1)
            return _as_plain(trees.load(pandoc.run(match[1].strip(), source="html", to="json")).content)
    return []


def _ends_in_caption(content: list[pf.Element]) -> bool:
    """Whether the last of several blocks of a float's Div is its caption: a paragraph that doesn't only hold images."""
    if len(content) < 2 or not isinstance(content[-1], pf.Para):
        return False
    blank = pf.Image | pf.Space | pf.SoftBreak | pf.LineBreak
    return any(not isinstance(e, blank) for e in content[-1].content)
