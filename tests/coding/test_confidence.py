"""Confidence in a claim: two parts computed from the ledger, two judged, the level from all four."""

from __future__ import annotations

import pytest

from paper.coding.claims import confidence
from paper.coding.claims.confidence import Confidence
from paper.coding.claims.ledger import Claim
from paper.coding.claims.parts import COMPONENTS, Judgement, Passage
from paper.coding.claims.support import Row, Support


def interviews(supports: int, both: int, dissents: int, segments: int) -> Support:
    names = iter(f"Interview {n}" for n in range(100))
    counts = {"supports": supports, "both": both, "dissents": dissents}
    return Support(
        cases={name: tuple(next(names) for _ in range(n)) for name, n in counts.items()}, segments=segments
    )


INTERVIEWS = Claim("i", "Some.", codes=("c",))
DOCUMENTS = Claim("d", "Some.", "documents")


@pytest.mark.parametrize(
    ("supports", "both", "dissents", "concerns"),
    [(4, 0, 0, "none"), (3, 1, 0, "minor"), (2, 1, 1, "moderate"), (1, 1, 1, "serious"), (0, 0, 0, "none")],
)
def test_coherence_falls_with_the_share_of_those_who_speak_against_it(
    supports: int, both: int, dissents: int, concerns: str
) -> None:
    assert confidence.coherence(INTERVIEWS, interviews(supports, both, dissents, 20)) == concerns


@pytest.mark.parametrize(
    ("cases", "segments", "concerns"),
    [
        (5, 10, "none"),
        (3, 6, "minor"),
        (2, 4, "moderate"),
        (1, 2, "serious"),
        (5, 9, "minor"),
        (1, 1, "serious"),
    ],
)
def test_adequacy_asks_for_interviews_and_for_passages_of_each(
    cases: int, segments: int, concerns: str
) -> None:
    assert confidence.adequacy(INTERVIEWS, interviews(cases, 0, 0, segments)) == concerns


def test_rows_count_for_adequacy_by_the_works_behind_them() -> None:
    rows = tuple(
        Row(f"K{n}", "t", "x", "", "L", source) for n, source in enumerate(("hood1991", "hood1991", ""))
    )
    assert confidence.adequacy(DOCUMENTS, Support(rows=rows)) == "moderate", "two rows, one work"
    passages = (Passage("law2013", "Article 1", "x"), Passage("osborne2011", "p. 2", "y"))
    assert confidence.adequacy(DOCUMENTS, Support(rows=rows, passages=passages)) == "none"
    assert confidence.adequacy(DOCUMENTS, Support(rows=rows[2:])) == "serious", "the paper's own observation"


def test_a_claim_on_how_many_rows_there_are_has_them_all() -> None:
    assert confidence.adequacy(Claim("d", "Most.", "documents", of="problems"), Support(total=20)) == "none"


@pytest.mark.parametrize(
    ("concerns", "level"),
    [
        (("none", "none", "none", "none"), "high"),
        (("minor", "minor", "none", "none"), "high"),
        (("minor", "minor", "minor", "none"), "moderate"),
        (("moderate", "none", "minor", "none"), "moderate"),
        (("serious", "none", "none", "none"), "low"),
        (("serious", "moderate", "none", "none"), "very low"),
        (("serious", "serious", "serious", "serious"), "very low"),
        (("none", "none", "none", None), None),
    ],
)
def test_the_level_follows_from_the_four_parts(concerns: tuple[None, ...], level: str | None) -> None:
    parts = {name: Judgement(each) for name, each in zip(COMPONENTS, concerns, strict=True)}
    assert Confidence(parts).level == level
