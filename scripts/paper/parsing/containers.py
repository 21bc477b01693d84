"""Callouts, theorems, proofs and tabsets, as their ``Div``s are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import panflute as pf

from paper.parsing.constructs import Callout, Construct, Proof, Tab, Tabset, Theorem
from paper.parsing.tree import every
from paper.parsing.wording import CALLOUTS, PROOF_LABELS, PROOFS, THEOREMS
from paper.tools import trees


def normalise_container(div: pf.Div) -> Construct | pf.Element | None:
    """Return the callout, theorem, proof or tabset that a ``Div`` is; None for another.

    A tabset with words before its first tab comes in a ``Div`` with them.
    """
    kind = div.identifier.partition("-")[0] if "-" in div.identifier else ""
    if kind in THEOREMS:
        return Theorem(**_titled(div, "name"), kind=kind, classes=tuple(div.classes))
    proof = PROOF_LABELS.get(kind) or next((name for name in div.classes if name in PROOFS), None)
    if proof:
        label = next((key for key, name in PROOF_LABELS.items() if name == proof), proof)
        return Proof(**_titled(div, "name"), kind=label, classes=tuple(div.classes))
    callouts = [c for c in div.classes if c.startswith("callout-") and c[8:] in CALLOUTS]
    if callouts or "callout" in div.classes:
        own = ("callout", *callouts[:1])
        facts = {name: div.attributes.pop(name, "") for name in ("appearance", "icon", "collapse")}
        classes = tuple(c for c in div.classes if c not in own)
        kind = callouts[0][8:] if callouts else ""
        return Callout(**_titled(div, "title"), kind=kind, classes=classes, **facts)
    return _tabset(div) if "panel-tabset" in div.classes else None


def _titled(div: pf.Div, attribute: str) -> dict[str, Any]:
    """Return what theorems and callouts share: their title is given as an attribute, else as a first heading."""
    title: Iterable[pf.Element] = ()
    if given := div.attributes.pop(attribute, ""):
        title = trees.inlines(given)
    elif div.content and isinstance(div.content[0], pf.Header):
        title = div.content.pop(0).content
    if attribute == "name":
        for header in every(div, pf.Header):
            header.classes = [*header.classes, *({"unnumbered"} - set(header.classes))]
    return {
        "title": tuple(title),
        "content": tuple(div.content),
        "identifier": div.identifier,
        "attributes": dict(div.attributes),
    }


def _tabset(div: pf.Div) -> Construct | pf.Element | None:
    level = next((b.level for b in div.content if isinstance(b, pf.Header)), 0)
    if not level:
        return None
    blocks = list(div.content)
    starts = [n for n, b in enumerate(blocks) if isinstance(b, pf.Header) and b.level == level]
    tabs = [
        Tab(
            title=tuple(head.content),
            content=tuple(content),
            identifier=head.identifier,
            classes=tuple(head.classes),
        )
        for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)
        for head, *content in [blocks[start:end]]
    ]
    group = div.attributes.pop("group", "")
    tabset = Tabset(tabs=tuple(tabs), identifier=div.identifier, group=group, attributes=dict(div.attributes))
    return pf.Div(*blocks[: starts[0]], tabset.element()) if starts[0] else tabset
