"""Each direct dependency has its reason among the decisions, and is locked with hashes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def direct(name: str) -> set[str]:
    """The packages of a requirements file, as they are written there."""
    lines = (ROOT / name).read_text().splitlines()
    return {re.split(r"[\[=<>;\s]", line)[0] for line in lines if line and not line.startswith(("#", "-"))}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_each_direct_dependency_has_its_reason(name: str) -> None:
    text = (ROOT / ".github/decisions/libraries.md").read_text()
    rows = [row for row in text.splitlines() if row.startswith("|")]
    reasoned = {plain(named) for row in rows for named in re.findall(r"`([^`]+)`", row.split("|")[2])}
    assert {plain(package) for package in direct(name)} - reasoned == set()


def test_no_reason_is_given_for_what_is_not_taken() -> None:
    text = (ROOT / ".github/decisions/libraries.md").read_text()
    rows = [row for row in text.splitlines() if row.startswith("|")]
    reasoned = {plain(named) for row in rows for named in re.findall(r"`([^`]+)`", row.split("|")[2])}
    taken = {plain(p) for name in ("requirements.in", "requirements-dev.in") for p in direct(name)}
    assert reasoned - taken == set()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_every_direct_dependency_with_hashes_and_names_no_index(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    locked = dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)", lock, re.M))
    assert {plain(p) for p in direct(f"{name}.in")} - {plain(p) for p in locked} == set()
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.M)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert not re.search(r"https?://|--(extra-)?index-url", lock)


def test_all_that_quarto_runs_cells_with_is_locked() -> None:
    """Quarto brings a script that starts the kernel, and takes these packages from our Python."""
    lock = (ROOT / "requirements.txt").read_text()
    locked = {plain(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", lock, re.M)}
    assert {"jupyter-core", "jupyter-client", "ipykernel", "nbclient", "nbformat", "pyyaml"} - locked == set()


def test_each_room_of_the_package_uses_those_below_it_alone() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
