"""In which order files are handed to the processes of a run: those that take long first, so that none ends alone.

Also how many processes there are: one more than processors, as each waits now and then for a program that it started.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

# What takes more than eight seconds of a processor, beginning with the longest; a run tells of others. The first one
# builds the whole paper; what reads that build comes after files that don't wait for it.
LONGEST = (
    "site/test_readers_edition.py",
    "site/test_pages_read.py",
    "render/test_edits.py",
    "test_guides.py",
    "render/test_preview.py",
    "render/test_conversions.py",
    "render/test_unchanged.py",
    "render/test_live_blocks.py",
    "outputs/test_outputs.py",
    "new/test_init.py",
    "test_workflows.py",
    "test_check.py",
    "word/test_random_edits.py",
    "test_hooks.py",
    "faults/test_repeatable.py",
    "tables/test_every_table.py",
    "new/test_grown.py",
    "render/test_kept_results.py",
    "render/test_set_pages.py",
    "render/test_diagrams.py",
    "figures/test_renderings.py",
    "render/test_epub.py",
    "render/test_verify.py",
    "render/test_deposit.py",
    "coding/test_privacy.py",
    "site/test_accessible.py",
    "site/test_reading.py",
    "site/test_look.py",
    "site/test_tables.py",
    "site/test_paper_on_paper.py",
    "coding/test_withdrawal.py",
    "faults/test_endless.py",
    "render/test_pdf_text.py",
    "render/test_cells.py",
    "render/test_faults.py",
    "render/test_rebuild.py",
    "render/test_reading_order.py",
    "render/test_crate.py",
    "site/test_nu.py",
    "coding/test_data_check.py",
    "faults/test_hostile_sources.py",
    "bibliography/test_verify_measured.py",
    "bibliography/test_nasty.py",
    "render/test_guard.py",
    "render/test_typst.py",
    "render/test_shortcodes.py",
    "test_benchmarks.py",
)
# Whose tests share nothing, and take a minute each: any process may take one.
APART = ("test_guides.py",)
LONG = 0.02  # of the time of all tests
WHOLE = 1000  # tests: fewer say nothing of such a share


def processes() -> int:
    """How many processes are to run the tests on this machine."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return usable + 1


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0].removeprefix("tests/")


def sort(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; all others stay in their order."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(_file(item.nodeid), len(rank)))


def schedule(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give the tests of a file to one process, as they share what they build; those of APART one by one."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if _file(nodeid) in APART else super()._split_scope(nodeid)

    return ByFile(config, log)


class Durations:
    """Tells at the end which files take long and aren't among the first."""

    def __init__(self) -> None:
        self._seconds: Counter[str] = Counter()
        self._tests = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[_file(report.nodeid)] += report.duration  # type: ignore[assignment]
        self._tests += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._tests < WHOLE:
            return
        for name, seconds in self._seconds.most_common():
            if seconds > LONG * self._seconds.total() and name not in LONGEST:
                terminalreporter.line(
                    f"{name} took {seconds:.0f} s: name it in tests/order.py, or make it small"
                )
