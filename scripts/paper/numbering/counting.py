"""Numbers within one chapter: its sections, floats, equations, callouts, theorems and proofs, as Quarto counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import Callout, Equation, Float, Theorem
from paper.parsing.tree import LEAVES, every
from paper.parsing.wording import CALLOUT_LABELS, KINDS, PROOF_LABELS, THEOREMS, Wording
from paper.project import heading_level
from paper.settings import Yaml

# Kinds that are counted where their Div stands; the others are found by their form.
_BLOCKS = frozenset((*CALLOUT_LABELS, *THEOREMS, *PROOF_LABELS))


@dataclass(frozen=True)
class Entry:
    """What a label stands for."""

    kind: str
    """``fig``, ``sec``, ``ch``, …"""
    number: str
    """Its number, without a letter."""
    page: str
    """The page that holds it."""
    sub: str = ""
    """The letter of a part of a float."""
    words: str = ""
    """A section's title; "" for what isn't a section."""
    bare: bool = False
    """Whether it is a section that shows no number, since its chapter has none."""


def reference_kind(label: str, custom: frozenset[str] = frozenset()) -> str:
    """Return "fig" for "fig-x" and "Fig-x"; "" for what is a citation. custom: kinds that the book defines."""
    kind = canonical_label(label).partition("-")[0]
    return kind if "-" in label and (kind in KINDS or kind in custom) else ""


def canonical_label(label: str) -> str:
    """Return "fig-x" for "Fig-x"."""
    return label[:1].lower() + label[1:]


def count_contents(
    doc: pf.Doc, mark: Callable[[int], str], options: Yaml, *, sections_numbered: bool, written: bool = True
) -> tuple[dict[str, Entry], list[str]]:
    """Assign numbers to a chapter's contents, in place.

    mark: the chapter's number after so many numbered headings of level 1 in its text; "" where it has none;
    written: whether the contents get their numbers, or are only counted.
    Returns the labels with their entries (whose page is left open), and those that are given twice.
    """
    counter = _Counter(mark, options, sections_numbered, written)
    for block in doc.content:
        counter.visit(block, "")
    return counter.labels, counter.duplicates


@dataclass
class _Counter:
    mark: Callable[[int], str]
    options: Yaml
    sections_numbered: bool
    written: bool
    labels: dict[str, Entry] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    sections: list[int] = field(default_factory=lambda: [0] * 8)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wording = Wording.of(self.options)
        self.depth = heading_level(self.options, "number-depth", 6)

    def visit(self, element: pf.Element, parent: str) -> None:
        construct = constructs.of(element)
        match construct or element:
            case pf.Header():
                self.section(element)
            case Float() as float_:
                parent = self.float(element, float_, parent)
            case Equation():
                number = self.next("eq")
                self.amend(element, number=number)
                self.enter(element.identifier, "eq", number)
            case pf.Span() if self.written and "code-lines" in element.classes:
                lines = element.attributes["lines"]
                name = self.wording.word("line" if lines.isdigit() else "lines")
                element.content = [pf.Str(f"{name} {lines}")]
        for child in children(element):
            self.visit(child, parent)
        if isinstance(construct, Callout):  # after what is in it, as Quarto counts
            self.block(element, **self.callout(construct))
        elif isinstance(construct, Theorem):
            self.block(element, label=self.wording.title(construct.kind))

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

    def float(self, element: pf.Element, float_: Float, parent: str) -> str:
        """Assign a float its number; return the label of the float that what is in it is a part of."""
        kind, label = float_.kind, self.wording.title(float_.kind)
        facts = {"label": label, "caption_location": caption_location(float_, self.options, self.wording)}
        if float_.part and parent in self.labels:
            number = self.labels[parent].number
            letter = self.wording.count("subref", int(float_.part))
            self.amend(element, **facts, number=number, part=letter)
            self.enter(float_.identifier, kind, number, letter)
            return parent
        if reference_kind(float_.identifier, self.wording.custom) != kind:
            self.amend(element, **facts)
            self.enter(
                float_.identifier, "", ""
            )  # an id that is no label of the float's kind is an anchor only
            return parent
        number = self.next(kind)
        mark = f"{label}{self.wording.space(kind)}{number}"
        self.amend(element, **facts, number=number, mark=mark, delimiter=self.wording.delimiter)
        self.enter(float_.identifier, kind, number)
        return float_.identifier

    def block(self, element: pf.Element, **facts: str) -> None:
        """Assign a callout, theorem or proof that has a label its number."""
        if (kind := reference_kind(element.identifier)) in _BLOCKS:
            facts |= {"number": self.next(kind), "delimiter": self.wording.delimiter}
            self.enter(element.identifier, kind, facts["number"])
        self.amend(element, **facts)

    def callout(self, callout: Callout) -> dict[str, str]:
        """Return a callout's name and look: its own, else those set for all."""
        kind = callout.kind
        look = str(
            callout.appearance or self.options.get("callout-appearance") or ("default" if kind else "simple")
        )
        icon = callout.icon or self.options.get("callout-icon", bool(kind))
        shown = str(icon).lower() != "false" and look != "minimal"
        return {
            "label": self.wording.word(kind),
            "appearance": "simple" if look in ("simple", "minimal") else "default",
            "icon": "true" if shown else "false",
        }

    def amend(self, element: pf.Element, **facts: str) -> None:
        if self.written:
            constructs.amend(element, **facts)

    def next(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        number = self.wording.count(kind, self.counts[kind])
        mark = self.mark(self.sections[1]) if self.wording.chapters else ""
        return f"{mark}.{number}" if mark else number

    def enter(self, label: str, kind: str, number: str, sub: str = "", words: str = "") -> None:
        if label in self.labels and reference_kind(label):
            self.duplicates.append(label)
        elif label:
            self.labels.setdefault(label, Entry(kind, number, "", sub, words))


def caption_location(float_: Float, options: Yaml, wording: Wording) -> str:
    """Return where a float's caption stands: the author's word, else the chapter's settings, else that of its kind."""
    setting = options.get(f"{float_.kind}-cap-location") or options.get("cap-location")
    return float_.caption_location or str(setting or wording.caption_location(float_.kind))


def children(element: pf.Element) -> list[pf.Element]:
    """Return what in an element may hold something that is counted."""
    if isinstance(element, pf.Table):
        return [span for span in every(element, pf.Span) if isinstance(constructs.of(span), Equation)]
    if isinstance(element, pf.DefinitionItem):
        return [*element.term, *element.definitions]
    content = getattr(element, "content", None)
    return [c for c in content.list if type(c) not in LEAVES] if isinstance(content, pf.ListContainer) else []


def capital(number: int) -> str:
    """Return a number as capitals count it: A to Z, AA, AB; "" for 0."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
