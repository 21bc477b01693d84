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
from paper.coding.claims.parts import Judgement, Passage, QuoteEntry
from paper.coding.claims.support import Quote, Row, Support
from paper.publishing.ui import ui_strings
from paper.tables.claims import Evidence
from paper.tools import pandoc

CASES = pd.DataFrame(
    {
        "case": ["Interview 1", "Interview 2", "Interview 3"],
        "role": ["expert", "expert", ""],
        "region": ["", "", ""],
    }
)
ATTRIBUTES = ("role", "region")


def evidence(claim: Claim, support: Support | None) -> Evidence:
    codes = {"clients": "Client orientation", "control": "Control"}
    titles = {"problems": "Problems of delivery"}
    return Evidence([SupportedClaim(claim, support)], codes, titles, CASES, ui_strings("en"), ATTRIBUTES)


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
        Quote(
            "i2-1",
            "Interview 2",
            "Алдымен клиент.",
            False,
            QuoteEntry("i2-1", "Said unasked.", "kk", "Clients come first."),
            "paragraph 4",
        ),
        Quote("i3-1", "Interview 3", "No.", True, QuoteEntry("i3-1")),
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
        "Codes: Client orientation.",
        "Codes against it: Control.",
        "Only for it: Interview 1.",
        "For and against it: Interview 2.",
        "Only against it: Interview 3.",
        "Passages against it: 3.",
    ):
        assert line in said
    assert "Neither" not in said


def test_quotations_name_their_case_with_what_is_stated_of_it() -> None:
    said = plain(evidence(CLAIM, SUPPORT))
    assert (
        "“Алдымен клиент.”\n  Translation: “Clients come first.”\n  — Interview 2, expert, paragraph 4\n"
        in said
    )
    assert "Said unasked." in said
    assert "“No.”\n  — Interview 3; speaks against it" in said
    markdown = evidence(CLAIM, SUPPORT).markdown()
    assert "{lang=kk}" in markdown and "::: {#quote-i2-1 .claim-quote}" in markdown


def test_a_claim_on_documents_lists_its_rows_with_source_and_doubt() -> None:
    claim = Claim(
        "argued", "Most are argued.", "documents", rows=("P01",), of="problems", at_least={"rows": 1}
    )
    row = Row("P01", "problems", "red tape", "Only implied", "DOC-1", "hood1991")
    against = Row("P02", "problems", "a survey", "", "DOC-2")
    made = evidence(claim, Support(rows=(row,), against_rows=(against,), total=4))
    said = plain(made)
    assert (
        "It rests on 1 of the 4 rows of the table “Problems of delivery”, of which it needs at least 1."
        in said
    )
    assert "Red tape" in said and "[@hood1991] (P01)" in said
    assert "[@hood1991]" in said
    assert '{.query row="P01"}' in made.markdown(), "a doubt is said to the author"
    assert said.index("What speaks against it") < said.index("A survey (P02)")


def test_many_rows_run_on_in_a_paragraph_instead_of_filling_a_page() -> None:
    rows = tuple(Row(f"P{n:02}", "problems", f"Problem {n}", "", "DOC") for n in range(1, 9))
    claim = Claim(
        "many", "Most.", "documents", rows=tuple(r.id for r in rows), of="problems", at_least={"rows": 5}
    )
    said = plain(evidence(claim, Support(rows=rows, total=9)))
    assert (
        "It rests on 8 of the 9 rows of the table “Problems of delivery”, of which it needs at least 5."
        in said
    )
    assert "Problem 1 (P01); problem 2 (P02); problem 3 (P03)" in said


def test_passages_of_documents_are_quoted_with_translation_place_and_note() -> None:
    passages = (
        Passage("law2013", "Article 5", "Қызмет", "kk", "A service", "It names who sets standards."),
        Passage("law2013", "Article 9", "Otherwise", against=True),
    )
    claim = Claim("law", "So the law.", "documents", passages=passages, at_least={"passages": 1})
    said = plain(evidence(claim, Support(passages=passages[:1], against_passages=passages[1:])))
    assert "It rests on 1 passage of a document, of which it needs at least 1." in said
    assert (
        "“Қызмет”\n  Translation: “A service”\n  — @law2013, Article 5\n\nIt names who sets standards."
        in said
    )
    assert said.index("What speaks against it") < said.index("“Otherwise”")


def test_why_the_evidence_bears_the_claim_is_told_or_asked_of_the_author() -> None:
    assert '{.query row="clients"}' in evidence(CLAIM, SUPPORT).markdown()
    noted = Claim(
        CLAIM.id, CLAIM.says, codes=CLAIM.codes, at_least=CLAIM.at_least, note="They say it unasked."
    )
    assert "They say it unasked." in plain(evidence(noted, SUPPORT))
    assert ".query" not in evidence(noted, SUPPORT).markdown()


def test_confidence_is_told_in_its_four_parts() -> None:
    said = plain(evidence(CLAIM, SUPPORT))
    assert "Confidence in this claim: not assessed yet." in said
    judged = {
        "limitations": Judgement("minor", "By e-mail alone."),
        "relevance": Judgement("none", "The same offices."),
        "adequacy": Judgement(None, "The two who know most."),
    }
    claim = Claim("c", "Some.", codes=("clients",), at_least={"cases": 1}, confidence=judged)
    said = plain(evidence(claim, SUPPORT))
    assert "Confidence in this claim: very low." in said
    assert "Methodological limitations: minor concerns. By e-mail alone." in said
    assert "Coherence: serious concerns. 2 of 3 interviews that speak to it speak against it." in said
    assert "Adequacy: moderate concerns. Interviews: 2; passages: 5. The two who know most." in said


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
    quote = Quote("i1-1", "Interview 1", HOSTILE, False, QuoteEntry("i1-1"))
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
    made = Evidence([], {}, {}, CASES, ui_strings("en"), ATTRIBUTES)
    assert plain(made).strip() == "No claim has been entered in the ledger yet."


@pytest.mark.parametrize("profile", ["", "demo"])
def test_the_papers_own_claims_have_their_evidence(
    paper_to_draw: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    monkeypatch.chdir(paper_to_draw / "chapters")
    monkeypatch.setenv("QUARTO_PROFILE", profile)
    made = tables.evidence()
    ids = [block["c"][0][0] for block in blocks(made) if "claim-evidence" in block["c"][0][1]]
    assert ids == [f"claim-{each.claim.id}" for each in made.claims]
    assert any(each.claim.synthetic for each in made.claims) == (profile == "demo")
