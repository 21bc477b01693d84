"""The same commit gives the same bytes: in another folder, later, under another locale, time zone and hash seed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAPER = Path(sys.executable).with_name("paper")
SOURCES = ("_quarto.yml", "_quarto-demo.yml", "_variables.yml", "index.qmd", "references.bib", "CITATION.cff",
           "LICENSE", "chapters", "brief", "data", "assets", "scripts")  # fmt: skip
ONE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "USER": "one"}
OTHER = {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "USER": "other"}


def copied(repository: Path, root: Path) -> Path:
    """The sources without what was made from them or is private."""
    left_out = shutil.ignore_patterns("private", "vendor", "__pycache__", "*.egg-info")
    root.mkdir(parents=True)
    for name in SOURCES:
        source = repository / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=left_out)
        elif source.is_file():
            shutil.copyfile(source, root / name)
    return root


def built(root: Path, home: Path, settings: dict[str, str], *steps: str) -> dict[str, str]:
    """Build everything, at once or in steps, with these settings of the machine: path → hash of each file."""
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    environment = {**kept, **settings, "HOME": str(home), "PYTHONPATH": str(root / "scripts")}
    for targets in steps or ("all",):
        options = [option for target in targets.split() for option in ("--to", target)]
        done = subprocess.run(
            [PAPER, "build", "--engine", "embedded", *options],
            cwd=root, env=environment, capture_output=True, text=True, check=False, umask=0o077 if steps else -1,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return {
        path.relative_to(root / "_site").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "_site").rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_two_builds_give_the_same_bytes_of_every_file(repository: Path, tmp_path: Path) -> None:
    first = copied(repository, tmp_path / "one")
    second = tmp_path / "another folder" / "әріп"
    shutil.copytree(first, second)
    for path in second.rglob("*.qmd"):
        os.utime(path, (0, 10**9))
        path.chmod(0o444)
    one = built(first, tmp_path / "home1", ONE)
    other = built(second, tmp_path / "home2", OTHER, "pdf jats", "html", "all")
    assert {"index.html", "local-drive.pdf", "brief.pdf", "local-drive.docx", "manifest.json"} <= set(one)
    assert sorted(name for name in {*one, *other} if one.get(name) != other.get(name)) == []
