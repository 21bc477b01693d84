"""Floats, callouts, theorems and panels in the template's constructs."""

from __future__ import annotations

import panflute as pf

from paper.parsing import containers, structure
from paper.parsing.tree import walk
from paper.writers.typst import tables
from paper.writers.typst.syntax import attached, block, inline, label, string

# Callouts: colour of the bar and title, of the ground.
COLOURS = {
    "note": ("#0b5a6b", "#e8f1f3"),
    "tip": ("#2f6b3a", "#eaf3ec"),
    "warning": ("#8a5300", "#fbf1e0"),
    "important": ("#9c2b2b", "#f9eaea"),
    "caution": ("#a04010", "#fbeee6"),
}

LONG_ENOUGH = 300  # characters: some four lines

# What a float may stand in and still be placed by Typst: Divs that leave nothing behind.
_TRANSPARENT = frozenset({"cell", "cell-output", "cell-output-display"})


def nested(div: pf.Div) -> bool:
    """Whether something stands in a callout, a list, a quotation, a column or the like, which it may not leave."""
    above = div.parent
    while above is not None and not isinstance(above, pf.Doc):
        if not isinstance(above, pf.Div):
            return True
        classes = set(above.classes) - _TRANSPARENT
        if classes or structure.is_float(above):
            return True
        above = above.parent
    return False


def _tall(content: list[pf.Element]) -> bool:
    """Whether a float holds more than a picture, so that it may be longer than a page."""
    pictures = [b for b in content if isinstance(b, pf.Para | pf.Plain)]
    rows = sum(isinstance(b, pf.RawBlock) and b.text.startswith("#grid(") for b in content)
    raw = [b for b in content if isinstance(b, pf.RawBlock)]
    return rows > 2 or len(pictures) + len(raw) < len(content) or (not rows and len(pictures) > 2)


def wholes(doc: pf.Doc) -> set[str]:
    """The floats that hold lettered parts."""
    found: set[str] = set()
    walk(
        doc,
        lambda e, _: (
            found.add(e.attributes["parent"]) if structure.is_float(e) and "parent" in e.attributes else None
        ),
    )
    return found


def float_(div: pf.Div, wholes: set[str]) -> list[pf.Element]:
    """A float; ``wholes``: the ids of those that hold lettered parts."""
    attributes = dict(div.attributes)
    kind = attributes["kind"]
    content = list(div.content)[:-1]
    place = attributes.get(f"{kind}-cap-location") or attributes.get("cap-location") or ""
    if place not in ("top", "bottom"):
        place = "bottom" if kind == "fig" else "top"
    if kind == "tbl":
        content = _kept_together(content)
    name = f'kind: "quarto-float-{kind}", supplement: {string(attributes["label"])}'
    tall = kind == "fig" and _tall(content)
    stays = nested(div) or tall
    moves = not stays and (
        kind == "fig" or (kind == "tbl" and tables.fits_page(content) and _text_follows(div))
    )
    if tall and place == "bottom" and isinstance(content[-1], pf.Para | pf.Plain):
        content = [*content[:-1], block("#block(sticky: true)["), content[-1], block("]")]
    breakable = [block("#[#show figure: set block(breakable: true)")] if tall else []
    if moves:
        content = [block("#place([#metadata(none) #float-marker])"), *content]
    placement = "placement: spot, " if moves else "placement: none, " if stays else ""
    made = _figure(div, wholes, content, name, placement, place)
    if moves:
        made = [block("#settled(spot => ["), *made, block("])")]
    return [*breakable, *made, *([block("]")] if tall else [])]


def _text_follows(div: pf.Div) -> bool:
    """Say whether text comes after a float, which may fill the page that the float leaves."""
    after = div.next
    while isinstance(after, pf.RawBlock):
        after = after.next
    return isinstance(after, pf.Para) and len(pf.stringify(after)) >= LONG_ENOUGH


def _figure(
    div: pf.Div, wholes: set[str], content: list[pf.Element], name: str, stays: str, place: str
) -> list[pf.Element]:
    attributes = div.attributes
    kind = attributes["kind"]
    caption = structure.caption_of(div)
    if div.identifier in wholes:
        return [
            block(
                f"#quarto_super({name}, {stays}label: {label(div.identifier)}, position: {place}, caption: ["
            ),
            *caption.content,
            block("], ["),
            *content,
            block("])"),
        ]
    numbered = ("" if "number" in attributes else "numbering: none, ") + stays
    head = f"], {numbered}{name}, caption: figure.caption(position: {place}, ["
    words = list(caption.content)
    if not words and "number" not in attributes:
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
    numbered = "number" in div.attributes
    inlines = containers.title_of(div) if numbered else containers.heading_of(div)
    colour, ground = COLOURS.get(div.attributes["kind"], COLOURS["note"])
    opening = f'#callout(icon: none, icon_color: rgb("{colour}"), background_color: rgb("{ground}"), title: ['
    body = containers.body_of(div)
    if not numbered:
        return [block(opening), pf.Plain(*inlines), block("], body: ["), *body, block("])")]
    name = div.attributes["kind"].capitalize()
    supplement = string(div.attributes["label"])
    return [
        block(f"#figure([{opening}"),
        pf.Plain(*inlines),
        block("], body: ["),
        *body,
        block(f'])], kind: "quarto-callout-{name}", supplement: {supplement}){attached(div.identifier)}'),
    ]


def theorem(div: pf.Div) -> list[pf.Element]:
    """A theorem or one of its kin; one without a number is set as a proof is."""
    if "number" not in div.attributes:
        return proof(div)
    kind, name = div.attributes["kind"], div.attributes["label"]
    head = [
        inline(f"#figure(theorem(name: {string(name)}, title: ["),
        *containers.title_of(div),
        inline("])["),
    ]
    return [
        pf.Plain(*head),
        *containers.body_of(div),
        block(f'], kind: "quarto-thm-{kind}", supplement: {string(name)}){attached(div.identifier)}'),
    ]


def proof(div: pf.Div) -> list[pf.Element]:
    """A proof, remark or solution; what is referred to is numbered as theorems are."""
    if "number" in div.attributes:
        return theorem(div)
    return containers.led(div)


def tab(div: pf.Div) -> list[pf.Element]:
    """A tab under its title: paper shows them one after the other."""
    title = [
        block("#block(sticky: true, above: 1.2em)["),
        pf.Para(pf.Strong(*containers.title_of(div))),
        block("]"),
    ]
    return [*title, *containers.body_of(div)]


def panel(div: pf.Div) -> list[pf.Element]:
    """Each row a grid of its own, since rows may have other widths."""
    made: list[pf.Element] = []
    for row in div.content:
        widths = ", ".join(cell.attributes["width"].replace("%", "fr") for cell in row.content)
        made.append(block(f"#grid(columns: ({widths},), column-gutter: 1em, "))
        for cell in row.content:
            whole = all(isinstance(b, pf.Para | pf.Plain | pf.RawBlock) for b in cell.content)
            made += [block("grid.cell(breakable: false)[" if whole else "["), *cell.content, block("],")]
        made.append(block(")"))
    return made


def _kept_together(content: list[pf.Element]) -> list[pf.Element]:
    """What stands between a caption and its table, such as the mark of synthetic data, stays with both."""
    at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table | pf.RawBlock)), 0)
    return [block("#block(sticky: true)["), *content[:at], block("]"), *content[at:]] if at else content
