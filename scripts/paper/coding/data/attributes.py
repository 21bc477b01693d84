"""Attributes of interviews, and what of them is stated: only what at least k interviews share (k-anonymity).

The attributes are the columns of ``cases`` beside its key (``package.Described.attributes``), the most telling one
to keep first. What too few share is withheld from ``data/cases.csv`` itself, which git publishes, and kept in
``data/private/attributes.csv`` until enough share it. Tables, figures, quotations and their data read the open table
alone, so that nothing in them, whatever is put together, says more than it does: one decision stands for all of them.

The method is k-anonymity by local suppression (Samarati 2001, "Protecting respondents' identities in microdata
release"; Hundepool et al. 2012, "Statistical Disclosure Control", chapter 3). Who knows that method could still
conclude that what is withheld is none of what is stated (the minimality attack: Wong et al. 2007, "Minimality attack
in privacy preserving data publishing", VLDB). Therefore a group of withheld interviews is filled up to k with
interviews of the largest group beside it, and which ones these are is drawn with a key that stays private.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ATTRIBUTES: Final = "data/private/attributes.csv"
DRAW_KEY: Final = "data/private/attributes.key"
THRESHOLD: Final = 3  # interviews that must share what is stated, where settings say nothing
Label = tuple[str, ...]  # the values of a case, in the order of the attributes; "" for none
Order = Callable[[str], object]


@dataclass(frozen=True)
class Generalised:
    """What the open table may state."""

    stated: dict[str, Label]
    """Each case's values, "" where one is withheld."""
    withheld: tuple[str, ...]
    """Cases of which less is stated than is known."""


def generalise(labels: Mapping[str, Label], threshold: int = THRESHOLD, order: Order = str) -> Generalised:
    """Withhold values, the last attribute first, until at least ``threshold`` cases share whatever is stated.

    labels: what is known of each case. order: a sort key of cases; those that come first fill up a group that is too
    small, so it should be of nothing that readers know (``secret_order``).
    """
    stated = dict.fromkeys(labels, ("",) * len(next(iter(labels.values()), ())))
    _state(list(labels), labels, 0, threshold, order, stated)
    return Generalised(stated, tuple(case for case in labels if stated[case] != labels[case]))


def secret_order(key: bytes, withheld: Collection[str] = ()) -> Order:
    """Return a sort key drawn by a private key; what is withheld already comes first.

    That keeps a case withheld for as long as its group needs filling, so that two drafts tell no more than one.
    """
    return lambda case: (case not in withheld, hmac.digest(key, case.encode(), hashlib.sha256))


def scarce(labels: Iterable[Label], threshold: int = THRESHOLD) -> set[Label]:
    """Return the combinations, other than the empty one, that fewer than ``threshold`` share."""
    return {label for label, number in Counter(labels).items() if any(label) and number < threshold}


def could_be(truth: Mapping[str, Label], stated: Mapping[str, Label], threshold: int = THRESHOLD) -> bool:
    """Return whether the method, with some private key, makes of ``truth`` what the open table states."""
    hidden = {case for case, label in stated.items() if label != truth[case]}
    depth = {case: sum(map(bool, label)) for case, label in stated.items()}
    return generalise(truth, threshold, lambda case: (case not in hidden, depth[case], case)).stated == dict(
        stated
    )


def known_by_method(
    truth: Mapping[str, Label], stated: Mapping[str, Label], words: Sequence[Sequence[str]], threshold: int
) -> list[tuple[str, int]]:
    """Return the withheld values (case, place of the attribute) for which no other was found that could be.

    words: those of each attribute. Tried are exchanges of two interviews, and each other word for the value.
    """
    certain = []
    for case, label in truth.items():
        for place, value in enumerate(label):
            others = [
                {**truth, case: truth[other], other: label} for other in truth if truth[other][place] != value
            ]
            others += [
                {**truth, case: (*label[:place], word, *label[place + 1 :])}
                for word in words[place]
                if word != value
            ]
            if (
                value
                and not stated[case][place]
                and not any(could_be(other, stated, threshold) for other in others)
            ):
                certain.append((case, place))
    return certain


def _state(
    cases: list[str],
    labels: Mapping[str, Label],
    depth: int,
    threshold: int,
    order: Order,
    stated: dict[str, Label],
) -> None:
    """State the attribute at ``depth`` of cases that share all before it, and go on with those of one value."""
    if not cases or depth == len(labels[cases[0]]):
        return
    groups: dict[str, list[str]] = {}
    for case in cases:
        groups.setdefault(labels[case][depth], []).append(case)
    unknown = groups.pop("", [])
    large = {value: group for value, group in groups.items() if len(group) >= threshold}
    rest = len(unknown) + sum(len(group) for value, group in groups.items() if value not in large)
    while 0 < rest < threshold and large:
        value = max(large, key=lambda value: (len(large[value]), value))
        filling = sorted(large[value], key=order)[: threshold - rest]  # type: ignore[arg-type]
        rest += len(filling)
        large[value] = [case for case in large[value] if case not in filling]
        if len(large[value]) < threshold:
            rest += len(large.pop(value))
    for value, group in large.items():
        for case in group:
            stated[case] = (*stated[case][:depth], value, *stated[case][depth + 1 :])
        _state(group, labels, depth + 1, threshold, order, stated)
