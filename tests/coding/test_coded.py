"""Which codings stand where several coders worked, and how codes hang together."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.analysis.interviews import CASES, CODEBOOK, coded, empty, marks

from paper.coding.interviews import coded as c
from paper.errors import DataError

# x and y both coded I1; only x coded I2.
MARKS = marks(
    "s1 I1 A clients x",
    "s1 I1 A clients y",
    "s1 I1 A control y",
    "s2 I1 B control x",
    "s3 I2 A fear x",
    "s3 I2 A fear x",
)


def standing(rule: str, **options: str) -> set[tuple[str, str]]:
    table = c.apply_coder_rule(MARKS, rule, **options).table  # type: ignore[arg-type]
    return set(zip(table["segment"], table["code"], strict=True))


def test_one_coder_is_enough_when_any_counts_and_codings_count_once() -> None:
    settled = c.apply_coder_rule(MARKS)
    assert list(settled.table.columns) == c.CODED
    assert standing("any") == {("s1", "clients"), ("s1", "control"), ("s2", "control"), ("s3", "fear")}
    assert len(settled.table) == 4 and settled.dropped.empty


def test_when_all_count_only_those_who_read_the_passage_are_asked() -> None:
    assert standing("all") == {("s1", "clients"), ("s3", "fear")}
    dropped = c.apply_coder_rule(MARKS, "all").dropped
    assert list(dropped.columns) == c.DROPPED
    assert list(zip(dropped["segment"], dropped["code"], dropped["coder"], strict=True)) == [
        ("s1", "control", "y"),
        ("s2", "control", "x"),
    ]
    assert set(dropped["reason"]) == {"not given by every coder who read the passage"}


def test_by_passage_who_left_it_bare_has_not_read_it() -> None:
    assert standing("all", coverage="passage") == {("s1", "clients"), ("s2", "control"), ("s3", "fear")}


def test_one_coder_alone_may_count() -> None:
    settled = c.apply_coder_rule(MARKS, "y")
    assert standing("y") == {("s1", "clients"), ("s1", "control")}
    assert set(settled.dropped["reason"]) == {"given by a coder other than y"}
    assert settled.rule == "the codings of y count"


def test_a_coder_who_coded_nothing_is_told_with_those_who_did() -> None:
    with pytest.raises(DataError, match="write `any`, `all` or one of the coders: x, y"):
        c.apply_coder_rule(MARKS, "z")


def test_a_code_has_its_ancestors_and_the_nearest_driver() -> None:
    up = c.lineage(CODEBOOK)
    fear = up[up["code"] == "fear"]
    assert list(zip(fear["ancestor"], fear["distance"], strict=True)) == [
        ("fear", 0),
        ("control", 1),
        ("external", 2),
    ]
    assert c.driver_of(CODEBOOK)["fear"] == "external"
    own = CODEBOOK.assign(driver=["internal", "", "", "external", "context", "", "context", ""])
    assert c.driver_of(own)["fear"] == "context"


@pytest.mark.parametrize(
    ("parents", "said"), [(("b", "a"), "each other's parents"), (("", "zoo"), "which the codebook lacks")]
)
def test_a_codebook_without_a_top_or_with_a_gap_is_told(parents: tuple[str, str], said: str) -> None:
    broken = pd.DataFrame({"code": ["a", "b"], "parent": parents, "driver": ["", ""]})
    with pytest.raises(DataError, match=said):
        c.lineage(broken)


def test_siblings_rise_by_one_level() -> None:
    merged = c.merge_siblings(coded("s1 I1 A clients", "s1 I1 A citizens", "s2 I1 A fear"), CODEBOOK)
    assert set(zip(merged["segment"], merged["code"], strict=True)) == {("s1", "internal"), ("s2", "control")}


def test_a_case_without_a_word_on_it_is_silent_and_not_against() -> None:
    table = c.case_positions(
        coded("s1 I1 A clients", "s2 I1 A fear", "s3 I2 A fear"), CASES, ["clients"], ["fear"]
    )
    assert table.to_dict("list") == {
        "case": ["I1", "I2", "I3"],
        "supporting": [1, 0, 0],
        "opposing": [1, 1, 0],
        "position": ["both", "dissents", "silent"],
    }


def test_places_are_found_and_strangers_are_minus_one() -> None:
    assert c.positions_in(pd.Series(["b", "z", "a"]), ["a", "b"]).tolist() == [1, -1, 0]
    assert c.positions_in(pd.Series([], dtype="str"), ["a"]).tolist() == []
    assert c.apply_coder_rule(MARKS.iloc[:0]).table.empty
    assert c.with_parents(empty(), CODEBOOK).empty
