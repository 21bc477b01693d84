"""The workflows hold: valid, pinned, with no more rights than they need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parent.parent / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
BIN = Path(sys.executable).parent


def test_they_are_valid_for_the_schema() -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_linter_of_workflows_finds_nothing() -> None:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", FOLDER], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_and_need_no_secret(path: Path) -> None:
    text = path.read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
    assert "secrets." not in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_read_only_but_for_the_deployment(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert set(job.get("permissions", {})) <= ({"pages", "id-token"} if name == "deploy" else set())


def test_publishing_refuses_the_demonstration_and_checks_privacy_first() -> None:
    steps = yaml.safe_load((FOLDER / "publish.yml").read_text())["jobs"]["build"]["steps"]
    commands = [step.get("run", step.get("uses", "")) for step in steps]
    order = [next(n for n, c in enumerate(commands) if what in c) for what in
             ("QUARTO_PROFILE", "privacy check --site", "publishable", "upload-pages-artifact")]  # fmt: skip
    assert order == sorted(order)
