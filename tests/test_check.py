"""``paper check`` finds what is wrong anywhere, in one report; ``--fix`` mends only what is safe."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import checkout
from tests.command import paper

from paper import build
from paper.coding.data.check import check_data
from paper.errors import PaperError
from paper.project import load as load_project


def check(root: Path, *options: str) -> tuple[int, str]:
    done = paper(root, "check", *options)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """A copy of the paper that was checked once, the exit code, and the report."""
    root = tmp_path_factory.mktemp("checked") / "paper"
    checkout.copy(root, ".[a-z]*", "tests", "benchmarks")
    return root, *check(root, "--format", "json")


@pytest.fixture
def changed(checked: tuple[Path, int, str], tmp_path: Path) -> Path:
    """The checked paper with what was kept of the check, to be changed."""
    return Path(shutil.copytree(checked[0], tmp_path / "paper"))


def test_the_paper_itself_has_no_error(checked: tuple[Path, int, str]) -> None:
    _, code, said = checked
    assert code == 0, said


def test_faults_of_every_kind_stand_in_one_report(changed: Path) -> None:
    with (changed / "chapters/conclusion.qmd").open("a", encoding="utf8") as chapter:
        chapter.write(
            "\nSee @sec-nowhere and [@nobody1999].\nThey seperate it. Write to someone" + "@interview.kz.\n"
        )
    with (changed / "data/literature_claims.csv").open("a", encoding="utf8") as table:
        table.write("K01,too,few\n")
    code, said = check(changed, "--format", "json")
    assert code == 1
    found = {(fault["file"], fault["rule"]) for fault in json.loads(said)}
    rules = {rule for _, rule in found}
    assert ("chapters/conclusion.qmd", "unknown-reference") in found
    assert ("chapters/conclusion.qmd", "spelling") in found
    assert ("chapters/conclusion.qmd", "e-mail") in found
    assert any(file == "data/literature_claims.csv" for file, _ in found)
    assert any("cited" in rule or "unknown" in rule for rule in rules)
    assert any(
        fault["file"] == "chapters/conclusion.qmd" and "nobody1999" in fault["message"]
        for fault in json.loads(said)
    )


@pytest.mark.slow  # checks the whole paper four times
def test_what_did_not_change_is_not_looked_at_again_and_the_report_is_the_same(
    checked: tuple[Path, int, str], changed: Path
) -> None:
    first = json.loads(checked[2])
    brief = (changed / "brief/brief.qmd").read_text("utf8")
    chapters = {path: path.read_text("utf8") for path in changed.glob("chapters/*.qmd")}
    whole = "".join(chapters.values())
    words = next(said for said in re.findall(r'says="([^"|]+)"', brief) if said in whole)
    for chapter, text in chapters.items():
        chapter.write_text(text.replace(words, words.upper()) + "\nThey seperate it.\n", "utf8")
    code = (
        "import sys; from paper.cli import main; sys.argv[1:] = ['check', '--format', 'json']\n"
        "try: main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=changed, capture_output=True, text=True, check=True
    )
    assert not {"pandas", "frictionless"} & set(done.stderr.split())
    rules = {fault["rule"] for fault in json.loads(done.stdout)}
    assert rules - {fault["rule"] for fault in first} >= {"sentence-passage", "spelling"}

    with (changed / "chapters/findings.qmd").open("a", encoding="utf8") as findings:
        findings.write("\n[It works](#claim-nowhere){.claim}.\n")
    with (changed / "data/literature_claims.csv").open("a", encoding="utf8") as table:
        table.write("K01,too,few\n")
    kept = check(changed, "--format", "json")
    shutil.rmtree(changed / ".paper")
    assert check(changed, "--format", "json") == kept
    assert {"claim-unknown", "unreadable"} <= {fault["rule"] for fault in json.loads(kept[1])}


def test_fix_tidies_the_bibliography_and_nothing_else(book: Callable[..., Path], repository: Path) -> None:
    root = book(one="# One\n\nThey  seperate it [@hood1991].\n")
    bib = root / "references.bib"
    before = (repository / "references.bib").read_text()
    bib.write_text(before.replace("  title = {", "     title={", 3))
    others = {path: path.read_bytes() for path in root.glob("*.*") if path != bib}
    check(root, "--fix")
    assert bib.read_text() == before
    assert {path: path.read_bytes() for path in others} == others


def test_a_paper_without_data_needs_no_description_of_them(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nPeople wait [@hood1991].\n")
    code, said = check(root)
    assert code == 0, said
    (root / "data").mkdir()
    (root / "data/visits.csv").write_text("id\nV01\n")
    code, said = check(root)
    assert code == 1 and "the description of the data is missing" in said


def test_a_build_stops_at_what_check_tells_of_the_data(changed: Path) -> None:
    table = changed / "data" / "literature_claims.csv"
    lines = table.read_text("utf8").splitlines(keepends=True)
    table.write_text("".join([*lines, lines[1]]), "utf8")  # a row that is there twice
    [first, *_] = [fault for fault in check_data(load_project(changed)) if fault.severity == "error"]
    with pytest.raises(PaperError) as raised:
        build.build(changed, targets=["html"])
    assert first.message in str(raised.value) and "data/literature_claims.csv" in str(raised.value)
