"""Result tables on citations and references: counted, ordered and complete."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from paper import catalogue
from paper.analysis.audit import by_rule
from paper.bibliography.citations import Citation
from paper.bibliography.rules import load
from paper.coding.data.load import table
from paper.report import Fault, Severity

citations = catalogue.module(Path(__file__).parents[2], "analysis.citations")


def fault(rule: str, severity: Severity, line: int = 1) -> Fault:
    return Fault("a.bib", line, rule, "said", "do", severity)


def test_faults_of_the_draft_are_all_those_of_citations_references_and_quotations() -> None:
    coded = table("corrections")
    found = citations.faults_of_the_draft(coded)
    assert list(found["id"]) == [number for number in coded["id"] if number[:3] in ("I-C", "I-R", "I-Q")]
    assert set(found["state"]) <= set(citations.STATES.values())
    told = found.set_index("id")["found_by"]
    assert told["I-C01"] == "cited-not-listed; year-mismatch" and told["I-R06"] == ""


def test_rules_named_there_are_rules_of_the_audit() -> None:
    named = {
        rule
        for cell in citations.faults_of_the_draft(table("corrections"))["found_by"]
        for rule in cell.split("; ")
    }
    assert named - {""} <= set(load())


def test_doubts_are_the_works_of_which_something_is_not_confirmed() -> None:
    status = pd.DataFrame(
        [
            ("R01", "hood1991", "DOI"),
            ("R02", "knox2008", ""),
            ("R03", "", "the same as R02"),
            ("R04", "new2000", "all"),
        ],
        columns=["ref", "key", "unsure"],
    )
    found = citations.doubts(status, {"hood1991": "Hood 1991"})
    assert list(found["ref"]) == ["R01", "R04"] and list(found["work"]) == ["Hood 1991", "new2000"]


def test_findings_are_counted_by_rule_the_gravest_first() -> None:
    found = [
        fault("missing-doi", "note", 1),
        fault("missing-doi", "note", 2),
        fault("year", "error"),
        fault("pages", "note"),
        fault("pages", "warning", 2),
    ]
    data = by_rule(found, ["web-archive", "missing-doi"], load())
    assert [tuple(row) for row in data.drop(columns="finds").itertuples(index=False)] == [
        ("year", "error", 1, 0),
        ("pages", "warning", 2, 0),
        ("missing-doi", "note", 2, 1),
        ("web-archive", "note", 0, 1),
    ]
    assert by_rule([], [], load()).empty


def test_works_stand_in_every_chapter_that_cites_them_and_the_others_at_the_end() -> None:
    def cite(key: str, page: str) -> Citation:
        return Citation(key, page.replace("html", "qmd"), page, 1, 1)

    cited = [
        cite("b1990", "one.html"),
        cite("a2000", "one.html"),
        cite("b1990", "two.html"),
        cite("b1990", "two.html"),
    ]
    cited += [cite("gone", "one.html"), cite("a2000", "appendix.html")]
    years = {"a2000": 2000, "b1990": 1990, "c1980": 1980}
    data = citations.by_year_and_chapter(
        cited, years, {"one.html": "One", "two.html": "Two"}, ["a2000", "c1980"]
    )
    assert [tuple(row) for row in data.itertuples(index=False)] == [
        ("One", "b1990", 1990, False),
        ("One", "a2000", 2000, True),
        ("Two", "b1990", 1990, False),
        ("", "c1980", 1980, True),
    ]
