"""Result tables from the claims of the literature."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from paper import catalogue

literature = catalogue.module(Path(__file__).parents[2], "analysis.literature")

CLAIMS = pd.DataFrame(
    [
        ("K1", "hood1991", "Hood (1991)", "NPM", "doctrine", "descriptive", 1991),
        ("K2", "hood1991", "Hood (1991)", "NPM", "doctrine", "critique (mild)", 1991),
        ("K3", "", "", "NPM", "diffusion", "support", None),
        ("K4", "", "Knox 2012", "NPM", "mimicry", "critique", None),
        ("K5", "meyer1977", "Meyer & Rowan 1997", "institutionalism", "mimicry", "critique", 1977),
        ("K6", "amagoh2011", "Amagoh (2011)", "NPM", "adoption", "support", 2011),
        ("K7", "", "", "weather", "rain", "mixed", None),
    ],
    columns=["id", "source", "source_as_cited", "object", "theme", "stance", "year"],
).astype({"year": "Int64"})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("support (of the lens)", "support"),
        ("Critique", "critique"),
        ("hesitant", "descriptive"),
        ("", "descriptive"),
    ],
)
def test_a_stance_is_one_of_four(text: str, word: str) -> None:
    assert literature.stance(text) == word


@pytest.mark.parametrize(
    ("subject", "field"),
    [
        ("NPM", "New Public Management"),
        ("donor reform", "Institutionalism and mimicry"),
        ("weather", "Other"),
    ],
)
def test_a_claim_belongs_to_a_field(subject: str, field: str) -> None:
    assert literature.field(subject) == field


def test_a_work_stands_once_in_each_field_with_all_its_stances() -> None:
    works = literature.over_time(CLAIMS)
    assert works[["source", "stances", "claims", "ids"]].to_numpy().tolist() == [
        ["hood1991", "descriptive; critique", 2, "K1; K2"],
        ["amagoh2011", "support", 1, "K6"],
        ["meyer1977", "critique", 1, "K5"],
    ]
    assert works["year"].tolist() == [1991, 2011, 1977]


def test_the_matrix_has_every_claim_works_first_then_the_lost_ones_then_the_drafts_own() -> None:
    matrix = literature.matrix(CLAIMS)
    assert list(matrix["id"]) == ["K1", "K2", "K6", "K4", "K3", "K5", "K7"]
    assert list(matrix["field"].drop_duplicates()) == [
        "New Public Management",
        "Institutionalism and mimicry",
        "Other",
    ]
