"""What did not change is not done again, and what was made can be checked."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from paper import build
from paper.errors import DataError
from paper.release import record

CHAPTERS = {
    "one": "# One\n\nText.\n\n```{python}\nprint(open('data.txt').read())\n```\n",
    "two": "# Two\n\nMore.\n",
}
DATA = {"data.txt": "first"}


def test_a_second_build_has_nothing_to_do(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    assert not build.build(root, targets={"html"}).unchanged
    assert build.build(root, targets={"html"}).unchanged


def test_content_counts_and_not_the_date_of_a_file(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    build.build(root, targets={"html"})
    os.utime(root / "two.qmd", (1, 1))
    assert build.build(root, targets={"html"}).unchanged
    (root / "two.qmd").write_text("# Two\n\nOther.\n")
    os.utime(root / "two.qmd", (1, 1))
    report = build.build(root, targets={"html"})
    assert not report.unchanged
    assert report.ran == {}, "a chapter without change is not run again"
    assert "Other." in (root / "_site/two.html").read_text()


def test_changed_data_run_the_cells_that_read_them(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    build.build(root, targets={"html"})
    (root / "data.txt").write_text("second")
    assert build.build(root, targets={"html"}).ran == {"one.qmd": "changed: data.txt"}
    assert "second" in (root / "_site/one.html").read_text()


def test_a_damaged_or_missing_output_is_made_again(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    build.build(root, targets={"html"})
    page = root / "_site/two.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-1])
    assert not build.build(root, targets={"html"}).unchanged
    assert page.read_bytes() == whole
    page.unlink()
    assert not build.build(root, targets={"html"}).unchanged
    assert page.read_bytes() == whole


def test_the_manifest_lists_every_file_with_its_hash(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    site = build.build(root, targets={"html"}).out
    manifest = record.read(site)
    assert manifest is not None
    there = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert set(manifest.files) == there - {record.NAME}
    assert record.differences(manifest, site) == []
    assert {"one.qmd", "data.txt", "references.bib", "_quarto.yml"} <= set(manifest.inputs)


def test_no_output_is_an_input_whatever_its_folder_is_called(book: Callable[..., Path]) -> None:
    root = book({**DATA, "_quarto-de.yml": "project:\n  output-dir: published/de\n"}, **CHAPTERS)
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text().replace("output-dir: _site", "output-dir: docs"))
    (site,) = {build.build(root, targets={"html"}).out, root / "docs"}
    inputs = record.read(site)
    build.build(root, targets={"html"}, profile="de")
    shutil.rmtree(root / ".paper")
    (root / "two.qmd").write_text("# Two\n\nOther.\n")
    build.build(root, targets={"html"})
    manifest = record.read(site)
    assert inputs is not None and manifest is not None
    assert manifest.inputs.keys() == inputs.inputs.keys()


def test_an_environment_of_python_is_no_input_whatever_it_is_called(book: Callable[..., Path]) -> None:
    root = book({**DATA, "env/pyvenv.cfg": "", "env/lib/module.py": "first"}, **CHAPTERS)
    site = build.build(root, targets={"html"}).out
    manifest = record.read(site)
    assert manifest is not None and not any(name.startswith("env/") for name in manifest.inputs)
    (root / "env/lib/module.py").write_text("second")
    assert build.build(root, targets={"html"}).unchanged


def test_private_text_is_no_input(book: Callable[..., Path]) -> None:
    root = book({**DATA, "data/private/excerpts.csv": "secret"}, **CHAPTERS)
    site = build.build(root, targets={"html"}).out
    assert "private" not in (site / record.NAME).read_text()


def test_a_damaged_manifest_is_as_good_as_none(book: Callable[..., Path]) -> None:
    root = book(DATA, **CHAPTERS)
    site = build.build(root, targets={"html"}).out
    for text in ("", "[]", "{}", '{"engine": 1, "profile": "", "files": [1]}', "\x00", "[" * 100_000):
        (site / record.NAME).write_text(text)
        assert record.read(site) is None
        assert not build.build(root, targets={"html"}).unchanged


def test_the_manifest_names_no_recording_no_document_and_nothing_that_git_ignores(
    book: Callable[..., Path],
) -> None:
    kept = {
        "Aigul Nurlanova.m4a": "",
        "talks/Aigul.docx": "",
        "notes/Aigul.txt": "",
        "own/Aigul.csv": "a\n1\n",
    }
    root = book(
        {**DATA, **kept, ".gitignore": "notes/\nown/*.csv\n", "assets/docx/reference.docx": ""}, **CHAPTERS
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    site = build.build(root, targets={"html"}).out
    text = (site / record.NAME).read_text()
    assert "Aigul" not in text
    assert "assets/docx/reference.docx" in text
    assert build.build(root, targets={"html"}).unchanged
    (root / "own/Aigul.csv").write_text("a\n2\n")
    assert not build.build(root, targets={"html"}).unchanged, "a cell may read what git ignores"


def test_a_private_name_in_the_name_of_a_source_stops_the_build(book: Callable[..., Path]) -> None:
    root = book(
        {**DATA, "data/private/names.txt": "Aigul Nurlanova\n", "Nurlanova-Aigul.txt": "x"}, **CHAPTERS
    )
    with pytest.raises(DataError, match=r"manifest\.json:\d+: a name from the private list: its line 1"):
        build.build(root, targets={"html"})
    assert not (root / "_site").exists()
