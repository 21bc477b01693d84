"""How confident a claim may be, in four parts after GRADE-CERQual, two of them computed from the ledger.

Lewin et al. (2018), "Applying GRADE-CERQual to qualitative evidence synthesis findings", Implementation Science 13,
supplement 1: 2. That approach is for findings of syntheses and leaves every step to judgement; here a claim of one
study is assessed, coherence and adequacy by the limits below, the other two by the author.

Coherence: the share of what speaks against the claim in all that speaks to it; of interviews each counts once.
Adequacy: interviews that support the claim, one step worse where they give fewer than two passages each; of a claim
on documents the published works behind its rows and passages, since what no work says is the paper's own observation;
a claim that counts the rows of a table has all there are.

Confidence begins high; a moderate concern lowers it by a level, a serious one by two, and three or more minor ones
together by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from paper.coding.claims.ledger import Claim
from paper.coding.claims.parts import COMPONENTS, COMPUTED, CONCERNS, Concerns, Judgement
from paper.coding.claims.support import Support

Level = Literal["high", "moderate", "low", "very low"]
LEVELS: Final[tuple[Level, ...]] = ("high", "moderate", "low", "very low")
AGAINST: Final = (0.0, 0.25, 0.5)  # shares up to which concerns about coherence are none, minor, moderate
ENOUGH: Final = (5, 3, 2)  # interviews from which concerns about adequacy are none, minor, moderate
WORKS: Final = (3, 2, 1)  # published works, likewise
PASSAGES_EACH: Final = 2
_LOWERS: Final[dict[Concerns, int]] = {"none": 0, "minor": 0, "moderate": 1, "serious": 2}


@dataclass(frozen=True)
class Confidence:
    """What is said of a claim's confidence."""

    parts: dict[str, Judgement]
    """Each of COMPONENTS with its concerns; None where the author has not judged it yet."""

    @property
    def level(self) -> Level | None:
        """Return the level that follows from the four parts; None while one of them is not judged."""
        concerns = [part.concerns for part in self.parts.values()]
        if None in concerns:
            return None
        steps = sum(_LOWERS[each] for each in concerns if each) + (concerns.count("minor") >= 3)
        return LEVELS[min(steps, len(LEVELS) - 1)]


def assess(claim: Claim, support: Support) -> Confidence:
    """Assess a claim on what supports it."""
    computed = {"coherence": coherence(claim, support), "adequacy": adequacy(claim, support)}
    parts = {}
    for name in COMPONENTS:
        given = claim.confidence.get(name, Judgement())
        parts[name] = Judgement(computed[name], given.because) if name in COMPUTED else given
    return Confidence(parts)


def coherence(claim: Claim, support: Support) -> Concerns:
    """Return the concerns about coherence: how much speaks against the claim."""
    against, every = opposition(claim, support)
    share = against / every if every else 0.0
    return next((name for name, limit in zip(CONCERNS, AGAINST, strict=False) if share <= limit), "serious")


def adequacy(claim: Claim, support: Support) -> Concerns:
    """Return the concerns about adequacy: how much there is, from how many.

    A claim on how many rows of a table there are has all of them.
    """
    if claim.of:
        return "none"
    number = len(works(support)) if claim.kind == "documents" else len(support.supporting)
    limits = WORKS if claim.kind == "documents" else ENOUGH
    step = next((at for at, least in enumerate(limits) if number >= least), len(limits))
    thin = claim.kind == "interviews" and support.segments < PASSAGES_EACH * number
    return CONCERNS[min(step + thin, len(CONCERNS) - 1)]


def opposition(claim: Claim, support: Support) -> tuple[int, int]:
    """Return how much speaks against the claim, and how much speaks to it at all."""
    if claim.kind == "interviews":
        against = len(support.cases.get("both", ())) + len(support.cases.get("dissents", ()))
        return against, against + len(support.cases.get("supports", ()))
    against = len(support.against_rows) + len(support.against_passages)
    return against, against + len(support.rows) + len(support.passages)


def works(support: Support) -> frozenset[str]:
    """Return the published works behind a claim's rows and passages, by key."""
    rows = {row.source for row in support.rows if row.source}
    return frozenset(rows | {passage.source for passage in support.passages})
