"""What the draft's text and documents say, as result tables: stakeholders, drivers, problems, events, facts.

Pure: coded tables in (columns as in data/README.md), result tables out; nothing is read or drawn here.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

# Actions and regulations of the state, and what bears on them; the author's own dates and the theory's are not.
REFORM_KINDS: Final = ("state", "law", "regulation", "training", "e-gov", "reform", "conference", "fieldwork")
# Levels of those whom the draft names without a part in the delivery of services in Kazakhstan.
APART: Final = ("countries for comparison", "informants", "individual expert", "observers")
# What the facts on design, sample and fieldwork are about; the rest of the methodology is told in the prose.
FIELDWORK: Final = (
    "design", "method", "case", "population", "sampling", "interviews", "interviewees", "places", "dates",
    "instrument", "blocks", "rationale",
)  # fmt: skip
APPROACH_TYPES: Final = ("direction of change", "scale of change", "engagement")


def network(
    stakeholders: pd.DataFrame, relations: pd.DataFrame, actors: list[str], links: list[str]
) -> pd.DataFrame:
    """Return the actors and relations that a drawing shows, one under another.

    Columns: part (actor, relation), id, who, does, whom ("" for an actor), basis, doubt, locator.
    """
    people = stakeholders[stakeholders["id"].isin(actors)]
    ties = relations[relations["id"].isin(links)]
    rows = [
        ("actor", row.id, row.name, row.role, "", row.basis, row.doubt, row.locator)
        for row in people.itertuples(index=False)
    ] + [
        (
            "relation",
            row.id,
            row.source_name,
            row.relation,
            row.target_name,
            row.basis,
            row.doubt,
            row.locator,
        )
        for row in ties.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["part", "id", "who", "does", "whom", "basis", "doubt", "locator"])


def with_part_in_delivery(stakeholders: pd.DataFrame) -> pd.DataFrame:
    """Return the stakeholders without those of the levels APART; the columns and the order are those of the data."""
    return stakeholders[~stakeholders["level"].isin(APART)].reset_index(drop=True)


def fieldwork(methodology: pd.DataFrame) -> pd.DataFrame:
    """Return the facts on design, sample and fieldwork in FIELDWORK's order; columns as in the data."""
    rows = methodology[methodology["unit"].isin(FIELDWORK)]
    place = rows["unit"].map({unit: number for number, unit in enumerate(FIELDWORK)})
    return rows.loc[place.sort_values(kind="stable").index].reset_index(drop=True)


def service_chain(relations: pd.DataFrame, stakeholders: pd.DataFrame) -> pd.DataFrame:
    """Return the bodies that a public service passes through, each at its first step.

    Columns: step (design, coordination, control, front office, back office), body, share ("almost 75%", or ""),
    level, basis, doubt, locator.
    """
    level = dict(zip(stakeholders["id"], stakeholders["level"], strict=True))
    services = relations["target_name"].eq("public services")
    steps = {
        "design": relations["kind"].eq("design authority"),
        "coordination": relations["kind"].eq("coordination") & services,
        "control": relations["kind"].eq("control") & services,
        **{
            office: relations["kind"].eq("service chain") & relations["source"].map(level).eq(office)
            for office in ("front office", "back office")
        },
    }
    chosen = pd.concat([relations[rows].assign(step=step) for step, rows in steps.items()])
    return pd.DataFrame(
        {
            "step": chosen["step"],
            "body": [name[:1].upper() + name[1:] for name in chosen["source_name"]],
            "share": [
                "" if pd.isna(weight) else f"{'almost ' if 'almost' in doubt else ''}{weight:g}%"
                for weight, doubt in zip(chosen["weight"], chosen["doubt"], strict=True)
            ],
            "level": chosen["source"].map(level),
            "basis": chosen["basis"],
            "doubt": chosen["doubt"],
            "locator": chosen["locator"],
        }
    ).reset_index(drop=True)


def timeline(events: pd.DataFrame) -> pd.DataFrame:
    """Return the dated events of the reform in order, then the undated ones.

    Columns: id, date_as_printed, start, end (ISO 8601, as precise as given; "" where undated), precision, event,
    kind, basis, doubt, locator.
    """
    rows = events[events["kind"].isin(REFORM_KINDS)]
    rows = rows.assign(undated=rows["start"] == "").sort_values(
        ["undated", "start", "end", "id"], kind="stable"
    )
    columns = "id date_as_printed start end precision event kind basis doubt locator"
    return rows[columns.split()].reset_index(drop=True)


def drivers(factors: pd.DataFrame) -> pd.DataFrame:
    """Return the drivers' indicators in the order of the draft.

    Columns: driver (internal, external, context), part (indicator, approach), id, indicator, indicator_type, theory,
    in_text, in_figure, doubt, locator. Rows that only name a factor or count the factors are left out.
    """
    rows = factors[~factors["indicator_type"].isin(["factor", "count"])]
    part = rows["indicator_type"].isin(APPROACH_TYPES).map({True: "approach", False: "indicator"})
    columns = "driver part id indicator indicator_type theory in_text in_figure doubt locator"
    return rows.assign(part=part)[columns.split()].reset_index(drop=True)


def delivery_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """Return the problems of delivery by category and by what the draft offers as evidence.

    Columns: category, support (see ``support_of``), id, problem, evidence, cause, consequence, doubt,
    locator; the largest category first, and in each what is best supported first.
    """
    size = problems["category"].map(problems["category"].value_counts())
    support = problems["evidence"].map(support_of)
    rank = support.map({"source": 0, "figure": 1, "argument": 2, "none": 3})
    rows = problems.assign(size=size, support=support, rank=rank)
    rows = rows.sort_values(
        ["size", "category", "rank", "id"], ascending=[False, True, True, True], kind="stable"
    )
    columns = "category support id problem evidence cause consequence doubt locator"
    return rows[columns.split()].reset_index(drop=True)


def support_of(evidence: str) -> str:
    """Return what a problem's evidence amounts to.

    ``source``: something outside the draft is named (a speech); ``figure``: a number without a source;
    ``argument``: the draft infers or prescribes it; ``none``: nothing is offered, or a drawing that is lost.
    """
    words = evidence.lower()
    if "no source" in words:
        return "figure"
    if any(word in words for word in ("infer", "normative", "argument")):
        return "argument"
    if not words or words == "-" or words.startswith("none") or "missing" in words:
        return "none"
    return "source"
