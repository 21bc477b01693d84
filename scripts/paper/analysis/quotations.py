"""Quotations that may be printed: only released passages, spread over the cases, with attributes that are shared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from paper.analysis.frequencies import share
from paper.coding.interviews.coded import positions_in, require_known_codes

PASSAGE = ["segment", "case", "block", "question", "locator", "excerpt"]
EXEMPLARS = ["code", "name", "segment", "case"]


def exemplars(
    segments: pd.DataFrame,
    coded: pd.DataFrame,
    codebook: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    per_code: int = 3,
    words: int = 40,
    attributes: Sequence[str] = (),
) -> pd.DataFrame:
    """Choose up to ``per_code`` released quotations for each code, from as many cases as there are.

    Within a case the passage nearest to ``words`` words comes first, then the earlier one; within a code
    every case gives one passage before any gives a second, and cases that have been quoted least so far go
    first, so that no single voice carries the chapter. Columns: EXEMPLARS, ``attributes`` of the case
    as far as they are stated, and those of the passage; in codebook order. Codes without a released passage have no
    row (``quotation_cover`` counts them).
    """
    require_known_codes(coded, codebook, cases)
    text = released(segments)
    row = positions_in(coded["segment"], text["segment"])
    found = pd.DataFrame({"code": positions_in(coded["code"], codebook["code"]), "row": row})[row >= 0]
    case, names = pd.factorize(text["case"], sort=True)
    off = np.abs(np.array([len(excerpt.split()) for excerpt in text["excerpt"].tolist()], dtype=int) - words)
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
    of_case = positions_in(table["case"], cases["case"])
    for name in attributes:
        table[name] = cases[name].iloc[of_case].to_numpy()
    return table[[*EXEMPLARS, *attributes, *PASSAGE[2:]]]


def quotation_cover(segments: pd.DataFrame, coded: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Return what could be quoted for each code, in codebook order.

    Columns: code, name, segments, released (of them), released_share, cases, cases_released.
    """
    require_known_codes(coded, codebook)
    case, cases = pd.factorize(coded["case"])
    code = positions_in(coded["code"], codebook["code"])
    free = positions_in(coded["segment"], released(segments)["segment"]) >= 0
    table = codebook[["code", "name"]].reset_index(drop=True)
    every = np.full(len(coded), True)
    for counted, spread, rows in (("segments", "cases", every), ("released", "cases_released", free)):
        table[counted] = np.bincount(code[rows], minlength=len(codebook))
        pairs = np.unique(code[rows] * max(len(cases), 1) + case[rows])
        table[spread] = np.bincount(pairs // max(len(cases), 1), minlength=len(codebook))
    table["released_share"] = share(table["released"], table["segments"])
    return table[["code", "name", "segments", "released", "released_share", "cases", "cases_released"]]


def released(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the passages released for publication: columns PASSAGE, one row each, in the order of the data.

    A passage counts as released only when every row of it says so: one coder's doubt holds it back.
    """
    number, names = pd.factorize(segments["segment"])
    free = np.bincount(number, ~segments["released"].to_numpy(dtype=bool), len(names)) == 0
    first = np.unique(number, return_index=True)[1]
    passages: pd.DataFrame = segments.iloc[first[free]]
    return passages[PASSAGE].reset_index(drop=True)
