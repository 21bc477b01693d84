"""Signs that were expected: where they are seen, and what odds follow, reckoned by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from paper.analysis import process_tracing
from paper.coding.claims.expectations import Seal, Sign
from paper.tables.signs import in_words, sealing

CODEBOOK = pd.DataFrame(
    {
        "code": ["inner", "inner-users", "outer"],
        "parent": ["", "inner", ""],
        "name": ["Inner", "Users", "Outer"],
        "driver": ["inner", "", "outer"],
    }
)
CASES = pd.DataFrame({"case": ["One", "Two", "Three"]})
CODED = pd.DataFrame(
    [
        ("s1", "One", "inner-users"),
        ("s2", "One", "inner-users"),
        ("s3", "One", "outer"),
        ("s4", "Two", "outer"),
    ],
    columns=["segment", "case", "code"],
).assign(block="A", question="A1")
USERS = Sign("users", "Names users.", ("inner",), "inner", {"inner": 0.8, "outer": 0.2})
ORDER = Sign("order", "Names an order.", ("outer",), "outer", {"inner": 0.3, "outer": 0.6}, absence=True)
BOTH = ("inner", "outer")


def seen() -> pd.DataFrame:
    return process_tracing.seen(CODED, CODEBOOK, CASES, [USERS, ORDER])


def test_a_sign_is_seen_with_its_codes_and_those_beneath_them() -> None:
    found = seen().pivot(index="case", columns="sign", values="passages")
    assert found["users"].to_dict() == {"One": 2, "Two": 0, "Three": 0}
    assert found["order"].to_dict() == {"One": 1, "Two": 1, "Three": 0}


def test_odds_are_the_product_of_what_was_seen_and_of_what_was_to_be_seen() -> None:
    table = process_tracing.odds(seen(), [USERS, ORDER], BOTH).set_index("case")
    assert table.loc["One", "odds"] == pytest.approx(0.8 / 0.2 * 0.3 / 0.6)
    assert table.loc["Two", "odds"] == pytest.approx(0.3 / 0.6), "not to name users is silence"
    assert table.loc["Three", "odds"] == pytest.approx(0.7 / 0.4), "not to name an order was said to count"
    assert table["signs"].to_dict() == {"One": 2, "Two": 1, "Three": 1}
    assert process_tracing.odds(seen(), [USERS], BOTH, prior=3.0)["odds"].to_list() == pytest.approx(
        [12, 3, 3]
    )


def test_the_range_moves_all_likelihoods_one_way_and_the_other() -> None:
    table = process_tracing.odds(seen(), [USERS, ORDER], BOTH, shift=0.1).set_index("case")
    assert table.loc["One", "low"] == pytest.approx(0.7 / 0.3 * 0.2 / 0.7)
    assert table.loc["One", "high"] == pytest.approx(0.9 / 0.1 * 0.4 / 0.5)
    assert table.loc["Three", "low"] == pytest.approx(0.6 / 0.5)
    assert table.loc["Three", "high"] == pytest.approx(0.8 / 0.3)


def test_signs_without_likelihoods_are_not_weighed() -> None:
    plain = Sign("users", "Names users.", ("inner",), "inner")
    assert process_tracing.odds(seen(), [plain, ORDER], BOTH)["signs"].to_list() == [1, 1, 1]


@pytest.mark.parametrize(
    ("odds", "low", "high", "words"),
    [
        (4.0, 1.5, 9.0, "for inner: 4 : 1 [1.5 : 1, 9 : 1]"),
        (0.02, 0.001, 0.5, "strongly for outer: 1 : 50 [1 : 1000, 1 : 2]"),
        (5000.0, 200.0, 90000.0, "very strongly for inner: more than 1000 : 1 [200 : 1, more than 1000 : 1]"),
        (1.3, 1.1, 2.0, "hardly more for inner: 1.3 : 1 [1.1 : 1, 2 : 1]"),
        (4.0, 0.5, 9.0, "undecided: 4 : 1 [1 : 2, 9 : 1]"),
    ],
)
def test_odds_are_told_in_words_and_a_range_across_even_decides_nothing(
    odds: float, low: float, high: float, words: str
) -> None:
    assert in_words(odds, low, high, BOTH) == words


def test_a_seal_says_when_and_how_much_was_coded_by_then() -> None:
    first = Seal("2026-11-28", "ab" * 32, 0)
    assert sealing([]) == "The signs are not sealed yet."
    assert sealing([first]).startswith("Sealed on 2026-11-28, before any passage was coded (SHA-256 abababab")
    later = Seal("2026-12-24", "cd" * 32, 1)
    assert "changed and sealed again on 2026-12-24, with 1 passage coded" in sealing([first, later])
