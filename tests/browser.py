"""A real browser for tests, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from paper.render import doctor

executable = doctor.browser


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; skips the test where none is installed."""
    path = executable()
    if path is None:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
