"""What signs say of the two sides of a division, interview by interview: in words, and as odds.

Odds follow Bayes' rule as in Fairfield and Charman (2017), "Explicit Bayesian Analysis for Process Tracing", Political
Analysis 25(3): 363–380: the prior odds times, for each sign, how likely it is under the one side over how likely it is
under the other. Signs are taken to be independent once the side is given, so that signs which one passage shows
together count too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from paper.coding.claims.expectations import Sign
from paper.coding.interviews.coded import require_known_codes, with_parents

SHIFT: Final = 0.05  # by which each likelihood is moved to see how far the odds depend on it
EDGE: Final = 0.01  # likelihoods stay so far from 0 and 1


def seen(
    coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame, signs: Sequence[Sign]
) -> pd.DataFrame:
    """Count the passages of each case that show each sign.

    Columns: sign, says, speaks_for, case, passages; by sign, then by case in the order of the data.
    """
    require_known_codes(coded, codebook, cases)
    grown = with_parents(coded, codebook)
    rows = []
    for sign in signs:
        of_sign = grown[grown["code"].isin(sign.codes)].drop_duplicates("segment")["case"].value_counts()
        rows += [
            (sign.id, sign.says, sign.speaks_for, case, int(of_sign.get(case, 0))) for case in cases["case"]
        ]
    return pd.DataFrame(rows, columns=["sign", "says", "speaks_for", "case", "passages"])


def odds(
    shown: pd.DataFrame,
    signs: Sequence[Sign],
    sides: tuple[str, str],
    *,
    prior: float = 1.0,
    shift: float = SHIFT,
) -> pd.DataFrame:
    """Return the odds of the first side against the second for each case, of the signs with likelihoods.

    shown: as ``seen`` gives it; prior: the odds before any sign; shift: how far each likelihood is moved. Columns:
    case, signs (that count in it), odds, low, high (with all likelihoods moved towards the second side, then towards
    the first).
    """
    known = [sign for sign in signs if sign.likelihood]
    passages = shown.pivot(index="case", columns="sign", values="passages").reindex(shown["case"].unique())
    rows = []
    for case in passages.index:
        counted = [(sign, bool(passages.loc[case, sign.id])) for sign in known]
        counted = [(sign, there) for sign, there in counted if there or sign.absence]
        result = [
            prior * float(np.prod([_ratio(sign, sides, there, moved) for sign, there in counted]))
            for moved in (0.0, -shift, shift)
        ]
        rows.append((case, len(counted), *result))
    return pd.DataFrame(rows, columns=["case", "signs", "odds", "low", "high"])


def _ratio(sign: Sign, sides: tuple[str, str], there: bool, moved: float) -> float:
    """Return how much likelier what is seen is under the first side; moved: both likelihoods, in its favour."""
    towards = moved if there else -moved
    one, other = (
        float(np.clip(sign.likelihood[side] + by, EDGE, 1 - EDGE))
        for side, by in zip(sides, (towards, -towards), strict=True)
    )
    return one / other if there else (1 - one) / (1 - other)
