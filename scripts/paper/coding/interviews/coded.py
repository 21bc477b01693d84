"""From what each coder marked to what counts: one rule on coders, and the codebook's hierarchy.

Every analysis of interviews starts from the *coded* table that ``apply_coder_rule`` makes: one row a passage and a
code that stands, with the columns segment, case, block, question, code. What the rule leaves out is kept
beside it, so that nothing disappears unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from paper.errors import DataError, Place

if TYPE_CHECKING:  # checks that find their results kept start without them
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Coverage = Literal["case", "passage"]
CODED = ["segment", "case", "block", "question", "code"]
DROPPED = ["segment", "case", "code", "coder", "reason"]


@dataclass(frozen=True)
class Coded:
    """The codings that stand."""

    table: pd.DataFrame
    """CODED, one row a passage and a code, all columns categories (fast to count, equal to text)."""
    dropped: pd.DataFrame
    """DROPPED, one row a coding that doesn't stand, with the reason."""
    rule: str
    """The rule as a phrase for captions and notes."""


def apply_coder_rule(segments: pd.DataFrame, rule: str = "any", coverage: Coverage = "case") -> Coded:
    """Decide which codings stand where several coders worked.

    segments: the data table (segment, case, block, question, code, coder, …), one row a coding by one coder.
    rule: ``any`` – a coding stands when one coder gave it; ``all`` – when every coder who read the passage
    gave it; otherwise the id of the one coder who counts. coverage: who read a passage, see ``readers``.
    Raises DataError when the coder is not in the data.
    """
    segments = segments[[*CODED, "coder"]].astype("category")
    if rule == "any":
        kept, left, reason = segments, segments.iloc[:0], ""
        message = "a coding counts when at least one coder gave it"
    elif rule == "all":
        marks = segments[["segment", "code", "coder"]].drop_duplicates()
        given = marks.groupby(["segment", "code"], observed=True).size().rename("given")
        read = readers(segments, coverage)["segment"].value_counts()
        stands = segments.join(given, on=["segment", "code"])["given"] == segments["segment"].map(
            read
        ).astype(int)
        kept, left, reason = (
            segments[stands],
            segments[~stands],
            "not given by every coder who read the passage",
        )
        message = "a coding counts when every coder who read the passage gave it"
    else:
        coders = sorted(segments["coder"].cat.categories)
        if coders and rule not in coders:
            raise DataError(
                f"the coder rule names {rule!r}, who coded nothing",
                remedy=f"write `any`, `all` or one of the coders: {', '.join(coders)}",
            )
        stands = segments["coder"] == rule
        kept, left, reason = segments[stands], segments[~stands], f"given by a coder other than {rule}"
        message = f"the codings of {rule} count"
    table = kept[CODED].drop_duplicates(["segment", "code"]).reset_index(drop=True)
    dropped = left[DROPPED[:-1]].astype("str").assign(reason=reason).reset_index(drop=True)
    return Coded(table, dropped, message)


def readers(segments: pd.DataFrame, coverage: Coverage = "case") -> pd.DataFrame:
    """Return who read which passage: one row a passage and a coder (columns segment, coder).

    The data hold marks only, so reading has to be inferred. ``case``: who coded anything of a case read all
    of its passages, and a code not given is a decision against it. ``passage``: only who gave the passage
    some code read it; right where coders saw different samples of a case, and kinder to agreement, since
    passages that one coder left bare drop out.
    """
    if coverage == "passage":
        return segments[["segment", "coder"]].drop_duplicates().reset_index(drop=True)
    passages = segments[["segment", "case"]].drop_duplicates("segment")
    read = segments[["case", "coder"]].drop_duplicates()
    return passages.merge(read, on="case")[["segment", "coder"]]


def lineage(codebook: pd.DataFrame) -> pd.DataFrame:
    """Return each code with itself and all of its ancestors: columns code, ancestor, distance (0 for itself).

    Raises DataError where codes are each other's parents, or a parent is missing.
    """
    import pandas as pd

    parent = dict(zip(codebook["code"], codebook["parent"], strict=True))
    rows: list[tuple[str, str, int]] = []
    for code in parent:
        seen: list[str] = []
        at = code
        while at:
            if at in seen:
                raise DataError(
                    f"the codes {', '.join(seen)} are each other's parents",
                    remedy="give one of them no parent",
                )
            if at not in parent:
                raise DataError(f"{seen[-1]!r} has the parent {at!r}, which the codebook lacks")
            rows.append((code, at, len(seen)))
            seen.append(at)
            at = parent[at]
    return pd.DataFrame(rows, columns=["code", "ancestor", "distance"])


