"""The coded rows against the paper they stand for: bibliography, chapters, model and codebook say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from paper.bibliography.reader import read
from paper.coding.data import load


@pytest.fixture(scope="module")
def works() -> dict[str, dict[str, str]]:
    path = Path(__file__).parent.parent.parent / "references.bib"
    return {entry.key: entry.values for entry in read(path).entries}


@pytest.fixture(scope="module")
def text() -> str:
    """The chapters, without the appendix that quotes what was corrected."""
    root = Path(__file__).parent.parent.parent
    chapters = [path for path in sorted(root.glob("chapters/*.qmd")) if path.stem != "corrections"]
    return "\n".join(path.read_text("utf8") for path in [root / "index.qmd", *chapters])


def test_a_claims_year_is_that_of_its_work(repository: Path, works: dict[str, dict[str, str]]) -> None:
    claims = load.table("literature_claims", repository)
    sourced = claims[claims["source"] != ""]
    assert len(sourced) > 30
    for row in sourced.itertuples():
        assert works[row.source]["date"][:4] == str(row.year), row.id


def test_the_state_of_the_references_repeats_the_bibliography(
    repository: Path, works: dict[str, dict[str, str]]
) -> None:
    status = load.table("references_status", repository)
    for row in status[status["key"] != ""].itertuples():
        assert works[row.key].get("doi", "") == row.doi, row.ref
    assert status["key"].ne("").sum() == 46 and status["level"].eq("duplicate").sum() == 1


def test_words_that_are_said_to_be_corrected_are_not_in_the_paper(repository: Path, text: str) -> None:
    rows = load.table("corrections", repository)
    rows = rows[(rows["status"] == "applied") & rows["id"].str.match("I-[CW]") & (rows["kind"] != "register")]
    fragments = {
        row.id: fragment for row in rows.itertuples() for fragment in re.findall(r'"([^"]{6,})"', row.what)
    }
    assert len(fragments) > 10
    assert {name: fragment for name, fragment in fragments.items() if fragment in text} == {}


def test_every_correction_without_an_answer_is_open(repository: Path) -> None:
    rows = load.table("corrections", repository)
    asked = rows["fix"].str.startswith("The author ")
    assert set(rows.loc[asked, "status"]) == {"open"}
    assert asked[rows["status"] == "open"].all()
    assert len(rows) == 113


def test_the_unlisted_citation_stays_visible(repository: Path, text: str) -> None:
    claims = load.table("literature_claims", repository)
    row = claims[claims["source_as_cited"] == "Knox 2012"].iloc[0]
    assert row["source"] == "" and "matches no entry" in row["doubt"]
    assert "Knox 2012" in text


def test_every_indicator_of_the_model_has_a_code(repository: Path) -> None:
    factors, codebook = load.table("factors", repository), load.table("codebook", repository)
    for driver in ("internal", "external"):
        indicators = factors[(factors["driver"] == driver) & (factors["indicator_type"] != "factor")]
        codes = codebook[codebook["parent"] == driver]
        assert len(codes) == len(indicators)
        assert (codes["driver"] == driver).all()


def test_examples_of_codes_are_no_ones_words(repository: Path) -> None:
    examples = load.table("codebook", repository)["example"]
    assert examples.str.startswith("Constructed example: ").all()
    assert not examples.str.contains('[“”"‘]', regex=True).any()


def test_no_made_up_interview_is_among_the_real_ones(repository: Path) -> None:
    for name in load.INTERVIEW_TABLES:
        real = (repository / "data" / f"{name}.csv").read_text("utf8")
        assert "synthetic" not in real.lower(), name
    assert not load.is_synthetic()
