"""The history of the codebook: read from git by day, kept in a file, told when it lags behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from paper import project as projects
from paper.coding.interviews import history
from paper.errors import MachineError

HEAD = "code,parent,name,definition,when_to_use,when_not_to_use,example,driver,coder\n"
FIRST = HEAD + "a,,Alpha,First,,,,internal,BK\nb,,Beta,Second,,,,external,BK\n"
SECOND = HEAD + "a,,Alpha,First of all,,,,internal,BK\nc,a,Gamma,Third,,,,,BK\n"


def commit(root: Path, text: str, day: str) -> None:
    (root / history.CODEBOOK).write_text(text, "utf8")
    env = {**os.environ, "GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["add", "-A"], [*who, "commit", "-q", "--no-verify", "-m", "codes"]):
        subprocess.run(["git", "-C", str(root), *command], check=True, env=env)


@pytest.fixture
def kept(project: Path) -> Path:
    subprocess.run(["git", "-C", str(project), "init", "-q"], check=True)
    commit(project, FIRST, "2026-01-01")
    commit(project, FIRST.replace("Beta", "Better"), "2026-02-01")
    commit(project, SECOND, "2026-02-01")
    return project


def test_each_day_says_what_changed_since_the_one_before(kept: Path) -> None:
    first, second = history.changes(kept) or []
    assert (first.date, first.added, first.removed) == ("2026-01-01", ("a", "b"), ())
    assert (second.date, second.added, second.removed, second.reworded) == (
        "2026-02-01",
        ("c",),
        ("b",),
        ("a",),
    )


def test_it_is_kept_for_copies_without_git_and_told_when_it_lags(kept: Path) -> None:
    assert history.record(kept) == history.read(kept)
    book = projects.load(kept)
    assert history.check_history(book) == []
    commit(kept, SECOND.replace("Gamma", "Delta"), "2026-03-01")
    (fault,) = history.check_history(book)
    assert (fault.rule, fault.severity) == ("codebook-history", "note")
    history.record(kept)
    assert [change.renamed for change in history.read(kept)] == [(), (), ("c",)]


def test_without_its_past_nothing_is_recorded(kept: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{kept}", str(clone)], check=True)
    assert history.changes(clone) is None
    with pytest.raises(MachineError, match="isn't all here"):
        history.record(clone)


def test_the_projects_own_record_can_be_read(repository: Path) -> None:
    assert history.read(repository)[0].added
