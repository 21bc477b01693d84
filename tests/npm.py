"""Packages of npm that only tests take, by name, version and hash; a test is skipped where npm can't give them."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest


def package(name: str, version: str, integrity: str, folder: Path) -> Path:
    """Return the folder of a package, unpacked in ``folder``.

    integrity: its SHA-512 as npm states it, in base64. Skips the test, with the reason, where npm is missing or has
    no network; fails it where the package is another one.
    """
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is missing, which brings {name}")
    try:
        done = subprocess.run(
            [npm, "pack", "--silent", f"{name}@{version}"],
            cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm had not brought {name} after two minutes")
    if done.returncode:
        pytest.skip(f"npm can't bring {name}")
    archive = folder / done.stdout.split()[-1]
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == integrity
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"
