"""Agreement between coders: percent, Krippendorff's alpha, Cohen's kappa, Gwet's AC1.

Formulas from: Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20(1); Krippendorff (2011), "Computing Krippendorff's alpha-reliability"; Light (1971),
Psychological Bulletin 76(5): the mean of pairwise kappas where coders are more than two; Gwet (2008),
"Computing inter-rater reliability and its variance in the presence of high agreement", British Journal of
Mathematical and Statistical Psychology 61(1), with incomplete ratings as in his Handbook (2014).

``agreement`` asks, passage by passage and code by code, whether the coders who read the passage gave the
code. Most of those decisions are a common "no", so they are counted by pattern (who read, who gave), never
laid out: 100,000 codings under 500 codes take a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from paper.coding.interviews.coded import Coverage, positions_in, readers
from paper.typography import amount

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Counts = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
DRAWS, SEED = 1000, 2019


@dataclass(frozen=True)
class Agreement:
    """Agreement on every code and over all."""

    by_code: pd.DataFrame
    """Columns code, units (passages that at least two coders read), given (of them, passages to which at least one
    coder gave the code), percent, alpha, alpha_low, alpha_high, kappa, ac1; NaN where a measure is undefined
    (nobody gave the code, or fewer than two coders).
    """
    overall: pd.DataFrame
    """The same columns, one row, over the decisions on all codes together."""
    dropped: pd.DataFrame
    """Columns what, count, why."""
    notes: tuple[str, ...]
    """How it was done, in sentences."""


def alpha(ratings: npt.ArrayLike, level: Level = "nominal") -> float:
    """Return Krippendorff's alpha of a matrix with a row a coder and a column a unit, NaN where nothing was given.

    NaN when fewer than two different values or no unit with two ratings exist: then there is nothing to tell
    agreement from chance.
    """
    import krippendorff

    data = np.asarray(ratings, dtype=float)
    rated = (~np.isnan(data)).sum(axis=0)
    pairable = data[:, rated > 1]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def alpha_interval(
    ratings: npt.ArrayLike,
    level: Level = "nominal",
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return a percentile bootstrap interval for alpha: units are drawn with replacement, ``draws`` times.

    The same ``seed`` gives the same interval. Draws in which alpha is undefined are left out; (NaN, NaN) when
    all are.
    """
    data = np.asarray(ratings, dtype=float)
    data = data[:, (~np.isnan(data)).sum(axis=0) > 1]
    random = np.random.default_rng(seed)
    units = data.shape[1]
    results = [alpha(data[:, random.integers(0, units, units)], level) for _ in range(draws)] if units else []
    return _percentiles(np.array(results, dtype=float), confidence)


