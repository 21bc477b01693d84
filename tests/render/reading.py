"""Helpers to read the pages of small books."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup, Tag
from tests.conftest import unsearched

from paper import build

# An image that a test may show.
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n'


def built(root: Path) -> Path:
    """The site of a book, with the drawing ``a.svg`` beside its chapters."""
    (root / "a.svg").write_text(DRAWING, "utf8")
    with unsearched():
        build.build(root, targets=["html"])
    return root / "_site"


def main(site: Path, name: str) -> Tag:
    """What a page says, without author and date."""
    soup = BeautifulSoup((site / f"{name}.html").read_text("utf8"), "lxml")
    found = soup.select_one("main")
    assert found is not None
    for block in found.select(".quarto-title-meta"):
        block.decompose()
    return found


def text(element: Tag | None) -> str:
    """Visible text with white space folded."""
    assert element is not None
    return " ".join(element.get_text().replace("\xa0", " ").split())


def said(root: Path, name: str = "one") -> str:
    """The text of a page of a book."""
    return text(main(built(root), name))
