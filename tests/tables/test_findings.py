"""Tables and figures of the interviews: empty and saying so, or filled and safe for those who were interviewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from paper.coding.interviews.coded import apply_coder_rule
from paper.drawing.canvas import Canvas
from paper.drawing.svg import svg_markup
from paper.figures import by_case, curve, heat_map
from paper.figures.interviews import Interviews
from paper.publishing.markdown import RepeatedCell
from paper.publishing.table import Table
from paper.tables import findings, robust
from paper.tables.cells import UNDEFINED, percent, rounded


def words_of(sheet: Canvas) -> str:
    """All words of a drawing, one text after another."""
    return " ".join(" ".join(words.lines) for words in sheet.words)


TABLES = (
    findings.sample,
    findings.driver_groups,
    findings.code_frequencies,
    findings.cooccurrence,
    findings.quotes,
    findings.agreement,
    robust.leave_one_out,
    robust.merged_codes,
    robust.concentration,
    robust.dissent,
)
FIGURES = (by_case.figure, heat_map.figure, curve.figure)
SECRET = "nobody may read this sentence of an interview"
ATTRIBUTES = ("role", "region")
SAID = "we changed it because people were waiting"


@pytest.fixture(autouse=True)
def in_a_chapter(paper_to_draw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(paper_to_draw / "chapters")


def interviews(
    rows: list[tuple[str, str, str, str, str, bool, str]], people: list[tuple[str, str, str]]
) -> Interviews:
    """Interviews from rows of segment, case, block, code, coder, released, excerpt, and from cases."""
    segments = pd.DataFrame(
        rows, columns=["segment", "case", "block", "code", "coder", "released", "excerpt"]
    ).assign(question="Q", locator="p. 1")
    codebook = pd.DataFrame(
        [
            ("internal", "", "Internal drive", "internal"),
            ("clients", "internal", "Clients", "internal"),
            ("external", "", "External drive", "external"),
            ("control", "external", "Control", "external"),
        ],
        columns=["code", "parent", "name", "driver"],
    )
    cases = pd.DataFrame(people, columns=["case", "role", "region"]).astype("str")
    settled = apply_coder_rule(segments)
    return Interviews(
        segments,
        codebook,
        cases,
        settled.table,
        settled.rule,
        len(settled.dropped),
        "5–7",
        False,
        ATTRIBUTES,
        3,
    )


@pytest.fixture
def few() -> Interviews:
    """Three interviewees, of whom nothing is stated."""
    return interviews(
        [
            ("s1", "I1", "A", "clients", "c1", True, SAID),
            ("s1", "I1", "A", "clients", "c2", True, SAID),
            ("s2", "I2", "B", "control", "c1", False, ""),
            ("s3", "I3", "B", "control", "c1", False, SECRET),
            ("s3", "I3", "B", "clients", "c2", False, SECRET),
        ],
        [("I1", "", ""), ("I2", "", ""), ("I3", "", "")],
    )


@pytest.fixture
def none(few: Interviews) -> Interviews:
    empty = few.segments.iloc[:0]
    return replace(few, segments=empty, coded=apply_coder_rule(empty).table, cases=few.cases.iloc[:0])


def test_without_interviews_a_table_shows_its_columns_and_what_will_fill_them(none: Interviews) -> None:
    for make in TABLES:
        table = make(none)
        assert table.note == "0 of 5–7 interviews are coded. Each column says what will fill it."
        assert len(table.rows) == 1
        assert all(len(getattr(cell, "note", "")) > 3 for cell in table.rows[0])
        assert not re.search(r"\b\d", " ".join(getattr(cell, "note", "") for cell in table.rows[0]))
        assert table.data.empty


def test_without_interviews_a_figure_says_so_and_what_will_fill_it(none: Interviews) -> None:
    for draw in FIGURES:
        figure = draw(none)
        assert "0 of 5–7 interviews are coded." in words_of(figure.figure)
        assert "interview" in figure.describe
        assert figure.data.empty


def test_no_word_of_an_interview_that_is_not_released_leaves_the_data(few: Interviews) -> None:
    for make in TABLES:
        table = make(few)
        assert SECRET not in table.markdown() + table.data.to_csv()
    for draw in FIGURES:
        figure = draw(few)
        assert (
            SECRET
            not in svg_markup(figure.figure)
            + svg_markup(figure.narrow)
            + figure.data.to_csv()
            + figure.describe
        )


def test_a_released_passage_is_quoted_with_what_enough_interviewees_share(few: Interviews) -> None:
    [[code, words, who]] = findings.quotes(few).rows
    assert (code, words, who) == ("Clients", f"“{SAID}”", "I1, block A")
    assert "1 of 3 coded passages are released" in findings.quotes(few).note
    stated = replace(few, cases=few.cases.assign(role="official"))
    assert findings.quotes(stated).rows[0][2] == "I1, official, block A"
    assert "where at least 3 interviewees share them" in findings.quotes(stated).note


def test_a_table_of_which_nothing_is_stated_is_a_sentence(few: Interviews) -> None:
    assert findings.sample(few).note.startswith(
        "Of 3 interviews no role or region is stated, since fewer than 3"
    )
    assert {str(row[1]) for row in findings.driver_groups(few).rows} == {"A", "B"}


def test_groups_are_counted_of_what_is_stated_alone(few: Interviews) -> None:
    stated = replace(few, cases=few.cases.assign(role="official"))
    assert findings.sample(stated).rows == [("Official", 3), ("Total", 3)]
    official = findings.driver_groups(stated).rows[0]
    assert official[1:] == ("Official", 3, "2 (67%)", "2 (67%)")


def test_another_paper_has_other_attributes(few: Interviews) -> None:
    cases = few.cases.rename(columns={"role": "sector"}).drop(columns="region").assign(sector="schools")
    other = replace(few, cases=cases, attributes=("sector",))
    assert findings.sample(other).columns == ("Sector", "Total")
    assert findings.quotes(other).rows[0][2] == "I1, schools, block A"
    assert "Sector" in [str(row[0]) for row in findings.driver_groups(other).rows]


def test_blocks_are_shown_since_they_are_not_people(few: Interviews) -> None:
    rows = findings.driver_groups(few).rows
    block = next(row for row in rows if row[1] == "B")
    assert block[2:] == (3, "1 (50%)", "2 (100%)")


def test_codes_are_counted_by_interview_and_by_passage(few: Interviews) -> None:
    rows = {row[0].code: row[1:] for row in findings.code_frequencies(few).rows}
    assert rows["clients"] == (2, "67%", 2, "67%")
    assert rows["external"] == (0, "0%", 0, "0%")


def twice(number: int) -> Interviews:
    """So many passages, each read by two coders, who part on the first; and one that a third coder read alone."""
    rows = [
        (f"s{n}", "I1", "A", code, coder, False, "")
        for n in range(number)
        for coder, code in (("c1", "clients"), ("c2", "control" if n == 0 else "clients"))
    ]
    return interviews(
        [*rows, ("t1", "I2", "A", "clients", "c3", False, "")], [("I1", "", ""), ("I2", "", "")]
    )


def test_agreement_leaves_out_what_nobody_gave_and_says_so() -> None:
    table = findings.agreement(twice(10))
    assert [str(row[0]) for row in table.rows[1:]] == ["Clients", "Control"]
    assert all(cell != UNDEFINED for row in table.rows for cell in row)
    assert table.note.startswith("3 coders;")
    assert "Left out: 1 passage" in table.note and "2 codes that nobody gave are left out." in table.note


def test_below_ten_passages_read_twice_no_coefficient_is_given() -> None:
    table = findings.agreement(twice(9))
    assert table.note.startswith("9 passages were read by two coders; below 10 no coefficient is given")
    assert len(table.rows) == 1 and table.data.empty


@pytest.mark.parametrize("make", [robust.leave_one_out, robust.concentration, robust.dissent])
def test_two_interviews_are_too_few_for_one_to_differ(make: Callable[[Interviews], Table]) -> None:
    table = make(twice(10))
    assert table.note.startswith("This takes 3 interviews, and 2 are coded.")
    assert table.data.empty, "nor are the numbers in the data"


def test_a_figure_of_two_interviews_says_nothing_of_most() -> None:
    assert by_case.figure(twice(10)).describe.startswith("Passages by driver")
    assert "most interviews" not in words_of(heat_map.figure(twice(10)).figure)


def test_a_driver_that_changes_with_one_interview_is_told(few: Interviews) -> None:
    rows = robust.leave_one_out(few).rows
    assert [row[0] for row in rows][1:] == ["I1", "I2", "I3"]
    assert any("changed" in str(row[4]) for row in rows)


def test_only_the_most_frequent_pairs_are_printed_and_the_rest_is_told() -> None:
    codes = [f"c{number}" for number in range(7)]
    pairs = interviews(
        [("s1", "I1", "A", code, "c1", False, "") for code in codes], [("I1", "official", "north")]
    )
    book = pd.DataFrame({"code": codes, "parent": "", "name": codes, "driver": ""})
    table = findings.cooccurrence(replace(pairs, codebook=book))
    assert len(table.rows) == findings.MOST_PAIRS == 15
    assert len(table.data) == 21
    assert table.note.startswith("6 less frequent pairs")


def test_one_interview_says_too_little_for_saturation(few: Interviews) -> None:
    drawn = words_of(curve.figure(few).figure)
    assert "Not reached: 6 interviews are needed, 3 are coded." in drawn


def test_many_interviews_fit_the_sheet() -> None:
    people = [(f"Interview {number}", "official", "north") for number in range(40)]
    rows = [(f"s{n}", name, "A", "clients", "c1", False, "") for n, (name, _, _) in enumerate(people)]
    many = interviews(rows, people)
    sheets = []
    for draw in FIGURES:
        with pytest.MonkeyPatch.context() as patch:
            watch(patch, sheets)
            draw(many)
    assert len(sheets) == 6
    assert [clash for sheet in sheets for clash in sheet.clashes()] == []


def test_a_matrix_of_very_many_codes_shows_the_most_frequent_and_says_so() -> None:
    codes = [f"c{number}" for number in range(80)]
    rows = [(f"s{n}", "I1", "A", code, "c1", False, "") for n, code in enumerate([*codes, *codes[-10:]])]
    many = interviews(rows, [("I1", "official", "north")])
    book = pd.DataFrame({"code": codes, "parent": "", "name": codes, "driver": ""})
    figure = heat_map.figure(replace(many, codebook=book))
    drawn = words_of(figure.figure)
    assert "Shown are 60 of 80 codes" in drawn
    assert " c79 " in drawn and " c60 " not in drawn
    assert len(figure.data) == 80


def watch(patch: pytest.MonkeyPatch, sheets: list[object]) -> None:
    from paper.publishing import figure

    lay_out = figure.sheet

    def kept(*args: object, **more: object) -> object:
        sheets.append(lay_out(*args, **more))
        return sheets[-1]

    patch.setattr(figure, "sheet", kept)


@pytest.mark.parametrize(("share", "said"), [(0.255, "26%"), (0, "0%"), (float("nan"), UNDEFINED)])
def test_a_share_is_a_whole_per_cent(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_measure_has_two_decimals() -> None:
    assert (rounded(0.456), rounded(-0.456, 1), rounded(float("nan"))) == ("0.46", "−0.5", UNDEFINED)


def test_groups_of_quotations_are_named_once(few: Interviews) -> None:
    more = few.segments.assign(released=True, excerpt=SAID)
    names = [row[0] for row in findings.quotes(replace(few, segments=more)).rows]
    assert names == ["Clients", RepeatedCell("Clients"), "Control", RepeatedCell("Control")]


def test_a_table_is_typed_as_the_lists_say(few: Interviews) -> None:
    assert all(
        isinstance(make(few), Table) and make(few).source == "From the coded interviews." for make in TABLES
    )
