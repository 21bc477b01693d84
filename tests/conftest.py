"""Shared by all tests: small books to build, and the ways to build them."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent

SETTINGS = """
project:
  type: book
  output-dir: _site
book:
  title: A small book
  author: Test Author
  chapters:
{chapters}
{appendices}
bibliography: references.bib
execute:
  echo: false
format:
  html: default
"""


@pytest.fixture(autouse=True)
def no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile of the person who runs the tests must not change what they see."""
    monkeypatch.delenv("QUARTO_PROFILE", raising=False)


@pytest.fixture
def repository() -> Path:
    """The project itself."""
    return REPOSITORY


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write a book of the given chapters (name → text; names that begin with "appendix" go to the end)."""

    def write(files: dict[str, str] | None = None, *, settings: str = "", **chapters: str) -> Path:
        root = tmp_path / "book"
        root.mkdir(exist_ok=True)
        chapters = {"index": "# Preface {.unnumbered}\n\nHello.\n", **chapters}
        names = [f"    - {name}.qmd" for name in chapters if not name.startswith("appendix")]
        last = [f"    - {name}.qmd" for name in chapters if name.startswith("appendix")]
        text = SETTINGS.format(
            chapters="\n".join(names), appendices="\n".join(["  appendices:", *last]) if last else ""
        )
        (root / "_quarto.yml").write_text(text + settings, "utf8")
        (root / "references.bib").write_text(
            "@article{hood1991,\n  author = {Hood, Christopher},\n  title = {A Public Management for All Seasons?},\n"
            "  journal = {Public Administration},\n  year = {1991}\n}\n",
            "utf8",
        )
        for name, content in chapters.items():
            (root / f"{name}.qmd").write_text(textwrap.dedent(content), "utf8")
        for name, content in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content), "utf8")
        return root

    return write


@pytest.fixture
def conformance_book(tmp_path: Path) -> Path:
    """A copy of the conformance book that may be built."""
    target = tmp_path / "conformance"
    shutil.copytree(REPOSITORY / "tests" / "conformance" / "book", target)
    return target


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """For tests of permissions, which root doesn't feel."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    yield
