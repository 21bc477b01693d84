"""What a table over interviewees may show, and what may be printed beside a quotation.

Cells that count 1 or 2 interviewees point at persons, so they are hidden; and as many others with them as it
takes that no hidden number can be computed from what is shown (Hundepool et al. 2012, "Statistical Disclosure
Control", chapter 4: primary and complementary suppression). How many interviewees there are in all is no secret.

A table with its margins is a network in which flow is conserved (Cox 1995, "Network models for complementary
cell suppression", Journal of the American Statistical Association 90(432)): rows and columns are its nodes, cells
and margins its edges. A hidden number can be another one exactly when its edge lies on a cycle of hidden edges
along which one interviewee can be shifted; so the cheapest such cycle is hidden with it.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
import pandas as pd

from paper.analysis.frequencies import UNSTATED
from paper.coding.interviews.coded import positions_in

THRESHOLD = 3  # interviewees: smaller cells are hidden
SHARED = 2  # cases that must share the attributes printed with a quotation
TOTAL = "total"
PASSAGES = ["segments", "segments_share", "group_segments"]
PEOPLE = ["cases", "cases_share"]


def sample(cases: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """Interviewees by role and region with totals, as far as they may be shown.

    Index role and columns region, as they occur, each with TOTAL last; Int64, NA where hidden. Without rows when
    nothing may be shown.
    """
    role, region = (cases[name].astype("str").replace("", UNSTATED) for name in ("role", "region"))
    counts = pd.crosstab(role, region)
    table = counts.assign(**{TOTAL: counts.sum(axis=1)})
    table.loc[TOTAL] = table.sum()
    table = table.astype("Int64").rename_axis(index="role", columns=None)
    hide = hidden_cells(counts, threshold)
    return table.iloc[:0] if hide is None else table.mask(hide)


def hidden_cells(counts: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame | None:
    """Which cells of a table of interviewees, and which margins, must not be shown.

    counts: without margins; a row or column without anybody doesn't occur. Columns and index as given, with TOTAL
    last; True where hidden; the total of all is shown. None when no part of the table may be shown. Margins are
    decided on first and alone, so that every table over the same interviewees hides the same ones.
    """
    values = counts.to_numpy(dtype=int)
    if values.sum() < threshold:
        return None
    of_row = hidden_groups(counts.sum(axis=1), threshold, occur=True)
    of_column = hidden_groups(counts.sum(axis=0), threshold, occur=True)
    if of_row is None or of_column is None:
        return None
    edges = _network(values)
    cells = set(range(values.size))
    must = {number for number in cells if 0 < edges[number].value < threshold}
    must |= {values.size + int(place) for place in np.flatnonzero([*of_row, *of_column])}
    # Of a group whose size is hidden nothing is shown: "none in the south" says where they are.
    small = set(np.flatnonzero(of_row.to_numpy()[:, None] | of_column.to_numpy()).tolist())
    done = _protected(edges, must, hidden=small, may_hide=cells)
    if done is None:
        done = _protected(edges, must, hidden=cells)
    if done is None:
        return None
    inner = np.array([number in done for number in range(values.size)]).reshape(values.shape)
    found = np.block(
        [[inner, of_row.to_numpy()[:, None]], [of_column.to_numpy()[None, :], np.array([[False]])]]
    )
    return pd.DataFrame(found, index=[*counts.index, TOTAL], columns=[*counts.columns, TOTAL])


def hidden_groups(
    counts: pd.Series[int],
    threshold: int = THRESHOLD,
    *,
    also: Iterable[bool] = (),
    occur: bool = False,
) -> pd.Series[bool] | None:
    """Which groups' counts must not be shown, where the sum of all is known. None when hiding all isn't enough.

    also: groups to hide whatever they count; occur: whether a reader knows that every group has somebody. Index as
    given.
    """
    values = counts.to_numpy(dtype=int)
    edges = [_Edge(0, 1, int(value), low=int(occur)) for value in values]
    start = {number for number, value in enumerate(values) if 0 < value < threshold}
    start |= set(np.flatnonzero(list(also)).tolist())
    done = _protected(edges, start, may_hide=range(len(edges)))
    if done is None:
        return None
    return pd.Series([number in done for number in range(len(values))], index=counts.index, dtype=bool)


def protected(drivers: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The table of ``frequencies.drivers`` by role or region as it may be shown beside the one over all.

    Columns as there, numbers of interviewees and passages Int64 and shares Float64, NA where hidden. Of a group
    below the threshold nothing is shown; of a group with a driver below it, no number of passages, since passages
    of a group add up, too. Without rows when nothing may be shown.
    """
    groups = list(dict.fromkeys(drivers["group"]))
    by_group = drivers.drop_duplicates("group").set_index("group")
    size = by_group["group_cases"]
    small = hidden_groups(size, threshold, occur=True)
    if small is None or size.sum() < threshold:
        return drivers.iloc[:0]
    hide = pd.DataFrame(index=pd.Index(groups))
    for driver, rows in drivers.groupby("driver", sort=False, observed=True):
        of_driver = rows.set_index("group")["cases"].reindex(groups)
        found = hidden_groups(of_driver, threshold, also=small)
        hide[driver] = True if found is None else found
    without = hide.any(axis=1)
    table = drivers.reset_index(drop=True)
    number = ["segments", "cases", "group_segments", "group_cases"]
    table[number] = table[number].astype("Int64")
    table[["segments_share", "cases_share"]] = table[["segments_share", "cases_share"]].astype("Float64")
    cell = hide.to_numpy()[
        positions_in(table["group"], groups), positions_in(table["driver"], list(hide.columns))
    ]
    table.loc[cell, PEOPLE] = pd.NA
    table.loc[table["group"].map(without).astype(bool), PASSAGES] = pd.NA
    table.loc[table["group"].map(small).astype(bool), "group_cases"] = pd.NA
    return table


