"""A site can carry the list of all packages that it was made with, in the form that tools of security read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from typer.testing import CliRunner

from paper import build, project
from paper.cli import publish
from paper.errors import SourceError
from paper.release import sbom
from paper.release.verify import verify

LOCK = Path(__file__).parents[2] / "requirements.txt"


def faults(text: str) -> str:
    """What the standard's schema finds in a bill; "" for nothing."""
    return str(JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) or "")


@pytest.fixture
def root(book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    root = book(one="# One\n\nText.\n")
    build.build(root, targets=["html"])
    monkeypatch.chdir(root)
    return root


def test_the_list_holds_each_package_of_the_lock_with_its_hashes(root: Path) -> None:
    (root / "requirements.txt").write_bytes(LOCK.read_bytes())
    done = CliRunner().invoke(publish.app, ["sbom", "_site"])
    assert done.exit_code == 0, done.output + str(done.exception)
    text = (root / "_site" / sbom.NAME).read_text("utf8")
    assert faults(text) == ""
    listed = {part["name"]: part for part in json.loads(text)["components"]}
    locked = {line.split("==")[0].split("[")[0] for line in LOCK.read_text().splitlines() if "==" in line}
    assert len(locked) > 50
    assert locked - set(listed) == set()
    assert listed["typst"]["purl"] == f"pkg:pypi/typst@{listed['typst']['version']}"
    assert "SHA-256" in json.dumps(listed["typst"])
    assert faults(text.replace('"type": "library"', '"type": "book"'))  # and the schema would tell
    CliRunner().invoke(publish.app, ["sbom", "_site"])
    assert (root / "_site" / sbom.NAME).read_text("utf8") == text
    assert verify(project.load(root), str(root / "_site")).damaged == []


def test_without_a_lock_it_lists_what_is_installed_and_no_folder_of_this_computer(root: Path) -> None:
    (root / "requirements.txt").write_text("engine/paper-0.1.0-py3-none-any.whl\n")
    text = sbom.write(root, root / "_site").read_text("utf8")
    assert faults(text) == ""
    assert {"typst", "pandas"} <= {part["name"] for part in json.loads(text)["components"]}
    assert not any(folder in text for folder in ("file:", sys.prefix, str(LOCK.parent), str(root)))
    verdict = verify(project.load(root), str(root / "_site"))
    assert (verdict.damaged, verdict.added, verdict.different) == ([], [], [])


def test_what_is_no_site_has_none(root: Path) -> None:
    with pytest.raises(SourceError, match=r"no manifest\.json"):
        sbom.write(root, root)
