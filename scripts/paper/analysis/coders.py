"""Who coded what, and where coders part, passage by passage."""

from __future__ import annotations

import pandas as pd

from paper.analysis.quotations import released
from paper.coding.interviews.coded import readers

DISAGREEMENTS = ["segment", "case", "excerpt", "code", "given_by", "not_given_by"]


def by_coder(segments: pd.DataFrame) -> pd.DataFrame:
    """Count what each coder did, in the order of the names.

    Columns: coder, cases, passages, codings, shared (passages of these that another coder read, too).
    """
    read = readers(segments)
    number = read["segment"].value_counts()
    shared = read[read["segment"].map(number) > 1]["coder"].value_counts()
    table = segments.groupby("coder", sort=True, observed=True).agg(
        cases=("case", "nunique"), passages=("segment", "nunique"), codings=("code", "size")
    )
    table["shared"] = shared.reindex(table.index).fillna(0).astype(int)
    return table.rename_axis("coder").reset_index()


def disagreements(segments: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the codes on which those who read a released passage part (columns DISAGREEMENTS).

    In the order of the passages, then of the codebook. Who read a passage: see ``interviews.coded.readers``.
    """
    passages = released(segments)
    places = {str(name): at for at, name in enumerate(passages["segment"])}
    of_passage = readers(segments).groupby("segment", sort=False)["coder"].agg(list).to_dict()
    order = {code: at for at, code in enumerate(codebook["code"])}
    given = segments[segments["segment"].isin(list(places))].groupby(
        ["segment", "code"], sort=False, observed=True
    )
    rows = []
    for (segment, code), coders in given["coder"]:
        there = sorted(set(coders))
        absent = sorted(set(of_passage[segment]) - set(there))
        if absent:
            at = places[str(segment)]
            case, excerpt = passages.loc[at, ["case", "excerpt"]]
            line = (segment, case, excerpt, code, ", ".join(there), ", ".join(absent))
            rows.append((at, order.get(code, len(order)), line))
    return pd.DataFrame([line for *_, line in sorted(rows)], columns=DISAGREEMENTS)
