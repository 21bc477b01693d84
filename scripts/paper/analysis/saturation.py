"""When new interviews stopped bringing new codes.

The method of Guest, Namey and Chen (2020), "A simple method to assess and report thematic saturation in
qualitative research", PLoS ONE 15(5): e0232076: the codes of the first interviews (the base) are the
yardstick; runs of later interviews, each starting one interview after the last, are held against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from paper.coding.interviews.coded import positions_in


@dataclass(frozen=True)
class Saturation:
    """The answer and how it came about."""

    base: int
    run: int
    threshold: float
    base_codes: int
    """Different codes in the base interviews."""
    runs: pd.DataFrame
    """Columns start, end (interviews, from 1), new (codes first seen in the run), ratio (new by base_codes),
    reached.
    """
    at: int | None
    """The interview at which saturation is declared, None where it isn't."""
    why_not: str
    """What kept the question from an answer, "" otherwise."""

    @property
    def notation(self) -> str:
        """Return the result in notation: ``6+2`` for saturation at the sixth interview, confirmed by two more."""
        return f"{self.at}+{self.run}" if self.at is not None else "not reached"


def new_codes(coded: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Count the codes that each interview brought for the first time, in the order of the cases table.

    Columns: interview (from 1), case, codes (different codes in it), new, cumulative. A case without codings
    keeps its place, with zeros.
    """
    case, code, codes = _pairs(coded, cases)
    first = np.full(codes, len(cases), dtype=np.intp)
    np.minimum.at(first, code, case)
    table = pd.DataFrame({"interview": np.arange(1, len(cases) + 1), "case": list(cases["case"])})
    table["codes"] = np.bincount(case, minlength=len(cases))
    table["new"] = np.bincount(first, minlength=len(cases))
    table["cumulative"] = table["new"].cumsum()
    return table


def saturation(new: pd.Series[int], base: int = 4, run: int = 2, threshold: float = 0.05) -> Saturation:
    """Find the first run of interviews whose new codes are at most ``threshold`` of the base's codes.

    new: new codes by interview, in order, as ``new_codes`` gives them; base: interviews in the base; run:
    interviews in a run, which slides by one; threshold: a share. Saturation is declared at the interview
    before the run that meets it (Guest, Namey & Chen 2020). Raises ValueError for parameters out of range.
    """
    if base < 1 or run < 1 or not 0 <= threshold < 1:
        raise ValueError("base and run count interviews from 1; the threshold is a share from 0 to below 1")
    counts = np.asarray(new, dtype=int)
    base_codes = int(counts[:base].sum())
    starts = np.arange(base, len(counts) - run + 1)
    total = np.concatenate([[0], np.cumsum(counts)])
    in_run = total[starts + run] - total[starts]
    runs = pd.DataFrame({"start": starts + 1, "end": starts + run, "new": in_run})
    runs["ratio"] = in_run / base_codes if base_codes else np.nan
    runs["reached"] = runs["ratio"] <= threshold
    if len(counts) < base + run:
        return Saturation(
            base,
            run,
            threshold,
            base_codes,
            runs,
            None,
            f"{base + run} interviews are needed, {len(counts)} are coded",
        )
    if not base_codes:
        return Saturation(base, run, threshold, 0, runs, None, "the base interviews carry no code")
    met = runs.loc[runs["reached"], "start"]
    if met.empty:
        return Saturation(
            base, run, threshold, base_codes, runs, None, "no run stayed at or below the threshold"
        )
    return Saturation(base, run, threshold, base_codes, runs, int(met.iloc[0]) - 1, "")


def over_orders(
    coded: pd.DataFrame,
    cases: pd.DataFrame,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    *,
    draws: int = 1000,
    seed: int = 2019,
) -> pd.DataFrame:
    """Return how much saturation owes to the order of the interviews: the same question over shuffled orders.

    Columns: at (interview at which it is declared; 0 where it isn't), orders (of ``draws``), share. The
    shuffles come from ``seed``, so the same data give the same table.
    """
    names = list(cases["case"])
    if len(names) < base + run or coded.empty:
        return pd.DataFrame({"at": [0], "orders": [draws], "share": [1.0]})
    case, code, codes = _pairs(coded, cases)
    edges = np.searchsorted(code, np.arange(codes))
    random = np.random.default_rng(seed)
    at = np.zeros(draws, dtype=int)
    for draw in range(draws):
        first = np.minimum.reduceat(random.permutation(len(names))[case], edges)
        new = np.bincount(first, minlength=len(names))
        total = np.concatenate([[0], np.cumsum(new)])
        starts = np.arange(base, len(names) - run + 1)
        met = np.flatnonzero(total[starts + run] - total[starts] <= threshold * total[base])
        if len(met) and total[base]:
            at[draw] = starts[met[0]]
    found, orders = np.unique(at, return_counts=True)
    return pd.DataFrame({"at": found, "orders": orders, "share": orders / draws})


def _pairs(
    coded: pd.DataFrame, cases: pd.DataFrame
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], int]:
    """Return which case has which code, each pair once, by code: case numbers, code numbers, how many codes."""
    number, names = pd.factorize(coded["code"])
    pairs = np.unique(number * len(cases) + positions_in(coded["case"], cases["case"]))
    return pairs % len(cases), pairs // len(cases), len(names)
