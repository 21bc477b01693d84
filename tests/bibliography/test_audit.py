"""The audit of a project: its settings, its exemptions, its one sorted report."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_books import Book

from paper.bibliography.audit import audit_project, check_file, check_readable, check_references
from paper.bibliography.settings import Settings, settings
from paper.errors import CitationError, ProjectError
from paper.project import load as load_project
from paper.report import has_errors, ordered

BIB = """\
@online{Egov:2017, author = {{eGov.kz}}, title = {Eleven years.}, date = {2017}, url = {http://egov.kz}}
@article{knox2008, author = {Knox, C.}, title = {Modernizing}, journaltitle = {IRAS}, date = {2008}}
"""
TEXT = "# A\n\nAs [@Egov:2017] and Knox (2012) say.\n"


def rules(root: Path) -> set[str]:
    return {fault.rule for fault in check_references(load_project(root))}


def test_the_projects_own_references_pass(repository: Path) -> None:
    faults = check_references(load_project(repository))
    assert not has_errors(faults)
    assert {fault.rule for fault in faults if fault.severity == "warning"} <= {
        "year-mismatch",
        "quote-without-page",
    }
    assert all(exemption.reason for exemption in audit_project(load_project(repository)).exemptions)


def test_the_report_is_sorted_and_names_both_files(book: Book) -> None:
    root = book({"index.qmd": TEXT, "references.bib": BIB})
    faults = check_references(load_project(root))
    assert faults == ordered(faults)
    assert {fault.file for fault in faults} == {"index.qmd", "references.bib"}


def test_a_rule_is_switched_off_with_its_reason(book: Book) -> None:
    off = (
        "paper:\n  references:\n    ignore:\n      web-archive: copies are made when the paper is published\n"
    )
    files = {"index.qmd": TEXT, "references.bib": BIB}
    assert "web-archive" in rules(book(files))
    root = book(files, off)
    assert "web-archive" not in rules(root)
    assert audit_project(load_project(root)).off == {
        "web-archive": "copies are made when the paper is published"
    }


def test_keys_may_follow_another_pattern_and_proxies_be_named(book: Book) -> None:
    own = "paper:\n  references:\n    key-pattern: '[A-Z][a-z]+:[0-9]+'\n    proxies: [egov.kz]\n"
    root = book({"index.qmd": TEXT, "references.bib": BIB}, own)
    assert settings(load_project(root)) == Settings({}, "[A-Z][a-z]+:[0-9]+", ("egov.kz",))
    faults = check_references(load_project(root))
    assert [fault.line for fault in faults if fault.rule == "key-pattern"] == [2]
    assert [fault.line for fault in faults if fault.rule == "library-proxy"] == [1]


@pytest.mark.parametrize(
    "wrong, said",
    [
        ("paper:\n  references:\n    ignore: [web-archive]\n", "ignore: doesn't say why"),
        (
            "paper:\n  references:\n    ignore:\n      web-archive:\n",
            "web-archive is switched off without a reason",
        ),
        ("paper:\n  references:\n    ignore:\n      web-archives: x\n", "there is no rule 'web-archives'"),
        ("paper:\n  references:\n    key-pattern: '['\n", "key-pattern is no regular expression"),
        ("paper:\n  references:\n    proxies: egov.kz\n", "proxies: is no list"),
        ("paper:\n  references:\n    ignored: {}\n", "there is no setting 'ignored'"),
        ("paper:\n  references: off\n", "holds no settings"),
        ("paper: references\n", "holds no settings"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(book: Book, wrong: str, said: str) -> None:
    root = book({"index.qmd": TEXT, "references.bib": BIB}, wrong)
    with pytest.raises(ProjectError, match=r"_quarto\.yml:\d+: ") as caught:
        check_references(load_project(root))
    assert said in str(caught.value) and "→" in str(caught.value)


def test_an_entry_is_exempted_with_its_reason(book: Book) -> None:
    exempt = BIB.replace(
        "url = ", "audit-ignore = {web-archive: it is gone; title-full-stop: printed so}, url = "
    )
    root = book({"index.qmd": TEXT, "references.bib": exempt})
    assert not rules(root) & {"web-archive", "title-full-stop", "exemption", "exemption-unused"}
    assert [(one.rule, one.reason) for one in audit_project(load_project(root)).exemptions] == [
        ("web-archive", "it is gone"),
        ("title-full-stop", "printed so"),
    ]


@pytest.mark.parametrize("layout", ["{comment}\n{line}", "{line} {comment}"])
def test_a_line_of_the_text_is_exempted_by_a_comment_on_it_or_before(book: Book, layout: str) -> None:
    comment, line = (
        "<!-- audit-ignore year-mismatch: asked the author -->",
        "As Knox (2012) says [@Egov:2017].",
    )
    files = {"index.qmd": f"# A\n\n{line}\n", "references.bib": BIB}
    assert "year-mismatch" in rules(book(files))
    files["index.qmd"] = "# A\n\n" + layout.format(comment=comment, line=line) + "\n"
    root = book(files)
    assert not rules(root) & {"year-mismatch", "exemption", "exemption-unused"}
    assert [one.reason for one in audit_project(load_project(root)).exemptions] == ["asked the author"]


def test_an_exemption_that_isnt_needed_or_gives_no_reason_is_told(book: Book) -> None:
    text = (
        "<!-- audit-ignore ibid: x -->\nNo such thing.\n<!-- audit-ignore year-mismatch -->\nKnox (2012).\n"
    )
    root = book({"index.qmd": text, "references.bib": BIB})
    faults = {
        (fault.line, fault.rule)
        for fault in check_references(load_project(root))
        if fault.file == "index.qmd"
    }
    assert {(1, "exemption-unused"), (3, "exemption")} <= faults


def test_an_exemption_from_a_rule_that_is_off_is_not_called_needless(book: Book) -> None:
    off = "paper:\n  references:\n    ignore: {web-archive: not now}\n"
    exempt = BIB.replace("url = ", "audit-ignore = {web-archive: it is gone}, url = ")
    assert "exemption-unused" not in rules(book({"index.qmd": TEXT, "references.bib": exempt}, off))


def test_several_bib_files_are_one_bibliography(book: Book) -> None:
    files = {
        "index.qmd": TEXT,
        "references.bib": BIB,
        "more.bib": "@misc{knox2008, title = {Again}, year = 2008}\n",
    }
    root = book(files)
    config = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(config.replace("references.bib", "[references.bib, more.bib]"), "utf8")
    faults = [fault for fault in check_references(load_project(root)) if fault.rule == "duplicate-key"]
    assert [(fault.file, fault.line) for fault in faults] == [("more.bib", 1)]
    assert "references.bib:2" in faults[0].message


def test_a_missing_bibliography_is_told(book: Book) -> None:
    root = book({"index.qmd": TEXT, "references.bib": BIB})
    (root / "references.bib").unlink()
    with pytest.raises(CitationError, match=r"references\.bib: the bibliography is missing"):
        check_references(load_project(root))


def test_a_file_by_itself_follows_no_pattern_of_ours_and_needs_no_text(tmp_path: Path) -> None:
    path = tmp_path / "theirs.bib"
    path.write_text(BIB, "utf8")
    found = {fault.rule for fault in check_file(path)}
    assert "title-full-stop" in found and not found & {"key-pattern", "listed-not-cited"}


@pytest.mark.parametrize("name, said", [("gone.bib", "No such file"), (".", "a folder, not a .bib file")])
def test_a_file_that_cant_be_read_is_told(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(CitationError, match=said):
        check_file(tmp_path / name)


@pytest.mark.parametrize(
    ("more", "text", "severity"),
    [
        ("@misc{knox2008, title = {Again}, year = 2008}\n", "Cites @knox2008.\n", "error"),
        ("@misc{knox2008, title = {Again}, year = 2008}\n", "Cites nothing.\n", "warning"),
        ("@misc{knox2008, title = {Again}, year = 2008}\n", "---\nnocite: |\n  @*\n---\n\nAll.\n", "error"),
        (BIB.splitlines()[1], "Cites @knox2008.\n", "warning"),
    ],
    ids=["cited", "not-cited", "listed", "the-same-twice"],
)
def test_a_key_given_twice_stops_a_build_only_where_a_reader_sees_which_is_taken(
    book: Book, more: str, text: str, severity: str
) -> None:
    root = book({"index.qmd": text, "references.bib": BIB + more})
    [fault] = [
        f for f in check_readable(load_project(root), [root / "references.bib"]) if f.rule == "duplicate-key"
    ]
    assert fault.severity == severity
    assert fault in check_references(load_project(root))