def printable(cases: pd.DataFrame, shared: int = SHARED) -> pd.DataFrame:
    """The attributes that may stand beside a quotation: columns case, role, region; "" for what may not.

    What is printed for a case is printed for at least ``shared`` cases, or nothing is: where role and region
    together are not shared by so many, the region is left out, and where the role alone isn't either, the role,
    too. Too few left with their role alone are joined by the smallest group of the role that says more, since
    they would stand out as those who are not of its region.
    """
    said = cases[["case", "role", "region"]].astype({"role": "str", "region": "str"}).reset_index(drop=True)
    labels = list(zip(said["role"], said["region"], strict=True))
    whole = Counter(labels)
    labels = [label if whole[label] >= shared else (label[0], "") for label in labels]
    for role in sorted({role for role, region in labels if not region}):
        while 0 < labels.count((role, "")) < shared:
            more = Counter(label for label in labels if label[0] == role and label[1])
            if not more:
                break
            joins = min(more, key=lambda label: (more[label], label))
            labels = [(role, "") if label == joins else label for label in labels]
    left = Counter(labels)
    labels = [label if left[label] >= shared else ("", "") for label in labels]
    said["role"], said["region"] = zip(*labels, strict=True) if labels else ((), ())
    return said


@dataclass(frozen=True)
class _Edge:
    """A number of the table. low: what a reader takes for possible at least."""

    start: int
    end: int
    value: int
    low: int = 0

    def arcs(self) -> Iterable[tuple[int, int]]:
        """The ways in which one interviewee more or less could pass here."""
        yield self.start, self.end
        if self.value > self.low:
            yield self.end, self.start


def _network(values: npt.NDArray[np.int_]) -> list[_Edge]:
    """The cells row by row, then the rows' totals, then the columns'; those of what occurs are not 0."""
    rows, columns = values.shape
    source, sink = rows + columns, rows + columns + 1
    edges = [_Edge(row, rows + column, int(values[row, column])) for row, column in np.ndindex(values.shape)]
    edges += [_Edge(source, row, int(total), low=1) for row, total in enumerate(values.sum(axis=1))]
    edges += [_Edge(rows + at, sink, int(total), low=1) for at, total in enumerate(values.sum(axis=0))]
    return edges


def _protected(
    edges: list[_Edge], must: set[int], *, hidden: Iterable[int] = (), may_hide: Iterable[int] = ()
) -> set[int] | None:
    """All that is hidden, so that none of those that must be is certain; None when one would still be.

    hidden: hidden as well, whether certain or not; may_hide: what may be hidden to protect the others.
    """
    done = must | set(hidden)
    price = {number: edges[number].value + 1 for number in may_hide}
    for number in sorted(must):
        cycle = _cheapest_cycle(edges, number, price | dict.fromkeys(done, 0))
        if cycle is None:
            return None
        done |= cycle
    return done


def _cheapest_cycle(edges: list[_Edge], through: int, price: dict[int, int]) -> set[int] | None:
    """The edges of the cheapest cycle through an edge along which one can be shifted, in either direction."""
    ways: dict[int, list[tuple[int, int, int]]] = {}
    for number, cost in price.items():
        if number != through:
            for start, end in edges[number].arcs():
                ways.setdefault(start, []).append((cost, end, number))
    best: tuple[int, set[int]] | None = None
    for start, end in edges[through].arcs():  # the way back, from the end to the start
        order = count()
        queue: list[tuple[int, int, int, tuple[int, ...]]] = [(0, next(order), end, ())]
        seen: set[int] = set()
        while queue:
            cost, _, node, path = heapq.heappop(queue)
            if node == start:
                if best is None or cost < best[0]:
                    best = cost, set(path)
                break
            if node not in seen:
                seen.add(node)
                for more, to, number in ways.get(node, ()):
                    if to not in seen:
                        heapq.heappush(queue, (cost + more, next(order), to, (*path, number)))
    return best[1] if best else None
