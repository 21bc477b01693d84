"""Agreement between coders: published values, and the counted way against the laid-out way."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper.coding.interviews import agreement as agree

NONE = math.nan

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units.
SECTION_C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]
# The same, section A (binary) and B (nominal), two observers each.
SECTION_A = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
SECTION_B = ["aabbdcccedda", "babbbccceddd"]

# Cohen (1960), "A coefficient of agreement for nominal scales", table 2b, p. 45: 200 patients, two raters.
COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]

# Gwet (2014), "Handbook of Inter-Rater Reliability", 4th ed.; data and values as his R package irrCAC prints
# them in its README: 100 patients, two abstractors, and 15 patients, six raters.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
SIX_RATERS = [
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0],
    [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0],
    [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1],
]


def pairs(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Both raters' categories, unit by unit, from a contingency table."""
    cells = [
        (row, column) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)
    ]
    return [row for row, _ in cells], [column for _, column in cells]


def counted(ratings: list[list[float]], categories: list[int]) -> np.ndarray:
    """Rows units, columns categories: how many raters chose it."""
    data = np.array(ratings, dtype=float)
    return np.stack([(data == category).sum(axis=0) for category in categories], axis=1)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_at_every_level_is_krippendorffs(level: agree.Level, published: float) -> None:
    assert round(agree.alpha(SECTION_C, level), 3) == published


def test_binary_alpha_is_krippendorffs() -> None:
    assert round(agree.alpha(SECTION_A), 3) == 0.095


def test_alpha_of_two_observers_and_five_categories_is_krippendorffs() -> None:
    assert round(agree.alpha([[ord(value) for value in row] for row in SECTION_B]), 3) == 0.692


def test_kappa_is_cohens() -> None:
    assert round(agree.kappa(*pairs(COHEN_1960)), 3) == 0.492


def test_kappa_ac1_and_percent_are_gwets_for_two_raters() -> None:
    first, second = pairs(ABSTRACTORS)
    counts = [[(one == c) + (two == c) for c in range(3)] for one, two in zip(first, second, strict=True)]
    assert round(agree.kappa(first, second), 7) == 0.7964094
    assert round(agree.ac1(counts), 7) == 0.8493305
    assert agree.percent(counts) == pytest.approx(0.89)


def test_ac1_and_percent_are_gwets_for_six_raters() -> None:
    assert round(agree.ac1(SIX_RATERS), 7) == 0.4448007
    assert round(agree.percent(SIX_RATERS), 7) == 0.5511111


def test_ac1_and_percent_are_gwets_where_ratings_are_missing() -> None:
    counts = counted(SECTION_C, [1, 2, 3, 4, 5])
    assert round(agree.ac1(counts), 5) == 0.77544
    assert round(agree.percent(counts), 7) == 0.8181818


def test_alpha_is_undefined_when_everyone_always_says_the_same() -> None:
    assert math.isnan(agree.alpha([[1, 1, 1], [1, 1, 1]]))
    assert math.isnan(agree.alpha([[1, NONE], [NONE, 2]]))


def test_the_interval_is_repeatable_and_holds_alpha() -> None:
    low, high = agree.alpha_interval(SECTION_C, draws=200)
    assert (low, high) == agree.alpha_interval(SECTION_C, draws=200)
    assert low < agree.alpha(SECTION_C) < high
    assert (low, high) != agree.alpha_interval(SECTION_C, draws=200, seed=1)


def codings(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["segment", "case", "code", "coder"])


TWO_CODERS = codings(
    ("s1", "A", "control", "x"),
    ("s1", "A", "control", "y"),
    ("s2", "A", "control", "x"),
    ("s2", "A", "citizens", "y"),
    ("s3", "A", "citizens", "x"),
    ("s3", "A", "citizens", "y"),
    ("s4", "A", "other", "y"),
    ("s5", "B", "control", "x"),
)


def test_by_code_each_passage_of_a_case_that_both_coded_is_a_decision() -> None:
    found = agree.agreement(TWO_CODERS)
    control = found.by_code.set_index("code").loc["control"]
    # Both coded case A: s1 yes/yes, s2 yes/no, s3 and s4 no/no. By hand: p_o = 3/4; shares of yes 2/4 and 1/4,
    # so p_e = 1/8 + 3/8 = 1/2 and kappa = 1/2. Of all passages that were read, s5 by one
    # coder (Gwet 2008), yes is (1 + 1/2 + 0 + 0 + 1) / 5 = 1/2: AC1's p_e = 2 · 1/2 · 1/2 = 1/2, AC1 = 1/2.
    # Alpha: n = 8, n_yes = 3, n_no = 5, crossed = 2: 1 − 7 · 2 / (2 · 15) = 8/15.
    assert control["units"] == 4
    assert control["given"] == 2
    assert control["percent"] == pytest.approx(3 / 4)
    assert control["kappa"] == pytest.approx(1 / 2)
    assert control["ac1"] == pytest.approx(1 / 2)
    assert control["alpha"] == pytest.approx(8 / 15)
    assert control["alpha_low"] <= 8 / 15 <= control["alpha_high"]


