"""Tables of the coded interviews: who was interviewed, which codes and drivers occur, in whose words.

While no interview is coded, each shows its columns and what will fill them. Of attributes of interviewees the data
state only what enough of them share (``coding.data.attributes``); nothing more is counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from paper.analysis import disclosure, frequencies, quotations
from paper.analysis.datafile import rows
from paper.coding.interviews import agreement as coders
from paper.coding.interviews.coded import division
from paper.publishing.markdown import Cell, CodedName, Strong
from paper.publishing.table import Table
from paper.tables.cells import Column, blank_repeats, interview_table, percent, rounded
from paper.typography import amount, capital

if TYPE_CHECKING:
    from paper.figures.interviews import Interviews

MOST_PAIRS: Final = 15  # pairs of codes that are printed; the data to take away have all
READ_TWICE: Final = 10  # passages below which no coefficient of agreement is given
PER_CODE: Final = 2  # quotations for a code


def sample(interviews: Interviews) -> Table:
    """Count interviewees by their attributes, as far as they are stated."""
    counts = disclosure.sample(interviews.cases, interviews.attributes)
    first, *others = interviews.attributes or ("group",)
    lacking = ""
    if counts.empty:
        what = " or ".join(interviews.attributes)
        coded = amount(len(interviews.cases), "interview")
        lacking = f"Of {coded} no {what} is stated, since fewer than {interviews.threshold} share one."
    data = pd.DataFrame(columns=[*interviews.attributes[:2], "interviewees"])
    if not counts.empty:
        second = str(counts.columns.name or "number")
        data = counts.reset_index().melt(str(counts.index.name), var_name=second, value_name="interviewees")
    cells: list[tuple[Cell, ...]] = [
        (capital(str(group)), *map(int, numbers))
        for group, numbers in zip(counts.index, counts.to_numpy(), strict=True)
    ]
    columns = [
        Column(capital(str(counts.index.name or first)), 34, f"broad {first} of the interviewees"),
        *(Column(capital(str(name)), 66 / len(counts.columns), "") for name in counts.columns),
    ]
    if interviews.empty or counts.empty:
        across = [Column(f"By {name}", 33, f"number, by broad {name}") for name in others[:1]]
        columns = [columns[0], *across, Column("Total", 66 - 33 * len(across), "number")]
    note = "" if interviews.empty else _stated(interviews)
    return interview_table("sample", interviews, data, cells, columns, ("cases",), note, lacking)


def _stated(interviews: Interviews) -> str:
    """Return what a reader should know of the attributes of interviewees."""
    by = " and ".join(interviews.attributes)
    return f"{capital(by)} are stated where at least {interviews.threshold} interviewees share them."


def driver_groups(interviews: Interviews) -> Table:
    """Set the parts of the codebook's division by attribute of the interviewees and block of the questionnaire."""
    parts_of = division(interviews.codebook)
    parts = []
    attributes = disclosure.stated_attributes(interviews.cases, interviews.attributes)
    for by in (*attributes, "block"):
        part = frequencies.drivers(interviews.coded, interviews.codebook, interviews.cases, by)
        parts.append(part.assign(by=by))
    data = pd.concat(parts, ignore_index=True)
    data = data[["by", *data.columns.drop("by")]]
    groups = list(data.groupby(["by", "group"], sort=False))
    kinds = blank_repeats(capital(str(rows_of["by"].iloc[0])) for _, rows_of in groups)
    cells: list[tuple[Cell, ...]] = []
    for kind, (_, part) in zip(kinds, groups, strict=True):
        first = part.iloc[0]
        of = {row.driver: row for row in rows(part)}
        said = [f"{of[name].segments} ({percent(of[name].segments_share)})" for name in parts_of]
        cells.append((kind, capital(str(first["group"])), int(first["group_cases"]), *said))
    columns = (
        Column("By", 12, ", ".join((*interviews.attributes, "block"))),
        Column("Group", 24, "groups of interviewees, blocks of the questionnaire"),
        Column("Interviewees", 16, "number in the group"),
        *(
            Column(capital(name), 48 / len(parts_of), "passages, and share of those with a driver")
            for name in parts_of
        ),
    )
    note = "" if interviews.empty else _stated(interviews)
    return interview_table("driver_groups", interviews, data, cells, columns, note=note)


def code_frequencies(interviews: Interviews) -> Table:
    """Tabulate how often each code was given, by interview and by passage."""
    data = frequencies.frequencies(interviews.coded, interviews.codebook, interviews.cases)
    cells = [
        (
            CodedName(row.name if row.parent else Strong(row.name), row.code),
            row.cases,
            percent(row.cases_share),
            row.segments,
            percent(row.segments_share),
        )
        for row in rows(data)
    ]
    columns = (
        Column("Code", 44, "each code of the codebook"),
        Column("Interviews", 14, "in which it occurs"),
        Column("Share of interviews", 14, "of all of them"),
        Column("Passages", 14, "that carry it"),
        Column("Share of passages", 14, "of all that are coded"),
    )
    note = "" if interviews.empty else _counted(interviews)
    return interview_table("code_frequencies", interviews, data, cells, columns, note=note)


