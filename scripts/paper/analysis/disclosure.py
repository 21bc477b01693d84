"""Who was interviewed, as far as it is stated.

Nothing is hidden here: ``data/cases.csv`` states only what enough interviews share (``coding.data.attributes``), and
what is counted from it can tell no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from paper.analysis.frequencies import UNSTATED
from paper.coding.data.attributes import generalise, scarce

TOTAL = "total"


def withhold(cases: pd.DataFrame, attributes: Sequence[str], threshold: int) -> pd.DataFrame:
    """Return the cases as `paper data generalise` leaves them, should it not have run (a build is refused then)."""
    names = list(attributes)
    labels = {case: tuple(stated) for case, *stated in cases[["case", *names]].itertuples(index=False)}
    stated = generalise(labels, threshold).stated if scarce(labels.values(), threshold) else labels
    return cases.assign(**{name: [label[at] for label in stated.values()] for at, name in enumerate(names)})


def stated_attributes(cases: pd.DataFrame, attributes: Sequence[str]) -> list[str]:
    """Return the attributes of which something is stated of at least one case, in order."""
    return [name for name in attributes if (cases[name] != "").any()]


def sample(cases: pd.DataFrame, attributes: Sequence[str]) -> pd.DataFrame:
    """Count interviewees by the first attribute, and where a second is stated, by both.

    Index: values of the first, columns: of the second, as they occur, UNSTATED among them and TOTAL last. Without
    rows where no attribute is stated.
    """
    shown = stated_attributes(cases, attributes)[:2]
    if not shown:
        return pd.DataFrame()
    of_case = [cases[name].astype("str").replace("", UNSTATED) for name in shown]
    if len(shown) == 1:
        table = of_case[0].value_counts().sort_index().to_frame(TOTAL)
    else:
        table = pd.crosstab(of_case[0], of_case[1])
        table[TOTAL] = table.sum(axis=1)
    table = table.sort_index(key=lambda index: index == UNSTATED, kind="stable")
    table = table[sorted(table.columns, key=lambda name: (name == TOTAL, name == UNSTATED))]
    table.loc[TOTAL] = table.sum()
    return table.rename_axis(index=shown[0], columns=shown[1] if len(shown) > 1 else None)
