"""Quarto's constructs as objects: made once of a chapter's text, numbered with the book, read by every writer.

Between its steps a chapter is a tree of pandoc's, which knows none of them. There each is a ``Div``, ``Span`` or
``Link`` whose first class names it and whose attribute ``paper-facts`` holds its facts as JSON. Only this module
knows that form: ``construct.element()`` writes it, ``of(element)`` reads it, ``amend(element, …)`` adds to it.
Titles, captions, tabs, rows and cells stand within as parts (``is_part``), whose content is walked like any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final

import panflute as pf

from paper.errors import Place

NBSP: Final = "\u00a0"
PART: Final = "quarto-part"  # the class of a part; of any Div that the writers for paper leave as it is
_FACTS: Final = "paper-facts"
_WIDTH: Final = "width"


@dataclass(frozen=True, kw_only=True)
class Construct:
    """What all constructs have."""

    form: ClassVar[str] = ""
    """The class that names it in pandoc's tree."""
    identifier: str = ""
    """Its label, such as ``fig-x``, or another id; "" for none."""
    classes: tuple[str, ...] = ()
    """Classes that the author gave it, without those that make it what it is."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attributes that the author gave it and that aren't among its facts."""
    content: tuple[pf.Element, ...] = ()
    """Its blocks, without title and caption."""
    place: Place | None = None
    """Where in the author's files it stands, as far as that is known."""

    def element(self) -> pf.Element:
        """Return the construct as an element of pandoc's tree."""
        return pf.Div(*self._parts(), identifier=self.identifier, **self._coded())

    def _coded(self) -> dict[str, Any]:
        known = (f for f in fields(self) if f.name not in _STRUCTURE and getattr(self, f.name) != f.default)
        facts: dict[str, Any] = {f.name: getattr(self, f.name) for f in known}
        if self.place is not None:
            facts["place"] = [str(self.place.file), self.place.line]
        return {
            "classes": [self.form, *self.classes],
            "attributes": {**self.attributes, _FACTS: _json(facts)},
        }

    def _parts(self) -> Iterable[pf.Element]:
        return self.content

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        """Return the fields that stand in the tree itself."""
        return {"content": tuple(element.content)}


@dataclass(frozen=True, kw_only=True)
class Numbered(Construct):
    """A construct that may be numbered, once ``numbering`` has seen it."""

    number: str = ""
    """Its number, such as ``2.1``; "" for one without."""
    label: str = ""
    """What its kind is called in the book's language: "Figure", "Theorem"."""
    delimiter: str = ""
    """What stands between number and caption or title."""


@dataclass(frozen=True, kw_only=True)
class Float(Numbered):
    """A figure, table, listing, or a float of a kind that the book defines."""

    form = "quarto-float"
    kind: str = "fig"
    """``fig``, ``tbl``, ``lst`` or the book's own key."""
    caption: tuple[pf.Element, ...] = ()
    """The blocks of its caption."""
    mark: str = ""
    """Label and number as they stand before the caption; "" for one without a number."""
    part: str = ""
    """For a labelled float within another: its place among them, then its letter; "" for others."""
    parent: str = ""
    """The label of the float that it is a part of."""
    caption_location: str = ""
    """Where the author wants the caption: ``top``, ``bottom`` or another word; "" where nothing is said."""
    alt: str = ""
    """What the author says of its pictures together."""

    def _parts(self) -> Iterable[pf.Element]:
        return (*self.content, _part(self.caption))

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        *content, caption = element.content
        return {"content": tuple(content), "caption": tuple(caption.content)}

    @property
    def caption_inlines(self) -> list[pf.Element]:
        """The words of the caption in one line."""
        return [e for b in self.caption if isinstance(b, pf.Plain | pf.Para) for e in b.content]

    @property
    def side(self) -> str:
        """``top`` or ``bottom``: where the caption stands on paper."""
        given = self.caption_location
        return given if given in ("top", "bottom") else "bottom" if self.kind == "fig" else "top"

    @property
    def lead(self) -> str:
        """What stands before the caption: "(a)", "Figure 2.1:", "Figure 2.1" where no caption follows, or ""."""
        if self.part:
            return f"({self.part})"
        return self.mark + self.delimiter if self.mark and self.caption_inlines else self.mark


