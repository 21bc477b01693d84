"""One living pandoc converts as pandoc itself does, and outlives what it can't convert."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paper.errors import ToolError
from paper.tools import pandoc, pandoc_worker

TEXT = """---
title: A title
---
# A heading {#sec-one}\r\n
Words @hood1991 and `code`, **strong**, $a^2$, "quoted"; a note.[^1]\r\n
```python
if True:
\tprint("a tab")
```\r\n
| a | b |
|---|---|
| 1 | ü |\n
[^1]: Of the note.
"""
WORK = "@book{hood1991, author = {Hood, C.}, title = {A Title}, year = {1991}, publisher = {P}}\n"
PLAIN = ["--wrap=none"]
PAGE = ["--wrap=none", "--section-divs", "--mathjax", "--syntax-highlighting=pygments"]


def _of_a_process(text: str, source: str, to: str, args: list[str], folder: Path) -> str:
    command = [str(pandoc.binary()), "--from", source, "--to", to, *args]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=folder)
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("source", "to", "args"),
    [
        (pandoc.READER, "json", []),
        (pandoc.READER, "html5", PAGE),
        (pandoc.READER, "html5", [*PAGE, "--reference-location=section", "--mathml"]),
        (pandoc.READER, "html5", ["--citeproc", "--metadata=link-citations:true", "--metadata=lang:kk", "WORKS"]),
        (pandoc.READER, "json", ["--citeproc", "--metadata=suppress-bibliography:false", "WORKS", "WORKS"]),
        (pandoc.READER, "typst-citations-smart", [*PLAIN, "--syntax-highlighting=idiomatic"]),
        (pandoc.READER, "plain", PLAIN),
        (pandoc.READER, "jats", [*PLAIN, "--standalone"]),
        ("latex", "json", ["--sandbox"]),
        ("biblatex", "csljson", []),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else given,
)  # fmt: skip
def test_it_converts_as_a_process_of_its_own_does(
    source: str, to: str, args: list[str], tmp_path: Path
) -> None:
    (tmp_path / "works.bib").write_text(WORK)
    args = [arg if arg != "WORKS" else f"--bibliography={tmp_path / 'works.bib'}" for arg in args]
    text = WORK if source == "biblatex" else TEXT
    assert pandoc_worker.job(source, to, args) is not None
    written = pandoc.run(text, source=source, to=to, args=args, cwd=tmp_path)
    expected = _of_a_process(text, source, to, args, tmp_path)
    if to == "json":
        assert json.loads(written) == json.loads(expected)
    else:
        assert written == expected


def test_citations_are_written_out_in_formats_that_have_some_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "works.bib").write_text(WORK)
    args = ["--citeproc", "--bibliography=works.bib", "--standalone"]
    written = pandoc.run("[@hood1991]", source="markdown", to="typst", args=args, cwd=tmp_path)
    assert written == _of_a_process("[@hood1991]", "markdown", "typst", args, tmp_path)


def _workers() -> set[int]:
    return {worker._process.pid for worker in pandoc_worker.POOL._idle}


def test_one_process_serves_again_and_again_and_many_threads_at_once() -> None:
    pandoc_worker.POOL.stop()
    pandoc.run("a", source="markdown")
    first = _workers()
    pandoc.run("b", source="markdown")
    assert _workers() == first and len(first) == 1
    texts = [f"text *{number}*" for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda text: pandoc.run(text, source="markdown"), texts))
    assert written == [f"<p>text <em>{number}</em></p>\n" for number in range(40)]
    assert len(_workers()) <= (os.cpu_count() or 2)


def test_after_a_fault_or_a_death_the_next_text_is_converted() -> None:
    pandoc_worker.POOL.stop()
    with pytest.raises(ToolError):
        pandoc.run("no json")
    (worker,) = pandoc_worker.POOL._idle
    worker._process.kill()
    worker._process.wait(60)
    assert pandoc.run("a", source="markdown") == "<p>a</p>\n"


def test_a_text_that_takes_too_long_is_told_and_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "TIMEOUT", 0.2)
    with pytest.raises(ToolError) as told:
        pandoc.run("*a **b " * 200_000, source="markdown")
    assert "0.2 s of processor time" in told.value.message
    monkeypatch.undo()
    assert pandoc.run("a", source="markdown") == "<p>a</p>\n"


def test_a_large_text_leaves_no_large_worker_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    pandoc_worker.POOL.stop()
    monkeypatch.setattr(pandoc_worker, "LARGE", 10)
    assert pandoc.run("a longer text", source="markdown") == "<p>a longer text</p>\n"
    assert not _workers()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_takes_workers_of_its_own() -> None:
    pandoc_worker.POOL.stop()
    pandoc.run("a", source="markdown")
    before = _workers()
    child = os.fork()
    if child == 0:
        try:
            fresh = not _workers() and pandoc.run("b", source="markdown") == "<p>b</p>\n"
            pandoc_worker.POOL.stop()
            os._exit(0 if fresh else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert _workers() == before and pandoc.run("c", source="markdown") == "<p>c</p>\n"


def test_files_are_found_from_the_folder_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "works.bib").write_text(WORK)
    args = ["--citeproc", "--bibliography=works.bib"]
    assert "(Hood 1991)" in pandoc.run("[@hood1991]", source="markdown", to="plain", args=args, cwd=tmp_path)
