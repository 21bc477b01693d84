"""Quotations that may be printed: only released passages, spread over the cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paper.analysis.frequencies import share
from paper.coding.coded import known, place

EXEMPLARS = ["code", "name", "segment", "case", "block", "question", "locator", "excerpt"]


def exemplars(
    segments: pd.DataFrame, coded: pd.DataFrame, codebook: pd.DataFrame, *, per_code: int = 3, words: int = 40
) -> pd.DataFrame:
    """Choose up to ``per_code`` released quotations for each code, from as many cases as there are.

    Within a case the passage nearest to ``words`` words comes first, then the earlier one; within a code
    every case gives one passage before any gives a second, and cases that have been quoted least so far go
    first, so that no single voice carries the chapter. Columns: EXEMPLARS, in codebook order; codes without a
    released passage have no row (``quotation_cover`` counts them).
    """
    known(coded, codebook)
    text = released(segments)
    found = coded[["segment", "code"]].astype({"segment": "str"})
    row = place(found["segment"], text["segment"])
    found = pd.DataFrame({"code": place(found["code"], codebook["code"]), "row": row})[row >= 0]
    case, names = pd.factorize(text["case"], sort=True)
    off = (text["excerpt"].str.count(r"\S+") - words).abs().to_numpy()
    found = found.assign(case=case[found["row"]], off=off[found["row"]])
    found = found.sort_values(["code", "case", "off", "row"], kind="stable")
    found["turn"] = found.groupby(["code", "case"]).cumcount()
    found = found[found["turn"] < per_code]
    candidates: dict[int, list[tuple[int, int, int, int]]] = {}
    for code, turn, voice, length, at in found[["code", "turn", "case", "off", "row"]].to_numpy().tolist():
        candidates.setdefault(code, []).append((turn, voice, length, at))
    quoted = [0] * len(names)
    chosen: list[tuple[int, int]] = []
    for code, passages in candidates.items():
        ranked = sorted((turn, quoted[voice], length, voice, at) for turn, voice, length, at in passages)
        for _, _, _, voice, at in ranked[:per_code]:
            quoted[voice] += 1
            chosen.append((code, at))
    codes, rows = (list(part) for part in zip(*chosen, strict=True)) if chosen else ([], [])
    table = text.iloc[rows].reset_index(drop=True)
    table["code"] = codebook["code"].iloc[codes].to_numpy()
    table["name"] = codebook["name"].iloc[codes].to_numpy()
    return table[EXEMPLARS]


def quotation_cover(segments: pd.DataFrame, coded: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """What could be quoted for each code, in codebook order.

    Columns: code, name, segments, released (of them), released_share, cases, cases_released.
    """
    known(coded, codebook)
    case = place(coded["case"], sorted(coded["case"].unique()))
    code = place(coded["code"], codebook["code"])
    free = place(coded["segment"], released(segments)["segment"]) >= 0
    table = codebook[["code", "name"]].reset_index(drop=True)
    every = np.full(len(coded), True)
    for counted, spread, rows in (("segments", "cases", every), ("released", "cases_released", free)):
        table[counted] = np.bincount(code[rows], minlength=len(codebook))
        pairs = np.unique(np.stack([code[rows], case[rows]]), axis=1)
        table[spread] = np.bincount(pairs[0], minlength=len(codebook))
    table["released_share"] = share(table["released"], table["segments"])
    return table[["code", "name", "segments", "released", "released_share", "cases", "cases_released"]]


def released(segments: pd.DataFrame) -> pd.DataFrame:
    """Passages released for publication: segment, case, block, question, locator, excerpt; one row each.

    A passage counts as released only when every row of it says so: one coder's doubt holds it back.
    """
    held_back = segments.loc[~segments["released"].astype(bool), "segment"]
    free = segments[~segments["segment"].isin(set(held_back))]
    columns = ["segment", "case", "block", "question", "locator", "excerpt"]
    return free[columns].drop_duplicates("segment").reset_index(drop=True)
