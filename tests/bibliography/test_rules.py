"""Each rule of the audit finds its fault, on its line, and leaves alone what only looks like one."""

from __future__ import annotations

import pytest
from rule_cases import Case, cases

from paper.bibliography.audit import audit
from paper.bibliography.reader import parse, read_text
from paper.bibliography.rules import Library, load
from paper.bibliography.settings import KEY_PATTERN
from paper.report import Fault
from paper.text.decoding import decode

CASES = cases("bibliography_rules.txt")


def found(text: str) -> list[Fault]:
    return audit(Library([read_text(text, "file.bib")], key_pattern=KEY_PATTERN)).faults


@pytest.mark.parametrize("case", [case for case in CASES if case.line], ids=str)
def test_finds_its_fault_on_its_line(case: Case) -> None:
    faults = [fault for fault in found(case.text) if fault.rule == case.rule]
    assert [fault.line for fault in faults if case.said in fault.message] == [case.line], faults
    assert all(case.remedy in fault.remedy and fault.remedy and fault.file == "file.bib" for fault in faults)


@pytest.mark.parametrize("case", [case for case in CASES if not case.line], ids=str)
def test_leaves_alone_what_only_looks_like_its_fault(case: Case) -> None:
    assert [fault for fault in found(case.text) if fault.rule == case.rule] == []


def test_every_rule_for_bibliographies_has_cases_of_both_kinds() -> None:
    rules = {name for name, rule in load().items() if rule.subject == "bibliography"} - {"encoding"}
    assert {case.rule for case in CASES if case.line} == rules
    assert {case.rule for case in CASES if not case.line} == rules


def test_every_rule_says_what_it_finds_and_what_to_do() -> None:
    assert [name for name, rule in load().items() if not (rule.finds and rule.remedy)] == []


@pytest.mark.parametrize(
    "data, lines, said",
    [
        ("@misc{a, title={naïve}}".encode("latin-1"), [1], "read as cp1252"),
        ("@misc{a, title={Астана и Алматы}}".encode("cp1251"), [1], "read as cp1251"),
        ("@misc{a, title={x}}".encode("utf-16"), [1], "read as utf-16"),
        (b"@misc{a,\n title={na\xc3\xafve},\n note={na\xefve}}", [3], "this line is not UTF-8"),
        ("@misc{a, title={naïve}}".encode(), [], ""),
        ("\ufeff@misc{a, title={naïve}}\r\n@misc{b,}\n".encode(), [], ""),
    ],
)
def test_files_that_are_not_utf_8(data: bytes, lines: list[int], said: str) -> None:
    faults = audit(Library([parse(decode(data), "file.bib")])).faults
    faults = [fault for fault in faults if fault.rule == "encoding"]
    assert [fault.line for fault in faults] == lines
    assert all(said in fault.message for fault in faults)