def kappa(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return Cohen's (1960) kappa of two coders' categories, unit by unit: (p_o − p_e) / (1 − p_e).

    p_e sums, over categories, the product of both coders' shares. Units that one of them left out (NaN, None
    or "") are dropped. NaN when p_e is 1.
    """
    pair = pd.DataFrame({"first": pd.Series(first), "second": pd.Series(second)}).replace("", np.nan).dropna()
    if pair.empty:
        return float("nan")
    observed = float((pair["first"] == pair["second"]).mean())
    shares = [pair[coder].value_counts(normalize=True) for coder in ("first", "second")]
    expected = float(shares[0].mul(shares[1], fill_value=0).sum())
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def ac1(counts: npt.ArrayLike) -> float:
    """Return Gwet's (2008) AC1 of a matrix with a row a unit and a column a category: how many coders chose it.

    p_a is the mean, over units with two ratings or more, of the share of agreeing pairs; p_e is
    Σ π_q (1 − π_q) / (Q − 1), with π_q the mean share of category q over the units with any rating.
    """
    table = np.asarray(counts, dtype=float)
    return float(_ac1(table, np.ones((1, len(table))))[0])


def percent(counts: npt.ArrayLike) -> float:
    """Return the share of agreeing pairs of coders, averaged over the units with two ratings; rows as for ``ac1``."""
    table = np.asarray(counts, dtype=float)
    return float(_percent(table, np.ones((1, len(table))))[0])


def agreement(
    segments: pd.DataFrame,
    codes: list[str] | None = None,
    *,
    coverage: Coverage = "case",
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Agreement:
    """Measure agreement on whether a code applies to a passage, for every code and over all codes.

    segments: the data table (segment, case, code, coder), one row a coding by one coder; codes: which codes,
    default all that occur; coverage: who read a passage, see ``coding.coded.readers``. The interval is a
    percentile bootstrap over passages (for the overall row, a passage is drawn with its decisions on all
    codes, since those are not independent).
    """
    segments = segments[["segment", "case", "code", "coder"]].astype("category")
    codes = sorted(segments["code"].unique()) if codes is None else codes
    coders = sorted(segments["coder"].unique())
    read = readers(segments, coverage)
    passage, passages = pd.factorize(read["segment"])
    read_by = np.zeros(len(passages), dtype=np.int64)
    np.bitwise_or.at(read_by, passage, 1 << positions_in(read["coder"], coders))
    double = np.bitwise_count(read_by) > 1
    notes = _notes(coders, coverage, draws, seed, confidence)

    at = positions_in(segments["segment"], list(passages))
    dropped = _dropped(segments, int((~double).sum()), int((~double[at]).sum()), coverage)
    if not double.any():
        by_code = pd.DataFrame({"code": codes, "units": 0, "given": 0, **dict.fromkeys(_MEASURES, np.nan)})
        overall = pd.DataFrame([{"code": "", "units": 0, "given": 0, **dict.fromkeys(_MEASURES, np.nan)}])
        return Agreement(by_code, overall, dropped, notes)

    code = positions_in(segments["code"], codes)
    coder = positions_in(segments["coder"], coders)
    table = _marks(at, code, coder, double[at] & (code >= 0), read_by, len(codes))
    # AC1 takes how common a code is from all passages that somebody read (Gwet 2008), its agreement from pairs.
    everything = _patterns(_marks(at, code, coder, code >= 0, read_by, len(codes)), read_by, len(codes))
    random = np.random.default_rng(seed)
    patterns = _patterns(table, read_by[double], len(codes))
    by_code = pd.DataFrame({"code": codes, "units": int(double.sum())})
    by_code["given"] = np.bincount(table.code, minlength=len(codes))
    by_code = pd.concat([by_code, _measures(patterns, len(coders), draws, random, confidence)], axis=1)
    overall = _measures(patterns.together(), len(coders), 0, random, confidence)
    overall["alpha_low"], overall["alpha_high"] = _overall_interval(
        table, read_by, double, len(codes), draws, random, confidence
    )
    by_code["ac1"] = _ac1(everything.ratings(), everything.counts)
    overall["ac1"] = _ac1(everything.ratings(), everything.together().counts)
    overall.insert(0, "code", "")
    overall.insert(1, "units", int(double.sum()))
    overall.insert(2, "given", len(np.unique(table.passage)))
    return Agreement(by_code, overall, dropped, notes)


_MEASURES = ["percent", "alpha", "alpha_low", "alpha_high", "kappa", "ac1"]


@dataclass(frozen=True)
class _Marks:
    """A passage with a code that somebody gave, one entry each: numbers, and coders as bits."""

    passage: Whole
    code: Whole
    read: Whole
    given: Whole


@dataclass(frozen=True)
class _Patterns:
    """Decisions counted: read and given, coders as bits; ``counts``, rows codes, columns patterns."""

    read: Whole
    given: Whole
    counts: Counts

    def ratings(self) -> Counts:
        """Count, for each pattern, the coders who said no and who said yes: shape (patterns, 2)."""
        return _ratings(self.read, self.given)

    def together(self) -> _Patterns:
        """Return the decisions on all codes as if on one."""
        return _Patterns(self.read, self.given, self.counts.sum(axis=0, keepdims=True))


def _marks(
    passage: Whole, code: Whole, coder: Whole, used: npt.NDArray[np.bool_], read_by: Whole, codes: int
) -> _Marks:
    """Return the passages with a code, of the codings that are used."""
    marks, mark = np.unique(passage[used] * codes + code[used], return_inverse=True)
    given = np.zeros(len(marks), dtype=np.int64)
    np.bitwise_or.at(given, mark, 1 << coder[used])
    return _Marks(marks // codes, marks % codes, read_by[marks // codes], given)


def _patterns(marks: _Marks, read_by: Whole, codes: int) -> _Patterns:
    """Count (read, given) by code; passages without a mark under a code are its common no."""
    masks, passages = np.unique(read_by, return_counts=True)
    both = np.concatenate(
        [np.stack([marks.read, marks.given]), np.stack([masks, np.zeros_like(masks)])], axis=1
    )
    kinds, kind = np.unique(both, axis=1, return_inverse=True)
    kind = kind[: len(marks.code)]
    counts = np.bincount(marks.code * kinds.shape[1] + kind, minlength=codes * kinds.shape[1]).astype(float)
    counts = counts.reshape(codes, kinds.shape[1])
    for mask, number in zip(masks, passages, strict=True):
        marked = (kinds[0] == mask) & (kinds[1] != 0)
        nobody = (kinds[0] == mask) & (kinds[1] == 0)
        counts[:, nobody] = number - counts[:, marked].sum(axis=1, keepdims=True)
    return _Patterns(kinds[0], kinds[1], counts)


def _measures(
    patterns: _Patterns, coders: int, draws: int, random: np.random.Generator, confidence: float
) -> pd.DataFrame:
    """Compute all measures of every code, and the interval of its alpha."""
    ratings, counts = patterns.ratings(), patterns.counts
    table = pd.DataFrame(
        {"percent": _percent(ratings, counts), "alpha": _alpha(_coincidences(ratings), counts)}
    )
    low, high = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    for row in np.flatnonzero(~np.isnan(table["alpha"].to_numpy())):
        present = counts[row] > 0
        units = counts[row, present]
        drawing = random.multinomial(int(units.sum()), units / units.sum(), size=draws).astype(float)
        low[row], high[row] = _percentiles(_alpha(_coincidences(ratings[present]), drawing), confidence)
    table["alpha_low"], table["alpha_high"] = low, high
    table["kappa"] = _kappa(patterns, counts, coders)
    table["ac1"] = np.nan  # of more passages than these: see ``agreement``
    return table


def _overall_interval(
    marks: _Marks,
    read_by: Whole,
    double: npt.NDArray[np.bool_],
    codes: int,
    draws: int,
    random: np.random.Generator,
    confidence: float,
) -> tuple[float, float]:
    """Return the interval of the overall alpha: passages are drawn, each with its decisions on all codes."""
    sums = np.zeros((len(read_by), 3))
    np.add.at(sums, marks.passage, _coincidences(_ratings(marks.read, marks.given)))
    bare = codes - np.bincount(marks.passage, minlength=len(read_by))
    sums[:, 0] += bare * np.bitwise_count(read_by)  # a common no of m coders makes m coincidences
    kinds, times = np.unique(sums[double], axis=0, return_counts=True)
    drawing = random.multinomial(int(times.sum()), times / times.sum(), size=draws).astype(float)
    return _percentiles(_alpha(kinds, drawing), confidence)


def _ratings(read: Whole, given: Whole) -> Counts:
    yes = np.bitwise_count(given).astype(float)
    return np.stack([np.bitwise_count(read) - yes, yes], axis=1)


def _coincidences(ratings: Counts) -> Counts:
    """Return Krippendorff's coincidences of yes/no ratings by unit: columns no–no, crossed (both ways), yes–yes.

    A unit rated by m coders adds each ordered pair of ratings with weight 1/(m − 1); one rating adds nothing.
    """
    no, yes = ratings[:, 0], ratings[:, 1]
    weight = np.divide(1.0, no + yes - 1, out=np.zeros(len(ratings)), where=no + yes > 1)
    return np.stack([no * (no - 1), 2 * no * yes, yes * (yes - 1)], axis=1) * weight[:, None]


def _alpha(coincidences: Counts, counts: Counts) -> Counts:
    """Alpha of yes and no, by row of counts: 1 − (n − 1) o_crossed / (2 n_no n_yes) (Krippendorff 2011)."""
    agreed_no, crossed, agreed_yes = (counts @ coincidences).T
    no, yes = agreed_no + crossed / 2, agreed_yes + crossed / 2
    result: Counts = 1 - (no + yes - 1) * _ratio(crossed, 2 * no * yes)
    return result


def _kappa(patterns: _Patterns, counts: Counts, coders: int) -> Counts:
    """Return Cohen's kappa of yes and no, averaged over the pairs of coders for whom it is defined (Light 1971)."""
    results = []
    for one, two in combinations(range(coders), 2):
        both = ((patterns.read >> one) & (patterns.read >> two) & 1).astype(float)
        says_one = ((patterns.given >> one) & 1).astype(float)
        says_two = ((patterns.given >> two) & 1).astype(float)
        units = counts @ both
        observed = _ratio(counts @ (both * (says_one == says_two)), units)
        yes_one, yes_two = (
            _ratio(counts @ (both * says_one), units),
            _ratio(counts @ (both * says_two), units),
        )
        expected = yes_one * yes_two + (1 - yes_one) * (1 - yes_two)
        results.append(_ratio(observed - expected, 1 - expected))
    pairs = np.array(results).reshape(-1, len(counts))
    return _ratio(np.nansum(pairs, axis=0), (~np.isnan(pairs)).sum(axis=0))


