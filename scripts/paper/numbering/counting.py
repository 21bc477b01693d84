"""Numbers within one chapter: its sections, floats, equations, callouts, theorems and proofs, as Quarto counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import panflute as pf

from paper.parsing import structure
from paper.parsing.tree import walk
from paper.parsing.wording import CALLOUT_LABELS, KINDS, PROOF_LABELS, THEOREMS, Wording
from paper.project import heading_level
from paper.settings import Yaml

# Kinds that are counted where their Div stands; the others are found by their form.
_BLOCKS = frozenset((*CALLOUT_LABELS, *THEOREMS, *PROOF_LABELS))


@dataclass(frozen=True)
class Entry:
    """A label: what it stands for ("fig", "sec", "ch", …), its number, the page that holds it, its part, its words.

    words: the section's title; "" for what isn't a section. bare: whether it is a section that shows no number,
    since its chapter has none.
    """

    kind: str
    number: str
    page: str
    sub: str = ""
    words: str = ""
    bare: bool = False


def reference_kind(label: str, custom: frozenset[str] = frozenset()) -> str:
    """ "fig" for "fig-x" and "Fig-x"; "" for what is a citation. custom: kinds that the book defines."""
    kind = lowered(label).partition("-")[0]
    return kind if "-" in label and (kind in KINDS or kind in custom) else ""


def lowered(label: str) -> str:
    """ "fig-x" for "Fig-x"."""
    return label[:1].lower() + label[1:]


def count_contents(
    doc: pf.Doc, mark: Callable[[int], str], options: Yaml, *, sections_numbered: bool
) -> tuple[dict[str, Entry], list[str]]:
    """Number a chapter's contents in place.

    mark: the chapter's number after so many numbered headings of level 1 in its text; "" where it has none.
    Returns the labels with their entries (whose page is left open), and those that are given twice.
    """
    counter = _Counter(mark, options, sections_numbered)
    for block in doc.content:
        counter.visit(block, "")
    return counter.labels, counter.twice


@dataclass
class _Counter:
    mark: Callable[[int], str]
    options: Yaml
    sections_numbered: bool
    labels: dict[str, Entry] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    sections: list[int] = field(default_factory=lambda: [0] * 8)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wording = Wording.of(self.options)
        self.depth = heading_level(self.options, "number-depth", 6)

    def visit(self, element: pf.Element, parent: str) -> None:
        if isinstance(element, pf.Header):
            self.section(element)
        elif structure.is_float(element):
            parent = self.float(element, parent)
        elif isinstance(element, pf.Span) and "code-lines" in element.classes:
            lines = element.attributes["lines"]
            element.content = [pf.Str(f"{self.wording.word('line' if lines.isdigit() else 'lines')} {lines}")]
        elif isinstance(element, pf.Span) and "quarto-eq" in element.classes:
            element.attributes["number"] = self.next("eq")
            self.enter(element.identifier, "eq", element.attributes["number"])
        for child in children(element):
            self.visit(child, parent)
        if isinstance(element, pf.Div):  # after what is in it, as Quarto counts
            self.block(element)

    def section(self, header: pf.Header) -> None:
        own = ""
        level = min(header.level, 7)
        if "unnumbered" not in header.classes:
            self.sections[level] += 1
            self.sections[level + 1 :] = [0] * (7 - level)
            if level == 1:
                self.counts.clear()
            mark = self.mark(self.sections[1]) if self.wording.chapters else ""
            below = [str(n) for n in self.sections[2 : level + 1]]
            own = ".".join([*([mark] if mark else []), *below])
            if self.sections_numbered and level <= self.depth:
                header.attributes["number"] = own if mark or not self.wording.chapters else f"0.{own}"
        kind = "ch" if level == 1 and own else "sec"
        self.enter(header.identifier, kind, own, words=pf.stringify(header).strip())

    def float(self, div: pf.Div, parent: str) -> str:
        kind = div.attributes["kind"]
        div.attributes["label"] = self.wording.title(kind)
        place = self.options.get(f"{kind}-cap-location") or self.options.get("cap-location")
        place = place or self.wording.caption_location(kind)
        if place and not {f"{kind}-cap-location", "cap-location"} & set(div.attributes):
            div.attributes["cap-location"] = str(place)
        if "sub" in div.attributes and parent in self.labels:
            of = self.labels[parent]
            letter = self.wording.count("subref", int(div.attributes["sub"]))
            div.attributes["sub"] = letter
            div.attributes["number"] = of.number
            self.enter(div.identifier, kind, of.number, letter)
            return parent
        if reference_kind(div.identifier, self.wording.custom) != kind:
            self.enter(div.identifier, "", "")  # an id that is no label of the float's kind is an anchor only
            return parent
        number = self.next(kind)
        div.attributes["number"] = number
        div.attributes["mark"] = f"{div.attributes['label']}{self.wording.space(kind)}{number}"
        div.attributes["delimiter"] = self.wording.delimiter
        self.enter(div.identifier, kind, number)
        return str(div.identifier)

    def block(self, div: pf.Div) -> None:
        if "callout" in div.classes:
            self.callout(div)
        elif "quarto-theorem" in div.classes or "quarto-proof" in div.classes:
            div.attributes["label"] = self.wording.title(div.attributes["kind"])
        else:
            return
        if (kind := reference_kind(div.identifier)) in _BLOCKS:
            div.attributes["number"] = self.next(kind)
            div.attributes["delimiter"] = self.wording.delimiter
            self.enter(div.identifier, kind, div.attributes["number"])

    def callout(self, div: pf.Div) -> None:
        """Its name and look: its own, else those set for all."""
        kind = div.attributes["kind"]
        div.attributes["label"] = self.wording.word(kind)
        look = div.attributes.get("appearance") or self.options.get("callout-appearance")
        look = str(look or ("default" if kind else "simple"))
        icon = div.attributes.get("icon", self.options.get("callout-icon", bool(kind)))
        shown = str(icon).lower() != "false" and look != "minimal"
        div.attributes["appearance"] = (
            look if look in ("default", "simple") else "simple" if look == "minimal" else "default"
        )
        div.attributes["icon"] = "true" if shown else "false"

    def next(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        number = self.wording.count(kind, self.counts[kind])
        mark = self.mark(self.sections[1]) if self.wording.chapters else ""
        return f"{mark}.{number}" if mark else number

    def enter(self, label: str, kind: str, number: str, sub: str = "", words: str = "") -> None:
        if label in self.labels and reference_kind(label):
            self.twice.append(label)
        elif label:
            self.labels.setdefault(label, Entry(kind, number, "", sub, words))


def children(element: pf.Element) -> list[pf.Element]:
    """What may hold something that is counted."""
    if isinstance(element, pf.Table):
        found: list[pf.Element] = []
        walk(
            element,
            lambda e, _: found.append(e) if isinstance(e, pf.Span) and "quarto-eq" in e.classes else None,
        )
        return found
    if isinstance(element, pf.DefinitionItem):
        return [*element.term, *element.definitions]
    content = getattr(element, "content", None)
    return list(content) if isinstance(content, pf.ListContainer) else []