def _counted(interviews: Interviews) -> str:
    """Return what counts as a coding, and how many don't."""
    left = f"; {amount(interviews.dropped, 'coding')} left out" if interviews.dropped else ""
    return f"{capital(interviews.rule)}{left}."


def cooccurrence(interviews: Interviews) -> Table:
    """Tabulate which codes stand on the same passages, the most frequent pairs first."""
    data = frequencies.cooccurrence(interviews.coded, interviews.codebook)
    names = dict(zip(interviews.codebook["code"], interviews.codebook["name"], strict=True))
    cells = [
        (names[row.code], names[row.with_code], row.segments, row.cases, rounded(row.jaccard))
        for row in rows(data.head(MOST_PAIRS))
    ]
    columns = (
        Column("Code", 32, "a code"),
        Column("With", 32, "another code on the same passage"),
        Column("Passages", 12, "that carry both"),
        Column("Interviews", 12, "in which they do"),
        Column("Jaccard", 12, "passages with both, of those with either"),
    )
    more = len(data) - MOST_PAIRS
    less = "less frequent pair"
    note = (
        f"{amount(more, less)} {'is' if more == 1 else 'are'} in the data to take away." if more > 0 else ""
    )
    lacking = "" if cells else "No passage carries two codes yet."
    return interview_table("cooccurrence", interviews, data, cells, columns, note=note, lacking=lacking)


def quotes(interviews: Interviews) -> Table:
    """Tabulate released quotations for each code, spread over the interviews."""
    tables = interviews.segments, interviews.coded, interviews.codebook
    data = quotations.exemplars(
        *tables, interviews.cases, per_code=PER_CODE, attributes=interviews.attributes
    )
    names = blank_repeats(data["name"])
    cells = [
        (
            name,
            f"“{row.excerpt}”",
            ", ".join(
                filter(
                    None,
                    (row.case, *(getattr(row, name) for name in interviews.attributes), f"block {row.block}"),
                )
            ),
        )
        for name, row in zip(names, rows(data), strict=True)
    ]
    columns = (
        Column("Code", 24, "each code with a released passage"),
        Column("In the respondent’s words", 52, "a passage that the respondent agreed to see printed"),
        Column("Who", 24, "pseudonym, and what enough respondents share"),
    )
    cover = quotations.quotation_cover(*tables)
    free = len(quotations.released(interviews.segments))
    none = int((cover["released"] == 0).sum())
    coded = interviews.coded["segment"].nunique()
    note = (
        f"{free} of {amount(coded, 'coded passage')} {'is' if coded == 1 else 'are'} released; {none} of "
        f"{amount(len(cover), 'code')} have none. "
        f"{_stated(interviews)}"
    )
    lacking = "" if cells else "No passage is released for publication yet."
    return interview_table(
        "quotes", interviews, data, cells, columns, note="" if interviews.empty else note, lacking=lacking
    )


def agreement(interviews: Interviews) -> Table:
    """Tabulate how far coders agree, code by code and over all, and what was left out."""
    result = coders.agreement(interviews.segments, list(interviews.codebook["code"]))
    given = result.by_code[result.by_code["given"] > 0]  # of the others there is nothing to agree on
    data = pd.concat([result.overall, given], ignore_index=True)
    names = dict(zip(interviews.codebook["code"], interviews.codebook["name"], strict=True))
    cells = [
        (
            names.get(row.code) or Strong("All codes"),
            row.given,
            percent(row.percent),
            _interval(row.alpha, row.alpha_low, row.alpha_high),
            rounded(row.kappa),
            rounded(row.ac1),
        )
        for row in rows(data)
    ]
    columns = (
        Column("Code", 32, "each code, and all together"),
        Column("Given", 10, "passages to which a coder gave it"),
        Column("Agreed", 12, "pairs of decisions that agree"),
        Column("Alpha", 22, "Krippendorff’s alpha, with its interval"),
        Column("Kappa", 12, "Cohen’s kappa"),
        Column("AC1", 12, "Gwet’s AC1"),
    )
    left = [
        f"Left out: {amount(row.count, row.what.removesuffix('s'))} ({row.why})."
        for row in rows(result.dropped)
        if row.count
    ]
    if unused := len(result.by_code) - len(given):
        left.append(f"{amount(unused, 'code')} that nobody gave {'is' if unused == 1 else 'are'} left out.")
    note = "" if interviews.empty else " ".join([*result.notes, *left])
    units = int(result.overall["units"].iloc[0])
    lacking = ""
    if not units:
        lacking = " ".join(
            ["No passage was read by two coders yet, so that no agreement can be measured.", *left]
        )
    elif units < READ_TWICE:
        read = f"{amount(units, 'passage')} {'was' if units == 1 else 'were'} read by two coders"
        lacking = f"{read}; below {READ_TWICE} no coefficient is given, since one passage would change it."
    return interview_table(
        "agreement", interviews, data, cells, columns, ("segments", "codebook"), note, lacking
    )


def _interval(value: float, low: float, high: float) -> str:
    return rounded(value) + (f" [{rounded(low)}, {rounded(high)}]" if value == value else "")
