"""A real browser for tests, or the reason why there is none."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from paper.tools import browser

executable = browser.find
# As long as a busy machine may take; what never comes costs a failing test a minute.
expect.set_options(timeout=60_000)


@cache
def _playwright() -> Playwright:
    """Start Playwright once a process: a second one beside it is refused."""
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; skips the test where none is installed."""
    path = executable()
    if path is None:
        pytest.skip("no Chromium is installed")
    browser = _playwright().chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield browser
    browser.close()