def _percent(ratings: Counts, counts: Counts) -> Counts:
    """Return the share of agreeing pairs by row of counts; ratings (patterns, categories), counts (rows, patterns)."""
    total = ratings.sum(axis=1)
    pairs = total * (total - 1)
    agreeing = (ratings * (ratings - 1)).sum(axis=1)
    return _ratio(counts @ _ratio(agreeing, pairs, 0.0), counts @ (pairs > 0).astype(float))


def _ac1(ratings: Counts, counts: Counts) -> Counts:
    """Return AC1 by row of counts; shapes as for ``_percent``."""
    total = ratings.sum(axis=1, keepdims=True)
    shares = _ratio(ratings, np.broadcast_to(total, ratings.shape), 0.0)
    rated = np.broadcast_to(counts @ (total > 0), (len(counts), ratings.shape[1]))
    prevalence = _ratio(counts @ shares, rated)
    expected = (prevalence * (1 - prevalence)).sum(axis=1) / (ratings.shape[1] - 1)
    return _ratio(_percent(ratings, counts) - expected, 1 - expected)


def _ratio(part: Counts, whole: Counts, otherwise: float = np.nan) -> Counts:
    """Return part / whole, ``otherwise`` where the whole is 0."""
    result: Counts = np.divide(part, whole, out=np.full(np.shape(part), otherwise), where=whole != 0)
    return result


