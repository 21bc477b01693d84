"""Publishing again keeps the drafts that were published before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command import paper

from paper import build
from paper.errors import SourceError
from paper.release import record
from paper.release.verify import fetch


def dated(root: Path, date: str) -> None:
    path = root / "_quarto.yml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("  date:")]
    lines.insert(lines.index("book:") + 1, f"  date: {date}")
    path.write_text("\n".join(lines) + "\n")


def test_each_published_draft_keeps_its_address(book: Callable[..., Path], tmp_path: Path) -> None:
    root = book(one="# One\n\nFirst text.\n")
    dated(root, "2026-01-10")
    build.build(root, targets={"html"})
    assert paper(root, "drafts", "keep").stdout == "drafts/2026-01-10/\n"
    published = tmp_path / "published"
    (root / "_site").rename(published)

    (root / "one.qmd").write_text("# One\n\nSecond text.\n")
    dated(root, "2026-02-20")
    build.build(root, targets={"html"})
    done = paper(root, "drafts", "keep", "--published", str(published))
    assert done.stdout == "drafts/2026-01-10/\ndrafts/2026-02-20/\n", done.stderr
    site = root / "_site"
    assert "First text." in (site / "drafts/2026-01-10/one.html").read_text()
    assert "Second text." in (site / "drafts/2026-02-20/one.html").read_text()
    manifest = record.read(site)
    assert manifest is not None
    assert "drafts/2026-01-10/one.html" in manifest.files
    assert record.differences(manifest, site) == []


def test_a_draft_that_was_tampered_with_is_not_taken_over(book: Callable[..., Path], tmp_path: Path) -> None:
    root = book(one="# One\n\nText.\n")
    dated(root, "2026-01-10")
    build.build(root, targets={"html"})
    paper(root, "drafts", "keep")
    (root / "_site/drafts/2026-01-10/one.html").write_text("forged")
    with pytest.raises(SourceError, match="not as the manifest says"):
        fetch(str(root / "_site"), "drafts", tmp_path / "taken")


def test_a_published_site_with_drafts_is_what_the_checkout_gives(
    book: Callable[..., Path], tmp_path: Path
) -> None:
    root = book(one="# One\n\nText.\n")
    dated(root, "2026-01-10")
    build.build(root, targets={"html"})
    published = tmp_path / "published"
    shutil.copytree(root / "_site", published)
    assert paper(root, "drafts", "keep", "--site", str(published)).returncode == 0
    done = paper(root, "verify", str(published))
    assert done.returncode == 0, done.stdout
    (published / "one.html").write_text("forged")
    assert paper(root, "verify", str(published)).returncode == 1
