"""A build that is killed, a disk that is full, a folder that can't be written: the last output stays whole."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from tests.waiting import LONG, until

from paper import build
from paper.errors import MachineError
from paper.release import record

Book = Callable[..., Path]
PAPER = Path(sys.executable).with_name("paper")
KILLS = 50
CELL = "\n```{python}\nprint(open('data.txt').read())\n```\n"


def start(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [PAPER, "build", "--engine", "embedded", "--to", "html"], cwd=root, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def whole(site: Path) -> str:
    """The text of the site's page, after checking that every file is as the manifest says."""
    manifest = record.read(site)
    assert manifest is not None
    assert record.differences(manifest, site) == []
    assert {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()} == {
        *manifest.files,
        record.NAME,
    }
    return (site / "one.html").read_text()


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_whole_site(book: Book, tmp_path: Path) -> None:
    first = book({"data.txt": "state 0"}, one=f"# One\n{CELL}")
    begun = time.monotonic()
    assert start(first).wait(LONG) == 0
    length = time.monotonic() - begun
    second = Path(shutil.copytree(first, tmp_path / "second"))
    with ThreadPoolExecutor(2) as lanes:  # two books, each killed half the times
        killing = [
            lanes.submit(kill_often, root, KILLS // 2, length, seed)
            for root, seed in ((first, 20190401), (second, 20190630))
        ]
        done = [lane.result() for lane in killing]
    seen = {state for states, _ in done for state in states}
    assert seen == {True, False}, "some builds were killed before their end, and some were done"
    started = {pid for _, pids in done for pid in pids}
    for root in (first, second):
        (root / "data.txt").write_text("the last state")
        assert start(root).wait(LONG) == 0
        assert "the last state" in whole(root / "_site")
        left = [p.name for p in root.iterdir() if p.name.startswith("._site") or p.name.endswith(".old")]
        assert left == [], "nothing is left over"
    kernels = [p.name for p in Path(tempfile.gettempdir()).glob("paper-kernel-*") if _owner(p) in started]
    assert kernels == [], "nothing is left over"


def kill_often(root: Path, kills: int, length: float, seed: int) -> tuple[set[bool], set[int]]:
    """Kill builds of the book within their usual ``length``, which follows them; the site is whole after each.

    Returns whether the site was of the new state or of an older one, as it came about, and the builds' processes.
    """
    site = root / "_site"
    chance = random.Random(seed)
    seen, started = set(), set()
    for n in range(1, kills + 1):
        (root / "data.txt").write_text(f"state {n}")
        process = start(root)
        started.add(process.pid)
        # later moments more often: there the folders change places
        time.sleep(length * 1.5 * chance.betavariate(2, 1.5))  # two at once take longer
        length *= (
            1.1 if process.poll() is None else 0.9
        )  # as long as builds take while the machine is so busy
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(LONG)
        text = whole(site) if site.exists() else whole(site.with_name("_site.old"))
        seen.add(f"state {n}" in text)
    return seen, started


def _command(process: psutil.Process) -> list[str]:
    """The words of a process's command; none when it has ended meanwhile."""
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


def _owner(folder: Path) -> int:
    return int(folder.name.split("-")[2])


def test_a_killed_build_leaves_no_process_behind_and_no_lock(book: Book) -> None:
    """Its kernel ends, and so do the processes forked from it, which hold the lock as it did."""
    root = book(one="# One\n\n```{python}\nimport time\ntime.sleep(600)\n```\n")
    process = start(root)

    def others() -> list[psutil.Process]:
        return psutil.Process(process.pid).children(recursive=True)

    def kernel_and_forked() -> bool:
        return len(others()) > 1 and any("paper.cells.inside.launch" in _command(child) for child in others())

    until(kernel_and_forked)
    left = others()
    process.kill()
    process.wait(LONG)
    _, alive = psutil.wait_procs(left, timeout=60)
    assert alive == []
    (root / "one.qmd").write_text("# One\n\nText.\n")
    assert not build.build(root, targets={"html"}).unchanged


@pytest.mark.usefixtures("unprivileged")
def test_an_output_folder_that_cannot_be_written_is_said(book: Book) -> None:
    root = book(one="# One\n\nText.\n")
    root.chmod(0o555)
    try:
        with pytest.raises(MachineError, match="permissions"):
            build.build(root, targets={"html"})
    finally:
        root.chmod(0o755)


def test_a_full_disk_leaves_the_last_site_and_says_what_to_do(book: Book) -> None:
    root = book({"data.txt": "first"}, one=f"# One\n{CELL}")
    build.build(root, targets={"html"})
    (root / "data.txt").write_text("second")
    # a limit on the size of a file stands in for the end of the disk: writing fails half-way
    # compiled code that is cut short would stay beside the package: https://github.com/python/cpython/issues/126606
    limited = (
        "ulimit -f 8; trap '' XFSZ; unset COVERAGE_PROCESS_CONFIG; export PYTHONDONTWRITEBYTECODE=1; exec"
    )
    done = subprocess.run(
        ["bash", "-c", f"{limited} {PAPER} build --engine embedded --to html"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (3, 4), done.stderr
    assert "Traceback" not in done.stderr
    assert "first" in whole(root / "_site")


def test_a_pdf_is_made_of_its_own_builds_text_whatever_another_build_writes_meanwhile(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst
    from pypdf import PdfReader

    from paper import project
    from paper.writers.typst import compiler

    root = book(one="# One\n")
    kept, out = root / ".paper/typst/small.typ", root / "small.pdf"
    own = '#set document(title: "T")\nThe real text.\n'
    compiled = typst.compile

    def meanwhile(*args: object, **options: object) -> object:
        kept.write_text(own.replace("real", "made-up"))  # as a build of the demo profile does
        return compiled(*args, **options)

    monkeypatch.setattr(typst, "compile", meanwhile)
    compiler.compile_pdf(project.load(root), own, out, kept)
    assert "The real text." in PdfReader(out).pages[0].extract_text()
    assert kept.read_text() == own, "the source that was compiled is kept"
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