@dataclass(frozen=True, kw_only=True)
class _Titled(Numbered):
    title: tuple[pf.Element, ...] = ()
    """The inlines of its title or name."""
    kind: str = ""
    """Its kind: ``note``, ``thm``, ``proof``; "" for a callout without one."""

    def _parts(self) -> Iterable[pf.Element]:
        return (_titled(self.title), *self.content)

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        title, *content = element.content
        return {"title": _title(title), "content": tuple(content)}


@dataclass(frozen=True, kw_only=True)
class Callout(_Titled):
    """A callout."""

    form = "callout"
    appearance: str = ""
    """``default`` or ``simple`` once numbered; before, what the author gives."""
    icon: str = ""
    """``true`` or ``false`` once numbered; before, what the author gives."""
    collapse: str = ""
    """``true``: shut on a page, ``false``: open with a way to shut it, "" for neither."""

    @property
    def heading(self) -> list[pf.Element]:
        """What heads it: its number, its title, its name where it has neither and looks as callouts do."""
        if self.number:
            mark = f"{self.label}{NBSP}{self.number}"
            if not self.title:
                return [pf.Str(mark)]
            return [pf.Str(mark + self.delimiter), pf.Space(), *self.title]
        if self.title or self.appearance != "default":
            return list(self.title)
        return [pf.Str(self.label)]


@dataclass(frozen=True, kw_only=True)
class Theorem(_Titled):
    """A theorem or one of its kin: a lemma, a definition, an exercise."""

    form = "quarto-theorem"

    def lead_in(self) -> list[pf.Element]:
        """Return what it begins with, before its text: name, number and title."""
        mark, title = self._lead_in_parts()
        return [pf.Span(pf.Strong(*mark, *title), classes=["theorem-title"]), pf.Space()]

    def with_lead_in(self) -> list[pf.Element]:
        """Return its blocks, the first of which begins with its number and name."""
        if self.content and isinstance(self.content[0], pf.Para):
            return [pf.Para(*self.lead_in(), *self.content[0].content), *self.content[1:]]
        return [pf.Para(*self.lead_in()), *self.content]

    def _lead_in_parts(self) -> tuple[list[pf.Element], list[pf.Element]]:
        title = [pf.Space(), pf.Str("("), *self.title, pf.Str(")")] if self.title else []
        return [pf.Str(self.label + (f"{NBSP}{self.number}" if self.number else ""))], title


