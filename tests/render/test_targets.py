"""Targets are made beside one another, and a fault in one of them is told as if it were made here."""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tests.conftest import REPOSITORY

from paper import build, targets
from paper.errors import CellError, PaperError, Place, SourceErrors, ToolError
from paper.project import load

Book = Callable[..., Path]


def test_a_fault_survives_the_way_between_processes() -> None:
    one = CellError("it raised", place=Place("one.qmd", 3), remedy="mend it", detail="Traceback\n  line")
    several = SourceErrors([one, PaperError("other")])
    for error in (one, several):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.exit_code == error.exit_code
    assert pickle.loads(pickle.dumps(one)).place == Place("one.qmd", 3)
    assert [str(e) for e in pickle.loads(pickle.dumps(several)).errors] == [str(one), "other"]


def test_an_error_that_can_t_travel_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> float:
        etree.fromstring("<open>")
        return 0.0

    monkeypatch.setattr(targets, "make", broken)
    sent = tmp_path / "chapters.pickle"
    sent.write_bytes(pickle.dumps((load(REPOSITORY), [])))
    with pytest.raises(ToolError, match="the JATS could not be made: XMLSyntaxError") as raised:
        targets._make_in_worker("jats", sent, tmp_path / "x.zip")
    assert "Premature end" in str(pickle.loads(pickle.dumps(raised.value)))


@pytest.fixture(params=[0, targets.SMALL], ids=["in processes", "here"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large books' targets are made in processes of their own, a small book's where its pages are."""
    monkeypatch.setattr(targets, "SMALL", request.param)


@pytest.mark.usefixtures("way")
def test_all_targets_at_once_are_what_each_is_alone(book: Book) -> None:
    root = book(one="# One {#sec-one}\n\nText [@hood1991].\n\n# More {.unnumbered}\n\n::: {#refs}\n:::\n")
    site = build.build(root, targets={"html", "pdf", "docx"}).out
    together = {path.name: path.read_bytes() for path in site.iterdir() if path.suffix in (".pdf", ".docx")}
    assert len(together) == 2
    for target in ("pdf", "docx"):  # each takes away what it can't tell to be of the same sources
        (site / "manifest.json").unlink()
        build.build(root, targets={target})
        alone = next(path for path in site.iterdir() if path.suffix == f".{target}")
        assert alone.read_bytes() == together[alone.name]


@pytest.mark.usefixtures("way")
def test_a_fault_of_one_target_leaves_the_last_output(book: Book) -> None:
    root = book(one="# One\n\nText.\n")
    before = build.build(root, targets={"html", "pdf"}).out / "one.html"
    text = before.read_bytes()
    (root / "one.qmd").write_text("# One\n\nChanged.\n\n```{=typst}\n#no-such-function()\n```\n")
    with pytest.raises(PaperError, match="no-such-function"):
        build.build(root, targets={"html", "pdf"})
    assert before.read_bytes() == text


def test_no_cell_runs_and_all_is_told_where_sources_are_wrong(book: Book) -> None:
    cell = "```{python}\nfrom pathlib import Path\nPath('ran.txt').write_text('');\n```\n"
    root = book(one=f"# One\n\n{cell}", two="# Two\n\n{{< include missing.md >}}\n")
    (root / "references.bib").write_text("@article{hood1991,\n  author = {Hood\n")
    command = [Path(sys.executable).with_name("paper"), "build", "--to", "html"]
    # in a process of its own, where checks are forked
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "references.bib:" in done.stderr and "two.qmd:3" in done.stderr, done.stderr
    assert not (root / "ran.txt").exists()
    assert not (root / "_site").exists()


def test_a_brief_that_is_made_beside_the_cells_shows_what_they_have_drawn(book: Book) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="{}" height="9"/></svg>'
    )
    cell = (
        "```{python}\nfrom pathlib import Path\npath = Path('drawn.svg')\n"
        f"drawing = '{drawing.format(80)}'\nif path.read_text() != drawing:\n    path.write_text(drawing)\n```\n"
    )
    brief = (
        "---\ntitle: Brief\n---\n\n# One\n\n![Drawn](../drawn.svg)\n\n{{< pagebreak >}}\n\n"
        "```{python}\nprint('of its own')\n```\n"
    )
    root = book({"brief/brief.qmd": brief, "drawn.svg": drawing.format(5)}, one=f"# One\n\n{cell}")

    def made() -> tuple[int, bytes]:
        """Return how often a brief was set in a build from nothing, and the last one."""
        for folder in (".paper", "_site"):
            shutil.rmtree(root / folder, ignore_errors=True)
        command = [
            Path(sys.executable).with_name("paper"),
            "--verbose",
            "build",
            "--to",
            "html",
            "--to",
            "brief",
        ]
        # in a process of its own, which forks those that targets are made in
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        times = len(re.findall(r"typst compile .*brief-\d+\.typ", done.stderr))
        return times, (root / "_site" / "brief.pdf").read_bytes()

    (twice, first), (once, second) = made(), made()
    assert first == second, "the drawing that is on disk when all is done"
    if sys.platform == "linux":
        assert (twice, once) == (2, 1)