def with_parents(coded: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the coded table with each passage counted once more for every ancestor of its codes (columns CODED)."""
    require_known_codes(coded, codebook)
    up = lineage(codebook)[["code", "ancestor"]]
    grown = coded.assign(code=coded["code"].astype("str")).merge(up, on="code")
    grown = grown.assign(code=grown["ancestor"].astype("category"))
    return grown[CODED].drop_duplicates(["segment", "code"]).reset_index(drop=True)


def merge_siblings(coded: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the coded table one level coarser: a code with a parent becomes its parent, top codes stay (CODED)."""
    require_known_codes(coded, codebook)
    own = codebook["code"]
    up = codebook["parent"].where(codebook["parent"] != "", own)
    merged = coded.assign(code=up.astype("category").to_numpy()[positions_in(coded["code"], own)])
    return merged.drop_duplicates(["segment", "code"]).reset_index(drop=True)


def division(codebook: pd.DataFrame) -> list[str]:
    """Return what the codebook divides its codes into (column driver), in the order of the codes.

    The first two are the sides that figures and tables hold against each other, as two drivers; others stand beside.
    """
    return [str(name) for name in dict.fromkeys(codebook["driver"]) if name]


def sides(codebook: pd.DataFrame) -> tuple[str, str]:
    """Return the two sides of the division. Raises DataError where the codebook has fewer."""
    names = division(codebook)
    if len(names) < 2:
        raise DataError(
            "the codes aren't divided into two sides, so that there is nothing to hold against each other",
            place=Place("data/codebook.csv", None, "driver"),
            remedy="say in the column driver which side each top code speaks for, or take this figure or table out",
        )
    return names[0], names[1]


def driver_of(codebook: pd.DataFrame) -> pd.Series[str]:
    """Return the driver of each code (index code): its own, else its nearest ancestor's, else ""."""
    own = codebook.set_index("code")["driver"]
    up = lineage(codebook)
    up = up.assign(driver=up["ancestor"].map(own))
    nearest = up[up["driver"] != ""].sort_values("distance", kind="stable").drop_duplicates("code")
    return nearest.set_index("code")["driver"].reindex(own.index, fill_value="").rename("driver")


def case_positions(
    coded: pd.DataFrame, cases: pd.DataFrame, codes: list[str], against: list[str]
) -> pd.DataFrame:
    """Return where each case stands towards a statement: which passages carry it, which speak against it.

    codes, against: codes that support the statement, and codes that contradict it. Columns: case, supporting,
    opposing (passages), position: ``supports``, ``both``, ``dissents`` or ``silent``. A case without either
    is silent, not dissenting: not having said something is not having denied it.
    """
    import numpy as np
    import pandas as pd

    one = coded[coded["code"].isin(codes)].drop_duplicates("segment")["case"].value_counts()
    other = coded[coded["code"].isin(against)].drop_duplicates("segment")["case"].value_counts()
    table = pd.DataFrame({"case": list(cases["case"])})
    table["supporting"] = table["case"].map(one).fillna(0).astype(int)
    table["opposing"] = table["case"].map(other).fillna(0).astype(int)
    yes, no = table["supporting"] > 0, table["opposing"] > 0
    table["position"] = np.select([yes & no, yes, no], ["both", "supports", "dissents"], "silent")
    return table


def positions_in(values: pd.Series[Any], order: pd.Series[Any] | list[str]) -> npt.NDArray[np.intp]:
    """Return the position of each value in ``order``, −1 where it is not there."""
    import numpy as np
    import pandas as pd

    number, different = pd.factorize(values)
    result: npt.NDArray[np.intp] = pd.Index(order).get_indexer(pd.Index(different))
    return result[number] if len(result) else np.full(len(values), -1, dtype=np.intp)


def require_known_codes(
    coded: pd.DataFrame, codebook: pd.DataFrame, cases: pd.DataFrame | None = None
) -> None:
    """Raise DataError when a coding names a code or a case without a row, rather than lose it in a join."""
    for column, what, table in (("code", "the codebook", codebook), ("case", "the table of cases", cases)):
        if table is None:
            continue
        strange = sorted(set(coded[column].unique()) - set(table[column]))
        if strange:
            named = ", ".join(strange[:10]) + (" …" if len(strange) > 10 else "")
            raise DataError(f"{what} lacks: {named}", remedy="add them there, or run `paper data check`")
