"""The claim ledger, ``data/claims.yml``: what Findings claims, and on which coded evidence.

One entry a claim, as the author writes it::

    claims:
      - id: client-orientation
        says: Most interviewees speak of client orientation as a reason for change.
        codes: [internal-clients]
        against: [external-mimicry]
        at_least: {cases: 4, segments: 6}
        quotes: [i1-002, {segment: i4-007, note: Before the question named it.}]
        note: Why these codes bear the claim.
      - id: diagnosis-reasoned
        kind: documents
        says: Most diagnoses rest on the draft's own reasoning.
        rows: [P02, P03]
        of: document_problems
        at_least: {rows: 2}

What else an entry may say is in ``parts``.
Claims on synthetic interviews stand in ``data/synthetic/claims.yml``; their ids begin with ``synthetic-``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from paper.coding.claims import parts
from paper.coding.claims.files import read_yaml_file
from paper.coding.claims.parts import Judgement, Passage, QuoteEntry
from paper.errors import nearest
from paper.report import Fault
from paper.settings import compose

FILE: Final = "data/claims.yml"
SYNTHETIC_FILE: Final = "data/synthetic/claims.yml"
SYNTHETIC: Final = "synthetic-"
OTHER: Final = "other"  # quantity: its words of quantity count something else
Kind = Literal["interviews", "documents"]
ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHARED: Final = ("id", "says", "kind", "note", "against", "passages", "at_least", "quantity", "confidence")
OWN: Final[dict[str, tuple[str, ...]]] = {"interviews": ("codes", "quotes"), "documents": ("rows", "of")}
COUNTED: Final[dict[str, tuple[str, ...]]] = {
    "interviews": ("cases", "segments"),
    "documents": ("rows", "passages"),
}


@dataclass(frozen=True)
class Claim:
    """One claim."""

    id: str
    says: str
    """The author's words."""
    kind: Kind = "interviews"
    codes: tuple[str, ...] = ()
    """Of a claim on interviews."""
    against: tuple[str, ...] = ()
    """Codes or rows that speak against it."""
    quotes: tuple[QuoteEntry, ...] = ()
    """Of a claim on interviews."""
    rows: tuple[str, ...] = ()
    """Of one on documents, where ``of`` names the table in which a word of quantity counts."""
    of: str = ""
    """Of one on documents, where ``of`` names the table in which a word of quantity counts."""
    passages: tuple[Passage, ...] = ()
    """In the words of laws, documents and works, for and against."""
    note: str = ""
    """Why the evidence bears the claim: the analytic note."""
    confidence: dict[str, Judgement] = field(default_factory=dict)
    """What the author says of components of confidence, by name."""
    at_least: dict[str, int] = field(default_factory=dict)
    """What the support may not fall below."""
    quantity: str = ""
    """The word that counts, "" for all there are, OTHER for none."""
    file: str = FILE
    lines: dict[str, int] = field(default_factory=dict)
    """Where each of its keys stands ("" for the claim as a whole), from 1."""

    @property
    def synthetic(self) -> bool:
        """Return whether it rests on made-up interviews."""
        return self.id.startswith(SYNTHETIC)

    def fault(self, key: str, rule: str, message: str, remedy: str) -> Fault:
        """Return a fault of this claim, at the line of one of its keys."""
        return Fault(self.file, self.lines.get(key, self.lines.get("")), rule, message, remedy)


def read(root: Path, *, synthetic: bool = False) -> tuple[list[Claim], list[Fault]]:
    """Return the claims in order, and everything that is wrong with how they are written. No file: no claims."""
    file = SYNTHETIC_FILE if synthetic else FILE
    text, whole, unreadable = read_yaml_file(root, file)
    if whole is None:
        return [], unreadable
    entries = whole.get("claims") or []
    if set(whole) - {"claims"} or not isinstance(entries, list):
        remedy = "write `claims:` and beneath it one entry a claim, each with `- id:`"
        return [], [Fault(file, 1, "claim-form", "expected a list of claims, and nothing else", remedy)]
    claims: list[Claim] = []
    faults: list[Fault] = []
    first: dict[str, int | None] = {}
    for entry, lines in zip(entries, _lines(text), strict=True):
        claim, found = _claim(entry, file, lines)
        faults += found
        if claim is None:
            continue
        if claim.id in first:
            message = f"the id {claim.id} is given twice, first in line {first[claim.id]}"
            faults.append(claim.fault("id", "claim-twice", message, "give each claim an id of its own"))
            continue
        first[claim.id] = claim.lines.get("id")
        if claim.synthetic != synthetic:
            message = (
                f"the id {claim.id} {'begins' if not synthetic else 'does not begin'} with {SYNTHETIC!r}"
            )
            remedy = f"claims on synthetic interviews stand in {SYNTHETIC_FILE}, and only they are named so"
            faults.append(claim.fault("id", "claim-place", message, remedy))
            continue
        claims.append(claim)
    return claims, faults