def test_what_only_one_coder_read_is_dropped_and_said() -> None:
    dropped = agree.agreement(TWO_CODERS).dropped
    assert dropped.to_dict("records") == [
        {"what": "passages", "count": 1, "why": "only one coder coded the case"},
        {"what": "codings", "count": 1, "why": "on those passages: only one coder coded the case"},
    ]


def test_by_passage_only_passages_that_two_marked_count_and_agreement_looks_better() -> None:
    by_case, by_passage = agree.agreement(TWO_CODERS), agree.agreement(TWO_CODERS, coverage="passage")
    assert by_passage.by_code["units"].tolist() == [3, 3, 3]
    assert by_passage.dropped.iloc[0].to_dict() == {
        "what": "passages",
        "count": 2,
        "why": "only one coder gave the passage any code",
    }
    other = "other"
    assert by_case.by_code.set_index("code").loc[other, "percent"] == 3 / 4
    assert by_passage.by_code.set_index("code").loc[other, "percent"] == 1


def test_one_coder_gives_no_agreement_but_says_so() -> None:
    found = agree.agreement(TWO_CODERS[TWO_CODERS["coder"] == "x"])
    assert found.by_code["alpha"].isna().all()
    assert found.overall["units"].tolist() == [0]
    assert found.dropped["count"].tolist() == [4, 4]


def test_no_data_at_all_gives_an_empty_table() -> None:
    found = agree.agreement(TWO_CODERS.iloc[:0])
    assert found.by_code.empty
    assert found.dropped.empty


@examples(60)
@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from("abc"), st.sampled_from(["x", "y", "z"])),
        min_size=4,
        max_size=60,
    )
)
def test_counting_patterns_gives_what_laying_the_decisions_out_gives(
    marks: list[tuple[int, str, str]],
) -> None:
    rows = codings(*[(f"s{segment}", f"case {segment % 2}", code, coder) for segment, code, coder in marks])
    found = agree.agreement(rows, draws=20)
    read = agree.readers(rows)
    double = read["segment"].value_counts().loc[lambda n: n > 1].index
    for code, row in found.by_code.set_index("code").iterrows():
        laid = pd.DataFrame(np.nan, index=["x", "y", "z"], columns=sorted(double))
        for segment, coder in read[read["segment"].isin(double)].itertuples(index=False):
            laid.loc[coder, segment] = float(
                ((rows["segment"] == segment) & (rows["coder"] == coder) & (rows["code"] == code)).any()
            )
        ratings = laid.to_numpy()
        assert row["alpha"] == pytest.approx(agree.alpha(ratings), nan_ok=True)
        counts = counted(ratings.tolist(), [0, 1])
        alone = [
            float(((rows["segment"] == segment) & (rows["code"] == code)).any())
            for segment in sorted(set(read["segment"]) - set(double))
        ]
        every = np.vstack([counts, counted([alone], [0, 1])]) if alone and len(double) else counts
        expected = agree.ac1(every) if len(double) else math.nan  # no pair, no agreement
        assert row["ac1"] == pytest.approx(expected, nan_ok=True)
        assert row["percent"] == pytest.approx(agree.percent(counts), nan_ok=True)
        kappas = [
            agree.kappa(laid.loc[one], laid.loc[two]) for one, two in (("x", "y"), ("x", "z"), ("y", "z"))
        ]
        defined = [value for value in kappas if not math.isnan(value)]
        assert row["kappa"] == pytest.approx(np.mean(defined) if defined else math.nan, nan_ok=True)


def test_the_overall_row_pools_the_decisions_on_all_codes() -> None:
    overall = agree.agreement(TWO_CODERS).overall.iloc[0]
    # Twelve decisions (4 passages, 3 codes): s2 differs on control and citizens, s4 on other; three are yes/yes?
    # yes/yes: s1 control, s3 citizens = 2; crossed pairs: 3; no/no: 7. n = 24, n_yes = 7, n_no = 17, crossed 6.
    assert overall["percent"] == pytest.approx(9 / 12)
    assert overall["alpha"] == pytest.approx(1 - 23 * 6 / (2 * 7 * 17))
    assert overall["alpha_low"] < overall["alpha"] < overall["alpha_high"]
