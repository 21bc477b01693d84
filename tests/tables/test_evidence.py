"""The evidence behind the claims: each with an address, its support and what speaks against it; nothing run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from paper import tables
from paper.coding.claims.check import SupportedClaim
from paper.coding.claims.ledger import Claim
from paper.coding.claims.support import Quote, Row, Support
from paper.publishing.page import ui_strings
from paper.tables.claims import Evidence
from paper.tools import pandoc

CASES = pd.DataFrame(
    {
        "case": ["Interview 1", "Interview 2", "Interview 3"],
        "role": ["expert", "expert", "official"],
        "region": ["north", "south", "north"],
    }
)


def evidence(claim: Claim, support: Support | None) -> Evidence:
    codes = {"clients": "Client orientation", "control": "Control"}
    return Evidence(
        [SupportedClaim(claim, support)], codes, {"problems": "Problems of delivery"}, CASES, ui_strings("en")
    )


CLAIM = Claim(
    "clients",
    "Most speak of clients.",
    codes=("clients",),
    against=("control",),
    at_least={"cases": 1, "segments": 2},
)
SUPPORT = Support(
    cases={"supports": ("Interview 1",), "both": ("Interview 2",), "dissents": ("Interview 3",)},
    segments=5,
    against_segments=3,
    quotes=(
        Quote("i2-1", "Interview 2", "Clients come first.", False),
        Quote("i3-1", "Interview 3", "No.", True),
    ),
    total=3,
)


def blocks(made: Evidence) -> list[dict[str, Any]]:
    text = made._repr_mimebundle_()["text/markdown"]
    found: list[dict[str, Any]] = json.loads(pandoc.run(text, source="markdown", to="json"))["blocks"]
    return found


def plain(made: Evidence) -> str:
    text = made._repr_mimebundle_()["text/markdown"]
    return pandoc.run(text, source="markdown-smart", to="plain", args=["--wrap=none"])


def test_each_claim_stands_in_a_block_that_its_links_lead_to() -> None:
    [block] = blocks(evidence(CLAIM, SUPPORT))
    assert block["t"] == "Div"
    assert block["c"][0][:2] == ["claim-clients", ["claim-evidence"]]


def test_it_says_what_supports_the_claim_and_what_speaks_against_it() -> None:
    said = plain(evidence(CLAIM, SUPPORT))
    for line in (
        "Most speak of clients.",
        "2 of 3 interviews support it, with 5 passages; it needs at least 1 interview and 2 passages.",
        "Codes: Client orientation. Codes against it: Control.",
        "Only for it: Interview 1.",
        "For and against it: Interview 2.",
        "Only against it: Interview 3.",
        "Passages against it: 3.",
    ):
        assert line in said
    assert "Neither" not in said


def test_quotations_name_their_case_with_shared_attributes_only() -> None:
    said = plain(evidence(CLAIM, SUPPORT))
    assert "Clients come first.\n  — Interview 2, expert\n" in said
    assert "No.\n  — Interview 3; speaks against it" in said
    assert "south" not in said and "official" not in said


def test_a_claim_on_documents_lists_its_rows_with_source_and_doubt() -> None:
    claim = Claim(
        "argued", "Most are argued.", "documents", rows=("P01",), of="problems", at_least={"rows": 1}
    )
    row = Row("P01", "problems", "red tape", "Only implied", "DOC-1", "hood1991")
    against = Row("P02", "problems", "a survey", "", "DOC-2")
    made = evidence(claim, Support(rows=(row,), against_rows=(against,), total=4))
    said = plain(made)
    assert "Rests on 1 of the 4 rows of the table “Problems of delivery”; it needs at least 1." in said
    assert "P01: Red tape" in said
    assert "[@hood1991]" in said
    assert '{.query row="P01"}' in made.markdown(), "a doubt is said to the author"
    assert said.index("Speaking against it") < said.index("P02: A survey")


def test_a_claim_on_interviews_of_another_edition_says_so_and_keeps_its_address() -> None:
    [block] = blocks(evidence(CLAIM, None))
    assert block["c"][0][0] == "claim-clients"
    assert "not part of this edition" in plain(evidence(CLAIM, None))


def test_a_made_up_claim_is_marked() -> None:
    made_up = Claim("synthetic-x", "All.", codes=("clients",), at_least={"cases": 1})
    assert "Synthetic data" in plain(evidence(made_up, SUPPORT))
    assert "Synthetic data" not in plain(evidence(CLAIM, SUPPORT))


HOSTILE = "<script>alert(1)</script> [x](javascript:alert) `{=html}` *a* $b$ ::: @key\n\n# Heading"


def test_markup_in_data_is_shown_as_text() -> None:
    quote = Quote("i1-1", "Interview 1", HOSTILE, False)
    support = Support(cases={"supports": (HOSTILE,)}, segments=1, quotes=(quote,), total=1)
    claim = Claim("hostile", HOSTILE, codes=(HOSTILE,), at_least={"cases": 1})
    made = evidence(claim, support)
    text = made._repr_mimebundle_()["text/markdown"]
    page = pandoc.run(text, source="markdown", to="html")
    assert "<script" not in page and "<a " not in page and "<h1" not in page and "citation" not in page
    assert page.count("&lt;script&gt;") == 4
    [block] = blocks(made)
    assert block["t"] == "Div"


def test_an_empty_ledger_says_that_nothing_is_claimed() -> None:
    made = Evidence([], {}, {}, CASES, ui_strings("en"))
    assert plain(made).strip() == "No claim has been entered in the ledger yet."


@pytest.mark.parametrize("profile", ["", "demo"])
def test_the_papers_own_claims_have_their_evidence(
    repository: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    monkeypatch.chdir(repository / "chapters")
    monkeypatch.setenv("QUARTO_PROFILE", profile)
    made = tables.evidence()
    assert [block["t"] for block in blocks(made)] == ["Div"] * len(made.claims)
    assert any(each.claim.synthetic for each in made.claims) == (profile == "demo")
