"""Each limit of time and memory can be set, and the guide for authors names it with its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from paper import limits
from paper.errors import MachineError

GUIDE = Path(__file__).parent.parent / ".github/guides/when-a-build-fails.md"


def test_a_limit_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPER_CELL_TIMEOUT", raising=False)
    assert limits.value("PAPER_CELL_TIMEOUT") == 120
    monkeypatch.setenv("PAPER_CELL_TIMEOUT", " 2.5 ")
    assert limits.value("PAPER_CELL_TIMEOUT") == 2.5
    monkeypatch.setenv("PAPER_CELL_TIMEOUT", "")
    assert limits.value("PAPER_CELL_TIMEOUT") == 120


@pytest.mark.parametrize("given", ["soon", "-1", "0", "nan", "inf", "1e300", "2 minutes"])
def test_what_is_no_limit_is_told(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PAPER_CELL_TIMEOUT", given)
    with pytest.raises(
        MachineError, match=r"PAPER_CELL_TIMEOUT is .* no number of seconds of processor time"
    ):
        limits.value("PAPER_CELL_TIMEOUT")


def test_not_to_wait_for_another_build_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_LOCK_TIMEOUT", "0")
    assert limits.value("PAPER_LOCK_TIMEOUT") == 0


def test_the_guide_names_each_limit_with_its_default() -> None:
    rows = re.findall(r"^\| `(PAPER_\w+)` \| ([\d.]+) \| (.+?) \|$", GUIDE.read_text("utf8"), re.M)
    assert {name: (float(default), what) for name, default, what in rows} == limits.LIMITS


def test_no_module_reads_a_limit_by_itself() -> None:
    package = GUIDE.parents[2] / "scripts/paper"
    for path in package.rglob("*.py"):
        if path.name != "limits.py":
            assert not re.search(r"environ[^\n]*PAPER_\w*(TIMEOUT|MEMORY)", path.read_text("utf8")), path


def test_each_limit_is_used() -> None:
    package = GUIDE.parents[2] / "scripts/paper"
    code = "".join(path.read_text("utf8") for path in package.rglob("*.py") if path.name != "limits.py")
    assert [name for name in limits.LIMITS if f'limits.value("{name}")' not in code] == []