@dataclass(frozen=True, kw_only=True)
class Proof(Theorem):
    """A proof, remark or solution; numbered only where it has a label."""

    form = "quarto-proof"

    def lead_in(self) -> list[pf.Element]:
        """Return what it begins with, in italics and ended by a full stop."""
        mark, title = self._lead_in_parts()
        return [pf.Span(pf.Emph(*mark), *title, pf.Str("."), classes=["proof-title"]), pf.Space()]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab of a tabset."""

    title: tuple[pf.Element, ...]
    """The inlines of its title."""
    content: tuple[pf.Element, ...]
    """Its blocks."""
    identifier: str = ""
    """The id that its heading had."""
    classes: tuple[str, ...] = ()
    """The classes that its heading had."""


@dataclass(frozen=True, kw_only=True)
class Tabset(Construct):
    """Tabs, of which a page shows one at a time, and paper one after the other."""

    form = "quarto-tabset"
    group: str = ""
    """What it shares its choice with: tabsets of one group show the same tab."""
    tabs: tuple[Tab, ...] = ()
    """Its tabs, in order."""

    def _parts(self) -> Iterable[pf.Element]:
        for tab in self.tabs:
            yield _part([_titled(tab.title), *tab.content], tab.identifier, tab.classes)

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        tabs = [
            Tab(title=_title(head), content=tuple(content), identifier=part.identifier, classes=_own(part))
            for part in element.content
            for head, *content in [part.content]
        ]
        return {"tabs": tuple(tabs)}


@dataclass(frozen=True, kw_only=True)
class LayoutCell:
    """A cell of a layout."""

    width: float
    """Per cent of the row; below zero for a gap."""
    content: tuple[pf.Element, ...] = ()
    """Its blocks."""

    @property
    def share(self) -> str:
        """The width without its sign, in four digits at most: "33.33"."""
        return f"{abs(self.width):.4g}"


@dataclass(frozen=True, kw_only=True)
class Layout(Construct):
    """Blocks side by side, in rows of cells."""

    form = "quarto-layout-panel"
    rows: tuple[tuple[LayoutCell, ...], ...] = ()
    """Its rows, each of cells with their widths."""

    def _parts(self) -> Iterable[pf.Element]:
        for row in self.rows:
            yield _part([_part(c.content, attributes={_WIDTH: repr(c.width)}) for c in row])

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        rows = (
            tuple(
                LayoutCell(width=float(c.attributes[_WIDTH]), content=tuple(c.content)) for c in row.content
            )
            for row in element.content
        )
        return {"rows": tuple(rows)}


@dataclass(frozen=True, kw_only=True)
class Equation(Numbered):
    """A displayed formula with a label; its content is the formula."""

    form = "quarto-eq"
    alt: str = ""
    """What the author says of it, for readers by ear."""

    @property
    def math(self) -> pf.Math:
        """The formula."""
        return self.content[0]

    def element(self) -> pf.Element:
        """Return the equation as a span around its formula."""
        return pf.Span(self.math, identifier=self.identifier, **self._coded())


@dataclass(frozen=True, kw_only=True)
class CrossReference(Construct):
    """A resolved reference to a label of the book; its content are the words that it shows."""

    form = "quarto-xref"
    label: str = ""
    """The label that it refers to."""
    kind: str = ""
    """What has the label: ``fig``, ``sec``, ``ch``."""
    number: str = ""
    """The number, or the title, that it shows."""
    prefix: str = ""
    """The words before the number, as text."""
    url: str = ""
    """The address that it leads to, from the chapter's page."""

    @classmethod
    def _read(cls, element: pf.Element) -> dict[str, Any]:
        return {"content": tuple(element.content), "url": element.url}

    def element(self) -> pf.Element:
        """Return the reference as a link."""
        return pf.Link(*self.content, url=self.url, **self._coded())


@dataclass(frozen=True, kw_only=True)
class FloatList(Construct):
    """A list of all figures or tables of the book, where a chapter calls for it."""

    form = "quarto-float-list"
    kind: str = "fig"
    """The kind of floats that it lists."""
    heading: str = ""
    """What stands over it, in the chapter's language."""


_STRUCTURE: Final = frozenset(
    ("identifier", "classes", "attributes", "content", "caption", "title", "tabs", "rows", "place", "url")
)
_KINDS: Final[dict[str, type[Construct]]] = {
    kind.form: kind
    for kind in (Float, Callout, Theorem, Proof, Tabset, Layout, Equation, CrossReference, FloatList)
}


def of(element: pf.Element) -> Construct | None:
    """Return the construct that an element of the tree is; None for any other, such as a filter's own ``Div``."""
    given = getattr(element, "attributes", None)
    if not given or _FACTS not in given or element.classes[0] not in _KINDS:
        return None
    kind = _KINDS[element.classes[0]]
    facts = json.loads(given[_FACTS])
    if "place" in facts:
        facts["place"] = Place(*facts["place"])
    own = {name: value for name, value in given.items() if name != _FACTS}
    return kind(
        identifier=element.identifier, classes=_own(element), attributes=own, **facts, **kind._read(element)
    )


def amend(element: pf.Element, **facts: str) -> None:
    """Set facts of the construct that an element is, in place."""
    element.attributes[_FACTS] = _json({**json.loads(element.attributes[_FACTS]), **facts})


def is_part(element: pf.Element) -> bool:
    """Whether the element is a part of a construct, which its writer reads with it."""
    return isinstance(element, pf.Div) and PART in element.classes


def _part(
    blocks: Iterable[pf.Element],
    identifier: str = "",
    classes: Iterable[str] = (),
    attributes: Mapping[str, str] | None = None,
) -> pf.Div:
    return pf.Div(*blocks, identifier=identifier, classes=[PART, *classes], attributes=attributes or {})


def _titled(title: Iterable[pf.Element]) -> pf.Div:
    words = list(title)
    return _part([pf.Plain(*words)] if words else [])


def _title(part: pf.Div) -> tuple[pf.Element, ...]:
    return tuple(part.content[0].content) if part.content else ()


def _own(element: pf.Element) -> tuple[str, ...]:
    return tuple(element.classes[1:])


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)
