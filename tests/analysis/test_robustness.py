"""Does the picture hold: hand-made studies, and what must hold for all."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from tests.analysis.interviews import CASES, CODEBOOK, coded, empty, people, studies
from tests.examples import examples

from paper.analysis import frequencies as f
from paper.analysis import robustness as r
from paper.coding.interviews.coded import apply_coder_rule

# I1 speaks of citizens and control, I2 of control only, I3 of clients only, once.
STUDY = coded(
    "s1 I1 A citizens",
    "s2 I1 A citizens",
    "s2 I1 A control",
    "s3 I2 A control",
    "s4 I2 B control",
    "s5 I3 B clients",
)

DRIVERS = ("internal", "external", "context")


def test_leaving_one_out_shows_what_would_change() -> None:
    table = r.leave_one_out(STUDY, CODEBOOK, CASES).set_index("left_out")
    assert table["segments"].to_dict() == {"": 5, "I1": 3, "I2": 3, "I3": 4}
    assert table.loc["", ["internal", "external", "context"]].tolist() == [3 / 5, 3 / 5, 0]
    assert table["leading"].to_dict() == {"": "even", "I1": "external", "I2": "internal", "I3": "external"}
    assert table["flips"].to_dict() == {"": False, "I1": True, "I2": True, "I3": True}
    assert table["codes_lost"].to_dict() == {"": 0, "I1": 1, "I2": 0, "I3": 1}
    # Without I2, control falls from 3 of 5 passages to 1 of 3, clients rise from 1 of 5 to 1 of 3.
    assert table.loc["I2", "largest_shift"] == pytest.approx(3 / 5 - 1 / 3)


@examples(20)
@given(studies())
def test_leaving_one_out_is_counting_anew_without_the_case(study: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    segments, cases = study
    table = apply_coder_rule(segments).table
    found = r.leave_one_out(table, CODEBOOK, cases).set_index("left_out")
    whole = f.frequencies(table, CODEBOOK, cases)
    for case in cases["case"]:
        rest, others = table[table["case"] != case], cases[cases["case"] != case]
        counted = f.frequencies(rest, CODEBOOK, others)
        row = found.loc[case]
        assert row["segments"] == rest["segment"].nunique()
        assert row["codes_lost"] == (counted["segments"].eq(0) & whole["segments"].gt(0)).sum()
        shares = f.drivers(rest, CODEBOOK, others).set_index("driver")["segments_share"]
        assert row[list(DRIVERS)].tolist() == pytest.approx(shares.tolist())
        shift = (counted["segments_share"] - whole["segments_share"]).abs().max()
        assert row["largest_shift"] == pytest.approx(shift)


def test_siblings_become_their_parent_and_a_passage_with_two_counts_once() -> None:
    study = coded("s1 I1 A clients", "s1 I1 A citizens", "s2 I2 A internal", "s3 I2 A fear")
    table = r.merged_siblings(study, CODEBOOK, CASES).set_index("code")
    assert list(table.index) == ["internal", "external", "control", "training", "unplaced"]
    internal = table.loc["internal"]
    assert (internal["segments"], internal["cases"], internal["summed"], internal["children"]) == (2, 2, 3, 2)
    assert internal["rank"] == 1
    assert table.loc["control", "segments"] == 1  # fear rises by one level, to control and no further
    assert table.loc["control", "driver"] == "external"
    assert table.loc["external", "segments"] == 0


def test_concentration_of_a_code_that_one_case_gave_and_of_one_that_all_gave_alike() -> None:
    study = coded("s1 I1 A fear", "s2 I1 A fear", "s3 I1 A control", "s4 I2 A control", "s5 I3 B control")
    table = r.concentration(study, CODEBOOK, CASES).set_index("code")
    fear, control, unused = table.loc["fear"], table.loc["control"], table.loc["clients"]
    assert (fear["top_case"], fear["top_share"], fear["hhi"], fear["effective_cases"]) == (
        "I1",
        1.0,
        1.0,
        1.0,
    )
    assert control["hhi"] == pytest.approx(1 / 3) and control["effective_cases"] == pytest.approx(3)
    assert (unused["top_case"], unused["hhi"], unused["effective_cases"], unused["cases"]) == ("", 0, 0, 0)
    # All passages: 3, 1 and 1 of 5, so 9/25 + 1/25 + 1/25.
    assert table.loc["", "hhi"] == pytest.approx(11 / 25)


@examples(20)
@given(studies())
def test_the_index_of_concentration_lies_between_an_even_spread_and_one_voice(
    study: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    segments, cases = study
    table = r.concentration(apply_coder_rule(segments).table, CODEBOOK, cases)
    used = table[table["segments"] > 0]
    assert (used["hhi"] >= 1 / used["cases"] - 1e-12).all() and (used["hhi"] <= 1 + 1e-12).all()
    assert (used["top_share"] ** 2 <= used["hhi"] + 1e-12).all()
    assert (used["effective_cases"] <= used["cases"] + 1e-9).all()


def test_who_dissents_is_measured_against_what_leads_in_more_cases() -> None:
    cases = people(*[(f"I{n}", "", "") for n in range(1, 6)])
    study = coded(
        *["s1 I1 A clients", "s2 I2 A clients", "s3 I2 A clients", "s4 I2 A fear"],
        *["s5 I3 A control", "s6 I4 A clients", "s7 I4 A control"],
    )
    table = r.dissenting_cases(study, CODEBOOK, cases).set_index("case")
    assert table["leading"].to_dict() == {
        "I1": "internal",
        "I2": "internal",
        "I3": "external",
        "I4": "even",
        "I5": "even",
    }
    assert table["dissents"].to_dict() == {"I1": False, "I2": False, "I3": True, "I4": False, "I5": False}


def test_where_neither_driver_leads_in_more_cases_nobody_dissents() -> None:
    table = r.dissenting_cases(coded("s1 I1 A clients", "s2 I2 A fear"), CODEBOOK, CASES)
    assert not table["dissents"].any()


def test_a_study_that_has_not_begun_gives_tables_without_findings() -> None:
    nobody = CASES.iloc[:0]
    assert r.leave_one_out(empty(), CODEBOOK, nobody).to_dict("records") == [
        {
            **dict.fromkeys(
                ["segments", "internal", "external", "context", "codes_lost", "largest_shift"], 0
            ),
            "left_out": "",
            "leading": "even",
            "flips": False,
        }
    ]
    assert r.concentration(empty(), CODEBOOK, nobody)["segments"].eq(0).all()
    assert r.merged_siblings(empty(), CODEBOOK, nobody)["segments"].eq(0).all()
    assert r.dissenting_cases(empty(), CODEBOOK, nobody).empty
