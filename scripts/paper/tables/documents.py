"""Tables of what documents say: stakeholders, problems of delivery, the two drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.analysis import documents
from paper.analysis.datafile import rows
from paper.tables.cells import CODED, capital, once
from paper.tables.markdown import Asked
from paper.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

# What a problem rests on, where no source is named (see ``analysis.documents.support_of``).
SUPPORT: Final = {
    "figure": "shares without a published source",
    "argument": "argument of this paper",
    "none": "observation of this paper",
}
DRIVERS: Final = {"internal": "Internal", "external": "External", "context": "Outside the model"}


def stakeholders(coded: pd.DataFrame) -> Table:
    """Who has a part in delivery, with level and role. coded: the data table ``stakeholders``."""
    data = documents.with_part_in_delivery(coded)
    apart = sorted(set(coded["name"]) - set(data["name"]))
    return Table(
        "stakeholders",
        data,
        [(row.name, row.level, Asked(row.role, row.doubt, row.id)) for row in rows(data)],
        ("Body or group", "Level", "Role"),
        (30, 18, 52),
        CODED,
        ("stakeholders",),
        __name__,
        sortable=True,
        note=f"Left out, having no part in delivery: {'; '.join(apart)}." if apart else "",
    )


def delivery_problems(coded: pd.DataFrame) -> Table:
    """Problems by kind, with stated cause, consequence, evidence. coded: the data table ``document_problems``."""
    data = documents.delivery_problems(coded)
    kinds = once(capital(name) for name in data["category"])
    return Table(
        "delivery_problems",
        data,
        [
            (
                kind,
                Asked(f"{row.id}: {row.problem}", row.doubt, row.id),
                row.cause,
                row.consequence,
                SUPPORT.get(row.support, row.evidence),
            )
            for kind, row in zip(kinds, rows(data), strict=True)
        ],
        ("Kind", "Problem", "Cause", "Consequence", "Support"),
        (17, 33, 17, 16, 17),
        CODED,
        ("document_problems",),
        __name__,
        title=1,
        sortable=True,
    )


def drivers(coded: pd.DataFrame) -> Table:
    """The drivers' indicators: kind, place, theory. coded: the data table ``factors``."""
    data = documents.drivers(coded)
    names = once(DRIVERS[name] for name in data["driver"])
    return Table(
        "drivers",
        data,
        [
            (
                name,
                Asked(capital(row.indicator), row.doubt, row.id),
                row.indicator_type,
                _place(row.in_text, row.in_figure),
                row.theory,
            )
            for name, row in zip(names, rows(data), strict=True)
        ],
        ("Driver", "Indicator", "Kind", "Stands in", "Theory behind"),
        (14, 38, 15, 15, 18),
        CODED,
        ("factors",),
        __name__,
        title=1,
        sortable=True,
    )


def _place(in_text: str, in_figure: str) -> str:
    places = [name for name, said in (("text", in_text), ("figure", in_figure)) if said == "yes"]
    return " and ".join(places)
