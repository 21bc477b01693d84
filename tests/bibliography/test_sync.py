"""An export brings what changed there, and leaves what was corrected here."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
from small_books import Book
from tests.waiting import within

from paper.bibliography.reader import read
from paper.bibliography.sync import Change, sync
from paper.errors import CitationError
from paper.project import load as load_project

BIB = """\
@article{hood1991,
  author       = {Hood, C.},
  title        = {A {Public} Management},
  journaltitle = {Public Administration},
  date         = {1991},
  doi          = {10.1000/x},
}
"""
EXPORT = """\
@article{%s,
  title = {A Public Management},
  author = {Hood, Christopher},
  journal = {Public Administration},
  year = {1991},
  volume = {69},
  doi = {10.1000/X},
  file = {/home/ring/x.pdf},
}
"""
NEW = "@book{lean1996, title = {Lean}, author = {Womack, J. P.}, year = {1996}, publisher = {S}, address = {N}}\n"


@pytest.fixture
def root(book: Book) -> Path:
    return book({"index.qmd": "@hood1991\n", "references.bib": BIB})


def values(root: Path, key: str) -> dict[str, str]:
    return read(root / "references.bib").by_key[key].values


@pytest.mark.parametrize("key", ["hood1991", "hoodPublicManagement1991"])
def test_what_is_missing_is_filled_in_what_differs_stays_what_is_new_comes(root: Path, key: str) -> None:
    export = root / "zotero.bib"
    export.write_text(EXPORT % key + NEW, "utf8")
    shown = sync(load_project(root), export)
    assert (root / "references.bib").read_text("utf8") == BIB
    done = sync(load_project(root), export, dry=False)
    assert shown == done
    assert done.updates == [Change("hood1991", "volume", "", "69")]
    assert done.conflicts == [Change("hood1991", "author", "Hood, C.", "Hood, Christopher")]
    assert done.new == ["lean1996"]
    assert values(root, "hood1991")["volume"] == "69" and values(root, "hood1991")["author"] == "Hood, C."
    assert "file" not in values(root, "hood1991")
    again = sync(load_project(root), export)
    assert (again.updates, again.new) == ([], [])


def test_a_change_there_comes_and_a_correction_here_stays(root: Path) -> None:
    export = root / "zotero.bib"
    export.write_text(EXPORT % "hood1991", "utf8")
    sync(load_project(root), export, dry=False)
    text = (root / "references.bib").read_text("utf8")
    (root / "references.bib").write_text(text.replace("Public Administration}", "Public Adm}"), "utf8")
    changed = (EXPORT % "hood1991").replace("{69}", "{70}").replace("Public Administration", "Public Admin.")
    export.write_text(changed, "utf8")
    done = sync(load_project(root), export, dry=False)
    assert done.updates == [Change("hood1991", "volume", "69", "70")]
    assert done.conflicts == [Change("hood1991", "journaltitle", "Public Adm", "Public Admin.")]
    assert values(root, "hood1991")["volume"] == "70"


def test_a_field_deleted_here_stays_away(root: Path) -> None:
    export = root / "zotero.bib"
    export.write_text(EXPORT % "hood1991", "utf8")
    sync(load_project(root), export, dry=False)
    (root / "references.bib").write_text(BIB, "utf8")
    assert sync(load_project(root), export).updates == []


def test_a_broken_export_changes_nothing(root: Path) -> None:
    (root / "zotero.bib").write_text("@misc{x, title={", "utf8")
    with pytest.raises(CitationError, match="not synced"):
        sync(load_project(root), root / "zotero.bib", dry=False)
    assert (root / "references.bib").read_text("utf8") == BIB


def test_another_work_with_the_same_key_is_a_new_work(root: Path) -> None:
    export = root / "zotero.bib"
    export.write_text(
        "@book{hood1991, title = {The tools of the state}, author = {Hood, C.}, year = {1983}}\n", "utf8"
    )
    done = sync(load_project(root), export)
    assert done.updates == [] == done.conflicts and done.new == ["hood1983"]


def test_a_watched_export_brings_each_change_and_survives_a_half_written_one(root: Path) -> None:
    export = root / "zotero.bib"
    export.write_text(EXPORT % "hood1991", "utf8")
    paper = "from paper.cli import main; main()"
    command = [sys.executable, "-uc", paper, "refs", "sync", "zotero.bib", "--write", "--watch"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        try:
            _until(process.stdout, "hood1991: volume: nothing → 69")
            _until(process.stdout, "references.bib is up to date")
            export.write_text("@article{hood1991, title = {A Pub", "utf8")
            _until(process.stdout, "not synced")
            new = export.with_suffix(".new")
            new.write_text((EXPORT % "hood1991").replace("{69}", "{70}"), "utf8")
            new.replace(export)
            _until(process.stdout, "hood1991: volume: 69 → 70")
            process.send_signal(signal.SIGINT)
            assert process.wait(120) == 0
        finally:
            process.kill()
    assert values(root, "hood1991")["volume"] == "70"


def _until(stream: IO[str], words: str) -> None:
    while line := within(stream.readline):
        if words in line:
            return
    raise AssertionError(f"{words!r} was never printed")
