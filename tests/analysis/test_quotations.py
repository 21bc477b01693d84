"""Quotations: only what is released, spread over the cases, with attributes that give nobody away."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from tests.analysis.interviews import CASES, CODEBOOK, marks, people, studies
from tests.examples import examples

from paper.analysis import quotations as q
from paper.coding.interviews.coded import apply_coder_rule


def spoken(*rows: tuple[str, str]) -> pd.DataFrame:
    """Segments from lines and what was said: "" for a passage that is not released."""
    table = marks(*[f"{line} x" for line, _ in rows])
    return table.assign(released=[bool(text) for _, text in rows], excerpt=[text for _, text in rows])


STUDY = spoken(
    ("s1 I1 A clients", "Ten words of the first interview, neither more nor less."),
    ("s2 I1 A clients", "Short."),
    ("s3 I2 A clients", "Words of the second interview."),
    ("s4 I3 A clients", ""),
    ("s5 I1 A control", "Control, said the first."),
    ("s6 I3 A control", "Control, said the third."),
)
CODED = apply_coder_rule(STUDY).table


def chosen(code: str, **options: int) -> list[str]:
    table = q.exemplars(STUDY, CODED, CODEBOOK, CASES, **options)
    return table.loc[table["code"] == code, "segment"].tolist()


def test_only_released_passages_are_quoted_with_their_words_and_place() -> None:
    table = q.exemplars(STUDY, CODED, CODEBOOK, CASES)
    assert list(table.columns) == [*q.EXEMPLARS, *q.PASSAGE[2:]]
    assert "s4" not in set(table["segment"])
    first = table[table["segment"] == "s3"].iloc[0]
    assert (first["excerpt"], first["case"], first["name"]) == (
        "Words of the second interview.",
        "I2",
        "Client orientation",
    )


def test_every_case_speaks_before_any_speaks_twice() -> None:
    assert set(chosen("clients", per_code=2)) == {"s1", "s3"}
    assert chosen("clients", per_code=3)[2] == "s2"


def test_who_has_been_quoted_least_goes_first() -> None:
    assert chosen("control", per_code=1) == ["s6"]  # I1 speaks for clients already


def test_the_passage_nearest_to_the_wanted_length_stands_for_its_case() -> None:
    assert "s1" in chosen("clients", per_code=2, words=10)
    assert "s2" in chosen("clients", per_code=2, words=1)


def test_the_attributes_beside_a_quotation_are_those_that_the_data_state() -> None:
    cases = people(("I1", "official", ""), ("I2", "official", ""), ("I3", "", ""))
    table = q.exemplars(STUDY, CODED, CODEBOOK, cases, attributes=("role", "region"))
    assert set(zip(table["case"], table["role"], table["region"], strict=True)) == set(
        zip(cases["case"], cases["role"], cases["region"], strict=True)
    )


def test_one_coders_doubt_holds_a_passage_back() -> None:
    doubted = pd.concat([STUDY, STUDY.iloc[[0]].assign(coder="y", released=False)])
    assert "s1" not in set(q.released(doubted)["segment"])
    assert q.released(STUDY)["segment"].tolist() == ["s1", "s2", "s3", "s5", "s6"]


def test_the_cover_counts_what_could_be_quoted() -> None:
    cover = q.quotation_cover(STUDY, CODED, CODEBOOK).set_index("code")
    clients = cover.loc["clients"]
    assert (clients["segments"], clients["released"], clients["released_share"]) == (4, 3, 0.75)
    assert (clients["cases"], clients["cases_released"]) == (3, 2)
    assert cover.loc["fear", ["segments", "released", "released_share"]].tolist() == [0, 0, 0]


def test_nothing_released_gives_no_quotation() -> None:
    held = STUDY.assign(released=False)
    assert q.exemplars(held, CODED, CODEBOOK, CASES).empty
    assert q.quotation_cover(held, CODED, CODEBOOK)["released"].eq(0).all()


@examples(20)
@given(studies())
def test_quotations_are_of_their_code_and_never_more_than_asked(
    study: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    segments, cases = study
    segments = segments.assign(
        released=segments["segment"].str[1:].astype(int) % 2 == 0, excerpt="Some words."
    )
    table = apply_coder_rule(segments).table
    quoted = q.exemplars(segments, table, CODEBOOK, cases, per_code=2)
    assert quoted.groupby("code").size().le(2).all()
    given_codes = set(zip(table["segment"], table["code"], strict=True))
    assert set(zip(quoted["segment"], quoted["code"], strict=True)) <= given_codes
    assert not quoted.duplicated(["code", "segment"]).any()
    assert set(quoted["segment"]) <= set(segments.loc[segments["released"], "segment"])
    cover = q.quotation_cover(segments, table, CODEBOOK)
    could = dict(zip(cover["code"], cover["released"].clip(upper=2), strict=True))
    assert quoted["code"].value_counts().to_dict() == {code: n for code, n in could.items() if n}
