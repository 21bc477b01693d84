"""Expected signs: read, checked, sealed by hash and date, and told when they change after that."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from paper.coding.claims import expectations
from paper.errors import SourceError
from paper.project import load as load_project

SIGN = """\
signs:
  - id: order
    says: An order is
      the reason.
    codes: [external-directives]
    speaks_for: external
    likelihood: {internal: 0.2, external: 0.7}
"""
HEAD = "segment,case,block,question,locator,code,coder,released,excerpt\n"
CODED = HEAD + "i1-1,Interview 1,A,A1,p 1,internal,BK,false,\n"
DAY = dt.date(2026, 11, 28)


@pytest.fixture
def study(project: Path) -> Path:
    (project / expectations.FILE).write_text(SIGN, "utf8")
    (project / "data/segments.csv").write_text(HEAD, "utf8")
    return project


def test_the_projects_own_signs_hold(repository: Path) -> None:
    assert expectations.check_expectations(load_project(repository)) == []
    assert {sign.speaks_for for sign in expectations.read(repository)} == {"internal", "external"}
    assert not any(sign.likelihood for sign in expectations.read(repository)), "they are the author's to give"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: order", "id: Order!", "the sign has no id"),
        ("says: An order is\n      the reason.", "says:", "the sign says nothing"),
        ("[external-directives]", "[external-directive]", "there is no code 'external-directive'"),
        ("[external-directives]", "[]", "the sign has no codes"),
        ("speaks_for: external", "speaks_for: context", "the sign speaks for no side"),
        ("{internal: 0.2, external: 0.7}", "{internal: 0.2}", "likelihood doesn't name both sides"),
        ("external: 0.7", "external: 1", "a likelihood is no number above 0 and below 1"),
        ("likelihood:", "likelyhood:", "'likelyhood' is nothing that a sign has"),
    ],
)
def test_mistakes_are_told_at_the_sign(study: Path, old: str, new: str, said: str) -> None:
    (study / expectations.FILE).write_text(SIGN.replace(old, new), "utf8")
    faults = expectations.check_expectations(load_project(study))
    assert (faults[0].file, faults[0].line, faults[0].message) == (expectations.FILE, 2, said)
    with pytest.raises(SourceError):
        expectations.read(study)


def test_a_seal_holds_for_the_words_and_not_for_the_layout(study: Path) -> None:
    seal = expectations.seal(study, DAY)
    assert (seal.date, seal.coded) == ("2026-11-28", 0)
    (study / expectations.FILE).write_text("# A comment\n" + SIGN.replace("is\n      the", "is the"), "utf8")
    assert expectations.check_expectations(load_project(study)) == []
    with pytest.raises(SourceError, match="sealed since 2026-11-28"):
        expectations.seal(study, DAY)


def test_a_change_after_the_seal_is_told_and_both_seals_stay(study: Path) -> None:
    expectations.seal(study, DAY)
    (study / expectations.FILE).write_text(SIGN.replace("0.7", "0.9"), "utf8")
    (fault,) = expectations.check_expectations(load_project(study))
    assert (fault.rule, fault.severity) == ("sign-seal", "error")
    (study / "data/segments.csv").write_text(CODED, "utf8")
    expectations.seal(study, dt.date(2026, 12, 24))
    assert expectations.check_expectations(load_project(study)) == []
    kept = json.loads((study / expectations.SEALS).read_text("utf8"))
    assert [(entry["date"], entry["coded"]) for entry in kept] == [("2026-11-28", 0), ("2026-12-24", 1)]


def test_coding_before_the_seal_is_warned_of(study: Path) -> None:
    (study / "data/segments.csv").write_text(CODED, "utf8")
    (fault,) = expectations.check_expectations(load_project(study))
    assert (fault.rule, fault.severity) == ("sign-seal", "warning")
