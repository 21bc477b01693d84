"""Who coded what, and where coders part: counted by hand, with nothing of a passage that is not released."""

from __future__ import annotations

import pandas as pd

from paper.analysis import coders

ROWS = [
    ("s1", "One", "a", "X", True, "First."),
    ("s1", "One", "b", "Y", True, "First."),
    ("s2", "One", "a", "X", True, "Second."),
    ("s2", "One", "a", "Y", True, "Second."),
    ("s3", "One", "b", "X", False, ""),
    ("s4", "Two", "a", "X", True, "Alone."),
]
SEGMENTS = pd.DataFrame(ROWS, columns=["segment", "case", "code", "coder", "released", "excerpt"]).assign(
    block="A", question="A1", locator="p"
)
CODEBOOK = pd.DataFrame({"code": ["b", "a"], "name": ["B", "A"]})


def test_each_coder_with_what_was_read_twice() -> None:
    table = coders.by_coder(SEGMENTS).set_index("coder")
    assert table.loc["X"].to_dict() == {"cases": 2, "passages": 4, "codings": 4, "shared": 3}
    assert table.loc["Y"].to_dict() == {"cases": 1, "passages": 2, "codings": 2, "shared": 3}


def test_coders_part_where_one_gave_a_code_and_another_read_the_passage() -> None:
    table = coders.disagreements(SEGMENTS, CODEBOOK)
    assert table.to_numpy().tolist() == [
        ["s1", "One", "First.", "b", "Y", "X"],
        ["s1", "One", "First.", "a", "X", "Y"],
    ], "in the codebook's order; s2 is agreed, s3 not released, s4 read by one"


def test_nothing_is_told_without_codings() -> None:
    assert coders.disagreements(SEGMENTS.iloc[:0], CODEBOOK).empty
    assert coders.by_coder(SEGMENTS.iloc[:0]).empty
