"""Small cells: hidden, and not to be computed from what is shown. Checked against every table that is possible."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.interviews import CODEBOOK, people, studies

from paper.analysis import disclosure as d
from paper.analysis import frequencies as f
from paper.coding.interviews.coded import apply_coder_rule

DRIVERS = ("internal", "external", "context")


def group(role: str, region: str, number: int) -> list[tuple[str, str]]:
    return [(role, region)] * number


def sampled(*groups: list[tuple[str, str]]) -> pd.DataFrame:
    """Cases of the given roles and regions."""
    each = [pair for some in groups for pair in some]
    return people(*[(f"I{number}", role, region) for number, (role, region) in enumerate(each)])


# -- the table of interviewees ------------------------------------------------------------------------------------


def test_a_sample_of_large_groups_is_shown_whole() -> None:
    table = d.sample(
        sampled(group("expert", "north", 3), group("official", "north", 4), group("official", "s", 5))
    )
    assert table.loc["official"].to_dict() == {"north": 4, "s": 5, d.TOTAL: 9}
    assert table.loc[d.TOTAL, d.TOTAL] == 12
    assert table.loc["expert", "s"] == 0
    assert not table.isna().any(axis=None)


def test_one_person_alone_is_hidden_with_three_others_since_margins_would_tell() -> None:
    cases = sampled(
        group("expert", "north", 1), group("expert", "south", 4), group("official", "north", 5),
        group("official", "south", 6), group("other", "north", 7), group("other", "south", 9),
    )  # fmt: skip
    table = d.sample(cases)
    assert table.loc["other"].tolist() == [7, 9, 16]  # the dearest row is left as it is
    assert table.loc[["expert", "official"], ["north", "south"]].isna().all(axis=None)
    assert table[d.TOTAL].tolist() == [5, 11, 16, 32]


def test_of_a_group_whose_size_is_hidden_nothing_is_told() -> None:
    cases = sampled(group("expert", "north", 2), group("official", "north", 6), group("official", "south", 7))
    assert d.sample(cases).loc["expert"].isna().all()


@pytest.mark.parametrize(
    "cases",
    [
        sampled(),
        sampled(group("expert", "north", 2)),
        sampled(group("expert", "north", 1), group("official", "north", 1), group("other", "north", 1)),
    ],
    ids=["nobody", "two people", "each of another role"],
)
def test_a_sample_that_would_tell_whatever_is_hidden_is_not_shown(cases: pd.DataFrame) -> None:
    assert d.sample(cases).empty


def test_what_is_not_stated_is_a_group_of_its_own() -> None:
    assert d.sample(sampled(group("", "north", 4), group("expert", "north", 3))).loc[f.UNSTATED, "north"] == 4


def possible(counts: np.ndarray, hidden: np.ndarray) -> Iterator[np.ndarray]:
    """Every table of people that agrees with all that is shown; each row and column has somebody."""
    unknown = np.argwhere(hidden[:-1, :-1])
    total = counts.sum()
    for values in product(range(total + 1), repeat=len(unknown)):
        if sum(values) > total:
            continue
        table = counts.copy()
        for (row, column), value in zip(unknown, values, strict=True):
            table[row, column] = value
        rows, columns = table.sum(axis=1), table.sum(axis=0)
        if (
            table.sum() == total
            and rows.all()
            and columns.all()
            and (rows == counts.sum(axis=1))[~hidden[:-1, -1]].all()
            and (columns == counts.sum(axis=0))[~hidden[-1, :-1]].all()
        ):
            yield table


def with_margins(table: np.ndarray) -> np.ndarray:
    return np.block(
        [[table, table.sum(axis=1, keepdims=True)], [table.sum(axis=0, keepdims=True), table.sum()]]
    )


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(1, 2), (2, 2), (2, 3), (3, 2)]).flatmap(
        lambda shape: st.lists(
            st.integers(0, 5), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
        ).map(lambda values: np.array(values).reshape(shape))
    )
)
def test_no_small_number_of_people_can_be_computed_from_what_is_shown(counts: np.ndarray) -> None:
    if not counts.any(axis=0).all() or not counts.any(axis=1).all() or counts.sum() > 11:
        return
    found = d.hidden_cells(pd.DataFrame(counts))
    if found is None:
        return
    hidden, true = found.to_numpy(), with_margins(counts)
    small = (true > 0) & (true < d.THRESHOLD)
    assert hidden[small].all()
    assert not hidden[-1, -1]
    others = [with_margins(table) for table in possible(counts, hidden)]
    certain = np.all([table == true for table in others], axis=0)
    assert not (certain & small).any()


def test_not_more_is_hidden_than_needed() -> None:
    counts = pd.DataFrame([[1, 5, 5], [5, 5, 5], [5, 5, 5]])
    hidden = d.hidden_cells(counts)
    assert hidden is not None and hidden.to_numpy().sum() == 4


@settings(max_examples=33, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(2, 4))
def test_hidden_groups_could_be_of_another_size(sizes: list[int], threshold: int) -> None:
    hidden = d.hidden_groups(pd.Series(sizes), threshold, occur=True)
    unknown = [n for n, hide in zip(sizes, hidden if hidden is not None else [], strict=False) if hide]
    if hidden is None:
        return
    assert all(hide for n, hide in zip(sizes, hidden, strict=True) if n < threshold)
    if unknown:  # the sum is known, and that each is one at least
        others = [
            v for v in product(range(1, sum(unknown) + 1), repeat=len(unknown)) if sum(v) == sum(unknown)
        ]
        for place, true in enumerate(unknown):
            assert {values[place] for values in others} > {true}


def test_the_group_that_is_hidden_with_a_small_one_is_the_next_smallest() -> None:
    assert d.hidden_groups(pd.Series([9, 2, 4, 7])).tolist() == [False, True, True, False]


# -- drivers by role or region --------------------------------------------------------------------------------------


def shown(table: pd.DataFrame, group: str, driver: str) -> pd.Series:
    return table.set_index(["group", "driver"]).loc[(group, driver)]


ROLES = sampled(group("expert", "", 2), group("official", "", 4), group("other", "", 5))


def by_role(codes: dict[str, list[int]], cases: pd.DataFrame = ROLES) -> pd.DataFrame:
    """Drivers by role, where the given numbers of passages by case carry a code."""
    from tests.analysis.interviews import coded

    lines = [
        f"{code}-{number}-{passage} I{number} A {code}"
        for code, passages in codes.items()
        for number, many in enumerate(passages)
        for passage in range(many)
    ]
    return f.drivers(coded(*lines), CODEBOOK, cases, "role")


def test_of_a_group_of_two_nothing_is_shown_nor_of_the_one_that_would_tell_it() -> None:
    whole = by_role({"clients": [1] * 11, "control": [1] * 11})
    table = d.protected(whole)
    assert list(table.columns) == list(whole.columns)
    for name in ("expert", "official"):  # the smaller of the others hides with it
        assert shown(table, name, "internal")[["segments", "cases", "group_cases"]].isna().all()
    assert shown(table, "other", "internal")[["cases", "group_cases"]].tolist() == [5, 5]


def test_a_driver_that_few_of_a_group_mention_hides_the_groups_passages_too() -> None:
    cases = sampled(group("official", "", 4), group("other", "", 5), group("third", "", 5))
    table = d.protected(
        by_role({"clients": [1] * 14, "control": [9, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]}, cases)
    )
    official, other = shown(table, "official", "external"), shown(table, "other", "external")
    assert pd.isna(official["cases"]) and pd.isna(other["cases"])
    assert shown(table, "third", "external")["cases"] == 5
    assert shown(table, "official", "internal")["cases"] == 4
    assert pd.isna(shown(table, "official", "internal")["segments"])
    assert shown(table, "third", "internal")["segments"] == 5


def test_groups_that_are_large_and_speak_alike_are_shown_whole() -> None:
    cases = sampled(group("official", "", 4), group("other", "", 5))
    table = d.protected(by_role({"clients": [1] * 9, "control": [1] * 9}, cases))
    assert not table.isna().any(axis=None)


def test_too_few_interviews_for_any_table_show_none() -> None:
    assert d.protected(by_role({"clients": [1, 1]}, sampled(group("expert", "", 2)))).empty
    assert d.protected(
        by_role({"clients": [1, 1, 1]}, sampled(*[group(f"r{n}", "", 1) for n in range(3)]))
    ).empty


@settings(max_examples=26, deadline=None)
@given(studies(), st.sampled_from(["role", "region"]), st.integers(2, 3))
def test_what_is_shown_is_true_and_never_of_fewer_than_the_threshold(
    study: tuple[pd.DataFrame, pd.DataFrame], by: f.Group, threshold: int
) -> None:
    segments, cases = study
    whole = f.drivers(apply_coder_rule(segments).table, CODEBOOK, cases, by)
    table = d.protected(whole, threshold)
    for column in ("segments", "cases", "group_segments", "group_cases", "segments_share", "cases_share"):
        seen = table[column].notna()
        assert table.loc[seen, column].tolist() == whole.loc[table.index[seen], column].tolist()
    assert table["group_cases"].dropna().ge(threshold).all()
    assert table["cases"].dropna().map(lambda n: n == 0 or n >= threshold).all()
    hidden = table[table["segments"].isna()]
    assert hidden["group"].nunique() != 1 or whole["group"].nunique() == 1
    for _, rows in table.groupby("group"):
        assert rows["segments"].isna().nunique() <= 1 and len(rows) == len(DRIVERS)


# -- attributes beside a quotation ----------------------------------------------------------------------------------


def printed(cases: pd.DataFrame, shared: int = 2) -> list[tuple[str, str]]:
    table = d.printable(cases, shared)
    return list(zip(table["role"], table["region"], strict=True))


def test_shared_attributes_are_printed() -> None:
    assert printed(sampled(group("expert", "north", 2))) == [("expert", "north")] * 2


def test_the_region_goes_first_then_the_role() -> None:
    cases = sampled(
        group("expert", "north", 1), group("expert", "south", 1), group("official", "west", 2),
        group("other", "east", 1), group("donor", "east", 1),
    )  # fmt: skip
    assert printed(cases) == [("expert", "")] * 2 + [("official", "west")] * 2 + [("", "")] * 2


def test_somebody_alone_with_less_is_joined_by_others() -> None:
    # Without company the third expert's missing region would say: not the north.
    assert printed(sampled(group("expert", "north", 2), group("expert", "south", 1))) == [("expert", "")] * 3


def test_nobodys_attributes_go_for_somebody_who_has_none() -> None:
    cases = sampled(group("expert", "north", 2), group("donor", "east", 1))
    assert printed(cases) == [("expert", "north")] * 2 + [("", "")]


def test_one_case_alone_has_no_attributes() -> None:
    assert printed(sampled(group("expert", "north", 1))) == [("", "")]
    assert printed(sampled()) == []


@settings(max_examples=66, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["n", "s", ""])), max_size=12),
    st.integers(1, 4),
)
def test_what_is_printed_is_true_and_shared(pairs: list[tuple[str, str]], shared: int) -> None:
    found = printed(sampled(pairs), shared)
    for (role, region), (true_role, true_region) in zip(found, pairs, strict=True):
        assert role in ("", true_role) and region in ("", true_region)
    assert all(found.count(label) >= shared for label in found if label != ("", ""))
    if shared == 1:
        assert found == pairs
