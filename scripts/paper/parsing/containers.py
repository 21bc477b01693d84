"""Callouts, theorems, proofs, tabsets and layout panels, each in one form.

``Div.callout`` and ``Div.quarto-theorem``, ``Div.quarto-proof`` hold first a ``Div.quarto-title`` with the title or
name, then what they say; ``Div.quarto-tabset`` holds ``Div.quarto-tab``s of the same form; ``Div.quarto-layout-panel``
holds rows, and they cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import panflute as pf

from paper.parsing.tree import walk
from paper.parsing.wording import CALLOUTS, PROOF_LABELS, PROOFS, THEOREMS

LAYOUT = ("layout", "layout-ncol", "layout-nrow")
Inlines = Callable[[str], list[pf.Element]]


def title_of(div: pf.Div) -> list[pf.Element]:
    """The inlines of the title with which a container begins."""
    title = div.content[0]
    return list(title.content[0].content) if title.content else []


def body_of(div: pf.Div) -> list[pf.Element]:
    """What a container says, without its title."""
    return list(div.content)[1:]


def heading_of(div: pf.Div) -> list[pf.Element]:
    """What heads a callout: its number, its title, its name where it has neither and looks as callouts do."""
    title = title_of(div)
    if number := div.attributes.get("number"):
        mark = f"{div.attributes['label']}\u00a0{number}"
        return [pf.Str(mark + div.attributes["delimiter"]), pf.Space(), *title] if title else [pf.Str(mark)]
    if title or div.attributes["appearance"] != "default":
        return title
    return [pf.Str(div.attributes["label"])]


def lead_of(div: pf.Div) -> list[pf.Element]:
    """What a theorem or proof begins with, before its text."""
    name = title_of(div)
    number = div.attributes.get("number", "")
    theorem = "quarto-theorem" in div.classes
    mark = [pf.Str(div.attributes["label"] + (f"\u00a0{number}" if number else ""))]
    said = [pf.Space(), pf.Str("("), *name, pf.Str(")")] if name else []
    if theorem:
        return [pf.Span(pf.Strong(*mark, *said), classes=["theorem-title"]), pf.Space()]
    return [pf.Span(pf.Emph(*mark), *said, pf.Str("."), classes=["proof-title"]), pf.Space()]


def led(div: pf.Div) -> list[pf.Element]:
    """The blocks of a theorem or proof, the first of which begins with its number and name."""
    content = body_of(div)
    if content and isinstance(content[0], pf.Para):
        return [pf.Para(*lead_of(div), *content[0].content), *content[1:]]
    return [pf.Para(*lead_of(div)), *content]


def as_note(element: pf.Element) -> pf.Note | None:
    """Words that stand in the margin of a page as a footnote, for paper; None for anything else."""
    if isinstance(element, pf.Span) and {"aside", "column-margin"} & set(element.classes):
        return pf.Note(pf.Para(*element.content))
    return None


def contained(div: pf.Div, inlines: Inlines) -> pf.Div | None:
    """A callout, theorem, proof or tabset in its one form; None for another Div. inlines: reads Markdown."""
    kind = div.identifier.partition("-")[0]
    if "quarto-title" in div.classes or (div.content and _is_title(div.content[0])):
        return None
    if kind in THEOREMS and "-" in div.identifier:
        return _titled(div, _name(div, "name", inlines), "quarto-theorem", kind)
    proof = PROOF_LABELS.get(kind) if "-" in div.identifier else None
    proof = proof or next((name for name in div.classes if name in PROOFS), None)
    if proof:
        label = next((key for key, name in PROOF_LABELS.items() if name == proof), proof)
        return _titled(div, _name(div, "name", inlines), "quarto-proof", label)
    for name in div.classes:
        if name == "callout" or (name.removeprefix("callout-") in CALLOUTS and name.startswith("callout-")):
            callout = next((c[8:] for c in div.classes if c[8:] in CALLOUTS and c.startswith("callout-")), "")
            return _titled(div, _name(div, "title", inlines), "callout", callout)
    if "panel-tabset" in div.classes:
        return _tabset(div)
    return None


def _is_title(block: pf.Element) -> bool:
    return isinstance(block, pf.Div) and "quarto-title" in block.classes


def _name(div: pf.Div, attribute: str, inlines: Inlines) -> list[pf.Element]:
    """The title given as an attribute, else as a heading at the beginning, which is taken out."""
    given = div.attributes.pop(attribute, "")
    if given:
        return inlines(given)
    if div.content and isinstance(div.content[0], pf.Header):
        return list(div.content.pop(0).content)
    return []


def _titled(div: pf.Div, title: list[pf.Element], form: str, kind: str) -> pf.Div:
    if form != "callout":
        walk(div, _without_number)
    head = pf.Div(*([pf.Plain(*title)] if title else []), classes=["quarto-title"])
    classes = [form, *([f"callout-{kind}"] if form == "callout" and kind else [])]
    return pf.Div(
        head,
        *div.content,
        identifier=div.identifier,
        classes=[*classes, *(c for c in div.classes if c not in classes)],
        attributes={"kind": kind, **div.attributes},
    )


def _without_number(element: pf.Element, _: pf.Doc) -> None:
    if isinstance(element, pf.Header) and "unnumbered" not in element.classes:
        element.classes.append("unnumbered")


def _tabset(div: pf.Div) -> pf.Div | None:
    level = next((b.level for b in div.content if isinstance(b, pf.Header)), 0)
    if not level:
        return None
    before: list[pf.Element] = []
    tabs: list[pf.Div] = []
    for block in div.content:
        if isinstance(block, pf.Header) and block.level == level:
            head = pf.Div(pf.Plain(*block.content), classes=["quarto-title"])
            tabs.append(pf.Div(head, identifier=block.identifier, classes=["quarto-tab", *block.classes]))
        elif tabs:
            tabs[-1].content.append(block)
        else:
            before.append(block)
    made = pf.Div(*tabs, identifier=div.identifier, classes=["quarto-tabset"], attributes=div.attributes)
    made.attributes["level"] = str(level)
    return pf.Div(*before, made) if before else made


# -- panels -----------------------------------------------------------------------------------------------------


def panel(div: pf.Div, is_float: Callable[[pf.Element], bool]) -> pf.Div:
    """A Div with layout attributes as rows of cells."""
    items = list(div.content)
    if (
        len(items) == 1
        and isinstance(items[0], pf.Div)
        and not is_float(items[0])
        and "cell-output" not in items[0].classes
    ):
        items = list(items[0].content)
    flat: list[list[pf.Element]] = []
    heading: list[pf.Element] = []
    for item in items:
        if isinstance(item, pf.Header):
            heading = [item]  # stands at the head of the cell that follows
        elif isinstance(item, pf.Para | pf.Plain) and _images(item) > 1:
            flat += [[*heading, pf.Para(e)] for e in item.content if isinstance(e, pf.Image)]
            heading = []
        else:
            flat.append([*heading, item])
            heading = []
    if heading:
        flat.append(heading)
    rows = _rows(div.attributes, len(flat))
    attributes = {k: v for k, v in div.attributes.items() if k not in LAYOUT}
    at = 0
    made: list[pf.Element] = []
    for widths in rows:
        cells = []
        for width in widths:
            size = {"width": f"{abs(width):.4g}%"}
            if width < 0:
                cells.append(pf.Div(classes=["quarto-layout-cell", "quarto-layout-gap"], attributes=size))
                continue
            if at >= len(flat):
                break
            cells.append(pf.Div(*flat[at], classes=["quarto-layout-cell"], attributes=size))
            at += 1
        if cells:
            made.append(pf.Div(*cells, classes=["quarto-layout-row"]))
    classes = ["quarto-layout-panel", *(c for c in div.classes if c != "quarto-layout-panel")]
    return pf.Div(*made, identifier=div.identifier, classes=classes, attributes=attributes)


def _images(block: pf.Para | pf.Plain) -> int:
    return sum(isinstance(e, pf.Image) for e in block.content)


def _rows(attributes: dict[str, str], count: int) -> list[list[float]]:
    """Widths in per cent, row by row; what doesn't fit the given layout follows in rows of the last form."""
    rows: list[list[float]] = []
    if given := attributes.get("layout"):
        for row in _given_rows(given):
            numbers = [n for n in row if n]
            total = sum(abs(n) for n in numbers)
            if any(n > 0 for n in numbers):  # a row of gaps alone would take nothing in
                rows.append([100 * n / total if total < 99 or total > 101 else n for n in numbers])
    if not rows:
        columns = _whole(attributes.get("layout-ncol"))
        lines = _whole(attributes.get("layout-nrow"))
        columns = columns or (-(-count // lines) if lines else 1)
        rows = [[100 / columns] * columns]
    while sum(sum(w > 0 for w in row) for row in rows) < count:
        rows.append(rows[-1])
    return rows


def _given_rows(given: str) -> list[list[float]]:
    """The widths that ``layout`` gives, one list a row; what isn't written as it should be gives none."""
    try:
        value = json.loads(given)
        rows = value if value and isinstance(value[0], list) else [value]
        widths = [[float(width) for width in row] for row in rows]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []
    return widths if all(abs(width) < 1e6 for row in widths for width in row) else []


def _whole(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"[1-9][0-9]?", value, re.ASCII) else 0
