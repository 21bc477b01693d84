"""Each rule that looks at the text finds its fault, on its line, and leaves alone what only looks like one."""

from __future__ import annotations

import pytest
from rule_cases import Case, cases
from small_books import Book

from paper.bibliography.audit import check_references
from paper.bibliography.rules import load
from paper.project import load as load_project

CASES = cases("text_rules.txt")
BIB = r"""
@article{hood1991, author = {Hood, Christopher}, title = {All Seasons}, date = {1991}, ids = {alias1991}}
@article{knox2008, author = {Knox, Colin}, title = {Modernizing}, date = {2008}}
@unpublished{knox2017, author = {Knox, Colin}, title = {A speech}, date = {2017}}
@article{meyer1977, author = {Meyer, J. W. and Rowan, B.}, title = {Organizations}, date = {1977}}
@article{vanthiel2002, author = {van Thiel, Sandra and Leeuw, F. L.}, title = {Paradox}, date = {2002}}
@online{egov2017, author = {{eGov.kz}}, title = {Eleven years}, date = {2017}, url = {http://egov.kz}}
@misc{law2013, author = {{Republic of Kazakhstan}}, title = {On services}, howpublished = {Law No. 88-V}, date = {2013}}
@article{radnor2012, author = {Radnor, Z. and Holweg, M. and Waring, J.}, title = {Lean in Healthcare: {The} Unfilled Promise?}, date = {2012}}
@report{hqo2014, author = {{Health Quality Ontario}}, title = {Monitoring}, date = {2014}}
@article{osborne2011, author = {Osborne, S. P. and Kinder, T.}, title = {Want}, date = {2011}}
"""  # noqa: E501


@pytest.mark.parametrize("case", [case for case in CASES if case.line], ids=str)
def test_finds_its_fault_on_its_line(book: Book, case: Case) -> None:
    root = book({"index.qmd": case.text, "references.bib": BIB})
    faults = [
        fault
        for fault in check_references(load_project(root))
        if fault.rule == case.rule and case.said in fault.message
    ]
    assert len(faults) == 1, check_references(load_project(root))
    assert case.remedy in faults[0].remedy
    if case.rule != "listed-not-cited":
        assert (faults[0].file, faults[0].line) == ("index.qmd", case.line)


@pytest.mark.parametrize("case", [case for case in CASES if not case.line], ids=str)
def test_leaves_alone_what_only_looks_like_its_fault(book: Book, case: Case) -> None:
    root = book({"index.qmd": case.text, "references.bib": BIB})
    assert [fault for fault in check_references(load_project(root)) if fault.rule == case.rule] == []


def test_every_rule_for_the_text_has_cases_of_both_kinds() -> None:
    rules = {name for name, rule in load().items() if rule.subject == "text"}
    assert {case.rule for case in CASES if case.line} == rules
    assert {case.rule for case in CASES if not case.line} == rules
