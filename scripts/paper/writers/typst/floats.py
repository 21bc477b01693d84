"""Floats, callouts, theorems and panels in the template's constructs.

A figure, or a short table that text follows, stands where it is written where the page has room, else at the top of
the next one while the text goes on (`settled` in the template, under `fig-pos: auto`; Typst looks five times, so that
of more than some fifteen in a row the last may keep their first place). The first two and last two rows of a table
stay together through a column without width (`typst.tables`). `tests/site/test_paper_on_paper.py` measures holes,
rows and sizes on the paper's own pages.
"""

from __future__ import annotations

from collections.abc import Sequence

import panflute as pf

from paper.parsing import constructs, position
from paper.parsing.constructs import Callout, Float, Layout, Tab, Theorem
from paper.parsing.tree import every
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


def _tall(content: list[pf.Element]) -> bool:
    """Whether a float holds more than a picture, so that it may be longer than a page."""
    pictures = [b for b in content if isinstance(b, pf.Para | pf.Plain)]
    rows = sum(isinstance(b, pf.RawBlock) and b.text.startswith("#grid(") for b in content)
    raw = [b for b in content if isinstance(b, pf.RawBlock)]
    return rows > 2 or len(pictures) + len(raw) < len(content) or (not rows and len(pictures) > 2)


def wholes(doc: pf.Doc) -> set[str]:
    """Return the labels of the floats that hold lettered parts."""
    floats = (constructs.of(div) for div in every(doc, pf.Div))
    return {float_.parent for float_ in floats if isinstance(float_, Float) and float_.parent}


def render_float(float_: Float, element: pf.Div, wholes: set[str]) -> list[pf.Element]:
    """Render a float. element: where it stands; wholes: the labels of those that hold lettered parts."""
    kind, side = float_.kind, float_.side
    content = [b for b in float_.content if not isinstance(b, pf.Para) or b.content]  # a note is in its table
    if kind == "tbl":
        content = _with_lead(content)
    tall = kind == "fig" and _tall(content)
    stays = position.is_nested(element) or tall
    moves = not stays and (
        kind == "fig" or (kind == "tbl" and tables.fits_page(content) and _text_follows(element))
    )
    if tall and side == "bottom" and isinstance(content[-1], pf.Para | pf.Plain):
        content = [*content[:-1], block("#block(sticky: true)["), content[-1], block("]")]
    if moves:
        content = [block("#place([#metadata(none) #float-marker])"), *content]
    placement = "placement: spot, " if moves else "placement: none, " if stays else ""
    results = _figure(float_, content, placement, whole=float_.identifier in wholes)
    if moves:
        results = [block("#settled(spot => ["), *results, block("])")]
    breakable = block("#[#show figure: set block(breakable: true)")
    return [breakable, *results, block("]")] if tall else results


def _text_follows(div: pf.Div) -> bool:
    """Say whether text comes after a float, which may fill the page that the float leaves."""
    after = div.next
    while isinstance(after, pf.RawBlock):
        after = after.next
    return isinstance(after, pf.Para) and len(pf.stringify(after)) >= LONG_ENOUGH


def _figure(float_: Float, content: list[pf.Element], placement: str, *, whole: bool) -> list[pf.Element]:
    name = f'kind: "quarto-float-{float_.kind}", supplement: {string(float_.label)}'
    if whole:
        named = f"label: {label(float_.identifier)}, position: {float_.side}"
        opening = block(f"#quarto_super({name}, {placement}{named}, caption: [")
        return [opening, *float_.caption, block("], ["), *content, block("])")]
    numbered = ("" if float_.number else "numbering: none, ") + placement
    if not float_.caption and not float_.number:
        return [block("#figure(["), *content, block(f"], {numbered}{name})")]
    return [
        block("#figure(["),
        *([block("#set align(start)")] if float_.kind == "lst" else []),
        *content,
        block(f"], {numbered}{name}, caption: figure.caption(position: {float_.side}, ["),
        *float_.caption,
        block(f"])){attached(float_.identifier)}"),
    ]


def render_callout(callout: Callout) -> list[pf.Element]:
    """Render a callout, within a figure where it is numbered."""
    inlines = callout.title if callout.number else callout.heading
    colour, ground = COLOURS.get(callout.kind, COLOURS["note"])
    opening = f'#callout(icon: none, icon_color: rgb("{colour}"), background_color: rgb("{ground}"), title: ['
    start, end = "", "])"
    if callout.number:
        kind = f'kind: "quarto-callout-{callout.kind.capitalize()}", supplement: {string(callout.label)}'
        start, end = "#figure([", f"])], {kind}){attached(callout.identifier)}"
    return [block(start + opening), pf.Plain(*inlines), block("], body: ["), *callout.content, block(end)]


def render_theorem(theorem: Theorem) -> list[pf.Element]:
    """Render a theorem, or one of its kin, that has a number."""
    name = string(theorem.label)
    head = [inline(f"#figure(theorem(name: {name}, title: ["), *theorem.title, inline("])[")]
    kind = f'kind: "quarto-thm-{theorem.kind}", supplement: {name}'
    return [pf.Plain(*head), *theorem.content, block(f"], {kind}){attached(theorem.identifier)}")]


def render_tab(tab: Tab) -> list[pf.Element]:
    """Render a tab under its title: paper shows them one after the other."""
    opening = block("#block(sticky: true, above: 1.2em)[")
    return [opening, pf.Para(pf.Strong(*tab.title)), block("]"), *tab.content]


def render_layout(layout: Layout) -> list[pf.Element]:
    """Render each row as a grid of its own, since rows may have other widths."""
    results: list[pf.Element] = []
    for row in layout.rows:
        widths = ", ".join(f"{cell.share}fr" for cell in row)
        results.append(block(f"#grid(columns: ({widths},), column-gutter: 1em, "))
        for cell in row:
            whole = all(isinstance(b, pf.Para | pf.Plain | pf.RawBlock) for b in cell.content)
            results += [block("grid.cell(breakable: false)[" if whole else "["), *cell.content, block("],")]
        results.append(block(")"))
    return results


def _with_lead(content: Sequence[pf.Element]) -> list[pf.Element]:
    """Keep what stands between a caption and its table, such as the mark of synthetic data, with both."""
    at = next((n for n, b in enumerate(content) if isinstance(b, pf.Table | pf.RawBlock)), 0)
    return [block("#block(sticky: true)["), *content[:at], block("]"), *content[at:]] if at else list(content)
