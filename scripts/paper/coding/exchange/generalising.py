"""Cases in the open table with role and region as broad as it takes that nobody stands out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from paper.coding.data.attributes import ATTRIBUTES, SHARED, generalised
from paper.coding.exchange import store
from paper.coding.exchange.store import Holdings, Row


def precise(held: Holdings) -> Holdings:
    """Return the holdings with role and region of each case as they are known, also where too few share them."""
    known = {row["case"]: row for row in held.attributes}
    cases: list[Row] = [
        {
            **row,
            **{name: row[name] or known.get(row["case"], {}).get(name, "") for name in ("role", "region")},
        }
        for row in held.tables["cases"]
    ]
    return replace(held, tables={**held.tables, "cases": cases})


def generalise(held: Holdings) -> tuple[Holdings, tuple[str, ...]]:
    """Move role and region that too few cases share to the private attributes, and those back that enough share.

    Returns the holdings and the cases of which the open table says less than is known.
    """
    known = {row["case"]: (row["role"], row["region"]) for row in precise(held).tables["cases"]}
    result = generalised(known)
    cases: list[Row] = [
        {**row, "role": result.open[row["case"]][0], "region": result.open[row["case"]][1]}
        for row in held.tables["cases"]
    ]
    attributes = [{"case": case, "role": known[case][0], "region": known[case][1]} for case in result.held]
    return replace(held, tables={**held.tables, "cases": cases}, attributes=attributes), result.held


def generalise_cases(root: Path) -> tuple[list[str], tuple[str, ...]]:
    """Do so with the tables of a project. Returns the changed files, and the cases of which less is said."""
    old = store.load(root)
    new, held = generalise(old)
    return store.save(root, new, old), held


def told(held: tuple[str, ...]) -> str:
    """Return a line for people on the cases of which the open table says less; "" where there are none."""
    if not held:
        return ""
    shown = ", ".join(held[:12]) + (" …" if len(held) > 12 else "")
    one = "its role and region are" if len(held) == 1 else "their role and region are"
    cases = "1 case is" if len(held) == 1 else f"{len(held)} cases are"
    return (
        f"{cases} described more broadly in data/cases.csv, until {SHARED} share what it says: {shown}; "
        f"{one} kept in {ATTRIBUTES}"
    )
