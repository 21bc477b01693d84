"""What a process may use before it is ended, and a site whose search index can't be made."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.waiting import LONG

from paper import build
from paper.errors import SourceError
from paper.tools import processes

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals that stop a process")
BUSY = "import time\nwhile time.process_time() < {seconds}: pass"


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("code", [BUSY.format(seconds=60), "import time\ntime.sleep(60)"])
def test_a_process_that_works_or_waits_without_end_is_ended(code: str) -> None:
    begun = time.monotonic()
    with python(code) as process:
        with pytest.raises(TimeoutError), processes.limited(process, 0.5):
            process.wait(LONG)
        assert process.returncode != 0
    assert time.monotonic() - begun < 40


def test_one_that_takes_too_much_memory_is_ended() -> None:
    code = "import time\nblock = b'x' * 200_000_000\ntime.sleep(60)"
    with python(code) as process, pytest.raises(TimeoutError), processes.limited(process, 60, 0.1):
        process.wait(LONG)


def test_one_that_ends_in_time_is_let_be() -> None:
    with python("pass") as process:
        with processes.limited(process, 30):
            process.wait(LONG)
        assert process.returncode == 0


@POSIX
def test_one_that_seldom_gets_the_processor_may_go_on_past_its_time_by_the_clock() -> None:
    # It ends by the clock, however seldom it runs: on a busy machine a share of the processor would never be reached.
    with python("import time\nend = time.monotonic() + 3\nwhile time.monotonic() < end: pass") as process:
        ended = threading.Event()

        def starve() -> None:
            while not ended.wait(0.05):
                process.send_signal(signal.SIGSTOP)
                time.sleep(0.1)  # a third of the time is left: other work may take nine tenths of that
                process.send_signal(signal.SIGCONT)

        starving = threading.Thread(target=starve)
        begun = time.monotonic()
        starving.start()
        try:
            with processes.limited(process, 2):
                process.wait(LONG)
        finally:
            ended.set()
            starving.join(LONG)
        assert process.returncode == 0
        assert time.monotonic() - begun > 2


def test_a_site_is_built_without_a_search_index_that_fails_and_the_next_build_tries_again(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = book(one="# One\n\nA page to be found.\n")
    script = tmp_path / "broken-pagefind"
    script.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no room for an index')\n")
    script.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr("paper.site.search._program", lambda: script)
        report = build.build(root, targets=["html"])
        (told,) = report.notices
        assert (told.severity, told.rule) == ("warning", "search-failed")
        assert "the site has no search" in told.message
        assert "no room for an index" in told.message
        assert told.remedy
        assert (
            report.state is None
        )  # nothing to go by for a build that only looks whether there is anything to do
        assert "A page to be found" in (root / "_site/one.html").read_text("utf8")
        assert not (root / "_site/pagefind").exists()
        with pytest.raises(SourceError, match="no search"):
            build.build(root, targets=["html"], strict=True)
    report = build.build(root, targets=["html"])
    assert report.notices == []
    assert not report.unchanged
    assert (root / "_site/pagefind/pagefind.js").is_file()
    assert build.build(root, targets=["html"]).unchanged


def test_an_index_that_takes_too_long_is_told_with_the_way_out(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "slow-pagefind"
    script.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    script.chmod(0o755)
    monkeypatch.setattr("paper.site.search._program", lambda: script)
    monkeypatch.setattr("paper.site.search.TIMEOUT", 0.5)
    (told,) = build.build(book(one="# One\n"), targets=["html"]).notices
    assert "0.5 s of processor time" in told.message
    assert "PAPER_SEARCH_TIMEOUT" in told.remedy
