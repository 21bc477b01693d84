"""From executed Markdown to a tree in which every construct that Quarto knows has one form (``constructs``)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

import panflute as pf

from paper.errors import Place
from paper.parsing import annotated, constructs, containers, floats, list_tables
from paper.parsing.conditions import CONDITIONS, is_condition, is_conditional
from paper.parsing.constructs import Construct, Equation, Float
from paper.parsing.layouts import LAYOUT, layout
from paper.parsing.origins import origin
from paper.parsing.sanitise import is_script_url
from paper.parsing.tree import walk
from paper.parsing.wording import FLOATS
from paper.report import Fault, warning
from paper.text import places
from paper.text.source import Source

_EQUATION_ID = re.compile(r"^\{#(eq-[^ }]+)(\})?$")
# The classes that ``_Normaliser.normal`` looks at.
_NORMALISED = (pf.Image, pf.Figure, pf.Table, pf.CodeBlock, pf.Div, pf.Para, pf.Plain)
# Quarto's Divs whose content is shown, but without what makes them special.
_PLAIN = {"panel-sidebar": "a sidebar panel", "panel-input": "an input panel"}

Normal: TypeAlias = Construct | pf.Element | list[pf.Element] | None


def normalise(doc: pf.Doc, source: Source, custom: frozenset[str] = frozenset()) -> list[Fault]:
    """Normalise Quarto's constructs in place; return warnings for what isn't supported.

    custom: the kinds of floats that the book defines.
    """
    normaliser = _Normaliser(source, custom)
    walk(doc, normaliser.visit, *_NORMALISED)
    walk(doc, normaliser.link, pf.Image, pf.Link)
    walk(doc, normaliser.letter_parts, pf.Div)
    annotated.annotate(doc)
    return normaliser.notices


class _Normaliser:
    """Normalises one chapter; children are visited before their parents."""

    def __init__(self, source: Source, custom: frozenset[str]) -> None:
        self.source = source
        self.notices: list[Fault] = []
        self.float_id = re.compile(rf"^({'|'.join(map(re.escape, (*FLOATS, *sorted(custom))))})-")

    @cached_property
    def labels(self) -> dict[str, Place]:
        """The place of each label, the first where it is given twice."""
        return dict(reversed([*places.labels(self.source)]))

    def visit(self, element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        normal = self.normal(element)
        if not isinstance(normal, Construct):
            return normal
        place = self.labels.get(normal.identifier) or origin(self.source, element).place
        return replace(normal, place=place).element()

    def normal(self, element: pf.Element) -> Normal:
        match element:
            case pf.Image() if not isinstance(element.parent, pf.Link):
                floats.describe(element)
            case pf.Figure():
                return floats.of_figure(element, self.float_id)
            case pf.Table() if element.identifier.startswith("tbl-") or floats.captioned(element):
                return floats.of_table(element)
            case pf.CodeBlock() if element.identifier.startswith("lst-"):
                return floats.of_code(element)
            case pf.CodeBlock() if "filename" in element.attributes:
                return annotated.with_filename(element)
            case pf.Div():
                return self.div(element)
            case pf.Para():
                return floats.of_paragraph(element, self.float_id) or self.equation(element)
            case pf.Plain():
                return self.equation(element)
        return None

    def div(self, div: pf.Div) -> Normal:
        if constructs.of(div) or constructs.is_part(div):
            return None
        own = div.identifier or len(div.classes) > 1 or any(key in div.attributes for key in LAYOUT)
        if is_conditional(div) and own:
            return self.conditional(div)
        if "list-table" in div.classes and (listed := list_tables.table(div)) is not None:
            return floats.of_table(listed) if listed.identifier or floats.captioned(listed) else listed
        if self.float_id.match(div.identifier) or "cell-float" in div.classes:
            return floats.of_div(div, self.float_id)
        if (container := containers.normalise_container(div)) is not None:
            return container
        for name in _PLAIN.keys() & set(div.classes):
            message = f"{_PLAIN[name]} (.{name}) are shown one under the other by the embedded engine"
            remedy = "build with --engine quarto for the full effect"
            self.notices.append(warning(self.source.find(f".{name}"), "quarto-feature", message, remedy))
        return layout(div) if any(key in div.attributes for key in LAYOUT) else None

    def conditional(self, div: pf.Div) -> pf.Element:
        """Put a construct that is conditional itself within a ``Div`` that holds the condition."""
        rules = {name: div.attributes.pop(name) for name in list(div.attributes) if is_condition(name)}
        names = [name for name in div.classes if name in CONDITIONS]
        div.classes = [name for name in div.classes if name not in CONDITIONS]
        normal = self.visit(div, div.doc)
        inner = [div] if normal is None else normal if isinstance(normal, list) else [normal]
        return pf.Div(*inner, classes=names, attributes=rules)

    def link(self, element: pf.Element, _: pf.Doc) -> pf.Element | None:
        """Take links to code away; describe the images in others, whose words are no captions."""
        if isinstance(element, pf.Image):
            floats.describe(element)
        if not isinstance(element, pf.Link) or not is_script_url(element.url):
            return None
        message = "a link to code rather than to a place"
        place = self.source.find(element.url[:40])
        self.notices.append(warning(place, "link-that-runs", message, "it is shown as plain words"))
        return pf.Span(*element.content)

    def letter_parts(self, element: pf.Element, _: pf.Doc) -> None:
        """Count the labelled floats that stand within a labelled float: they become (a), (b) and so on."""
        whole = constructs.of(element)
        if not isinstance(whole, Float) or whole.part or not self.float_id.match(whole.identifier):
            return
        inside = [part for block in whole.content for part in _floats(block) if part.identifier]
        for at, part in enumerate(inside, 1):
            constructs.amend(part, part=str(at), parent=whole.identifier)

    def equation(self, block: pf.Para | pf.Plain) -> pf.Element | None:
        """Make equations of the displayed formulas of a paragraph that a label follows."""
        content = list(block.content)
        results: list[pf.Element] = []
        at = 0
        while at < len(content):
            element = content[at]
            at += 1
            match = _EQUATION_ID.match(element.text) if isinstance(element, pf.Str) else None
            math = next((e for e in reversed(results) if not isinstance(e, pf.Space)), None)
            if not match or not isinstance(math, pf.Math) or math.format != "DisplayMath":
                results.append(element)
                continue
            end = at
            if not match[2]:  # attributes follow the label
                closed = (n for n in range(at, len(content)) if _closes(content[n]))
                if (closing := next(closed, None)) is None:
                    results.append(element)
                    continue
                end = closing + 1
            described = pf.stringify(pf.Para(*content[at:end])) if end > at else ""
            alt = re.search(r"alt=[“\"'](.*)[”\"']", described)
            while results.pop() is not math:
                pass
            place = self.labels.get(match[1]) or self.source.find(match[1])
            equation = Equation(identifier=match[1], content=(math,), alt=alt[1] if alt else "", place=place)
            results.append(equation.element())
            at = end
        return type(block)(*results) if len(results) != len(content) else None


def _closes(element: pf.Element) -> bool:
    return isinstance(element, pf.Str) and element.text.endswith("}")


def _floats(block: pf.Element) -> list[pf.Div]:
    """Return the floats that a block is or holds in its ``Div``s, without those within them."""
    if isinstance(constructs.of(block), Float):
        return [block]
    return [part for child in block.content for part in _floats(child)] if isinstance(block, pf.Div) else []
