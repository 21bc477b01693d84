"""Attributes of interviews are stated where enough share them, and what is withheld can't be worked out.

The second is checked against every set of interviews and every key that there could be, by somebody who knows the
method (Wong et al. 2007 call it the minimality attack).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper.coding.data.attributes import Label, could_be, generalise, scarce, secret_order

ROLES, REGIONS = ("servant", "expert", "activist", "donor", ""), ("north", "south", "west", "")


@st.composite
def interviews(draw: st.DrawFn) -> dict[str, Label]:
    labels = st.tuples(st.sampled_from(ROLES), st.sampled_from(REGIONS))
    return {f"case-{n:02}": label for n, label in enumerate(draw(st.lists(labels, max_size=30)))}


@examples()
@given(interviews(), st.integers(3, 5))
def test_whatever_is_stated_is_true_and_shared(known: dict[str, Label], threshold: int) -> None:
    result = generalise(known, threshold, secret_order(secrets.token_bytes(8)))
    assert not scarce(result.stated.values(), threshold)
    for case, label in result.stated.items():
        assert all(stated in ("", true) for stated, true in zip(label, known[case], strict=True))
    assert set(result.withheld) == {case for case in known if known[case] != result.stated[case]}


@examples()
@given(interviews())
def test_what_is_shared_by_enough_is_stated(known: dict[str, Label]) -> None:
    groups: dict[Label, int] = defaultdict(int)
    for label in known.values():
        groups[label] += 1
    if all(number >= 3 and all(label) for label, number in groups.items()):
        assert generalise(known).stated == known


@examples()
@given(interviews())
def test_doing_it_again_changes_nothing(known: dict[str, Label]) -> None:
    first = generalise(known, 3, secret_order(b"key"))
    assert generalise(known, 3, secret_order(b"key", first.withheld)).stated == first.stated


def test_the_first_interview_waits_with_its_attributes_until_others_share_them() -> None:
    known = {"a": ("expert", "north")}
    assert generalise(known).stated == {"a": ("", "")}
    known |= {"b": ("expert", "north"), "c": ("expert", "south")}
    assert set(generalise(known).stated.values()) == {("expert", "")}
    known |= {"d": ("expert", "north"), "e": ("expert", "south"), "f": ("expert", "south")}
    assert generalise(known).stated == known


def test_somebody_alone_is_not_alone_in_being_withheld() -> None:
    known = {**{f"s{n}": ("servant",) for n in range(6)}, "d": ("donor",)}
    withheld = generalise(known, 3, secret_order(b"key")).withheld
    assert len(withheld) == 3 and "d" in withheld


def test_who_is_withheld_with_somebody_stays_so_when_others_come() -> None:
    known = {**{f"s{n}": ("servant",) for n in range(6)}, "d": ("donor",)}
    before: tuple[str, ...] = ()
    for more in range(40):
        withheld = generalise(known, 3, secret_order(b"key", before)).withheld
        assert not before or withheld == before
        before = withheld
        known[f"m{more}"] = ("servant",)


def _keys(cases: list[str]) -> Iterator[dict[str, int]]:
    for drawn in permutations(range(len(cases))):
        yield dict(zip(cases, drawn, strict=True))


@pytest.mark.parametrize(
    ("number", "words", "threshold"), [(4, ("AB", "xy"), 2), (4, ("ABC", "xy"), 2), (5, ("AB", "xy"), 3)]
)
def test_nothing_that_is_withheld_is_certain_to_whoever_knows_the_method(
    number: int, words: tuple[str, ...], threshold: int
) -> None:
    cases = [f"case-{n}" for n in range(number)]
    behind: dict[tuple[Label, ...], list[tuple[Label, ...]]] = defaultdict(list)
    for truth in product(product(*words), repeat=number):
        known = dict(zip(cases, truth, strict=True))
        for tables in {
            tuple(generalise(known, threshold, key.__getitem__).stated.values()) for key in _keys(cases)
        }:
            behind[tables].append(truth)
    for stated, truths in behind.items():
        for place, label in enumerate(stated):
            for attribute, value in enumerate(label):
                assert value or len({truth[place][attribute] for truth in truths}) > 1


@examples()
@given(interviews())
def test_what_the_method_makes_of_the_truth_could_be_of_it(known: dict[str, Label]) -> None:
    assert could_be(known, generalise(known, 3, secret_order(secrets.token_bytes(8))).stated)
