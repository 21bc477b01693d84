"""How often: codes by case and by passage, codes against cases, drivers by group, codes together.

All functions take the coded table of ``interviews.coded.apply_coder_rule`` (segment, case, block, question, code), the
codebook and the cases, and answer with a new table. Shares lie between 0 and 1; a share of nothing is 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from paper.coding.interviews.coded import (
    division,
    driver_of,
    lineage,
    positions_in,
    require_known_codes,
    with_parents,
)

UNSTATED = "not stated"


def frequencies(
    coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame, *, parents: bool = False
) -> pd.DataFrame:
    """Count each code of the codebook, in its order, codes never used included.

    parents: a passage counts for all ancestors of its codes too, once.
    Columns: code, parent, name, driver (inherited), cases (in which it occurs), cases_share (of all cases),
    segments (passages that carry it), segments_share (of all coded passages).
    """
    matrix = code_by_case(coded, codebook, cases, parents=parents).to_numpy()
    table = codebook[["code", "parent", "name"]].reset_index(drop=True)
    table["driver"] = driver_of(codebook).to_numpy()
    table["cases"] = (matrix > 0).sum(axis=1)
    table["cases_share"] = share(table["cases"], len(cases))
    table["segments"] = matrix.sum(axis=1)
    table["segments_share"] = share(table["segments"], coded["segment"].nunique())
    return table


def code_by_case(
    coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame, *, parents: bool = False
) -> pd.DataFrame:
    """Count the passages of each code in each case: index code (codebook's order), a column for each case, integers."""
    require_known_codes(coded, codebook, cases)
    used = with_parents(coded, codebook) if parents else coded
    code, case = positions_in(used["code"], codebook["code"]), positions_in(used["case"], cases["case"])
    counted = np.bincount(code * len(cases) + case, minlength=len(codebook) * len(cases))
    return pd.DataFrame(
        counted.reshape(len(codebook), len(cases)),
        index=pd.Index(codebook["code"].tolist(), name="code"),
        columns=pd.Index(cases["case"].tolist(), name="case"),
    )


def drivers(coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame, by: str = "") -> pd.DataFrame:
    """Count what the codes are divided into (``coded.division``), over all or within groups.

    by: a column of the cases (case, an attribute) or of the passages (block, question); "" for no groups.
    A passage with codes of two drivers counts for both, so shares may sum to more than 1.
    Columns: group ("" without groups), driver, segments, segments_share (of the group's passages that carry
    any driver), cases, cases_share (of the group's cases), group_segments, group_cases. Every group has a
    row for each part of the division.
    """
    require_known_codes(coded, codebook, cases)
    names, group = _groups(coded, cases, by)
    parts = division(codebook)
    drive = positions_in(driver_of(codebook), parts)[positions_in(coded["code"], codebook["code"])]
    marked = pd.DataFrame(
        {"group": group, "driver": drive, "case": positions_in(coded["case"], cases["case"])}
    )
    marked = marked.assign(segment=pd.factorize(coded["segment"])[0])[drive >= 0]
    marked = marked.drop_duplicates(["segment", "driver"])
    table = pd.MultiIndex.from_product([names, parts], names=["group", "driver"]).to_frame(index=False)
    cell = marked["group"] * len(parts) + marked["driver"]
    table["segments"] = np.bincount(cell, minlength=len(table))
    once = ~pd.DataFrame({"cell": cell, "case": marked["case"]}).duplicated()
    table["cases"] = np.bincount(cell[once], minlength=len(table))
    in_group = np.bincount(marked.drop_duplicates("segment")["group"], minlength=len(names))
    table["group_segments"] = in_group.repeat(len(parts))
    sizes = _groups(cases, cases, by)[1] if by == "" or by in cases.columns else None
    in_group = np.full(len(names), len(cases)) if sizes is None else np.bincount(sizes, minlength=len(names))
    table["group_cases"] = in_group.repeat(len(parts))
    table["segments_share"] = share(table["segments"], table["group_segments"])
    table["cases_share"] = share(table["cases"], table["group_cases"])
    return table[
        [
            "group",
            "driver",
            "segments",
            "segments_share",
            "cases",
            "cases_share",
            "group_segments",
            "group_cases",
        ]
    ]


def cooccurrence(coded: pd.DataFrame, codebook: pd.DataFrame, *, parents: bool = False) -> pd.DataFrame:
    """Pairs of codes on the same passage, most frequent first; a code and its own ancestor are no pair.

    Columns: code, with_code (later in the codebook), segments (passages that carry both), cases, jaccard
    (passages with both, of passages with either: Jaccard 1912).
    """
    require_known_codes(coded, codebook)
    used = with_parents(coded, codebook) if parents else coded
    rows = pd.DataFrame(
        {"segment": pd.factorize(used["segment"])[0], "number": positions_in(used["code"], codebook["code"])}
    )
    rows["case"] = pd.factorize(used["case"])[0]
    rows = rows[rows["segment"].duplicated(keep=False)]
    pairs = rows.merge(rows[["segment", "number"]], on="segment", suffixes=("", "_with"))
    pairs = pairs[pairs["number"] < pairs["number_with"]]
    table = (
        pairs.groupby(["number", "number_with"])
        .agg(segments=("segment", "size"), cases=("case", "nunique"))
        .reset_index()
    )
    codes = codebook["code"].to_numpy()
    table.insert(0, "code", codes[table["number"]])
    table.insert(1, "with_code", codes[table["number_with"]])
    single = np.bincount(positions_in(used["code"], codebook["code"]), minlength=len(codebook))
    either = pd.Series(single[table["number"]] + single[table["number_with"]]) - table["segments"]
    table["jaccard"] = share(table["segments"], either)
    if parents:
        up = lineage(codebook)
        related = set(zip(up["code"], up["ancestor"], strict=True))
        kin = [
            (a, b) in related or (b, a) in related
            for a, b in zip(table["code"], table["with_code"], strict=True)
        ]
        table = table[~np.array(kin, dtype=bool)]
    table = table.sort_values(["segments", "number", "number_with"], ascending=[False, True, True])
    return table.drop(columns=["number", "number_with"]).reset_index(drop=True)


def share(part: pd.Series[int], whole: pd.Series[int] | int) -> pd.Series[float]:
    """Part of a whole between 0 and 1; 0 where the whole is nothing."""
    whole = pd.Series(whole, index=part.index) if isinstance(whole, int) else whole
    return (part / whole.where(whole != 0)).fillna(0.0).astype(float)


def _groups(rows: pd.DataFrame, cases: pd.DataFrame, by: str) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Return the groups in reading order (cases as listed, others by name, UNSTATED last) and each row's group."""
    if by == "":
        return [""], np.zeros(len(rows), dtype=np.intp)
    if by == "case":
        return list(cases["case"]), positions_in(rows["case"], cases["case"])
    stated = cases[by] if by in cases.columns else rows[by]
    stated = stated.astype("str").replace("", UNSTATED)
    names = sorted(stated.unique(), key=lambda name: (name == UNSTATED, name))
    number = positions_in(stated, names)
    return names, number[positions_in(rows["case"], cases["case"])] if by in cases.columns else number
