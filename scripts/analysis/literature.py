"""Who says what in the literature, as the draft uses it: result tables from the coded claims.

Pure: the coded table in (columns as in data/README.md), result tables out.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

STANCES: Final = ("support", "descriptive", "mixed", "critique")
# The literature's subjects, from the claims' objects; what stands in none of them is OTHER.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "New Public Management": ("NPM",),
    "Institutionalism and mimicry": ("institutionalism", "donor reform"),
    "Business process re-engineering": ("BPR",),
    "Reform in Kazakhstan": ("Kazakhstan reform", "one-stop-shops", "service delivery"),
    "Method": ("method", "e-mail interview"),
}
OTHER: Final = "Other"
PLACES: Final = {name: place for place, name in enumerate([*FIELDS, OTHER])}


def stance(text: str) -> str:
    """Return one of STANCES; a qualified one ("support (of the lens)") counts as its first word."""
    word = text.split()[0].lower() if text.split() else ""
    return word if word in STANCES else "descriptive"


def field(subject: str) -> str:
    """Return the part of the literature that a claim's object belongs to."""
    return next((name for name, subjects in FIELDS.items() if subject in subjects), OTHER)


def sourced(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims taken from works with a known year, with their ``field`` and one-word ``stance``.

    Adds columns field, stance (one of STANCES), year (int); the order is the draft's.
    """
    rows = claims[(claims["source"] != "") & claims["year"].notna()]
    return rows.assign(
        field=rows["object"].map(field), stance=rows["stance"].map(stance), year=rows["year"].astype(int)
    ).reset_index(drop=True)


def matrix(claims: pd.DataFrame) -> pd.DataFrame:
    """Return all claims by field: the works by year, citations that match no work, the draft's own claims.

    Columns: field, those of the data; ``stance`` as the data have it.
    """
    fields = claims["object"].map(field)
    own = (claims["source"] == "").astype(int) + (claims["source_as_cited"] == "").astype(int)
    order = pd.DataFrame(
        {"field": fields.map(PLACES), "own": own, "year": claims["year"], "source": claims["source"]}
    )
    order = order.sort_values(["field", "own", "year", "source"], kind="stable", na_position="last")
    return claims.assign(field=fields).loc[order.index].reset_index(drop=True)


def over_time(claims: pd.DataFrame) -> pd.DataFrame:
    """Return each work in each field, with its year and the stances in which the draft uses it.

    Columns: field, source (citation key), year, stances (in the order of STANCES, "; " between), themes, claims (how
    many), ids; ordered by field, year, source.
    """
    rows = sourced(claims)
    results = []
    for (where, source, _), group in rows.groupby(["field", "source", "year"], sort=False):
        stances = [name for name in STANCES if name in set(group["stance"])]
        themes = list(dict.fromkeys(group["theme"]))
        results.append(
            (
                where,
                source,
                int(group["year"].iloc[0]),
                "; ".join(stances),
                "; ".join(themes),
                len(group),
                "; ".join(group["id"]),
            )
        )
    columns = ["field", "source", "year", "stances", "themes", "claims", "ids"]
    result = pd.DataFrame(results, columns=columns)
    return (
        result.assign(place=result["field"].map(PLACES))
        .sort_values(["place", "year", "source"], kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )
