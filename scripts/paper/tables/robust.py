"""Tables on whether the picture holds: without one interview, with coarser codes, against single loud voices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper.analysis import robustness
from paper.analysis.datafile import rows
from paper.coding.interviews.coded import sides
from paper.publishing.markdown import Strong
from paper.publishing.table import Table
from paper.tables.cells import Column, interview_table, percent, rounded, too_few
from paper.typography import amount, capital

if TYPE_CHECKING:
    from paper.figures.interviews import Interviews


def leave_one_out(interviews: Interviews) -> Table:
    """Set what would change without any one interview; the first row is all of them."""
    one, other = sides(interviews.codebook)
    data = robustness.leave_one_out(interviews.coded, interviews.codebook, interviews.cases)
    cells = [
        (
            row.left_out or Strong("Nobody"),
            row.segments,
            percent(of_one),
            percent(of_other),
            f"{row.leading}, changed" if row.flips else row.leading,
            row.codes_lost,
            percent(row.largest_shift),
        )
        for row, of_one, of_other in zip(rows(data), data[one], data[other], strict=True)
    ]
    columns = (
        Column("Left out", 20, "each interview in turn"),
        Column("Passages", 12, "that remain"),
        Column(capital(one), 12, "share of passages with a driver"),
        Column(capital(other), 12, "share of passages with a driver"),
        Column("Leading", 18, "the more frequent driver, and whether it changes"),
        Column("Codes lost", 13, "that no other interview has"),
        Column("Largest shift", 13, "of any code's share"),
    )
    return interview_table("leave_one_out", interviews, data, cells, columns, lacking=too_few(interviews))


def merged_codes(interviews: Interviews) -> Table:
    """Tabulate the codes one level coarser: does the order rest on fine distinctions?"""
    data = robustness.merged_siblings(interviews.coded, interviews.codebook, interviews.cases)
    cells = [(row.name, row.children, row.segments, row.cases, row.rank, row.summed) for row in rows(data)]
    columns = (
        Column("Code", 36, "each code at the top, with those beneath it merged into it"),
        Column("Merged", 12, "codes beneath it"),
        Column("Passages", 14, "that carry any of them"),
        Column("Interviews", 14, "in which they occur"),
        Column("Rank", 10, "by passages"),
        Column("Counted singly", 14, "passages of each code, summed"),
    )
    return interview_table("merged_codes", interviews, data, cells, columns)


def concentration(interviews: Interviews) -> Table:
    """Tabulate how far each code rests on few respondents."""
    data = robustness.concentration(interviews.coded, interviews.codebook, interviews.cases)
    used = data[data["segments"] > 0]
    cells = [
        (
            row.name or Strong("All passages"),
            row.segments,
            row.cases,
            f"{row.top_case} ({percent(row.top_share)})",
            rounded(row.effective_cases, 1),
        )
        for row in rows(used)
    ]
    columns = (
        Column("Code", 36, "each code, and all passages"),
        Column("Passages", 13, "that carry it"),
        Column("Interviews", 13, "in which it occurs"),
        Column("Most from", 24, "the interview with most of them, and its share"),
        Column("As if from", 14, "as many interviews of equal weight"),
    )
    unused = len(data) - len(used)
    left = f"{amount(unused, 'code')} without passages {'is' if unused == 1 else 'are'} left out."
    note = left if unused and not interviews.empty else ""
    lacking = too_few(interviews)
    return interview_table("concentration", interviews, data, cells, columns, note=note, lacking=lacking)


def dissent(interviews: Interviews) -> Table:
    """Set which interviews speak against the side that leads in most of them."""
    one, other = sides(interviews.codebook)
    data = robustness.dissenting_cases(interviews.coded, interviews.codebook, interviews.cases)
    cells = [
        (row.case, of_one, of_other, row.leading, "dissents" if row.dissents else "")
        for row, of_one, of_other in zip(rows(data), data[one], data[other], strict=True)
    ]
    columns = (
        Column("Interview", 24, "each interview"),
        Column(capital(one), 17, "passages"),
        Column(capital(other), 17, "passages"),
        Column("Leading", 20, "the more frequent of the two"),
        Column("Against most", 22, "whether it dissents"),
    )
    return interview_table("dissent", interviews, data, cells, columns, lacking=too_few(interviews))
