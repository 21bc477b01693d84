"""Tables on the coding itself: how the codebook came about, who coded what, where coders part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from paper.analysis import coders
from paper.analysis.datafile import rows
from paper.coding.interviews.history import FILE, Change
from paper.publishing.markdown import Cell
from paper.publishing.table import Table
from paper.tables.cells import Column, blank_repeats, interview_table
from paper.typography import amount, capital

if TYPE_CHECKING:
    import pandas as pd

    from paper.figures.interviews import Interviews

MOST: Final = 20  # disagreements that are printed; the data to take away have all
LIST: Final = 8  # codes that are named; of more, their number is told
SAYS: Final = (
    ("added", "added"),
    ("removed", "taken out"),
    ("renamed", "renamed"),
    ("moved", "moved"),
    ("reworded", "worded anew"),
)


def codebook_history(changes: Sequence[Change], codebook: pd.DataFrame) -> Table:
    """Tabulate what changed in the codebook, day by day, and how much was coded by then."""
    import pandas as pd

    names = dict(zip(codebook["code"], codebook["name"], strict=True))
    columns = ["date", *(key for key, _ in SAYS), "coded"]
    data = pd.DataFrame([asdict(change) for change in changes], columns=columns)
    for key, _ in SAYS:
        data[key] = data[key].map("; ".join)
    cells: list[list[Cell]] = []
    for change in changes:
        parts = [f"{words}: {_named(codes, names)}" for key, words in SAYS if (codes := getattr(change, key))]
        coded = amount(change.coded, "passage") if change.coded else "none"
        cells.append([change.date, f"{capital('; '.join(parts))}.", coded])
    return Table(
        "codebook_history",
        data,
        cells,
        ("Date", "What changed", "Passages coded by then"),
        (14, 66, 20),
        "Read from the history of the file in git.",
        (FILE,),
    )


def _named(codes: Sequence[str], names: dict[str, str]) -> str:
    return (
        amount(len(codes), "code")
        if len(codes) > LIST
        else ", ".join(names.get(code, code) for code in codes)
    )


def who_coded(interviews: Interviews) -> Table:
    """Tabulate what each coder coded, and how much of it another coder read, too."""
    data = coders.by_coder(interviews.segments)
    cells = [(row.coder, row.cases, row.passages, row.codings, row.shared) for row in rows(data)]
    columns = (
        Column("Coder", 28, "each coder"),
        Column("Interviews", 18, "that the coder read"),
        Column("Passages", 18, "to which the coder gave a code"),
        Column("Codings", 18, "a code on a passage each"),
        Column("Read by others, too", 18, "passages of these interviews"),
    )
    return interview_table("who_coded", interviews, data, cells, columns, ("segments",))


def disagreements(interviews: Interviews) -> Table:
    """Tabulate the codes on which coders part, for passages that are released."""
    data = coders.disagreements(interviews.segments, interviews.codebook)
    names = dict(zip(interviews.codebook["code"], interviews.codebook["name"], strict=True))
    printed = data.head(MOST)
    passages = blank_repeats(f"“{row.excerpt}” ({row.case})" for row in rows(printed))
    cells: list[tuple[Cell, ...]] = [
        (passage, names.get(row.code, row.code), row.given_by, row.not_given_by)
        for passage, row in zip(passages, rows(printed), strict=True)
    ]
    columns = (
        Column("Passage", 46, "a released passage that several coders read"),
        Column("Code", 22, "a code on which they part"),
        Column("Given by", 16, "who gave it"),
        Column("Not given by", 16, "who read the passage and did not"),
    )
    lacking = "" if cells else "No released passage was read by two coders who part on it."
    more = len(data) - len(printed)
    left = (
        f" {amount(more, 'further one')} {'is' if more == 1 else 'are'} in the data to take away."
        if more
        else ""
    )
    note = "" if interviews.empty else f"Passages that are not released are left out.{left}"
    inputs = ("segments", "codebook")
    return interview_table("disagreements", interviews, data, cells, columns, inputs, note, lacking)
