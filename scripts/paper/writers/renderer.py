"""What every writer has in common: each construct of a chapter is read as an object and rendered by its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeAlias

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import (
    Callout,
    CrossReference,
    Equation,
    Float,
    FloatList,
    Layout,
    Tabset,
    Theorem,
)
from paper.parsing.tree import walk

Rendered: TypeAlias = pf.Element | list[pf.Element] | None


class Renderer(ABC):
    """Renders the elements of one chapter for a format; children come before their parents."""

    kinds: ClassVar[tuple[type[pf.Element], ...]] = ()
    """The classes that ``other`` looks at besides Divs, spans, links and images."""

    def render(self, element: pf.Element) -> None:
        """Render what is in an element, in place."""
        walk(element, self.visit, pf.Div, pf.Span, pf.Link, pf.Image, *self.kinds)

    def visit(self, element: pf.Element, _: pf.Doc) -> Rendered:
        """Return what takes an element's place; None where it stays."""
        if constructs.is_part(element):
            return None
        match constructs.of(element):
            case Float() as float_:
                return self.float(float_, element)
            case Callout() as callout:
                return self.callout(callout)
            case Theorem() as theorem:
                return self.theorem(theorem)
            case Tabset() as tabset:
                return self.tabset(tabset)
            case Layout() as layout:
                return self.layout(layout)
            case Equation() as equation:
                return self.equation(equation)
            case CrossReference() as reference:
                return self.reference(reference)
            case FloatList() as list_:
                return self.float_list(list_)
        return self.other(element)

    @abstractmethod
    def float(self, float_: Float, element: pf.Div) -> Rendered:
        """Render a float. element: where it stands in the tree."""

    @abstractmethod
    def callout(self, callout: Callout) -> Rendered:
        """Render a callout."""

    def theorem(self, theorem: Theorem) -> Rendered:
        """Render a theorem, a proof or one of their kin: its blocks, which begin with its number and name."""
        return theorem.with_lead_in()

    def tabset(self, tabset: Tabset) -> Rendered:
        """Render a tabset: one tab after the other, each under its title."""
        return [block for tab in tabset.tabs for block in (pf.Para(pf.Strong(*tab.title)), *tab.content)]

    def layout(self, layout: Layout) -> Rendered:
        """Render a layout: one cell after the other."""
        return [block for row in layout.rows for cell in row for block in cell.content]

    @abstractmethod
    def equation(self, equation: Equation) -> Rendered:
        """Render a numbered equation."""

    @abstractmethod
    def reference(self, reference: CrossReference) -> Rendered:
        """Render a cross-reference."""

    def float_list(self, list_: FloatList) -> Rendered:  # noqa: ARG002
        """Render a list of figures or tables: nothing where readers have no need of one."""
        return []

    @abstractmethod
    def other(self, element: pf.Element) -> Rendered:
        """Render what is no construct."""