def _percentiles(values: Counts, confidence: float) -> tuple[float, float]:
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _dropped(segments: pd.DataFrame, passages: int, codings: int, coverage: Coverage) -> pd.DataFrame:
    why = (
        "only one coder coded the case" if coverage == "case" else "only one coder gave the passage any code"
    )
    repeated = int(segments[["segment", "code", "coder"]].duplicated().sum())
    rows = [
        ("passages", passages, why),
        ("codings", codings, f"on those passages: {why}"),
        ("codings", repeated, "the same coder gave the same code to the same passage twice"),
    ]
    return pd.DataFrame([row for row in rows if row[1]], columns=["what", "count", "why"])


def _notes(
    coders: list[str], coverage: Coverage, draws: int, seed: int, confidence: float
) -> tuple[str, ...]:
    read = (
        "a coder who coded anything of a case is taken to have read all of its coded passages"
        if coverage == "case"
        else "only passages to which two coders gave some code are compared"
    )
    pair = "" if len(coders) <= 2 else "; kappa is the mean of the pairs of coders"
    return (
        f"{amount(len(coders), 'coder')}; the unit is a passage, the value whether it carries the code; {read}{pair}.",
        f"The interval is a {confidence:.0%} percentile bootstrap over passages, {draws} draws, seed {seed}.",
    )
