"""Counting: hand-counted examples, and what must hold for every study."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from tests.analysis.interviews import CASES, CODEBOOK, CODES, coded, empty, people, studies
from tests.examples import examples

from paper.analysis import frequencies as f
from paper.coding.interviews.coded import apply_coder_rule
from paper.errors import DataError

STUDY = coded(
    "s1 I1 A clients",
    "s1 I1 A control",
    "s2 I1 B clients",
    "s3 I2 A fear",
    "s4 I2 B unplaced",
)

DRIVERS = ("internal", "external", "context")


def by_code(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("code")


def test_codes_are_counted_by_case_and_by_passage_and_unused_ones_are_listed() -> None:
    table = f.frequencies(STUDY, CODEBOOK, CASES)
    assert list(table["code"]) == CODES
    clients, training = by_code(table).loc["clients"], by_code(table).loc["training"]
    assert (clients["cases"], clients["segments"]) == (1, 2)
    assert clients["cases_share"] == pytest.approx(1 / 3)
    assert clients["segments_share"] == pytest.approx(2 / 4)
    assert (training["cases"], training["segments_share"]) == (0, 0.0)


def test_a_code_has_the_driver_of_its_nearest_ancestor_that_has_one() -> None:
    drivers = by_code(f.frequencies(STUDY, CODEBOOK, CASES))["driver"]
    assert drivers["fear"] == "external" and drivers["clients"] == "internal" and drivers["unplaced"] == ""


def test_with_parents_a_passage_counts_once_for_each_ancestor() -> None:
    table = by_code(f.frequencies(STUDY, CODEBOOK, CASES, parents=True))
    assert table.loc["external", "segments"] == 2  # s1 by control, s3 by fear
    assert table.loc["control", "segments"] == 2
    assert table.loc["external", "cases"] == 2
    assert table.loc["internal", "segments"] == 2


def test_the_matrix_has_a_row_for_each_code_and_a_column_for_each_case() -> None:
    matrix = f.code_by_case(STUDY, CODEBOOK, CASES)
    assert list(matrix.index) == CODES and list(matrix.columns) == ["I1", "I2", "I3"]
    assert matrix.loc["clients"].tolist() == [2, 0, 0]
    assert matrix["I3"].sum() == 0


def test_drivers_over_all_count_a_passage_of_two_drivers_for_both() -> None:
    table = f.drivers(STUDY, CODEBOOK, CASES).set_index("driver")
    assert table["segments"].to_dict() == {"internal": 2, "external": 2, "context": 0}
    assert table.loc["internal", "group_segments"] == 3  # s4 carries no driver
    assert table.loc["external", "cases"] == 2
    assert table.loc["external", "cases_share"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("case", ["I1", "I2", "I3"]),
        ("role", ["expert", "official"]),
        ("region", ["north", "south"]),
        ("block", ["A", "B"]),
    ],
)
def test_drivers_within_groups_have_every_group_and_driver(by: f.Group, groups: list[str]) -> None:
    table = f.drivers(STUDY, CODEBOOK, CASES, by)
    assert list(dict.fromkeys(table["group"])) == groups
    assert (table.groupby("group")["driver"].agg(list).map(tuple) == DRIVERS).all()


def test_drivers_by_block_and_role_are_those_of_the_passages() -> None:
    block = f.drivers(STUDY, CODEBOOK, CASES, "block").set_index(["group", "driver"])
    assert block.loc[("A", "external"), "segments"] == 2
    assert block.loc[("B", "external"), "segments"] == 0
    assert block.loc[("B", "internal"), "group_cases"] == 3
    role = f.drivers(STUDY, CODEBOOK, CASES, "role").set_index(["group", "driver"])
    assert role.loc[("official", "external"), "cases_share"] == 1.0
    assert role.loc[("expert", "external"), "cases"] == 0


def test_what_is_not_stated_comes_last_and_says_so() -> None:
    cases = people(("I1", "", "north"), ("I2", "official", "south"), ("I3", "zookeeper", "north"))
    table = f.drivers(STUDY, CODEBOOK, cases, "role")
    assert list(dict.fromkeys(table["group"])) == ["official", "zookeeper", f.UNSTATED]


def test_codes_together_are_pairs_on_one_passage_with_jaccards_index() -> None:
    study = coded(
        "s1 I1 A clients", "s1 I1 A control", "s2 I2 A clients", "s2 I2 A control", "s3 I1 B control"
    )
    table = f.cooccurrence(study, CODEBOOK)
    assert table.to_dict("records") == [
        {
            "code": "clients",
            "with_code": "control",
            "segments": 2,
            "cases": 2,
            "jaccard": pytest.approx(2 / 3),
        }
    ]


def test_the_pairs_that_are_together_most_often_come_first() -> None:
    study = coded(
        "s1 I1 A clients",
        "s1 I1 A fear",
        "s2 I1 A control",
        "s2 I1 A fear",
        "s3 I2 A control",
        "s3 I2 A fear",
    )
    assert f.cooccurrence(study, CODEBOOK)["segments"].tolist() == [2, 1]


def test_a_code_and_its_own_ancestor_are_no_pair() -> None:
    table = f.cooccurrence(coded("s1 I1 A fear", "s1 I1 A clients"), CODEBOOK, parents=True)
    pairs = set(zip(table["code"], table["with_code"], strict=True))
    assert pairs == {(a, b) for a in ("internal", "clients") for b in ("external", "control", "fear")}


def test_a_study_that_has_not_begun_gives_tables_of_zeros() -> None:
    nobody = CASES.iloc[:0]
    assert f.frequencies(empty(), CODEBOOK, nobody)[["cases", "segments"]].to_numpy().sum() == 0
    assert f.frequencies(empty(), CODEBOOK, nobody)["cases_share"].eq(0).all()
    assert f.drivers(empty(), CODEBOOK, nobody)["segments_share"].tolist() == [0.0, 0.0, 0.0]
    assert f.drivers(empty(), CODEBOOK, nobody, "role").empty
    assert f.drivers(empty(), CODEBOOK, nobody, "block").empty
    assert f.cooccurrence(empty(), CODEBOOK).empty


def test_a_code_or_case_that_the_tables_lack_is_told_not_lost() -> None:
    with pytest.raises(DataError, match="the codebook lacks: joy"):
        f.frequencies(coded("s1 I1 A joy"), CODEBOOK, CASES)
    with pytest.raises(DataError, match="the table of cases lacks: I9"):
        f.code_by_case(coded("s1 I9 A clients"), CODEBOOK, CASES)


@examples(26)
@given(studies())
def test_all_ways_of_counting_agree(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    segments, cases = study
    table = apply_coder_rule(segments).table
    counts, matrix = f.frequencies(table, CODEBOOK, cases), f.code_by_case(table, CODEBOOK, cases)
    assert counts["segments"].sum() == len(table) == matrix.to_numpy().sum()
    assert counts["cases"].tolist() == (matrix > 0).sum(axis=1).tolist()
    grown = f.frequencies(table, CODEBOOK, cases, parents=True)
    assert (grown["segments"] >= counts["segments"]).all()
    whole = f.drivers(table, CODEBOOK, cases)
    for by in ("case", "role", "region", "block"):
        parts = f.drivers(table, CODEBOOK, cases, by)
        sums = parts.groupby("driver")["segments"].sum().reindex(DRIVERS, fill_value=0)
        assert sums.tolist() == whole["segments"].tolist(), by
        assert (parts["segments"] <= parts["group_segments"]).all()
        assert (parts["cases"] <= parts["group_cases"]).all()
        assert parts[["segments_share", "cases_share"]].stack().between(0, 1).all()
    together = f.cooccurrence(table, CODEBOOK)
    assert together["jaccard"].between(0, 1).all()
    sizes = table["segment"].value_counts()
    assert together["segments"].sum() == (sizes * (sizes - 1) // 2).sum()


@examples(15)
@given(studies())
def test_the_order_of_the_rows_means_nothing(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    segments, cases = study
    one, other = apply_coder_rule(segments).table, apply_coder_rule(segments.iloc[::-1]).table
    for by in ("", "role", "block"):
        pd.testing.assert_frame_equal(
            f.drivers(one, CODEBOOK, cases, by), f.drivers(other, CODEBOOK, cases, by)
        )
    pd.testing.assert_frame_equal(f.cooccurrence(one, CODEBOOK), f.cooccurrence(other, CODEBOOK))
