"""`paper doctor` finds what tests find, and says what each absence costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser import executable

from paper.release import doctor
from paper.tools import browser as browsers


def finding(name: str, root: Path) -> doctor.Finding:
    return next(found for found in doctor.examine(root) if found.name == name)


def test_the_browser_that_paper_browser_names_is_the_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "my-chrome"
    program.write_text("")
    monkeypatch.setenv("PAPER_BROWSER", str(program))
    assert executable() == program
    assert finding("Chrome or Chromium", tmp_path).found == str(program)


def test_a_named_browser_that_is_not_there_is_told_and_none_other_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_BROWSER", str(tmp_path / "none"))
    assert executable() is None
    browser = finding("Chrome or Chromium", tmp_path)
    assert "there is no browser at" in browser.cost and "PAPER_BROWSER" in browser.cost
    assert "apt install chromium" in browser.remedy


def test_a_browser_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPER_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "PLACES", ())
    browser = finding("Chrome or Chromium", tmp_path)
    assert browser.well and not browser.found
    assert "Plotly figures in 3D" in browser.cost
