"""Who was interviewed: counted from what is stated, and only what enough interviewees share is stated."""

from __future__ import annotations

import pandas as pd
from tests.analysis.interviews import people

from paper.analysis import disclosure as d
from paper.analysis.frequencies import UNSTATED

ATTRIBUTES = ("role", "region")


def sampled(*groups: tuple[str, str, int]) -> pd.DataFrame:
    """Cases of the given roles and regions."""
    each = [(role, region) for role, region, number in groups for _ in range(number)]
    return people(*[(f"I{number}", role, region) for number, (role, region) in enumerate(each)])


def test_interviewees_are_counted_by_two_attributes_with_totals() -> None:
    cases = sampled(("expert", "north", 3), ("official", "north", 4), ("official", "south", 5))
    table = d.sample(cases, ATTRIBUTES)
    assert table.loc["official"].to_dict() == {"north": 4, "south": 5, d.TOTAL: 9}
    assert table.loc[d.TOTAL].to_dict() == {"north": 7, "south": 5, d.TOTAL: 12}


def test_what_is_not_stated_is_a_group_of_its_own_and_stands_last() -> None:
    table = d.sample(sampled(("", "north", 4), ("expert", "", 3)), ATTRIBUTES)
    assert list(table.index) == ["expert", UNSTATED, d.TOTAL]
    assert list(table.columns) == ["north", UNSTATED, d.TOTAL]


def test_an_attribute_that_is_never_stated_has_no_column() -> None:
    table = d.sample(sampled(("expert", "", 3), ("official", "", 4)), ATTRIBUTES)
    assert table[d.TOTAL].to_dict() == {"expert": 3, "official": 4, d.TOTAL: 7}


def test_without_any_attribute_there_is_no_table() -> None:
    assert d.sample(sampled(("", "", 5)), ATTRIBUTES).empty
    assert d.sample(sampled(("", "", 5)), ()).empty


def test_a_table_of_cases_that_was_not_generalised_states_no_more_all_the_same() -> None:
    cases = sampled(("expert", "north", 1), ("official", "north", 3), ("official", "south", 2))
    safe = d.withhold(cases, ATTRIBUTES, 3)
    assert "expert" not in safe["role"].tolist() and "south" not in safe["region"].tolist()
    assert list(safe["case"]) == list(cases["case"])
    shared = sampled(("expert", "north", 3), ("official", "north", 3))
    assert d.withhold(shared, ATTRIBUTES, 3).equals(shared)
