"""Withdrawal: what used an interview or a passage is listed, redone, and nothing of it is left anywhere."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from pathlib import Path

import docx
import pytest
import typst
from typer.testing import CliRunner

from paper import project as projects
from paper.coding.data import releases
from paper.coding.data.check import check_data
from paper.coding.exchange import release, withdrawing
from paper.coding.privacy import check_privacy
from paper.coding.privacy.extract import pieces
from paper.coding.privacy.withdrawal import Withdrawn, marks_of
from paper.errors import DataError
from paper.project import load as load_project
from paper.site.tombstones import bury_withdrawn

TODAY = dt.date(2026, 11, 28)
SAID = "the queue began at seven and nobody could tell us why"
OTHER = "a model came from abroad and was drawn again for our rooms"
CASES = "case,role,region\ncase-01,,\ncase-02,,\n"
SEGMENTS = f"""\
segment,case,block,question,locator,code,coder,released,excerpt
case-01-001,case-01,A,,paragraph 1,internal-citizens,BK,true,{SAID}
case-01-002,case-01,B,,paragraph 2,external-control,BK,false,
case-02-001,case-02,A,,paragraph 1,internal-citizens,BK,true,{OTHER}
"""
MEMOS = (
    "memo,about_kind,about,coder,text,released\nm-01,segment,case-01-001,BK,,false\nm-02,project,,BK,,false\n"
)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Findings</title></head><body><main>
<p>Many spoke of it.</p><blockquote><p>{}</p><p>case-01</p></blockquote>
<table><tr id="row-case-01-001"><td>case-02</td><td>{}</td></tr></table></main></body></html>"""


