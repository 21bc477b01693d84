"""``paper init`` begins another paper that builds at once, from the wheel alone, about something else altogether."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from lxml import etree
from pypdf import PdfReader
from typer.testing import CliRunner

from paper.cli.init import app
from paper.errors import SourceError
from paper.new import project as worker
from paper.new.plan import carry_out_in

REPOSITORY = Path(__file__).parents[2]
SAID = ("--title", "Queues in two towns: A study", "--author", "Ann Author", "--licence", "CC BY 4.0")
CODEBOOK = """\
waiting,,Waiting,A passage on how long people wait.,The passage gives a time,No time is given,,need,AA
orders,,Orders,A passage on what an office is told to do.,The passage names an order,None is named,,order,AA
"""
SEGMENTS = "".join(
    f'i{case}-{number},Interview {case},A,1,paragraph {number},{code},AA,true,"{words} in office {case}."\n'
    for case in range(1, 7)
    for number, (code, words) in enumerate([("waiting", "We stood there"), ("orders", "They were told")], 1)
)
CLAIM = """\
claims:
  - id: people-wait
    says: All interviewees speak of waiting.
    codes: [waiting]
    against: []
    at_least: {cases: 6, segments: 6}
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A new paper with six made-up interviews, a claim and a brief; the engine is the wheel, and nothing of ours."""
    folder = tmp_path_factory.mktemp("init")
    wheel = worker._built(REPOSITORY, folder)
    engine = folder / "installed"
    with zipfile.ZipFile(wheel) as archive:  # which is what installing it comes to
        archive.extractall(engine)

    def run(*command: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from paper.cli import main; main()", *command],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(engine), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("init", "queues", *SAID, "--interviews", "--brief")
    assert done.returncode == 0, done.stderr
    root = folder / "queues"
    assert [path.name for path in (root / "engine").iterdir()] == [wheel.name]
    for name, rows in {
        "codebook": CODEBOOK,
        "questionnaire": "A,Waiting,asks how long people wait,,Guide,AA\n",
        "cases": "".join(f"Interview {number},official,city\n" for number in range(1, 7)),
        "coders": "AA,author\n",
        "segments": SEGMENTS,
    }.items():
        with (root / f"data/{name}.csv").open("a", encoding="utf8") as table:
            table.write(rows)
    (root / "data/claims.yml").write_text(CLAIM)
    with (root / "chapters/findings.qmd").open("a", encoding="utf8") as chapter:
        chapter.write("\n[All interviewees speak of waiting](#claim-people-wait){.claim}.\n\n")
        chapter.write(
            "```{python}\n#| label: tbl-dissent\n#| tbl-cap: Who dissents\ntables.dissent()\n```\n\n"
        )
        chapter.write("## Evidence\n\n```{python}\nfrom paper import tables\ntables.evidence()\n```\n")
    done = run("build", "--strict", cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    return root, run


def test_every_format_is_made(paper: tuple[Path, Run]) -> None:
    site = paper[0] / "_site"
    said = " ".join(page.extract_text() for page in PdfReader(site / "queues-in-two-towns.pdf").pages)
    assert "Need" in said and "Order" in said  # the sides that the codebook names
    assert "We stood there" in said and "Literate programming" in said
    assert len(PdfReader(site / "brief.pdf").pages) == 2
    assert "Waiting" in "\n".join(
        cell.text
        for table in docx.Document(str(site / "queues-in-two-towns.docx")).tables
        for row in table.rows
        for cell in row.cells
    )
    with zipfile.ZipFile(site / "queues-in-two-towns-jats.zip") as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xml")]
        assert "Queues in two towns" in "".join(etree.fromstring(archive.read(name)).itertext())
    assert "We stood there" in (site / "queues-in-two-towns.html").read_text("utf8")


def test_its_pages_have_their_look(paper: tuple[Path, Run]) -> None:
    site = paper[0] / "_site"
    page = (site / "chapters/findings.html").read_text("utf8")
    assert '<link rel="stylesheet" href="../assets/css/site.css">' in page
    assert (site / "assets/css/site.css").stat().st_size > 10_000
    assert 'href="#claim-people-wait"' in page


def test_nothing_of_this_paper_is_in_it(paper: tuple[Path, Run]) -> None:
    for path in paper[0].rglob("*"):
        if path.relative_to(paper[0]).parts[0] != ".paper" and path.suffix in (
            ".html",
            ".qmd",
            ".yml",
            ".csv",
            ".json",
            ".md",
            ".bib",
            ".toml",
            ".txt",
        ):
            text = path.read_text("utf8")
            assert not [word for word in ("Kazakhstan", "Kurmanov", str(REPOSITORY)) if word in text], path


def test_its_checks_find_nothing_and_a_second_build_has_nothing_to_do(paper: tuple[Path, Run]) -> None:
    root, run = paper
    done = run("check", "--strict", cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing has changed" in run("build", "--strict", cwd=root).stdout


def test_its_figures_are_files_of_its_own(paper: tuple[Path, Run]) -> None:
    root, run = paper
    for command in ("new dataset visits town", "new figure visits --by town"):
        if "figure" in command:
            with (root / "data/visits.csv").open("a", encoding="utf8") as table:
                table.write("V01,Aville,,p. 1,AA\nV02,Beburg,,p. 2,AA\n")
        done = run(*command.split(), cwd=root)
        assert done.returncode == 0, done.stderr
    assert (root / "scripts/figures/visits.py").is_file()


def test_what_quarto_runs_is_what_this_paper_has(paper: tuple[Path, Run]) -> None:
    for name in ("pre_render.py", "post_render.py"):
        assert (paper[0] / "scripts" / name).read_text() == (REPOSITORY / "scripts" / name).read_text()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(app, [str(tmp_path), *SAID])
    assert isinstance(result.exception, SourceError)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_cannot_be_written_whole_is_not_written_at_all(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="nothing was changed"):
        carry_out_in(tmp_path / "new", {"a.txt": "a", "a.txt/b.txt": "b"}, {})
    assert not (tmp_path / "new").exists()
