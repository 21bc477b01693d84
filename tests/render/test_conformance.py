"""The embedded engine says of the conformance book what Quarto says of it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from paper import build

HERE = Path(__file__).parent.parent / "conformance"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf8"))


def facts(site: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("facts", HERE / "facts.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.site_facts(site)
    return found


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    import shutil

    root = tmp_path_factory.mktemp("conformance") / "book"
    shutil.copytree(HERE / "book", root)
    build.build(root, targets=["html"])
    return facts(root / "_site")


@pytest.mark.parametrize("address", sorted(EXPECTED))
@pytest.mark.parametrize("fact", sorted(next(iter(EXPECTED.values()))))
def test_a_page_says_what_quarto_says(said: dict[str, Any], address: str, fact: str) -> None:
    assert said[address][fact] == EXPECTED[address][fact]
