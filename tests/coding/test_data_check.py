"""``paper data check``: every fault of the data at once, each with file, line, column and remedy."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from typer.testing import CliRunner

from paper.coding.data import load, package
from paper.coding.data.check import MOST, check_data
from paper.errors import SourceError
from paper.project import load as load_project
from paper.report import Fault, has_errors

Spoil = Callable[[str, str, str], None]
HEAD = "segment,case,block,question,locator,code,coder,released,excerpt"


@pytest.fixture
def spoil(project: Path) -> Spoil:
    """Replace a text, which must be there, in a data table by another."""

    def replace(table: str, old: str, new: str) -> None:
        path = project / f"data/{table}.csv"
        text = path.read_text("utf8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf8")

    return replace


def found(root: Path) -> list[tuple[str, int | None, str, str | int | None]]:
    return [(Path(f.file).stem, f.line, f.rule, f.column) for f in check_data(load_project(root))]


def test_the_projects_own_data_are_without_fault(repository: Path) -> None:
    assert check_data(load_project(repository)) == []


def test_sound_interviews_are_without_fault(project: Path) -> None:
    assert check_data(load_project(project)) == []


def test_everything_is_told_at_once(project: Path, spoil: Spoil) -> None:
    spoil("segments", "external-control", "external-contral")
    spoil("segments", "Interview 2,C", "Interview 9,D")
    spoil("literature_claims", "hood1991", "hood1919")
    spoil("codebook", "internal-citizens,internal,", "internal-citizens,interna,")
    spoil("relations", "L03,S03,", "L03,S99,")
    (project / "data/coders.csv").write_bytes("coder;role\nBK;автор\nXX;второй\n".encode("cp1251"))
    assert set(found(project)) == {
        ("cases", 3, "bare-case", "case"),
        ("codebook", 3, "unknown", "parent"),
        ("coders", 1, "delimiter", None),
        ("coders", 2, "encoding", None),
        ("literature_claims", 8, "unknown-work", "source"),
        ("relations", 4, "unknown", "source"),
        ("segments", 4, "unknown", "code"),
        ("segments", 5, "unknown", "block"),
        ("segments", 5, "vocabulary", "block"),
        ("segments", 5, "unknown", "case"),
    }


def test_every_fault_has_a_remedy_in_words(project: Path, spoil: Spoil) -> None:
    spoil("segments", "external-control", "external-contral")
    spoil("literature_claims", "hood1991", "hood1919")
    faults = {fault.rule: fault for fault in check_data(load_project(project))}
    assert faults["unknown"].message == "'external-contral' stands in no row of data/codebook.csv"
    assert faults["unknown"].remedy == "did you mean 'external-control'? or add it to data/codebook.csv"
    assert "did you mean hood1991?" in faults["unknown-work"].remedy
    assert all(fault.remedy for fault in faults.values())


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "column"),
    [
        ("internal-citizens,XX", "internal-citizens,BK", 3, "double-row", "coder"),
        ("true,People waited outside.", "true,", 2, "empty-excerpt", "excerpt"),
        ("BK,false,", "BK,false,A secret", 4, "not-released", "excerpt"),
        ("BK,true,A model", "BK,yes,A model", 5, "type", "released"),
        ("XX,true,People waited", "XX,true,Men waited", 3, "passage", "excerpt"),
        ("i1-002,Interview 1", "i1-002,", 4, "required", "case"),
        ("i1-002,Interview 1", "i1 002,Interview 1", 4, "pattern", "segment"),
        ("i1-002,Interview 1", " i1-002,Interview 1", 4, "spaces", "segment"),
        ("paragraph 2", "   ", 4, "spaces", "locator"),
        ("paragraph 2", "par\x08agraph 2", 4, "control-character", "locator"),
        ("paragraph 2", "par\u202eagraph 2", 4, "control-character", "locator"),
        ("A model came", "РџСЂРёРІРµС‚ model came", 5, "encoding", "excerpt"),
        ("A model came", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", 5, "encoding", "excerpt"),
        ("A model came", "A\ufffdmodel came", 5, "encoding", "excerpt"),
        ("A model came from abroad.", "x" * 5001, 5, "length", "excerpt"),
        ("paragraph 2,", "paragraph 2,,", 4, "cells", None),
        ("i1-002,", "\ni1-002,", 4, "empty-row", None),
        ("i1-002,", ",,,,,,,,\ni1-002,", 4, "empty-row", None),
        ("A model", '"A model', 5, "quotation-marks", None),
        ("released,excerpt", "excerpt,released", 1, "columns", None),
        ("released,excerpt", "released", 1, "columns", "excerpt"),
        ("released,excerpt", "released,excerpt,excerpt", 1, "columns", "excerpt"),
        ("released,excerpt", "released,excerpt,age", 1, "columns", "age"),
    ],
)  # fmt: skip
def test_a_fault_of_a_coded_passage_is_named(
    project: Path, spoil: Spoil, old: str, new: str, line: int, rule: str, column: str | None
) -> None:
    spoil("segments", old, new)
    assert ("segments", line, rule, column) in found(project)


def test_text_that_is_not_released_is_not_repeated_in_the_report(project: Path, spoil: Spoil) -> None:
    spoil("segments", "BK,false,", "BK,false,Secret words of a respondent")
    faults = check_data(load_project(project))
    assert faults and not any("Secret" in fault.message + fault.remedy for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("internal,,Internal drive", "internal,internal-citizens,Internal drive", "ring"),
        ("internal,,Internal drive", "internal,internal,Internal drive", "ring"),
        ("external,,External drive", "internal,,External drive", "unique"),
        ("external,,External drive", "external,,Internal drive", "unique"),
        ("external,,External drive", "External,,External drive", "pattern"),
    ],
)
def test_a_fault_of_the_codebooks_tree_is_named(
    project: Path, spoil: Spoil, old: str, new: str, rule: str
) -> None:
    spoil("codebook", old, new)
    assert rule in {
        fault.rule for fault in check_data(load_project(project)) if fault.file == "data/codebook.csv"
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2013-04-15,2013-04-15,day", "2013-04-15,,day"),
        ("2013-04-15,2013-04-15,day", "2013-04-15,2013-03-01,day"),
        ("2013-04-15,2013-04-15,day", "2013-04,2013-04,day"),
        ("2013-04-15,2013-04-15,day", ",,day"),
        ("2013-04-15,2013-04-15,day", "2013-04-15,2013-04-15,undated"),
    ],
)
def test_dates_that_contradict_themselves_are_named(project: Path, spoil: Spoil, old: str, new: str) -> None:
    spoil("events", old, new)
    assert [(line, rule) for _, line, rule, _ in found(project)] == [(5, "dates")]


def test_memos_are_about_something_that_is_there(project: Path, spoil: Spoil) -> None:
    spoil("memos", "code,internal-citizens", "segment,i9-001")
    assert found(project) == [("memos", 2, "unknown", "about")]


def test_a_case_without_a_passage_is_a_warning_and_no_error(project: Path, spoil: Spoil) -> None:
    spoil("cases", "Interview 2,", "Interview 3,,\nInterview 2,")
    faults = check_data(load_project(project))
    assert [(fault.rule, fault.severity) for fault in faults] == [("bare-case", "warning")]
    assert not has_errors(faults)


@pytest.mark.parametrize("role", ["deputy head of the public services department in Oskemen", "Head"])
def test_roles_and_regions_come_from_a_short_list_so_that_they_stay_broad(
    project: Path, spoil: Spoil, role: str
) -> None:
    spoil("cases", "public servant", role)
    assert found(project) == [("cases", 2, "vocabulary", "role")]


@pytest.mark.parametrize(
    ("encoding", "rules"),
    [
        ("utf-8-sig", {"byte-order-mark"}),
        ("utf-16", {"encoding"}),
        ("utf-16-le", {"encoding"}),
        ("cp1251", {"encoding"}),
        ("cp866", {"encoding"}),
    ],
)
def test_other_encodings_are_recognised_and_the_rest_is_checked_too(
    project: Path, encoding: str, rules: set[str]
) -> None:
    text = f"{HEAD}\ni1-001,Interview 1,A,,абзац один,no-such-code,BK,true,Люди ждали на улице у здания.\n"
    (project / "data/segments.csv").write_bytes(text.encode(encoding))
    (project / "data/cases.csv").write_text("case,role,region\nInterview 1,,\n", "utf8")
    faults = [fault for fault in check_data(load_project(project)) if fault.file == "data/segments.csv"]
    assert {fault.rule for fault in faults} == {*rules, "unknown"}


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_are_recognised_and_the_rest_is_checked_too(project: Path, sign: str) -> None:
    (project / "data/cases.csv").write_text(
        "case,role,region\nInterview 1,,nowhere\nInterview 2,,\n".replace(",", sign), "utf8"
    )
    assert [(line, rule) for _, line, rule, _ in found(project)] == [(1, "delimiter"), (2, "vocabulary")]


def test_a_missing_table_and_a_stranger_are_named(project: Path) -> None:
    (project / "data/events.csv").rename(project / "data/event.csv")
    assert found(project) == [("event", None, "undescribed", None), ("events", None, "missing", None)]


def test_a_missing_bibliography_is_named_once(project: Path) -> None:
    (project / "references.bib").unlink()
    assert found(project) == [("references", None, "missing", None)]


def test_many_faults_of_one_kind_are_counted(project: Path) -> None:
    rows = "".join(f"i1-{n:03},Interview 1,A,,p,internal,QQ,false,\n" for n in range(200))
    (project / "data/segments.csv").write_text(f"{HEAD}\n{rows}", "utf8")
    faults = [fault for fault in check_data(load_project(project)) if fault.column == "coder"]
    assert len(faults) == MOST + 1
    assert faults[-1].message == f"and {200 - MOST} more like these, from here on"


def test_synthetic_interviews_are_checked_beside_the_real_ones(project: Path) -> None:
    folder = project / package.SYNTHETIC
    folder.mkdir()
    for name in package.INTERVIEW_TABLES:
        text = (project / f"data/{name}.csv").read_text("utf8")
        (folder / f"{name}.csv").write_text(text.replace("external-control", "no-code"), "utf8")
    faults = check_data(load_project(project))
    assert [(fault.file, fault.line, fault.rule) for fault in faults] == [
        ("data/synthetic/segments.csv", 4, "unknown")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"profile": "tabular-data-package"', '"profile": '),
        ('"type": "integer"', '"type": "wholenumber"'),
        ('"resource": "stakeholders"', '"resource": "people"'),
        ('"primaryKey": [\n          "id"', '"primaryKey": [\n          "ident"'),
        ('"pattern": "^K', '"pattern": "^(K'),
        ('"name": "local-drive-coded-data"', '"name": ["a", "b"]'),
    ],
)
def test_a_faulty_description_is_told_before_all_else(project: Path, old: str, new: str) -> None:
    path = project / package.FILE
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf8")
    assert {fault.rule for fault in check_data(load_project(project))} == {"description"}


def test_the_readme_tells_every_column_as_it_is_described(project: Path, repository: Path) -> None:
    text = (repository / "data/README.md").read_text("utf8")
    for described in package.tables(repository).values():
        assert f"`{described.name}.csv`" in text
        assert all(f"| `{field['name']}` | {field['description']}" in text for field in described.fields)
    path = project / "data/README.md"
    path.write_text(path.read_text("utf8").replace("The claim, paraphrased.", "The claim."), "utf8")
    assert [fault.rule for fault in check_data(load_project(project))] == ["readme"]


def test_the_readmes_list_is_renewed_and_its_prose_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch, command: CliRunner
) -> None:
    from paper.cli.data import app

    path = project / "data/README.md"
    whole = path.read_text("utf8")
    path.write_text(whole.replace("The claim, paraphrased.", "The claim."), "utf8")
    monkeypatch.chdir(project)
    assert "renewed" in command.invoke(app, ["readme"]).output
    assert path.read_text("utf8") == whole
    assert "up to date" in command.invoke(app, ["readme"]).output


def test_the_command_exits_with_1_when_there_are_errors(
    project: Path, spoil: Spoil, monkeypatch: pytest.MonkeyPatch, command: CliRunner
) -> None:
    from paper.cli.data import app

    monkeypatch.chdir(project)
    assert command.invoke(app, ["check"]).exit_code == 0
    spoil("cases", "north", "up north")
    result = command.invoke(app, ["check", "--format", "json"])
    assert result.exit_code == 1
    assert json.loads(result.output)[0] | {"message": "", "remedy": ""} == {
        "file": "data/cases.csv",
        "line": 2,
        "rule": "vocabulary",
        "message": "",
        "remedy": "",
        "severity": "error",
        "column": "region",
    }
    assert "::error file=data/cases.csv,line=2" in command.invoke(app, ["check", "--format", "github"]).output
    assert "data/cases.csv" in command.invoke(app, ["check"]).output


@pytest.fixture
def command() -> CliRunner:
    return CliRunner()


WORDS = st.sampled_from(
    [
        "",
        "S01",
        "S02",
        "L01",
        "L02",
        "L1",
        "X",
        "stated",
        "argued",
        "75",
        "101",
        "-1",
        "75.5",
        "many",
        "a b",
        "ß",
    ]
)
SCHEMA_RULES = {
    "required",
    "type",
    "vocabulary",
    "pattern",
    "range",
    "length",
    "unique",
    "double-row",
    "unknown",
}


@examples(30)
@given(rows=st.lists(st.lists(WORDS, min_size=13, max_size=13).filter(any), max_size=4))
def test_rows_are_judged_as_frictionless_judges_them(project: Path, rows: list[list[str]]) -> None:
    import frictionless  # which no other test needs: each process of a run imports this file

    path = project / "data/relations.csv"
    head = path.read_text("utf8").splitlines()[0]
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", "utf8")
    few = json.loads((project / package.FILE).read_text("utf8"))
    few["resources"] = [item for item in few["resources"] if item["name"] in ("relations", "stakeholders")]
    (project / "data/few.json").write_text(json.dumps(few), "utf8")
    report = frictionless.validate(str(project / "data/few.json"))
    theirs = {error.row_number for task in report.tasks for error in task.errors}
    ours = {fault.line for fault in check_data(load_project(project)) if fault.rule in SCHEMA_RULES}
    assert ours == theirs


@examples(60)
@given(
    table=st.sampled_from(["segments", "codebook", "cases", "memos", "events", "literature_claims"]),
    content=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: text.encode("utf8", "surrogatepass")),
        st.lists(st.text(alphabet='ab,;"\n\r\t\x00яñ\ufeff=@', max_size=20), max_size=12).map(
            lambda parts: (HEAD + "\n" + ",".join(parts)).encode("utf8")
        ),
    ),
)
def test_no_file_brings_the_check_down(project: Path, table: str, content: bytes) -> None:
    path = project / f"data/{table}.csv"
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        assert all(isinstance(fault, Fault) for fault in check_data(load_project(project)))
        with contextlib.suppress(SourceError):
            assert list(load.table(table, project).columns) == package.described(table, project).columns
    finally:
        path.write_bytes(before)
