"""Claims: held against the data, in the ledger and in the text; every mistake told at its line."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from paper.cli import claims as command
from paper.coding.claims import check as claims
from paper.coding.claims import ledger
from paper.errors import SourceError
from paper.project import load as load_project
from paper.report import Fault

FIRST = """\
    - id: citizens
      says: Most interviewees speak of citizens.
      codes: [internal-citizens]
      against: [external-control]
      at_least: {cases: 1, segments: 1}
      quotes: [i1-001]
"""
SEGMENTS = """\
segment,case,block,question,locator,code,coder,released,excerpt
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,BK,true,People waited outside.
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,XX,true,People waited outside.
i1-002,Interview 1,B,B1,paragraph 2,external-control,BK,false,
i2-001,Interview 2,C,C1,paragraph 1,internal-citizens,BK,false,
i3-001,Interview 3,A,A1,paragraph 1,external-control,BK,true,It was ordered.
"""
CASES = "case,role,region\nInterview 1,public servant,\nInterview 2,public servant,\nInterview 3,public servant,\n"
LINKED = """\
# Findings

[Most interviewees speak of citizens.](#claim-citizens){.claim}

```{python}
from paper import tables
tables.evidence()
```
"""


@pytest.fixture
def study(project: Path) -> Path:
    """A book with three interviews and one claim that holds, made on its second page."""
    (project / "data/cases.csv").write_text(CASES, "utf8")
    (project / "data/segments.csv").write_text(SEGMENTS, "utf8")
    settings = (project / "_quarto.yml").read_text("utf8")
    (project / "_quarto.yml").write_text(
        settings.replace("    - index.qmd", "    - index.qmd\n    - findings.qmd"), "utf8"
    )
    (project / "findings.qmd").write_text(LINKED, "utf8")
    write(project, FIRST)
    (project / "data/expectations.yml").unlink()  # which has tests of its own
    return project


def write(root: Path, *entries: str, file: str = ledger.FILE) -> None:
    path = root / file
    path.parent.mkdir(exist_ok=True)
    body = "".join(textwrap.indent(textwrap.dedent(entry), "  ") for entry in entries)
    path.write_text(f"claims:\n{body}", "utf8")


def only(root: Path) -> Fault:
    """The one fault there is."""
    faults = claims.check_claims(load_project(root))
    assert len(faults) == 1, faults
    return faults[0]


def test_a_claim_that_holds_is_no_fault(study: Path) -> None:
    assert claims.check_claims(load_project(study)) == []


def test_the_projects_own_claims_hold(repository: Path) -> None:
    assert claims.check_claims(load_project(repository)) == []


def test_who_supports_who_dissents_and_who_is_silent_is_counted_from_the_passages(study: Path) -> None:
    (study / "data/cases.csv").write_text(CASES + "Interview 4,public servant,\n", "utf8")
    write(study, FIRST.replace("Most interviewees", "Half of the interviewees"))
    (weighed,) = claims.supported_claims(study)
    assert weighed.support
    assert weighed.support.cases == {
        "both": ("Interview 1",),
        "supports": ("Interview 2",),
        "dissents": ("Interview 3",),
        "silent": ("Interview 4",),
    }
    assert weighed.support.segments == 2  # a passage that two coders coded alike is one
    assert weighed.support.against_segments == 2
    assert [quote.excerpt for quote in weighed.support.quotes] == ["People waited outside."]


def test_a_code_stands_for_those_beneath_it(study: Path) -> None:
    write(study, FIRST.replace("internal-citizens", "internal"))
    (weighed,) = claims.supported_claims(study)
    assert weighed.support and weighed.support.segments == 2


@pytest.mark.parametrize(("what", "found"), [("cases", 2), ("segments", 2)])
def test_support_below_what_the_claim_says_is_told_at_its_line(study: Path, what: str, found: int) -> None:
    write(study, FIRST.replace(f"{what}: 1", f"{what}: 3"))
    fault = only(study)
    assert (fault.file, fault.line, fault.rule) == ("data/claims.yml", 6, "claim-support")
    assert fault.message == f"the claim citizens says at least 3 {what}, and {found} support it"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("codes: [internal-citizens]", "codes: [internal-citizen]", 4, "there is no code 'internal-citizen'"),
        ("[external-control]", "[external-kontrol]", 5, "there is no code 'external-kontrol'"),
        ("[i1-001]", "[i1-009]", 7, "there is no passage 'i1-009'"),
        ("[i1-001]", "[i2-001]", 7, "the passage i2-001 is not released"),
    ],
)
def test_what_a_claim_names_has_to_be_there(study: Path, old: str, new: str, line: int, said: str) -> None:
    write(study, FIRST.replace(old, new))
    faults = [fault for fault in claims.check_claims(load_project(study)) if fault.rule != "claim-support"]
    told = [(fault.line, fault.message) for fault in faults if fault.rule != "claim-quantity"]
    assert (line, said) in told


def test_one_coders_doubt_holds_a_quotation_back(study: Path) -> None:
    path = study / "data/segments.csv"
    path.write_text(SEGMENTS.replace("internal-citizens,XX,true", "internal-citizens,XX,false"), "utf8")
    assert only(study).message == "the passage i1-001 is not released"


NOTED = FIRST.replace(
    "quotes: [i1-001]",
    """note: They speak of it
        unasked.
      quotes: [{segment: i1-001, note: Before the question., language: kk, translation: Outside.}]
      passages:
        - {source: hood1991, locator: p. 3, excerpt: "A  doctrine."}
        - {source: hood1991, locator: p. 9, excerpt: Not all., against: true}
      confidence:
        limitations: {concerns: minor, because: By e-mail.}""",
)


def test_an_entry_says_why_it_bears_the_claim_with_quotations_passages_and_judgements(study: Path) -> None:
    write(study, NOTED)
    assert claims.check_claims(load_project(study)) == []
    (one,) = claims.supported_claims(study)
    assert one.claim.note == "They speak of it unasked."
    assert one.claim.confidence["limitations"].because == "By e-mail."
    assert one.support
    (quote,) = one.support.quotes
    assert (quote.entry.note, quote.entry.translation, quote.locator) == (
        "Before the question.",
        "Outside.",
        "paragraph 1",
    )
    assert [passage.excerpt for passage in one.support.passages] == ["A doctrine."]
    assert [passage.locator for passage in one.support.against_passages] == ["p. 9"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("segment: i1-001", "segments: i1-001", "a quotation has no segment"),
        ("source: hood1991, locator: p. 3", "source: hod1991, locator: p. 3", "there is no work 'hod1991'"),
        ("locator: p. 3, ", "", "a passage has no locator"),
        ("against: true", "against: perhaps", "a passage says against: 'perhaps'"),
        ("limitations:", "limits:", "'limits' is no part of confidence"),
        ("concerns: minor", "concerns: small", "limitations says no concerns"),
        (", because: By e-mail.", "", "limitations says no reason"),
        ("limitations: {", "coherence: {", "coherence says its concerns, which are computed from the ledger"),
        ("note: They speak of it\n        unasked.", "note: [They]", "the note is not a text"),
    ],
)
def test_mistakes_in_what_an_entry_says_are_told(study: Path, old: str, new: str, said: str) -> None:
    write(study, NOTED.replace(old, new))
    faults = claims.check_claims(load_project(study))
    assert any(fault.message.startswith(said) for fault in faults), faults


def test_a_claim_may_rest_on_passages_of_documents_alone(study: Path) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("Most interviewees", "They"), "utf8")
    entry = FIRST.replace("codes: [internal-citizens]", "kind: documents").replace(
        "Most interviewees", "They"
    )
    entry = entry.replace(
        "against: [external-control]", "passages: [{source: hood1991, locator: p. 3, excerpt: So.}]"
    )
    write(
        study,
        entry.replace("{cases: 1, segments: 1}", "{passages: 1}").replace("      quotes: [i1-001]\n", ""),
    )
    assert claims.check_claims(load_project(study)) == []
    write(
        study,
        entry.replace("{cases: 1, segments: 1}", "{passages: 2}").replace("      quotes: [i1-001]\n", ""),
    )
    assert only(study).message == "the claim citizens says at least 2 passages, and 1 support it"


def test_a_near_miss_is_asked_about(study: Path) -> None:
    write(study, FIRST.replace("[external-control]", "[external-kontrol]"))
    assert "did you mean external-control?" in only(study).remedy


def test_a_quotation_has_to_carry_a_code_of_the_claim(study: Path) -> None:
    write(study, FIRST.replace("against: [external-control]", "against: []").replace("i1-001", "i3-001"))
    assert only(study).message == "the passage i3-001 carries none of the claim's codes"


def test_words_of_quantity_are_held_against_the_number_of_interviews(study: Path) -> None:
    write(study, FIRST.replace("Most interviewees", "All interviewees"))
    fault = only(study)
    assert (fault.line, fault.rule) == (3, "claim-quantity")
    assert fault.message == "“all” means at least 100%, and 2 of 3 are counted (67%)"


def test_words_in_the_text_are_held_against_it_too_where_they_stand(study: Path) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("Most", "Nobody but three of the"), "utf8")
    faults = claims.check_claims(load_project(study))
    assert {(fault.file, fault.line, fault.rule) for fault in faults} == {
        ("findings.qmd", 3, "claim-quantity")
    }
    assert [fault.message.split(",")[0] for fault in faults] == [
        "“nobody” means at most 0",
        "“three of the interviewees”",
    ]


def test_what_a_word_means_is_the_authors_choice(study: Path) -> None:
    path = study / "data/quantity-words.yml"
    path.write_text(path.read_text("utf8").replace("most: {more than: 50%}", "most: {at least: 75%}"), "utf8")
    assert {fault.file for fault in claims.check_claims(load_project(study))} == {
        "data/claims.yml",
        "findings.qmd",
    }


def test_words_that_count_something_else_are_left_alone(study: Path) -> None:
    write(study, FIRST.replace("says: Most", "quantity: other\n      says: All"))
    assert claims.check_claims(load_project(study)) == []


def test_where_one_word_counts_the_others_are_left_alone(study: Path) -> None:
    one = FIRST.replace(
        "says: Most interviewees", "quantity: most\n      says: All in all, most interviewees"
    )
    write(study, one)
    assert claims.check_claims(load_project(study)) == []
    write(study, one.replace("quantity: most", "quantity: mostest"))
    assert only(study).message == "'mostest' is no word of quantity"
    write(study, one.replace("quantity: most", "quantity: several"))
    assert only(study).message == "the claim doesn't say 'several'"


# -- claims on documents ----------------------------------------------------------------------------------------

DOCUMENTS = """\
    - id: reasoned
      kind: documents
      says: Most problems are argued.
      of: document_problems
      rows: [P02, P03]
      against: [K16]
      at_least: {rows: 2}
"""


def test_a_claim_on_documents_rests_on_coded_rows(study: Path) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("#claim-citizens", "#claim-reasoned"), "utf8")
    write(study, DOCUMENTS.replace("Most", "Some of the"))
    assert claims.check_claims(load_project(study))[-1].message.startswith(
        "“most” means more than 50%, and 2 of 20"
    )
    (weighed,) = claims.supported_claims(study)
    assert weighed.support
    assert [row.id for row in weighed.support.rows] == ["P02", "P03"]
    (against,) = weighed.support.against_rows
    assert against.source == "brinkerhoff2015" and against.text.startswith("Reform that donors drive")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("P03]", "P99]", 6, "there is no coded row 'P99'"),
        ("[K16]", "[K999]", 7, "there is no coded row 'K999'"),
        ("of: document_problems", "of: problems", 5, "there is no table 'problems' to count in"),
        ("P03]", "K17]", 5, "K17 stand in another table than document_problems"),
        ("rows: 2}", "rows: 3}", 8, "the claim reasoned says at least 3 rows, and 2 support it"),
        ("of: document_problems\n", "\n", 4, "“most” counts rows of no table"),
    ],
)
def test_mistakes_in_a_claim_on_documents_are_told(
    study: Path, old: str, new: str, line: int, said: str
) -> None:
    write(study, DOCUMENTS.replace(old, new))
    assert (line, said) in [(fault.line, fault.message) for fault in claims.check_claims(load_project(study))]


# -- the text -----------------------------------------------------------------------------------------------------


def test_a_claim_in_the_text_that_the_ledger_lacks_is_told_where_it_stands(study: Path) -> None:
    (study / "index.qmd").write_text(
        "# Preface\n\nAn old\n[claim](findings.qmd#claim-citizen){.claim}.\n", "utf8"
    )
    fault = only(study)
    assert (fault.file, fault.line, fault.message) == ("index.qmd", 4, "the ledger has no claim 'citizen'")
    assert "did you mean citizens?" in fault.remedy


def test_a_claim_that_no_chapter_makes_is_told(study: Path) -> None:
    write(study, FIRST, FIRST.replace("id: citizens", "id: unsaid"))
    fault = only(study)
    assert (fault.file, fault.line, fault.message) == (
        "data/claims.yml",
        8,
        "no chapter makes the claim unsaid",
    )


def test_links_in_code_and_comments_make_no_claim(study: Path) -> None:
    (study / "index.qmd").write_text(
        "# Preface\n\n`[x](#claim-none)`\n\n<!-- [x](#claim-none) -->\n\n```\n[x](#claim-none)\n```\n", "utf8"
    )
    assert claims.check_claims(load_project(study)) == []


@pytest.mark.parametrize("inside", ["[@hood1991]", "@fig-drivers", "[a page](index.qmd)"])
def test_a_link_within_a_claim_is_told_since_links_cannot_be_nested(study: Path, inside: str) -> None:
    text = LINKED.replace("of citizens.]", f"of citizens {inside}, said late.]")
    (study / "findings.qmd").write_text(text, "utf8")
    assert only(study).remedy == "move it behind the claim"


def test_a_link_from_another_chapter_has_to_lead_to_the_evidence(study: Path) -> None:
    (study / "index.qmd").write_text("# Preface\n\n[Some](#claim-citizens){.claim} and more.\n", "utf8")
    fault = only(study)
    assert (fault.line, fault.rule) == (3, "claim-link")
    assert fault.remedy == "write it as (findings.qmd#claim-citizens)"
    (study / "index.qmd").write_text("# Preface\n\n[Some](findings.qmd#claim-citizens){.claim}\n", "utf8")
    assert claims.check_claims(load_project(study)) == []


def test_a_link_that_is_not_marked_is_a_warning(study: Path) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("{.claim}", ""), "utf8")
    assert only(study).severity == "warning"


def test_evidence_that_no_chapter_lists_is_told(study: Path) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("tables.evidence()", "1"), "utf8")
    assert only(study).rule == "claim-evidence"


# -- the ledger's form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "says: Most interviewees speak of citizens.",
            "say: x",
            3,
            "'say' is nothing that a claim on interviews has",
        ),
        ("says: Most interviewees speak of citizens.", "says:", 3, "the claim has no says"),
        ("id: citizens", "id: Citizens!", 2, "the id 'Citizens!' can't be linked to"),
        (
            "codes: [internal-citizens]",
            "codes: internal-citizens",
            4,
            "codes is not a list, as in [one, another]",
        ),
        ("codes: [internal-citizens]", "codes: []", 4, "the claim rests on nothing: codes is empty"),
        ("{cases: 1, segments: 1}", "{}", 6, "the claim doesn't say how much support it needs"),
        ("{cases: 1, segments: 1}", "{rows: 1}", 6, "the claim doesn't say how much support it needs"),
        ("{cases: 1, segments: 1}", "{cases: 0}", 6, "the claim doesn't say how much support it needs"),
        ("says: Most", "kind: rumour\n      says: Most", 3, "'rumour' is no kind of claim"),
        ("id: citizens", "id: synthetic-citizens", 2, "the id synthetic-citizens begins with 'synthetic-'"),
    ],
)
def test_a_claim_that_is_written_wrongly_is_told_at_its_line(
    study: Path, old: str, new: str, line: int, said: str
) -> None:
    (study / "findings.qmd").write_text(LINKED.replace("](#claim-citizens){.claim}", "]"), "utf8")
    write(study, FIRST.replace(old, new))
    assert (line, said) in [(fault.line, fault.message) for fault in claims.check_claims(load_project(study))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claims: [1\n", "not valid YAML"),
        ("- id: x\n", "expected settings of the form"),
        ("claims: text\n", "expected a list of claims"),
        ("claims: []\nmore: 1\n", "expected a list of claims"),
        ("claims:\n  - only text\n", "not a claim"),
        ("claims: &a\n  - id: x\n    id: y\n", "'id' is given twice"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_told(study: Path, text: str, said: str) -> None:
    (study / "findings.qmd").write_text("# Findings\n", "utf8")
    (study / "data/claims.yml").write_text(text, "utf8")
    assert said in only(study).message


def test_a_ledger_in_another_encoding_is_told(study: Path) -> None:
    (study / "findings.qmd").write_text("# Findings\n", "utf8")
    (study / "data/claims.yml").write_bytes("claims: [] # Дерек\n".encode("cp1251"))
    assert only(study).rule == "unreadable"


def test_two_claims_of_one_id_are_told(study: Path) -> None:
    write(study, FIRST, FIRST)
    assert only(study).message == "the id citizens is given twice, first in line 2"


def test_an_empty_ledger_is_no_fault(study: Path) -> None:
    (study / "findings.qmd").write_text("# Findings\n", "utf8")
    write(study)
    assert claims.check_claims(load_project(study)) == []
    (study / "data/claims.yml").unlink()
    (study / "data/quantity-words.yml").unlink()
    assert claims.check_claims(load_project(study)) == []


def test_claims_need_the_meaning_of_their_words(study: Path) -> None:
    (study / "data/quantity-words.yml").unlink()
    assert only(study).file == "data/quantity-words.yml"
    with pytest.raises(SourceError, match="the meaning of the words of quantity is missing"):
        claims.supported_claims(study)


def test_broken_data_are_told_once_and_do_not_end_the_check(study: Path) -> None:
    (study / "data/segments.csv").write_text("segment;case\n", "utf8")
    faults = claims.check_claims(load_project(study))
    assert {fault.rule for fault in faults} == {"unreadable"}
    assert "run `paper data check`" in faults[0].remedy


# -- synthetic claims, and the build ---------------------------------------------------------------------------------


@pytest.fixture
def demo(study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = study / "data/synthetic"
    folder.mkdir()
    for name in ("cases", "segments", "coders", "memos"):
        text = (study / f"data/{name}.csv").read_text("utf8")
        (folder / f"{name}.csv").write_text(text.replace("Interview 2", "Synthetic 2"), "utf8")
    write(study, FIRST.replace("id: citizens", "id: synthetic-citizens"), file=ledger.SYNTHETIC_FILE)
    with (study / "findings.qmd").open("a", encoding="utf8") as findings:
        findings.write("\n[Most](#claim-synthetic-citizens){.claim}\n")
    (study / "_quarto-demo.yml").write_text("project:\n  output-dir: _site-demo\n", "utf8")
    monkeypatch.setenv("QUARTO_PROFILE", "demo")
    return study


def test_synthetic_claims_are_held_against_synthetic_interviews(demo: Path) -> None:
    assert claims.check_claims(load_project(demo)) == []
    (demo / "data/synthetic/segments.csv").write_text(SEGMENTS.splitlines()[0] + "\n", "utf8")
    assert {fault.file for fault in claims.check_claims(load_project(demo))} == {
        ledger.SYNTHETIC_FILE,
        "findings.qmd",
    }


def test_the_demonstration_shows_no_support_of_claims_on_real_interviews(demo: Path) -> None:
    real, made_up = claims.supported_claims(demo)
    assert real.claim.id == "citizens" and real.support is None
    assert made_up.support and "Synthetic 2" in made_up.support.supporting


def test_the_real_edition_knows_no_synthetic_claims(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUARTO_PROFILE")
    assert [each.claim.id for each in claims.supported_claims(demo)] == ["citizens"]


def test_weighing_stops_with_the_claims_place_when_support_falls_below(study: Path) -> None:
    write(
        study,
        FIRST.replace("cases: 1", "cases: 3"),
        FIRST.replace("id: citizens", "id: more").replace("Most", "All"),
    )
    with pytest.raises(SourceError) as stopped:
        claims.supported_claims(study)
    assert "data/claims.yml:6: the claim citizens says at least 3 cases, and 2 support it" in str(
        stopped.value
    )
    assert "data/claims.yml:9: “all” means" in str(stopped.value)


def test_the_command_tells_and_exits(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    done = CliRunner().invoke(command.app, ["check"])
    assert (done.exit_code, done.output.strip()) == (0, "claims: nothing found")
    write(study, FIRST.replace("cases: 1", "cases: 3"))
    done = CliRunner().invoke(command.app, ["check", "--format", "github"])
    assert done.exit_code == 1
    assert done.output.startswith("::error file=data/claims.yml,line=6,title=claim-support::")
