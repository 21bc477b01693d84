"""Cases in the open table with attributes as broad as it takes that nobody stands out (``data.attributes``)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from paper.coding.data import attributes
from paper.coding.data.attributes import ATTRIBUTES, DRAW_KEY, Order, generalise, secret_order
from paper.coding.data.package import described
from paper.coding.exchange import store
from paper.coding.exchange.store import Dataset, Row
from paper.coding.privacy.settings import threshold
from paper.project import load


def restore_attributes(dataset: Dataset) -> Dataset:
    """Return the dataset with the attributes of each case as they are known, also where too few share them."""
    known = {row["case"]: row for row in dataset.attributes}
    cases: list[Row] = [
        {name: value or known.get(row["case"], {}).get(name, "") for name, value in row.items()}
        for row in dataset.tables["cases"]
    ]
    return replace(dataset, tables={**dataset.tables, "cases": cases})


def generalise_dataset(
    root: Path, dataset: Dataset, *, dry_run: bool = False
) -> tuple[Dataset, tuple[str, ...]]:
    """Withhold what too few cases share, and state again what enough share by now.

    Return the dataset and the cases of which the open table states less than is known.
    """
    names = described("cases", root).attributes
    rows = restore_attributes(dataset).tables["cases"]
    known = {row["case"]: tuple(row[name] for name in names) for row in rows}
    result = generalise(known, threshold(load(root)), _order(root, dataset, dry_run=dry_run))
    cases = [{**row, **dict(zip(names, result.stated[row["case"]], strict=True))} for row in rows]
    withheld = [{"case": case, **dict(zip(names, known[case], strict=True))} for case in result.withheld]
    return replace(dataset, tables={**dataset.tables, "cases": cases}, attributes=withheld), result.withheld


def generalise_cases(root: Path) -> tuple[list[str], tuple[str, ...]]:
    """Do so with the tables of a project. Return the changed files, and the cases of which less is stated."""
    old = store.load(root)
    new, withheld = generalise_dataset(root, old)
    return store.save(root, new, old), withheld


def describe_withheld(root: Path, withheld: tuple[str, ...]) -> str:
    """Return a line for people on the cases of which the open table states less; "" where there are none."""
    if not withheld:
        return ""
    what = " and ".join(described("cases", root).attributes)
    shown = ", ".join(withheld[:12]) + (" …" if len(withheld) > 12 else "")
    cases = "1 case" if len(withheld) == 1 else f"{len(withheld)} cases"
    least = threshold(load(root))
    return (
        f"data/cases.csv states less than is known of {cases}, until at least {least} share it: {shown}; "
        f"{what} as you gave them are in {ATTRIBUTES}"
    )


def known_by_method(root: Path) -> list[str]:
    """Return the withheld values that could only be what they are, to whoever knows the method; none is expected."""
    dataset = store.load(root)
    table = described("cases", root)
    names = table.attributes
    stated, truth = (
        {row["case"]: tuple(row[name] for name in names) for row in rows}
        for rows in (dataset.tables["cases"], restore_attributes(dataset).tables["cases"])
    )
    words = [table.values(name) for name in names]
    certain = attributes.known_by_method(truth, stated, words, threshold(load(root)))
    return [f"{names[place]} of {case}" for case, place in certain]


def _order(root: Path, dataset: Dataset, *, dry_run: bool) -> Order:
    """Return the secret order of cases; its key is drawn once and stays in the private folder."""
    path = root / DRAW_KEY
    key = path.read_bytes() if path.is_file() else secrets.token_hex(32).encode()
    if not path.is_file() and not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(key)
        path.chmod(0o600)
    return secret_order(key, {row["case"] for row in dataset.attributes})
