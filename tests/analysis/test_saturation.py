"""Saturation: the worked example of the article, and what must hold for every series."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.interviews import CASES, coded, empty, people, studies
from tests.examples import examples

from paper.analysis import saturation as s
from paper.coding.interviews.coded import apply_coder_rule

# Guest, Namey & Chen (2020), "A simple method to assess and report thematic saturation in qualitative research",
# PLoS ONE 15(5): e0232076, the example of the section on how to calculate: 37 themes in a base of four interviews;
# a first run of two brings 7 new ones (19 %), the next 11 %, the one after that 1 (3 %), at or below 5 %: 6+2.
# The sums of the runs fix the new themes by interview but for one theme, which may have come in the 7th or 8th.
ARTICLE = [[20, 9, 5, 3, 4, 3, 1, 0], [20, 9, 5, 3, 3, 4, 0, 1]]


@pytest.mark.parametrize("new", ARTICLE)
def test_the_worked_example_of_the_article(new: list[int]) -> None:
    found = s.saturation(pd.Series(new), base=4, run=2, threshold=0.05)
    assert found.base_codes == 37
    assert found.runs["new"].tolist() == [7, 4, 1]
    assert [round(100 * ratio) for ratio in found.runs["ratio"]] == [19, 11, 3]
    assert found.runs["reached"].tolist() == [False, False, True]
    assert found.notation == "6+2" and found.at == 6 and found.why_not == ""


def test_runs_overlap_and_say_which_interviews_they_hold() -> None:
    runs = s.saturation(pd.Series([5, 5, 1, 1, 1]), base=2, run=2).runs
    assert list(zip(runs["start"], runs["end"], strict=True)) == [(3, 4), (4, 5)]


def test_no_new_code_at_all_is_saturation_even_at_a_threshold_of_nothing() -> None:
    assert s.saturation(pd.Series([8, 2, 0, 0]), base=2, run=2, threshold=0).notation == "2+2"
    assert s.saturation(pd.Series([8, 2, 0, 1]), base=2, run=2, threshold=0).notation == "not reached"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ([9, 3, 1, 0, 0], "6 interviews are needed, 5 are coded"),
        ([], "6 interviews are needed, 0 are coded"),
        ([0, 0, 0, 0, 2, 1], "the base interviews carry no code"),
        ([9, 9, 9, 9, 9, 9], "no run stayed at or below the threshold"),
    ],
)
def test_where_there_is_no_answer_the_reason_is_given(new: list[int], why: str) -> None:
    found = s.saturation(pd.Series(new, dtype=int))
    assert (found.at, found.notation, found.why_not) == (None, "not reached", why)


@pytest.mark.parametrize(
    ("base", "run", "threshold"), [(0, 2, 0.05), (4, 0, 0.05), (4, 2, 1.0), (4, 2, -0.1)]
)
def test_parameters_that_mean_nothing_are_refused(base: int, run: int, threshold: float) -> None:
    with pytest.raises(ValueError, match="base and run count interviews"):
        s.saturation(pd.Series([1]), base, run, threshold)


def test_new_codes_are_those_that_no_earlier_interview_has() -> None:
    study = coded("s1 I1 A clients", "s2 I1 B control", "s3 I2 A control", "s4 I2 B fear", "s5 I2 B fear")
    table = s.new_codes(study, CASES)
    assert table.to_dict("list") == {
        "interview": [1, 2, 3],
        "case": ["I1", "I2", "I3"],
        "codes": [2, 2, 0],
        "new": [2, 1, 0],
        "cumulative": [2, 3, 3],
    }


def test_the_order_of_interviews_is_that_of_the_table_of_cases() -> None:
    study = coded("s1 I1 A clients", "s3 I2 A clients", "s4 I2 B fear")
    assert s.new_codes(study, CASES.iloc[::-1])["new"].tolist() == [0, 2, 0]


def test_a_study_that_has_not_begun_has_no_new_codes() -> None:
    assert s.new_codes(empty(), CASES.iloc[:0]).empty
    assert s.new_codes(empty(), CASES)["new"].tolist() == [0, 0, 0]


@examples(33)
@given(st.lists(st.integers(0, 12), max_size=14), st.integers(1, 5), st.integers(1, 3))
def test_a_stricter_threshold_or_a_longer_run_is_never_met_earlier(
    new: list[int], base: int, run: int
) -> None:
    def at(run: int, threshold: float) -> float:
        found = s.saturation(pd.Series(new, dtype=int), base, run, threshold)
        return found.at if found.at is not None else float("inf")

    assert at(run, 0.0) >= at(run, 0.05) >= at(run, 0.2) >= base
    assert at(run + 1, 0.05) >= at(run, 0.05)


@examples(20)
@given(studies())
def test_every_code_is_new_exactly_once(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    segments, cases = study
    table = apply_coder_rule(segments).table
    new = s.new_codes(table, cases)
    assert new["new"].sum() == table["code"].nunique()
    assert (new["new"] <= new["codes"]).all()


def test_over_orders_where_all_interviews_say_the_same_order_means_nothing() -> None:
    cases = people(*[(f"I{n}", "", "") for n in range(6)])
    study = coded(*[f"s{n} I{n} A clients" for n in range(6)])
    assert s.over_orders(study, cases, draws=50).to_dict("list") == {
        "at": [4],
        "orders": [50],
        "share": [1.0],
    }


def test_over_orders_each_order_is_assessed_as_saturation_assesses_one() -> None:
    cases = people(*[(f"I{n}", "", "") for n in range(6)])
    study = coded(
        *[f"s{n} I{n} A clients" for n in range(6)], "t1 I5 A fear", "t2 I5 A control", "t3 I1 A citizens"
    )
    found = s.over_orders(study, cases, base=2, run=2, draws=4000)
    # Interview 5 brings two codes of its own, interview 1 one. Over all 720 orders, counted one by one:
    from itertools import permutations

    expected: dict[int, int] = {}
    for order in permutations(cases["case"]):
        ordered = people(*[(name, "", "") for name in order])
        at = s.saturation(s.new_codes(study, ordered)["new"], 2, 2).at or 0
        expected[at] = expected.get(at, 0) + 1
    shares = dict(zip(found["at"], found["share"], strict=True))
    assert set(shares) == set(expected)
    for at, orders in expected.items():
        assert shares[at] == pytest.approx(orders / 720, abs=0.03)


def test_over_orders_is_repeatable_and_says_when_it_cannot_answer() -> None:
    cases = people(*[(f"I{n}", "", "") for n in range(7)])
    study = coded(*[f"s{n} I{n % 7} A {code}" for n, code in enumerate(["clients", "fear", "control"] * 4)])
    pd.testing.assert_frame_equal(s.over_orders(study, cases), s.over_orders(study, cases))
    assert s.over_orders(study, cases)["orders"].sum() == 1000
    assert s.over_orders(empty(), CASES).to_dict("list") == {"at": [0], "orders": [1000], "share": [1.0]}