def near(word: str, known: list[str]) -> str:
    """Return a question that helps: did you mean …?"""
    name = nearest(word, known)
    return f"did you mean {name}? " if name else ""


def _claim(entry: Any, file: str, lines: dict[str, int]) -> tuple[Claim | None, list[Fault]]:
    """Return one entry as a claim; none where it can't be one."""
    at = lines.get("")
    if not isinstance(entry, dict):
        return None, [
            Fault(file, at, "claim-form", "not a claim", "write it as `- id: …`, with `says:` below")
        ]
    faults = list(_form(entry, file, lines))
    if faults:
        return None, faults
    names = {key: tuple(str(name) for name in entry.get(key) or ()) for key in ("codes", "against", "rows")}
    return Claim(
        entry["id"],
        " ".join(entry["says"].split()),
        entry.get("kind", "interviews"),
        **names,
        quotes=parts.quotes_of(entry),
        of=entry.get("of") or "",
        passages=parts.passages_of(entry),
        note=" ".join((entry.get("note") or "").split()),
        confidence=parts.confidence_of(entry),
        at_least=dict(entry.get("at_least") or {}),
        quantity=entry.get("quantity") or "",
        file=file,
        lines=lines,
    ), []


def _form(entry: dict[Any, Any], file: str, lines: dict[str, int]) -> Iterator[Fault]:
    def fault(key: str, said: str, remedy: str) -> Fault:
        return Fault(file, lines.get(key, lines.get("")), "claim-form", said, remedy)

    kind = entry.get("kind", "interviews")
    if kind not in OWN:
        yield fault("kind", f"{kind!r} is no kind of claim", "write `kind: interviews` or `kind: documents`")
        return
    known = [*SHARED, *OWN[kind]]
    for key in entry:
        if key not in known:
            remedy = f"{near(str(key), known)}A claim on {kind} has: {', '.join(known)}"
            yield fault(str(key), f"{str(key)[:40]!r} is nothing that a claim on {kind} has", remedy)
    for key in ("id", "says"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield fault(key, f"the claim has no {key}", f"write `{key}:` and its text")
    if isinstance(entry.get("id"), str) and not ID.fullmatch(entry["id"]):
        yield fault(
            "id", f"the id {entry['id'][:40]!r} can't be linked to", "use small letters, digits and hyphens"
        )
    tests: dict[str, tuple[Callable[[Any], bool], str]] = {
        **dict.fromkeys(("codes", "against", "rows"), (_is_names, "a list, as in [one, another]")),
        "quotes": (lambda value: isinstance(value, list), "a list, as in [one, another]"),
        **dict.fromkeys(("quantity", "of"), (lambda value: isinstance(value, str), "one word")),
    }
    for key, (fits, form) in tests.items():
        if entry.get(key) is not None and not fits(entry[key]):
            yield fault(key, f"{key} is not {form}", f"write {key} as {form}")
    base = "codes" if kind == "interviews" else "rows"
    if not entry.get(base) and (base == "codes" or not entry.get("passages")):
        yield fault(base, f"the claim rests on nothing: {base} is empty", f"name its {base}")
    for key, message, remedy in parts.wrong_parts(entry):
        yield fault(key, message, remedy)
    minimum = entry.get("at_least")
    if (
        not isinstance(minimum, dict)
        or not minimum
        or not all(
            name in COUNTED[kind] and isinstance(least, int) and not isinstance(least, bool) and least > 0
            for name, least in minimum.items()
        )
    ):
        form = ", ".join(f"{name}: 3" for name in COUNTED[kind])
        message = "the claim doesn't say how much support it needs"
        yield fault("at_least", message, f"write `at_least: {{{form}}}`, with numbers from 1")


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str | int) for name in value)


def _lines(text: str) -> Iterator[dict[str, int]]:
    """Yield, for each claim, the lines of the claim ("") and of its keys."""
    node = compose(text)
    values = dict(_pairs(node)) if isinstance(node, yaml.MappingNode) else {}
    entries = values.get("claims")
    for entry in entries.value if isinstance(entries, yaml.SequenceNode) else []:
        lines = {"": entry.start_mark.line + 1}
        if isinstance(entry, yaml.MappingNode):
            lines |= {str(key.value): key.start_mark.line + 1 for key, _ in entry.value}
        yield lines


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        yield str(key.value), value