@pytest.fixture
def study(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two interviews, and a built site that keeps a draft of both."""
    monkeypatch.chdir(project)
    for name, text in {"cases": CASES, "segments": SEGMENTS, "memos": MEMOS}.items():
        (project / f"data/{name}.csv").write_text(text, "utf8")
    (project / "data/quotes.csv").write_text(f"segment,hmac\ncase-01-001,{'0f' * 32}\n", "utf8")
    (project / "data/claims.yml").write_text(
        "claims:\n  - id: waiting\n    says: Some waited.\n    codes: [internal-citizens]\n    against: []\n"
        "    at_least: {cases: 1, segments: 1}\n    quotes: [case-01-001, case-02-001]\n",
        "utf8",
    )
    draft = project / "_site/drafts/2026-01-01"
    (draft / "assets/data").mkdir(parents=True)
    (draft / "pagefind").mkdir()
    (draft / "findings.html").write_text(PAGE.format(SAID, OTHER), "utf8")
    (draft / "index.html").write_text(PAGE.format("Welcome", "home").replace("case-01", ""), "utf8")
    (draft / "assets/data/tbl-quotes.csv").write_text(f"case,excerpt\ncase-01,{SAID}\n", "utf8")
    (draft / "assets/data/tbl-sample.csv").write_text("role,interviewees\ntotal,2\n", "utf8")
    (draft / "pagefind/fragment.pf_fragment").write_bytes(gzip.compress(f"pagefind {SAID}".encode()))
    document = docx.Document()
    document.add_paragraph(f"As one said: {SAID}.")
    document.save(str(draft / "paper.docx"))
    (project / "page.typ").write_text(f"As one said: {SAID}.", "utf8")
    typst.compile(str(project / "page.typ"), output=str(draft / "paper.pdf"))
    (project / "page.typ").unlink()
    with zipfile.ZipFile(draft / "paper.epub", "w") as book:
        book.writestr("EPUB/text/ch001.xhtml", f"<p>{SAID}</p>")
    with zipfile.ZipFile(draft / "jats.zip", "w") as archive:
        archive.writestr("paper.xml", f"<p>{SAID}</p>")
    return project


def text_of(path: Path) -> str:
    return "\n".join(piece.text for piece in pieces(path.name, path.read_bytes()))


def run(*arguments: str) -> tuple[int, str]:
    from paper.cli.data import app

    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_passage_is_listed_taken_out_and_leaves_no_trace(study: Path) -> None:
    code, told = run("withdraw", "case-01-001", "--yes", "--no-build")
    assert code == 0, told
    assert "Claims that rest on them: waiting" in told
    assert "_site/drafts/2026-01-01/findings.html" in told and "data/segments.csv" in told
    assert "0 traces in what is committed and built" in told
    assert SAID not in told
    draft = study / "_site/drafts/2026-01-01"
    page = (draft / "findings.html").read_text("utf8")
    assert "[Withdrawn on " in page and "Many spoke of it." in page and OTHER in page
    assert "was withdrawn on" in text_of(draft / "paper.docx")
    assert "was withdrawn on" in text_of(draft / "paper.pdf")
    assert "was withdrawn on" in text_of(draft / "paper.epub")
    assert not (draft / "jats.zip").exists() and not (draft / "pagefind").exists()
    assert (draft / "assets/data/tbl-sample.csv").exists()
    assert "case-01-001" not in (study / "data/segments.csv").read_text("utf8")
    assert "quotes: [case-02-001]" in (study / "data/claims.yml").read_text("utf8")
    assert "case-01-001" not in (study / "data/quotes.csv").read_text("utf8")
    assert not [fault for fault in check_data(load_project(study)) if fault.severity == "error"]


def test_of_an_interview_whole_pages_and_what_counts_it_go(study: Path) -> None:
    code, told = run("withdraw", "case-01", "--yes", "--no-build")
    assert code == 0, told
    assert "To go: case-01; 2 passages: case-01-001, case-01-002" in told
    draft = study / "_site/drafts/2026-01-01"
    page = (draft / "findings.html").read_text("utf8")
    assert "Many spoke of it." not in page and 'href="../../index.html"' in page and "noindex" in page
    assert (draft / "index.html").read_text("utf8").count("Welcome") == 1
    assert "case-01" not in (study / "data/cases.csv").read_text("utf8")
    assert (study / "data/memos.csv").read_text("utf8").count("\n") == 2


def test_an_import_does_not_bring_it_back(study: Path) -> None:
    from paper.coding.exchange.importing import import_file

    withdrawing.withdraw(study, withdrawing.plan_withdrawal(study, ["case-01"], TODAY))
    folder = study / "data/private/export"
    folder.mkdir(parents=True)
    for name, text in {"cases": CASES, "segments": SEGMENTS}.items():
        (folder / f"{name}.csv").write_text(text, "utf8")
    report = import_file(study, folder)
    assert "withdrawn" in {fault.rule for fault in report.faults}
    for name in ("cases", "segments"):
        assert "case-01" not in (study / f"data/{name}.csv").read_text("utf8")


def test_a_trace_that_comes_back_stops_the_check_without_its_words(study: Path) -> None:
    withdrawing.withdraw(study, withdrawing.plan_withdrawal(study, ["case-01-001"], TODAY))
    (study / "notes.md").write_text(f"One said: {SAID.upper()}!\n", "utf8")
    [fault] = [fault for fault in check_privacy(load_project(study)) if fault.rule == "withdrawn"]
    assert fault.file == "notes.md" and "2026-11-28" in fault.message and "queue" not in fault.message
    assert "queue" not in (study / "data/withdrawn.yml").read_text("utf8")


def test_a_name_that_is_nothing_is_told_with_the_nearest(study: Path) -> None:
    with pytest.raises(DataError, match=r"there is no interview or passage case-1\n.*did you mean case-01"):
        withdrawing.plan_withdrawal(study, ["case-1"], TODAY)


def test_without_consent_nothing_goes(study: Path) -> None:
    before = (study / "data/segments.csv").read_bytes()
    code, told = run("withdraw", "case-01", "--no-build")
    assert code == 1 and "can't be undone" in told
    assert (study / "data/segments.csv").read_bytes() == before


def test_drafts_fetched_from_a_published_site_are_cleaned_too(study: Path) -> None:
    Withdrawn(marks_of("passage", SAID, TODAY)).write(study)
    changed = bury_withdrawn(projects.load(study), study / "_site/drafts")
    assert "2026-01-01/findings.html" in changed
    assert bury_withdrawn(projects.load(study), study / "_site/drafts") == []


@pytest.mark.parametrize("cut", [0, 3])
def test_part_of_a_long_passage_is_a_trace(cut: int) -> None:
    words = [f"word{number}" for number in range(30)]
    withdrawn = Withdrawn(marks_of("passage", " ".join(words), TODAY))
    assert list(withdrawn.search(" ".join(words[cut : cut + 16])))
    assert not list(withdrawn.search(" ".join(words[:7])))
    assert marks_of("passage", "Yes, of course.", TODAY) == []


def test_a_release_has_a_date_to_look_at_it_again(study: Path) -> None:
    release.renew_review(study, ["case-02-001"], dt.date(2020, 1, 1))
    [fault] = [fault for fault in check_data(load_project(study)) if fault.rule == "review"]
    assert fault.severity == "warning" and "case-02-001" in fault.message and "2020-01-01" in fault.message
    code, told = run("release", "case-02-001", "--still")
    assert code == 0, told
    assert not [fault for fault in check_data(load_project(study)) if fault.rule == "review"]
    assert "case-02-001" in (study / releases.FILE).read_text("utf8")
    run("release", "case-02-001", "--withdraw")
    assert not (study / releases.FILE).exists()
