"""Floats, callouts, theorems and panels in the template's constructs."""

from __future__ import annotations

import panflute as pf

from paper.render import structure
from paper.render.typst.syntax import attached, block, label, string

# Callouts: colour of the bar and title, of the ground.
COLOURS = {
    "note": ("#0b5a6b", "#e8f1f3"),
    "tip": ("#2f6b3a", "#eaf3ec"),
    "warning": ("#8a5300", "#fbf1e0"),
    "important": ("#9c2b2b", "#f9eaea"),
    "caution": ("#a04010", "#fbeee6"),
}


def wholes(doc: pf.Doc) -> set[str]:
    """The floats that hold lettered parts."""
    found: set[str] = set()
    doc.walk(
        lambda e, _: (
            found.add(e.attributes["parent"]) if structure.is_float(e) and "parent" in e.attributes else None
        )
    )
    return found


def float_(div: pf.Div, wholes: set[str]) -> list[pf.Element]:
    """A float; ``wholes``: the ids of those that hold lettered parts."""
    attributes = dict(div.attributes)
    kind = attributes["kind"]
    caption = structure.caption_of(div)
    content = list(div.content)[:-1]
    place = attributes.get(f"{kind}-cap-location") or attributes.get("cap-location") or ""
    if place not in ("top", "bottom"):
        place = "bottom" if kind == "fig" else "top"
    if kind == "tbl":
        content = _kept_together(content)
    name = f'kind: "quarto-float-{kind}", supplement: {string(attributes["label"])}'
    if div.identifier in wholes:
        return [
            block(f"#quarto_super({name}, label: {label(div.identifier)}, position: {place}, caption: ["),
            *caption.content,
            block("], ["),
            *content,
            block("])"),
        ]
    numbered = "" if "number" in attributes else "numbering: none, "
    head = f"], {numbered}{name}, caption: figure.caption(position: {place}, ["
    words = list(caption.content)
    if not words and numbered:
        return [block("#figure(["), *content, block(f"], {numbered}{name})")]
    align = [block("#set align(start)")] if kind == "lst" else []
    return [
        block("#figure(["),
        *align,
        *content,
        block(head),
        *words,
        block(f"])){attached(div.identifier)}"),
    ]


def callout(div: pf.Div) -> list[pf.Element]:
    """A callout, within a figure where it is numbered."""
    kind = div.attributes["kind"]
    title, body = div.content[0], div.content[1]
    inlines = list(title.content[0].content) if title.content else []
    number = "number" in div.attributes
    if not inlines and not number and div.attributes.get("appearance", "default") == "default":
        inlines = [pf.Str(structure.CALLOUTS[kind])]
    colour, ground = COLOURS[kind]
    opening = f'#callout(icon: none, icon_color: rgb("{colour}"), background_color: rgb("{ground}"), title: ['
    if not number:
        return [block(opening), pf.Plain(*inlines), block("], body: ["), *body.content, block("])")]
    name = structure.CALLOUTS[kind]
    return [
        block(f"#figure([{opening}"),
        pf.Plain(*inlines),
        block("], body: ["),
        *body.content,
        block(f'])], kind: "quarto-callout-{name}", supplement: "{name}"){attached(div.identifier)}'),
    ]


def theorem(div: pf.Div) -> list[pf.Element]:
    """A theorem or one of its kin."""
    content = list(div.content)
    kind, name = div.identifier.partition("-")[0], div.attributes["label"]
    title: list[pf.Element] = []
    if content and isinstance(content[0], pf.Header):
        title = list(content.pop(0).content)
    elif given := div.attributes.get("name"):
        title = [pf.Str(given)]
    return [
        block(f"#figure(theorem(name: {string(name)}, title: ["),
        pf.Plain(*title),
        block("])["),
        *content,
        block(f'], kind: "quarto-thm-{kind}", supplement: {string(name)}){attached(div.identifier)}'),
    ]


def panel(div: pf.Div) -> list[pf.Element]:
    """Each row a grid of its own, since rows may have other widths."""
    made: list[pf.Element] = []
    for row in div.content:
        widths = ", ".join(cell.attributes["width"].replace("%", "fr") for cell in row.content)
        made.append(block(f"#grid(columns: ({widths},), column-gutter: 1em, "))
        for cell in row.content:
            made += [block("["), *cell.content, block("],")]
        made.append(block(")"))
    return made


def _kept_together(content: list[pf.Element]) -> list[pf.Element]:
    """What stands between a caption and its table, such as the mark of synthetic data, stays with both."""
    at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table | pf.RawBlock)), 0)
    return [block("#block(sticky: true)["), *content[:at], block("]"), *content[at:]] if at else content
