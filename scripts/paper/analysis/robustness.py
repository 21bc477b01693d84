"""Whether the picture holds: without any one interviewee, with coarser codes, against single loud voices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paper.analysis.frequencies import code_by_case, drivers, share
from paper.coding.interviews.coded import division, driver_of, merge_siblings, require_known_codes, sides

EVEN = "even"


def leave_one_out(coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return what would change without any one interviewee; the first row (left_out "") is the whole sample.

    Columns: left_out, segments (coded passages left), one for each part of the codebook's division (its share of the
    passages that carry any), leading (the more frequent of the two sides, or ``even``), flips
    (leading differs from the whole sample's), codes_lost (codes that only this case carries), largest_shift
    (the largest change of any code's share of the passages, in absolute terms).
    """
    require_known_codes(coded, codebook, cases)
    matrix = code_by_case(coded, codebook, cases)
    by_driver = drivers(coded, codebook, cases, "case")
    in_case = by_driver.pivot(index="group", columns="driver", values="segments")
    parts, (one, other) = division(codebook), sides(codebook)
    in_case = in_case.reindex(index=matrix.columns, columns=parts)
    with_driver = (
        by_driver.drop_duplicates("group").set_index("group")["group_segments"].reindex(matrix.columns)
    )
    passages = coded.drop_duplicates("segment")["case"].value_counts().reindex(matrix.columns, fill_value=0)

    counts = np.vstack([np.zeros(len(parts)), in_case.to_numpy(dtype=float)])
    left = counts[1:].sum(axis=0) - counts
    carrying = with_driver.sum() - np.concatenate([[0], with_driver.to_numpy()])
    shares = np.divide(left, carrying[:, None], out=np.zeros_like(left), where=carrying[:, None] > 0)
    table = pd.DataFrame({"left_out": ["", *matrix.columns]})
    table["segments"] = passages.sum() - np.concatenate([[0], passages.to_numpy()])
    table[parts] = shares
    table["leading"] = np.select([left[:, 0] > left[:, 1], left[:, 0] < left[:, 1]], [one, other], EVEN)
    table["flips"] = table["leading"] != table.loc[0, "leading"]

    used = matrix.to_numpy()
    total = used.sum(axis=1)
    only_here = ((used > 0) & (used == total[:, None])).sum(axis=0)
    table["codes_lost"] = np.concatenate([[0], only_here])
    rest = table["segments"].to_numpy()[1:]
    whole = total / max(int(passages.sum()), 1)
    without = np.divide(total[:, None] - used, rest, out=np.zeros(used.shape), where=rest > 0)
    shift = np.abs(without - whole[:, None]).max(axis=0) if used.size else np.zeros(len(rest))
    table["largest_shift"] = np.concatenate([[0.0], shift])
    return table


def merged_siblings(coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Merge children's codings into their parents: does the ranking rest on the fine codes?

    Columns: code, name, driver, children (merged into it), segments, cases, cases_share, rank (by segments
    after merging, 1 first), summed (the passages of code and children counted code by code; above segments by
    as many passages as carry several of them). Only codes that remain after merging one level.
    """
    require_known_codes(coded, codebook, cases)
    merged = merge_siblings(coded, codebook)
    after = merged.groupby("code", observed=True).agg(segments=("segment", "size"), cases=("case", "nunique"))
    before = coded["code"].value_counts()
    target = codebook["parent"].where(codebook["parent"] != "", codebook["code"])
    summed = codebook["code"].map(before).fillna(0).groupby(target).sum()
    table = codebook.loc[codebook["code"].isin(target), ["code", "name"]].reset_index(drop=True)
    table["driver"] = table["code"].map(driver_of(codebook))
    table["children"] = table["code"].map(codebook["parent"].value_counts()).fillna(0).astype(int)
    for column in ("segments", "cases"):
        table[column] = table["code"].map(after[column]).fillna(0).astype(int)
    table["cases_share"] = share(table["cases"], len(cases))
    table["rank"] = table["segments"].rank(method="min", ascending=False).astype(int)
    table["summed"] = table["code"].map(summed).fillna(0).astype(int)
    return table


def concentration(coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return how far each code rests on few respondents; the first row (code "") is all passages together.

    Columns: code, name, segments, cases, top_case (with most passages; the first of several), top_share (its
    share of the code's passages), hhi (the Herfindahl–Hirschman index: the sum of the cases' squared shares;
    1 when one case gave all, 1/cases when all gave the same), effective_cases (1/hhi: as many cases of equal
    weight would give this index). Codes without passages have zeros and top_case "".
    """
    require_known_codes(coded, codebook, cases)
    matrix = code_by_case(coded, codebook, cases)
    passages = coded.drop_duplicates("segment")["case"].value_counts().reindex(matrix.columns, fill_value=0)
    counts = np.vstack([passages.to_numpy(), matrix.to_numpy()]).astype(float)
    total = counts.sum(axis=1)
    shares = np.divide(counts, total[:, None], out=np.zeros_like(counts), where=total[:, None] > 0)
    hhi = (shares**2).sum(axis=1)
    names = np.array([*matrix.columns, ""], dtype=object)
    top = shares.argmax(axis=1) if len(matrix.columns) else np.zeros(len(counts), dtype=int)
    return pd.DataFrame(
        {
            "code": ["", *matrix.index],
            "name": ["", *codebook["name"]],
            "segments": total.astype(int),
            "cases": (counts > 0).sum(axis=1),
            "top_case": names[np.where(total > 0, top, len(matrix.columns))],
            "top_share": shares.max(axis=1, initial=0.0),
            "hhi": hhi,
            "effective_cases": np.divide(1.0, hhi, out=np.zeros_like(hhi), where=hhi > 0),
        }
    )


def dissenting_cases(coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return which cases lead to another side of the codebook's division than the sample.

    Columns: case, the two sides (passages), leading (one of them, or ``even``), dissents. Raises DataError.
    The sample's leading driver is the one that leads in more cases; where neither does, nobody dissents.
    """
    by_case = drivers(coded, codebook, cases, "case")
    table = by_case.pivot(index="group", columns="driver", values="segments")
    one, other = sides(codebook)
    table = table.reindex(index=list(cases["case"]), columns=[one, other]).astype(int)
    table = table.rename_axis(index="case", columns=None).reset_index()
    table["leading"] = np.select([table[one] > table[other], table[one] < table[other]], [one, other], EVEN)
    votes = table["leading"].value_counts()
    of_one, of_other = int(votes.get(one, 0)), int(votes.get(other, 0))
    opposite = other if of_one > of_other else one if of_other > of_one else ""
    table["dissents"] = table["leading"] == opposite
    return table
